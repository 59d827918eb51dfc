"""What tests of several folders play on: a whole platform with the lab around it."""

import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from maskline.settings import (
    CallsSection,
    DeliverySection,
    DemoSection,
    HttpSection,
    Settings,
    SipSection,
    StoreSection,
)

if TYPE_CHECKING:
    from maskline.lab.demo.stage import Stage

StageMaker = Callable[..., Awaitable["Stage"]]


def free_port() -> int:
    """A port that nobody uses for TCP or UDP, and the next one neither."""
    for _ in range(100):
        with socket.socket() as tcp, socket.socket() as next_tcp:
            tcp.bind(("127.0.0.1", 0))
            port = tcp.getsockname()[1]
            with socket.socket(type=socket.SOCK_DGRAM) as udp:
                try:
                    udp.bind(("127.0.0.1", port))
                    next_tcp.bind(("127.0.0.1", port + 1))
                except (OSError, OverflowError):
                    continue
                return port
    raise OSError("no free port")


def lab_settings(data: Path, **sections: dict[str, object]) -> Settings:
    """Settings on free ports with short waits; `sections` names what else differs."""
    settings = Settings(
        http=HttpSection(port=free_port(), tls_port=0, shutdown_s=1.0),
        sip=SipSection(port=free_port()),
        demo=DemoSection(lab_port=free_port()),
        store=StoreSection(data=str(data)),
        calls=CallsSection(drain_s=0.5, host_name="here"),
        delivery=DeliverySection(merge_window_s=0.05, poll_interval_s=0.2),
    )
    replace = msgspec.structs.replace
    return replace(
        settings,
        **{name: replace(getattr(settings, name), **keys) for name, keys in sections.items()},
    )


@pytest.fixture
async def make_stage(tmp_path: Path) -> AsyncIterator[StageMaker]:
    """Starts stages in a directory of the test and closes them after it."""
    # Unit tests must not pay for the servers' libraries.
    from maskline.lab.demo.stage import Stage  # noqa: PLC0415 - see above

    stages: list[Stage] = []

    async def make(**sections: dict[str, object]) -> Stage:
        stage = Stage(lab_settings(tmp_path / "var", **sections))
        await stage.start()
        stages.append(stage)
        return stage

    yield make
    for stage in stages:
        await stage.close()


@pytest.fixture
async def stage(make_stage: StageMaker) -> "Stage":
    """A stage with the usual settings."""
    return await make_stage()


@pytest.fixture
def new_port() -> Callable[[], int]:
    """Gives a free port each time."""
    return free_port

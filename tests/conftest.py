"""What tests of several folders play on: a whole platform with the lab around it."""

import itertools
import os
import random
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
import structlog
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from tests.postgres import Cluster, running_cluster, why_not

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

# How long an input takes to make says more of the machine than of the test.
hypothesis_settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
if not os.environ.get("CI"):
    hypothesis_settings.load_profile("any machine")

StageMaker = Callable[..., Awaitable["Stage"]]


HERE = Path(__file__).parent
LISTENING = HERE / "integration" / "voice"
"""Tests that listen in real time, and mostly wait: with `-n` they come last, side by side, when
nothing else needs the processors."""

SIDE_BY_SIDE = frozenset(
    {
        LISTENING,
        HERE / "unit",
        HERE / "property",
        HERE / "contract" / "store",
        HERE / "contract" / "storage",
    }
)
"""Tests that with `-n` run beside all others: they touch nothing that two processes could want."""

REAL_TIME = frozenset(
    HERE / name
    for name in (
        "contract/media",
        "contract/storage",
        "contract/store/postgres",
        "integration",
        "journeys",
        "scenarios",
        "acceptance",
    )
)
"""Tests that live in real time, with processes and sockets that a stalled machine holds up."""

COUNTING = HERE / "integration" / "faults"
"""Such tests that count what was lost: a second try, which would hide it, is for time-outs only."""

TRIES_AGAIN = 2
"""How often such a test may be repeated before it counts as failed. Each repeat is printed: what
shows up there again and again is a defect, of the test or of maskline."""

QUIET_PORTS = range(10_000, 19_990)
"""Below what the system gives to outgoing sockets: nobody takes one between look and use."""

TAKEN_TOGETHER = 4
"""SIPp takes pairs for audio and video, the lab its port and the next."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say which tests run after one another, and which may be tried again."""
    items.sort(key=lambda item: LISTENING in item.path.parents)
    for item in items:
        if SIDE_BY_SIDE.isdisjoint(item.path.parents):
            # They mostly wait: those of one folder one after another, folders beside each other.
            folder = item.path.relative_to(HERE).parts[0]
            item.add_marker(pytest.mark.xdist_group(folder))
        if not REAL_TIME.isdisjoint(item.path.parents):
            only = {"only_rerun": ["TimeoutError"]} if COUNTING in item.path.parents else {}
            item.add_marker(pytest.mark.flaky(reruns=TRIES_AGAIN, **only))


def _shuffled_ports() -> Iterator[int]:
    # Not by `random`, which is seeded anew for every test: each would want the same ports.
    chance = random.SystemRandom()
    # With `-n` each process has a share of its own: pytest-xdist says which.
    share = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    shares = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    ports = list(QUIET_PORTS[::TAKEN_TOGETHER][share::shares])
    while True:
        chance.shuffle(ports)
        yield from ports


_ports = _shuffled_ports()


def free_port() -> int:
    """A port that nobody uses for TCP or UDP, and the next three neither; another each time."""
    for port in itertools.islice(_ports, len(QUIET_PORTS)):
        if all(_is_free(port + n) for n in range(TAKEN_TOGETHER)):
            return port
    raise OSError("no free port")


def _is_free(port: int) -> bool:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(type=kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True


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


@pytest.fixture(autouse=True)
def _plain_logging() -> Iterator[None]:
    """A command that a test runs in this process sets up its logs: the next test has none."""
    yield
    if structlog.is_configured():
        structlog.reset_defaults()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL server of this test run alone."""
    reason = why_not()
    if reason is not None:
        pytest.skip(reason)
    with running_cluster(free_port()) as cluster:
        yield cluster


@pytest.fixture
async def make_stage(tmp_path: Path) -> AsyncIterator[StageMaker]:
    """Starts stages in a directory of the test and closes them after it."""
    # Unit tests must not pay for the servers' libraries.
    from maskline.lab.demo.stage import Stage  # noqa: PLC0415 - see above

    stages: list[Stage] = []

    async def make(store=None, /, **sections: dict[str, object]) -> Stage:
        stage = Stage(lab_settings(tmp_path / "var", **sections), store)
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

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from tests.contract.media.party import Party
from tests.integration.media.rtpengine.daemon import WHY_NOT, Daemon

from maskline.planes.media.engine import EngineGone
from maskline.planes.media.rtpengine.engine import RtpengineEngine

StartRtpengine = Callable[..., Awaitable[RtpengineEngine]]


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    if WHY_NOT:
        pytest.skip(WHY_NOT)
    made = Daemon(tmp_path_factory.mktemp("rtpengine"))
    made.start()
    yield made
    made.stop()


@pytest.fixture
async def start_rtpengine(daemon: Daemon) -> AsyncIterator[StartRtpengine]:
    started: list[RtpengineEngine] = []

    async def start(on_recorded=None, **changes: object) -> RtpengineEngine:
        engine = RtpengineEngine(daemon.settings(**changes), on_recorded)
        started.append(engine)
        async with asyncio.timeout(5):
            while True:
                try:
                    await engine.start()
                except EngineGone:
                    await asyncio.sleep(0.05)
                else:
                    return engine

    yield start
    for engine in started:
        await engine.aclose()


@pytest.fixture
def make_party():
    made: list[Party] = []

    def make(*args: object, **options: object) -> Party:
        made.append(Party(*args, **options))
        return made[-1]

    yield make
    for party in made:
        party.close()


@pytest.fixture
def make_prompt(tmp_path: Path):
    """Writes a tone as the platform keeps prompts; returns its path."""
    return lambda frequency, seconds: write_prompt(tmp_path, frequency, seconds)


def write_prompt(folder: Path, frequency: float, seconds: float) -> str:
    import struct  # noqa: PLC0415

    from maskline.protocols.rtp.g711 import Law, encode  # noqa: PLC0415
    from maskline.protocols.rtp.tone import make_tone  # noqa: PLC0415

    audio = encode(Law.A, make_tone(frequency, seconds))
    head = struct.pack(
        "<4sI4s4sIHHIIHHH",
        b"RIFF",
        38 + len(audio),
        b"WAVE",
        b"fmt ",
        18,
        6,
        1,
        8000,
        8000,
        1,
        8,
        0,
    )
    path = folder / f"{frequency:.0f}-{seconds}.wav"
    path.write_bytes(head + struct.pack("<4sI", b"data", len(audio)) + audio)
    return str(path)

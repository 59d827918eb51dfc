from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from tests.contract.media.party import Party
from tests.contract.media.phone import write_prompt
from tests.integration.media.rtpengine.daemon import WHY_NOT, Daemon, start_engine

from maskline.planes.media.engine import RecordingListener
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

    async def start(
        on_recorded: RecordingListener | None = None, **changes: object
    ) -> RtpengineEngine:
        started.append(await start_engine(daemon, on_recorded, **changes))
        return started[-1]

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
def make_prompt(tmp_path: Path) -> Callable[[float, float], str]:
    def make(frequency: float, seconds: float) -> str:
        return write_prompt(tmp_path / f"{frequency}-{seconds}.wav", frequency, seconds)

    return make

"""Engines and parties for the media contract."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.contract.media.party import Party, StartEmbedded, make_embedded
from tests.contract.media.phone import (
    CALLEE_HZ,
    CALLER_HZ,
    Listener,
    Phone,
    Traits,
    VoiceEngine,
    write_prompt,
)
from tests.integration.media.rtpengine.daemon import WHY_NOT, Daemon, start_engine

from maskline.planes.media.embedded import EmbeddedEngine
from maskline.planes.media.engine import (
    MediaEngine,
)
from maskline.planes.media.silent import SilentEngine


@pytest.fixture(params=["silent", "embedded"])
async def engine(request: pytest.FixtureRequest) -> AsyncIterator[MediaEngine]:
    made: MediaEngine = SilentEngine(max_calls=3) if request.param == "silent" else make_embedded()
    await made.start()
    yield made
    await made.aclose()


@pytest.fixture
async def start_embedded() -> AsyncIterator[StartEmbedded]:
    started: list[EmbeddedEngine] = []

    async def start(**changes: object) -> EmbeddedEngine:
        made = make_embedded(**changes)
        started.append(made)
        await made.start()
        return made

    yield start
    for made in started:
        await made.aclose()


@pytest.fixture
def make_party():
    made: list[Party] = []

    def make(*args: object, **options: object) -> Party:
        made.append(Party(*args, **options))
        return made[-1]

    yield make
    for party in made:
        party.close()


@asynccontextmanager
async def _embedded_voice() -> AsyncIterator[VoiceEngine]:
    done = []
    engine = make_embedded(on_recorded=done.append)
    await engine.start()
    yield VoiceEngine(engine, Traits(), done)
    await engine.aclose()


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """An rtpengine for the tests of a module."""
    if WHY_NOT:
        pytest.skip(WHY_NOT)
    made = Daemon(tmp_path_factory.mktemp("rtpengine"))
    made.start()
    yield made
    made.stop()


@asynccontextmanager
async def _rtpengine_voice(daemon: Daemon) -> AsyncIterator[VoiceEngine]:
    done = []
    engine = await start_engine(daemon, done.append)
    yield VoiceEngine(engine, Traits(counts_forgeries=False), done)
    await engine.aclose()


@pytest.fixture(params=["embedded", "rtpengine"])
async def voice(request: pytest.FixtureRequest) -> AsyncIterator[VoiceEngine]:
    """An engine that can do what a call script may ask of media."""
    if request.param == "embedded":
        making = _embedded_voice()
    else:
        making = _rtpengine_voice(request.getfixturevalue("daemon"))
    async with making as made:
        yield made


@pytest.fixture
async def make_phone() -> AsyncIterator[Callable[..., Phone]]:
    made: list[Phone] = []

    def make(*args: object, **options: object) -> Phone:
        made.append(Phone(*args, **options))
        return made[-1]

    yield make
    for phone in made:
        phone.close()


@pytest.fixture
async def phones(make_phone: Callable[..., Phone]) -> tuple[Phone, Phone]:
    """Caller and callee."""
    return make_phone(CALLER_HZ), make_phone(CALLEE_HZ)


@pytest.fixture
async def listener() -> Listener:
    return Listener()


@pytest.fixture
def make_prompt(tmp_path: Path) -> Callable[[float, float], str]:
    def make(frequency: float, seconds: float) -> str:
        return write_prompt(tmp_path / f"{frequency}-{seconds}.wav", frequency, seconds)

    return make

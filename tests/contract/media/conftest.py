"""Engines and parties for the media contract."""

from collections.abc import AsyncIterator

import pytest
from tests.contract.media.party import Party, StartEmbedded, make_embedded

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

from collections.abc import AsyncIterator

import pytest
from tests.stepped_loop import SteppedLoop
from tests.unit.planes.sms.scene import LIMITS, Scene

from maskline.domain.sms_link import SmsLink
from maskline.planes.sms.settings import SmsLimits


@pytest.fixture
async def make_scene() -> AsyncIterator[object]:
    """Starts scenes and closes them after the test."""
    scenes: list[Scene] = []

    async def make(*links: SmsLink, limits: SmsLimits = LIMITS) -> Scene:
        scene = Scene(*links, limits=limits)
        scenes.append(scene)
        return await scene.start()

    yield make
    for scene in scenes:
        await scene.close()


@pytest.fixture
async def scene(make_scene) -> Scene:
    return await make_scene()


def pytest_asyncio_loop_factories(config, item):
    return {"stepped": SteppedLoop}

"""One stage for all rows of a file."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from tests.conftest import lab_settings
from tests.scenarios.outcome.house import House

from maskline.domain.application import Mode
from maskline.lab.demo.stage import Stage
from maskline.services.administration_request import ApplicationChange


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    settings = lab_settings(
        tmp_path_factory.mktemp("rows") / "var",
        calls={"ring_timeout_s": 3.0, "ask_timeout_s": 1.0, "extension_first_key_s": 1.0},
        delivery={"merge_window_s": 0.01, "poll_interval_s": 0.05},
    )
    stage = Stage(settings)
    await stage.start()
    house = House(stage)
    key = house.application(Mode.AXE).app_key
    await house.administration.change_application(key, ApplicationChange(extension_repeats=0))
    yield house
    await stage.close()

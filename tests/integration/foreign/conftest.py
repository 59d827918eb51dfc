from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from tests.integration.foreign.phones import Foreigners

from maskline.lab.demo.stage import Stage


@pytest.fixture
async def foreigners(
    stage: Stage, tmp_path: Path, new_port: Callable[[], int]
) -> AsyncIterator[Foreigners]:
    foreigners = Foreigners(stage, tmp_path, new_port)
    yield foreigners
    await foreigners.close()

"""The scene of the tone matrix, on each media engine."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from tests.conftest import StageMaker
from tests.integration.voice import daemon
from tests.integration.voice.scene import MINUTE_S, A, B, Scene

from maskline.lab.manage import ManageClient
from maskline.lab.phone import Phone
from maskline.lab.rest import RestClient

SceneMaker = Callable[..., Awaitable[Scene]]


@pytest.fixture(params=["embedded", "rtpengine"])
def engine(request: pytest.FixtureRequest) -> str:
    if request.param == "rtpengine" and not daemon.is_installed():
        pytest.skip("rtpengine is not installed: apt-get install rtpengine-daemon")
    return request.param


@pytest.fixture
async def make_scene(
    engine: str, make_stage: StageMaker, tmp_path: Path, new_port: Callable[[], int]
) -> AsyncIterator[SceneMaker]:
    """Starts one scene; sections of settings may be given as to `make_stage`."""
    async with AsyncExitStack() as stack:

        async def make(**sections: dict[str, object]) -> Scene:
            chosen = {"media": {"engine": engine, **sections.pop("media", {})}, **sections}
            if engine == "rtpengine":
                chosen["rtpengine"] = await stack.enter_async_context(
                    daemon.rtpengine(tmp_path, new_port)
                )
            stage = await make_stage(**chosen)
            app = stage.tenant.application
            a = await stack.enter_async_context(await Phone.start(A))
            b = await stack.enter_async_context(await Phone.start(B))
            await b.register(stage.carrier.address)
            return Scene(
                stage,
                a,
                b,
                await stack.enter_async_context(RestClient(stage.url, app.app_key, app.secret)),
                await stack.enter_async_context(
                    ManageClient(stage.url, stage.platform.admin_token)
                ),
                tmp_path,
                engine,
            )

        yield make


@pytest.fixture
async def scene(make_scene: SceneMaker) -> Scene:
    return await make_scene()


@pytest.fixture
def short_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Minutes of two seconds, for what happens one minute before the end."""
    monkeypatch.setattr("maskline.planes.call.talking.SECONDS_A_MINUTE", MINUTE_S)

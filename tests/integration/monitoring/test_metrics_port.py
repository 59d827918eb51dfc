"""The port without a token of a process that serves no other HTTP."""

from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest

from maskline.bootstrap.platform import Plane, Platform
from maskline.settings import Settings, StoreSection
from maskline.settings_monitoring import MetricsSection

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]


async def test_a_process_without_interfaces_is_watched_until_it_has_drained(
    tmp_path: Path, new_port: Callable[[], int]
):
    port = new_port()
    settings = Settings(store=StoreSection(data=str(tmp_path)), metrics=MetricsSection(port=port))
    platform = Platform(settings, frozenset({Plane.DELIVERY}))
    await platform.start()
    url = f"http://127.0.0.1:{port}"
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{url}/metrics") as answer:
            assert answer.status == 200
            assert answer.content_type == "text/plain"
            assert 'maskline_plane_up{plane="delivery"} 1.0' in await answer.text()
        async with session.get(f"{url}/readyz") as answer:
            assert (await answer.json())["checks"] == {"store": True, "delivery": True}
        platform._is_closing = True
        async with session.get(f"{url}/readyz") as answer:
            assert answer.status == 503
        async with session.get(f"{url}/manage/v1/calls") as answer:
            assert answer.status == 404
    await platform.close()
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get(f"{url}/healthz")

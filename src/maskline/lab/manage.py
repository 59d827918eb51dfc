"""An operator's client of the management API: what demonstrations and tests set up by it."""

from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import aiohttp
import msgspec

PREFIX = "/manage/v1"
REQUEST_TIMEOUT_S = 20.0


class ManageRefused(Exception):
    """The platform answered with a problem; the text is its own."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{status}: {text}")
        self.status = status


class ManageClient:
    """Sets up prompts and applications.

    Each call raises ManageRefused, aiohttp.ClientError, TimeoutError.
    """

    def __init__(self, url: str, token: str) -> None:
        self._url = url.rstrip("/") + PREFIX
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=REQUEST_TIMEOUT_S),
            headers={"Authorization": f"Bearer {token}"},
        )

    async def change_app(self, app_key: str, fields: dict[str, object]) -> dict[str, Any]:
        """Set fields of an application, by their names in the management API."""
        path = f"/applications/{_segment(app_key)}"
        return await self._ask("PATCH", path, msgspec.json.encode(fields))

    async def add_prompt(self, app_key: str, name: str, sound: bytes) -> dict[str, Any]:
        """Submit a sound file under a name; it is heard once it was approved."""
        return await self._ask("PUT", _prompt(app_key, name), sound, "application/octet-stream")

    async def approve_prompt(self, app_key: str, name: str) -> dict[str, Any]:
        """Let calls play what was submitted."""
        return await self._ask("POST", _prompt(app_key, name) + "/approve", b"{}")

    async def stop_call(self, session_id: str) -> dict[str, Any]:
        """End a live call."""
        return await self._ask("POST", f"/calls/{_segment(session_id)}/stop", b"")

    async def close(self) -> None:
        """Drop the connections."""
        await self._session.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def _ask(
        self, method: str, path: str, body: bytes, content_type: str = "application/json"
    ) -> dict[str, Any]:
        async with self._session.request(
            method, self._url + path, data=body, headers={"Content-Type": content_type}
        ) as answer:
            raw = await answer.read()
            if not answer.ok:
                raise ManageRefused(answer.status, raw.decode("utf-8", "replace")[:500])
        return msgspec.json.decode(raw, type=dict[str, Any]) if raw else {}


def _prompt(app_key: str, name: str) -> str:
    return f"/applications/{_segment(app_key)}/prompts/{_segment(name)}"


def _segment(text: str) -> str:
    return quote(text, safe="")

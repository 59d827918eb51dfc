"""The port of those who watch this process."""

import asyncio

import msgspec
from starlette.types import ASGIApp

from maskline.bootstrap.http import build_server
from maskline.http_server import HttpServer
from maskline.settings import Settings

START_POLL_S = 0.01


class MetricsPort:
    """Serves an application on `[metrics] port` until `close`; nothing when that is 0.

    It is closed after everything else, so that a drain is seen from outside.
    """

    def __init__(self, settings: Settings, app: ASGIApp) -> None:
        self._settings = settings
        self._app = app
        self._server: HttpServer | None = None
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen. Raises OSError for a taken port."""
        section = self._settings.metrics
        if not section.port:
            return
        like = msgspec.structs.replace(self._settings.http, bind=section.bind)
        server, listening = build_server(self._app, like, section.port, cert="", key="")
        self._server = server
        self._serving = asyncio.create_task(server.serve(sockets=[listening]), name="metrics")
        while not server.started and not self._serving.done():  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(START_POLL_S)

    async def close(self) -> None:
        """Answer what is asked, then stop."""
        if self._server is not None and self._serving is not None:
            self._server.should_exit = True
            await self._serving

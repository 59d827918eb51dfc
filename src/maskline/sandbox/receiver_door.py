"""Where pushes to the built-in receivers come in over HTTP."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from maskline.sandbox.receiver import PATH, Answered

MAX_PUSH_BYTES = 1_048_576

Take = Callable[[str, str, dict[str, str], bytes], Awaitable[Answered | None]]
"""Token, purpose, headers and body of a push to its answer; None for a token of nobody."""


def create_receiver_door(take: Take) -> ASGIApp:
    """The application under `PATH`. Who pushes needs the run's token in the path."""

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        response = await _answer(take, Request(scope, receive))
        await response(scope, receive, send)

    return door


async def _answer(take: Take, request: Request) -> Response:
    token, _, purpose = request.url.path.removeprefix(PATH).partition("/")
    if request.method != "POST":
        return Response(status_code=405, headers={"Allow": "POST"})
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_PUSH_BYTES:
            return Response(status_code=413)
    answered = await take(token, purpose, dict(request.headers.items()), bytes(body))
    if answered is None:
        return Response(status_code=404)
    await asyncio.sleep(answered.delay_s)
    media_type = "application/json" if answered.body else None
    return Response(answered.body, answered.status, media_type=media_type)

"""How other programs reach the lab's handsets: a small HTTP interface to its message centre.

`POST /messages` with `{"from", "to", "text"}` writes as a handset; `GET /messages?number=N` lists
what a handset was sent, or all of them.
"""

from typing import Annotated

import msgspec
from aiohttp import web

from maskline.domain.number import read_number
from maskline.lab.handset import as_json
from maskline.lab.message_centre import MessageCentre, NotTaken
from maskline.protocols.smpp.segment import TooLong

MESSAGES_PATH = "/messages"
MAX_TEXT = 10_000
CLOSE_S = 0.2


class _Writing(msgspec.Struct, forbid_unknown_fields=True):
    sender: str = msgspec.field(name="from")
    to: str
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_TEXT)]


class MessageDoor:
    """Serves on the loopback interface only."""

    def __init__(self, centre: MessageCentre) -> None:
        self._centre = centre
        self._runner: web.AppRunner | None = None
        self._url = ""

    @property
    def url(self) -> str:
        """Where messages are written and listed."""
        return self._url

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one. Raises OSError."""
        app = web.Application()
        app.router.add_post(MESSAGES_PATH, self._write)
        app.router.add_get(MESSAGES_PATH, self._list)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSE_S)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self._url = f"http://{host}:{port}{MESSAGES_PATH}"

    async def close(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _write(self, request: web.Request) -> web.Response:
        try:
            writing = msgspec.json.decode(await request.read(), type=_Writing)
        except msgspec.DecodeError as error:
            return _answer({"message": str(error)}, 400)
        sender, to = read_number(writing.sender), read_number(writing.to)
        if sender is None or to is None:
            wrong = writing.sender if sender is None else writing.to
            return _answer({"message": f"{wrong} is no phone number"}, 400)
        try:
            parts = await self._centre.send(sender, to, writing.text)
        except TooLong as error:
            return _answer({"message": f"the text is too long: {error}"}, 400)
        except NotTaken as error:
            return _answer({"message": f"nobody took the message: {error}"}, 502)
        return _answer({"from": sender, "to": to, "parts": parts})

    async def _list(self, request: web.Request) -> web.Response:
        asked = request.query.get("number")
        number = None if asked is None else read_number(asked)
        if asked is not None and number is None:
            return _answer({"message": f"{asked} is no phone number"}, 400)
        received = self._centre.handsets.received(number)
        return _answer([as_json(one) for one in received])


def _answer(value: object, status: int = 200) -> web.Response:
    body = msgspec.json.encode(value)
    return web.Response(body=body, status=status, content_type="application/json")

"""Answers that are sent piece by piece."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from starlette.requests import Request

from maskline.manage.door import OperatorDoor
from maskline.manage.endpoint import Asked, Endpoint, EndpointRunner, StreamAnswer


class Listening:
    """One GET of an endpoint that streams, over ASGI."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.is_closed = False
        self.leaves = asyncio.Event()
        self.is_under_way = asyncio.Event()

    async def run(self, pieces: int, method: str = "GET") -> None:
        async def chunks() -> AsyncGenerator[bytes]:
            try:
                for piece in range(pieces):
                    yield b"%d" % piece
                await asyncio.sleep(3600 if pieces > 3 else 0)
            finally:
                self.is_closed = True

        async def listen(_: Asked) -> StreamAnswer:
            return StreamAnswer(chunks())

        endpoint = Endpoint(
            method="GET", path="/sound", summary="Sound", run=listen,
            answer=StreamAnswer, answer_media_type="audio/wav", is_open=True,
        )  # fmt: skip
        scope: dict[str, Any] = {
            "type": "http", "method": method, "path": "/sound", "query_string": b"", "headers": [],
            "path_params": {}, "asgi": {"spec_version": "2.3"},
        }  # fmt: skip
        runner = EndpointRunner(OperatorDoor("token"), 1_000)
        response = await runner.answer(endpoint, Request(scope))
        await response(scope, self._receive, self._send)

    async def _receive(self) -> Any:
        await self.leaves.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.sent.append(message)
        if len(self.sent) == 5:
            self.is_under_way.set()


async def test_pieces_are_sent_one_by_one_with_the_type_of_the_endpoint():
    listening = Listening()
    await listening.run(3)
    head, *pieces = listening.sent
    assert (b"content-type", b"audio/wav") in head["headers"]
    assert (b"cache-control", b"no-store") in head["headers"]
    assert [piece["body"] for piece in pieces] == [b"0", b"1", b"2", b""]
    assert listening.is_closed


async def test_whoever_makes_the_pieces_is_told_when_the_client_goes_away():
    listening = Listening()
    answering = asyncio.create_task(listening.run(4))
    await listening.is_under_way.wait()
    assert not listening.is_closed
    listening.leaves.set()
    await answering
    assert listening.is_closed


async def test_head_is_answered_without_the_pieces():
    listening = Listening()
    await listening.run(4, "HEAD")
    head, end = listening.sent
    assert (b"content-type", b"audio/wav") in head["headers"]
    assert not end["body"]

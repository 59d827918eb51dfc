"""The fastest receivers of pushes that read HTTP properly, in a process of their own."""

import asyncio
import os
import time
from dataclasses import dataclass, field
from enum import Enum
from multiprocessing.connection import Connection

import httptools
import uvloop

DEAD = "/dead"
"""What is pushed to URLs that begin so is taken, and never answered."""


class Ask(Enum):
    """What the receiver's process may be asked: how many pushes, all it knows, to end."""

    COUNT = 1
    TAKE = 2
    END = 3


@dataclass(slots=True)
class Took:
    """What came and was accepted since it was taken the last time.

    `arrivals`: the id of each push, and when it came for the first time (`time.monotonic`).
    """

    pushes: int = 0
    octets: int = 0
    arrivals: dict[bytes, float] = field(default_factory=dict)


class Sink(asyncio.Protocol):
    """One connection; each push is answered 200 with an empty body."""

    def __init__(self, took: Took) -> None:
        self._took = took
        self._parser = httptools.HttpRequestParser(self)
        self._is_dead = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where answers go."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Read what came."""
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        """See whether this is a dead receiver."""
        self._is_dead = url.startswith(DEAD.encode())

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note the id."""
        if name == b"webhook-id" and not self._is_dead:
            self._took.arrivals.setdefault(value, time.monotonic())

    def on_body(self, body: bytes) -> None:
        """Count the body."""
        self._took.octets += len(body)

    def on_message_complete(self) -> None:
        """Accept, unless dead."""
        if self._is_dead:
            return
        self._took.pushes += 1
        self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


def receive(pipe: Connection, core: int | None = None, receivers: int = 1) -> None:
    """The receivers' process: tells the port of each, then answers what it is asked."""
    if core is not None:
        os.sched_setaffinity(0, {core})
    uvloop.run(_receive(pipe, receivers))


async def _receive(pipe: Connection, receivers: int) -> None:
    loop = asyncio.get_running_loop()
    took = Took()
    servers = [
        await loop.create_server(lambda: Sink(took), "127.0.0.1", 0) for _ in range(receivers)
    ]
    pipe.send([server.sockets[0].getsockname()[1] for server in servers])
    while (asked := await loop.run_in_executor(None, pipe.recv)) is not Ask.END:
        if asked is Ask.COUNT:
            pipe.send(took.pushes)
        else:
            pipe.send(took)
            took.pushes = took.octets = 0
            took.arrivals.clear()

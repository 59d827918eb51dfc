"""A message centre that sends as fast as it is answered, in a process of its own."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from multiprocessing.connection import Connection

import uvloop
from _machine import pin

from maskline.protocols.smpp.command import Command, EsmClass
from maskline.protocols.smpp.event import BindAsked, MessageAnswered, MessageCame
from maskline.protocols.smpp.pdu import Address, Message
from maskline.protocols.smpp.session import SessionLimits, SmppSession
from maskline.protocols.smpp.status import Status

WINDOW = 200
"""Messages that wait for their answers at once; receipts come on top."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Send `count` messages: the i-th from `senders[i % n]` to `xs[i % n]`."""

    count: int
    senders: list[str]
    xs: list[str]


@dataclass(slots=True)
class Seen:
    """What came back: how often each text to whom from which X, and what was answered."""

    submits: Counter[tuple[str, str, bytes]] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)
    receipts: Counter[int] = field(default_factory=Counter)
    again: int = 0


class Ask(Enum):
    """What the process may be told besides a `Wanted`."""

    END = 1


def text_of(number: int) -> tuple[bytes, int]:
    """The octets of a message and their data coding: every other one is in Chinese."""
    if number % 2:
        return f"Your driver arrives in {number} minutes, plate B-{number}.".encode(), 0
    return f"您的司机将在{number}分钟后到达，车牌尾号{number}。🚕".encode("utf-16-be"), 8


class Peer(asyncio.Protocol):
    """The one connection of the platform."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        limits = SessionLimits(window=100_000, incoming=100_000, enquire_s=600)
        self._session = SmppSession(limits, self._loop.time(), is_centre=True)
        self._ids = 0
        self._next = 0
        self._open: dict[int, int] = {}
        self._receipts: set[int] = set()
        self._wanted = Wanted(0, [], [])
        self.seen = Seen()
        self.is_done = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The platform is there."""
        self._transport = transport

    @property
    def is_bound(self) -> bool:
        """Whether messages may be sent."""
        return self._session.may_send

    def begin(self, wanted: Wanted) -> None:
        """Send."""
        self.seen, self._wanted, self._next = Seen(), wanted, 0
        self.is_done.clear()
        self._fill()
        self._flush()

    def data_received(self, data: bytes) -> None:
        """Answer, count, go on."""
        session = self._session
        session.receive(data, self._loop.time())
        while (event := session.next_event()) is not None:
            match event:
                case BindAsked():
                    session.accept(event, "bench")
                case MessageCame():
                    self._take(event)
                case MessageAnswered():
                    self._answered(event)
                case _:
                    continue
        self._fill()
        self._flush()

    def _take(self, came: MessageCame) -> None:
        message = came.message
        key = (message.source.number, message.destination.number, message.body)
        self.seen.submits[key] += 1
        self._ids += 1
        name = f"{self._ids:x}"
        self._session.answer(came, Status.OK, name)
        receipt = Message(
            command=Command.DELIVER,
            source=message.destination,
            destination=message.source,
            body=f"id:{name} sub:001 dlvrd:001 stat:DELIVRD err:000 text:".encode(),
            esm_class=EsmClass.RECEIPT,
        )
        self._receipts.add(self._session.send(receipt, self._loop.time()))

    def _answered(self, event: MessageAnswered) -> None:
        status = event.answer.status
        if event.sequence in self._receipts:
            self._receipts.discard(event.sequence)
            self.seen.receipts[status] += 1
        else:
            number = self._open.pop(event.sequence)
            self.seen.answers[status] += 1
            if status != Status.OK:
                self.seen.again += 1
                self._send(number)
        is_over = self.seen.receipts.total() >= self._wanted.count and not self._open
        if is_over:
            self.is_done.set()

    def _fill(self) -> None:
        while len(self._open) < WINDOW and self._next < self._wanted.count:
            self._send(self._next)
            self._next += 1

    def _send(self, number: int) -> None:
        body, data_coding = text_of(number)
        place = number % len(self._wanted.senders)
        message = Message(
            command=Command.DELIVER,
            source=Address(self._wanted.senders[place], 1, 1),
            destination=Address(self._wanted.xs[place], 1, 1),
            body=body,
            data_coding=data_coding,
        )
        self._open[self._session.send(message, self._loop.time())] = number

    def _flush(self) -> None:
        data = self._session.data_to_send()
        if data:
            self._transport.write(data)


def serve(pipe: Connection, core: int) -> None:
    """Run the centre: tells its port, then for each `Wanted` what it has `Seen`."""
    pin(core)
    uvloop.run(_serve(pipe))


async def _serve(pipe: Connection) -> None:
    loop = asyncio.get_running_loop()
    connections: list[Peer] = []

    def accept() -> Peer:
        connections.append(Peer())
        return connections[-1]

    server = await loop.create_server(accept, "127.0.0.1", 0)
    pipe.send(server.sockets[0].getsockname()[1])
    while isinstance(wanted := await loop.run_in_executor(None, pipe.recv), Wanted):
        while not connections or not connections[-1].is_bound:  # noqa: ASYNC110 - before the clock
            await asyncio.sleep(0.01)
        connections[-1].begin(wanted)
        await connections[-1].is_done.wait()
        pipe.send(connections[-1].seen)
    server.close()

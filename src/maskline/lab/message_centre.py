"""A message centre (SMSC) for demonstrations and tests: the network that handsets write through.

It lets in whoever binds, so it belongs on the loopback interface.
"""

import asyncio
import contextlib
import itertools
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime

from maskline.lab.handset import Handsets
from maskline.lab.message_connection import CentreConnection
from maskline.protocols.smpp.command import Command, EsmClass, Npi, Tag, Ton
from maskline.protocols.smpp.event import MessageCame
from maskline.protocols.smpp.pdu import Address, Message
from maskline.protocols.smpp.receipt import MessageState, Receipt, write_receipt
from maskline.protocols.smpp.segment import Concatenation, Part, split_text
from maskline.protocols.smpp.session import SessionLimits
from maskline.protocols.smpp.status import PASSING, Status
from maskline.protocols.smpp.text import Dialect

PART_TRIES = 5
"""How often a part of a handset's message is offered to those who are bound."""

TRY_AGAIN_S = 0.5
"""The pause between two tries, and how long somebody is waited for who takes messages."""

ANSWER_S = 10.0
MAX_CONNECTIONS = 64
WANTS_RECEIPT = 0x03
"""Bits of `registered_delivery` that ask for a receipt (SMPP 3.4 5.2.17)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreBehaviour:
    """How good a network it is.

    `loss`: the share of submits that it neither answers nor keeps. `delay_s`: how long an answer
    takes, and a receipt once more. `throttles_every` n-th submit is told to slow down, 0 is none.
    `refuses` is the status that every submit gets, None is none. `receipts`: whether handsets'
    receipts are sent, and that they say `receipt_state`. `drops_every` n-th submit is kept, and the
    connection cut before the answer, 0 is none. `concatenation` is how long messages of
    handsets come.
    """

    loss: float = 0.0
    delay_s: float = 0.0
    throttles_every: int = 0
    refuses: Status | None = None
    receipts: bool = True
    receipt_state: MessageState = MessageState.DELIVERED
    drops_every: int = 0
    concatenation: Concatenation = Concatenation.UDH


class NotTaken(Exception):
    """Nobody took a handset's message; the text says why."""


class MessageCentre:
    """Listens for binds; `send` writes as a handset would, `handsets` has what came.

    `behaviour` may be set at any time. `draw` gives random floats in [0, 1).
    """

    def __init__(self, draw: Callable[[], float], dialect: Dialect | None = None) -> None:
        self.behaviour = CentreBehaviour()
        self.dialect = dialect or Dialect()
        self.handsets = Handsets(self.dialect)
        self.submitted: list[Message] = []
        """What was kept, part by part, as long as `keeps_submits`."""
        self.keeps_submits = False
        self._draw = draw
        self._connections: set[CentreConnection] = set()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._ids = itertools.count(1)
        self._references = itertools.count(1)
        self._submits = itertools.count(1)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one. Raises OSError."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connection, host, port)

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of its SMPP socket."""
        if self._server is None:
            raise RuntimeError("the message centre was not started")
        return self._server.sockets[0].getsockname()[:2]

    @property
    def bound(self) -> tuple[str, ...]:
        """The system ids that are bound now."""
        return tuple(one.system_id for one in self._connections if one.is_bound)

    async def close(self) -> None:
        """Let go of everybody."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
        for connection in tuple(self._connections):
            connection.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if server is not None:
            await server.wait_closed()

    def cut(self) -> None:
        """Lose all connections, without a word."""
        for connection in tuple(self._connections):
            connection.abort()

    async def send(self, sender: str, to: str, text: str) -> int:
        """Write `text` as the owner of `sender` would. Returns in how many parts it went.

        Raises NotTaken, TooLong.
        """
        parts = split_text(text, self.dialect, self.behaviour.concatenation, next(self._references))
        for part in parts:
            await self.deliver(delivery(sender, to, part))
        return len(parts)

    async def deliver(self, message: Message) -> None:
        """Have one part taken, again and again as message centres do it. Raises NotTaken."""
        why = "nobody who takes messages is bound"
        for _ in range(PART_TRIES):
            connection = self._receiving()
            if connection is None:
                await asyncio.sleep(TRY_AGAIN_S)
                continue
            status = await connection.deliver(message, ANSWER_S)
            if status == Status.OK:
                return
            why = "no answer" if status is None else _in_words(status)
            if status is not None and status not in _TEMPORARY:
                break
            await asyncio.sleep(TRY_AGAIN_S)
        raise NotTaken(why)

    def take(self, connection: CentreConnection, came: MessageCame) -> None:
        """Decide about a submit."""
        behaviour, count = self.behaviour, next(self._submits)
        if behaviour.throttles_every and count % behaviour.throttles_every == 0:
            connection.answer(came, Status.THROTTLED)
        elif behaviour.refuses is not None:
            connection.answer(came, behaviour.refuses)
        elif behaviour.loss and self._draw() < behaviour.loss:
            return
        else:
            self._keep(connection, came, cuts=_is_nth(count, behaviour.drops_every))

    def _keep(self, connection: CentreConnection, came: MessageCame, *, cuts: bool) -> None:
        message, behaviour = came.message, self.behaviour
        if self.keeps_submits:
            self.submitted.append(message)
        self.handsets.receive(message, datetime.now(UTC))
        if cuts:
            connection.abort()
            return
        message_id = f"{next(self._ids):08X}"
        wants_receipt = message.registered_delivery & WANTS_RECEIPT and behaviour.receipts
        if not behaviour.delay_s:
            connection.answer(came, Status.OK, message_id)
            if wants_receipt:
                self._spawn(self._give_receipt(message, message_id))
            return
        self._spawn(self._answer_late(connection, came, message_id, is_asked=bool(wants_receipt)))

    async def _answer_late(
        self, connection: CentreConnection, came: MessageCame, message_id: str, *, is_asked: bool
    ) -> None:
        await asyncio.sleep(self.behaviour.delay_s)
        connection.answer(came, Status.OK, message_id)
        if is_asked:
            await asyncio.sleep(self.behaviour.delay_s)
            await self._give_receipt(came.message, message_id)

    async def _give_receipt(self, message: Message, message_id: str) -> None:
        now = datetime.now(UTC)
        receipt = Receipt(message_id, self.behaviour.receipt_state)
        told = Message(
            command=Command.DELIVER,
            source=message.destination,
            destination=message.source,
            body=write_receipt(receipt, now, now, ""),
            esm_class=EsmClass.RECEIPT,
            tlvs={
                Tag.RECEIPTED_MESSAGE_ID: message_id.encode() + b"\0",
                Tag.MESSAGE_STATE: bytes((receipt.state,)),
            },
        )
        # A receipt that nobody takes is gone, as in networks.
        with contextlib.suppress(NotTaken):
            await self.deliver(told)

    def _connection(self) -> CentreConnection:
        limits = SessionLimits(window=512, incoming=1024)
        connection = CentreConnection(limits, self.take, self._connections.discard)
        if len(self._connections) < MAX_CONNECTIONS:
            self._connections.add(connection)
        return connection

    def _receiving(self) -> CentreConnection | None:
        """Who may take a message now, the least busy first."""
        able = [one for one in self._connections if one.may_deliver]
        return min(able, key=lambda one: one.waiting, default=None)

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


_TEMPORARY = PASSING | {Status.SYSTEM_ERROR}


def delivery(sender: str, to: str, part: Part) -> Message:
    """The deliver_sm of a part that a handset wrote."""
    return Message(
        command=Command.DELIVER,
        source=_address(sender),
        destination=_address(to),
        body=part.body,
        data_coding=part.data_coding,
        esm_class=part.esm_class,
        tlvs=part.tlvs,
    )


def _address(number: str) -> Address:
    if number.startswith("+"):
        return Address(number, Ton.INTERNATIONAL, Npi.ISDN)
    return Address(number, Ton.UNKNOWN, Npi.ISDN)


def _is_nth(count: int, every: int) -> bool:
    return every > 0 and count % every == 0


def _in_words(status: int) -> str:
    if status == Status.INVALID_DESTINATION:
        return f"status {status:#x}, no platform here has that number"
    name = Status(status).name.lower().replace("_", " ") if status in Status else "unknown"
    return f"status {status:#x}, {name}"

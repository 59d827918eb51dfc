"""A message centre and a desk in memory, with the plane between them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from maskline.domain.application import Mode
from maskline.domain.error import MasklineError
from maskline.domain.message import Message, MessagePart, MessageState, PartState
from maskline.domain.sms_link import SmsLink
from maskline.planes.sms.plane import MessagePlane
from maskline.planes.sms.settings import SmsLimits
from maskline.protocols.smpp.command import Command
from maskline.protocols.smpp.event import BindAsked, Ended, MessageAnswered, MessageCame
from maskline.protocols.smpp.pdu import Address
from maskline.protocols.smpp.pdu import Message as Pdu
from maskline.protocols.smpp.session import SessionLimits, SmppSession
from maskline.protocols.smpp.status import Status
from maskline.services.clock import SteppedClock
from maskline.services.ids import CountedIds
from maskline.services.message_store import PartReceipt
from maskline.services.message_work import CameMessage

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
A, B, X = "+8613900001001", "+8613900002002", "+8617000000001"
LINK = SmsLink(name="one", host="centre.example", system_id="maskline", password="secret")
LIMITS = SmsLimits(
    close_s=0.05, throttle_s=0.001, throttle_max_s=0.002, receipt_waits_s=(0.001, 0.001)
)


class Pipe(asyncio.Transport):
    """What one side writes, the other is given in the next turn of the loop."""

    def __init__(self, centre: "CentreConnection") -> None:
        super().__init__()
        self._centre = centre
        self.buffered = 0
        self.is_closed = False
        self.writes = 0

    def write(self, data: bytes) -> None:
        self.writes += 1
        asyncio.get_running_loop().call_soon(self._centre.receive, data)

    def get_write_buffer_size(self) -> int:
        return self.buffered

    def close(self) -> None:
        if not self.is_closed:
            self.is_closed = True
            asyncio.get_running_loop().call_soon(self._centre.protocol.connection_lost, None)

    abort = close


class CentreConnection:
    def __init__(self, centre: "Centre", protocol: asyncio.Protocol) -> None:
        self.protocol = protocol
        self.pipe = Pipe(self)
        self.is_over = False
        self.answers: dict[int, Status] = {}
        self._centre = centre
        limits = SessionLimits(window=1000, incoming=1000)
        self.session = SmppSession(limits, 0.0, is_centre=True)

    def receive(self, data: bytes) -> None:
        self.session.receive(data, 0.0)
        while (event := self.session.next_event()) is not None:
            self._centre.happened(event, self)
        self.flush()

    def flush(self) -> None:
        data = self.session.data_to_send()
        if data and not self.pipe.is_closed:
            asyncio.get_running_loop().call_soon(self.protocol.data_received, data)


class Centre:
    """Takes every submit unless `on_submit` says otherwise; None leaves it without an answer."""

    def __init__(self) -> None:
        self.is_up = True
        self.refuses_bind: Status | None = None
        self.binds: list[BindAsked] = []
        self.connections: list[CentreConnection] = []
        self.submits: list[Pdu] = []
        self.on_submit: Callable[[Pdu], Status | None] = lambda _: Status.OK
        self.last_came: MessageCame | None = None
        self.dials = 0
        self.next_name = ""
        self._names = 0

    async def dial(self, link: SmsLink, factory: Callable[[], asyncio.Protocol]) -> None:
        del link
        self.dials += 1
        if not self.is_up:
            raise OSError("connection refused")
        connection = CentreConnection(self, factory())
        self.connections.append(connection)
        connection.protocol.connection_made(connection.pipe)

    def happened(self, event: object, connection: CentreConnection) -> None:
        match event:
            case BindAsked() if self.refuses_bind is not None:
                connection.session.refuse(event, self.refuses_bind)
            case BindAsked():
                self.binds.append(event)
                connection.session.accept(event, "centre")
            case MessageCame():
                self.last_came = event
                self.submits.append(event.message)
                status = self.on_submit(event.message)
                if status is not None:
                    self._names += 1
                    name = self.next_name or f"id-{self._names}"
                    name = name if status is Status.OK else ""
                    connection.session.answer(event, status, name)
            case MessageAnswered():
                connection.answers[event.sequence] = Status(event.answer.status)
            case Ended():
                connection.is_over = True
            case _:
                raise AssertionError(event)

    @property
    def live(self) -> list[CentreConnection]:
        return [one for one in self.connections if not one.is_over and not one.pipe.is_closed]

    def deliver(self, body: bytes = b"hello", **fields: object) -> int:
        """Send a deliver_sm; its number, under which `answers` has what we said."""
        told = {
            "command": Command.DELIVER,
            "source": Address(A),
            "destination": Address(X),
            "body": body,
        }
        connection = self.live[-1]
        number = connection.session.send(Pdu(**(told | fields)), 0.0)
        connection.flush()
        return number

    def cut(self) -> None:
        """Lose all connections."""
        for connection in self.live:
            connection.pipe.close()

    def answer(self, came: MessageCame, name: str) -> None:
        """Take a submit at last that was left without an answer."""
        for connection in self.live:
            connection.session.answer(came, Status.OK, name)
            connection.flush()

    @property
    def texts(self) -> list[bytes]:
        return [pdu.body for pdu in self.submits]


@dataclass
class Desk:
    """Forwards everything to B, and keeps what it is told."""

    came: list[CameMessage] = field(default_factory=list)
    told: list[tuple[str, str, tuple[MessagePart, ...]]] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    due_at: list[datetime] = field(default_factory=list)
    receipts: list[PartReceipt] = field(default_factory=list)
    backlog: list[Message] = field(default_factory=list)
    stale: list[Message] = field(default_factory=list)
    heard: list[tuple[str, datetime]] = field(default_factory=list)
    unknown_receipts: int = 0
    released: int = 0
    error: MasklineError | Exception | None = None
    asks: bool = False
    gate: asyncio.Event | None = None

    async def receive(self, came: CameMessage) -> Message | None:
        self.came.append(came)
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error
        state = MessageState.ASKING if self.asks else MessageState.WAITING
        return accepted(f"m{len(self.came)}", came.text, state=state)

    async def ask(self, message: Message) -> Message | None:
        return message.forwarded(B, message.text, NOW)

    async def part_answered(self, message: Message, part: MessagePart) -> None:
        self.told.append(("part", message.message_id, (part,)))

    async def finish(self, message: Message, parts, total: int) -> None:
        self.told.append(("finish", message.message_id, tuple(parts)))
        self.totals.append(total)

    async def fail(self, message: Message, parts, total: int) -> None:
        self.told.append(("fail", message.message_id, tuple(parts)))
        self.totals.append(total)

    async def postpone(self, message: Message, parts, due_at: datetime) -> None:
        self.told.append(("postpone", message.message_id, tuple(parts)))
        self.due_at.append(due_at)

    async def receipt(self, receipt: PartReceipt) -> bool:
        self.receipts.append(receipt)
        if self.error is not None:
            raise self.error
        self.unknown_receipts -= 1
        return self.unknown_receipts < 0

    async def connection_heard(self, connection: str, before: datetime) -> None:
        self.heard.append((connection, before))

    async def claim(self, limit: int) -> tuple[Message, ...]:
        taken, self.backlog = self.backlog[:limit], self.backlog[limit:]
        return tuple(taken)

    async def release(self) -> None:
        self.released += 1

    async def assemble_stale(self) -> list[Message]:
        taken, self.stale = self.stale, []
        return taken

    @property
    def story(self) -> list[str]:
        """What was told, each with the states and tries of the parts in it."""
        return [
            f"{verb} {' '.join(f'{part.state.value}/{part.tries}' for part in parts)}".strip()
            for verb, _, parts in self.told
        ]


def accepted(message_id: str, text: str, **fields) -> Message:
    message = Message(
        message_id=message_id,
        app_key="app",
        tenant_id="t",
        mode=Mode.AXB,
        x=X,
        sender=A,
        text=text,
        link="one",
        connection="one 1",
        digest=b"d",
        came_at=NOW,
        state=MessageState.WAITING,
        receiver=B,
        outgoing=text,
        due_at=NOW,
        reference=7,
    )
    return replace(message, **fields)


def part(number: int, state: PartState, tries: int = 1, link: str = "one") -> MessagePart:
    return MessagePart(number=number, link=link, state=state, tries=tries, changed_at=NOW)


class Scene:
    """The plane with its clock stepped by hand; `centres` by the name of their link."""

    def __init__(self, *links: SmsLink, limits: SmsLimits = LIMITS) -> None:
        self.links = links or (LINK,)
        self.centres = {link.name: Centre() for link in self.links}
        self.centre = self.centres[self.links[0].name]
        self.desk = Desk()
        self.clock = SteppedClock(NOW)
        self.plane = MessagePlane(
            desk=self.desk,
            read_links=self._read_links,
            dial=self._dial,
            clock=self.clock,
            ids=CountedIds(),
            limits=limits,
        )

    async def _read_links(self) -> tuple[SmsLink, ...]:
        return self.links

    async def _dial(self, link: SmsLink, factory) -> None:
        await self.centres.setdefault(link.name, Centre()).dial(link, factory)

    async def start(self) -> "Scene":
        await self.plane.start()
        await self.step()
        return self

    async def step(self, seconds: float = 0.0) -> None:
        """Let time pass and everything happen that it leads to."""
        self.clock.step(seconds)
        self.plane.board.tick()
        await self.settle()
        self.plane.board.tick()
        await self.settle()

    async def settle(self) -> None:
        for _ in range(40):
            await asyncio.sleep(0)

    async def doze(self) -> None:
        """Let the short pauses of `LIMITS` pass, which are of the loop's own time."""
        for _ in range(10):
            await asyncio.sleep(0.002)
            await self.step()

    async def change(self, *links: SmsLink) -> None:
        self.links = links
        self.plane.board.refresh(links)
        await asyncio.sleep(0.03)  # a link that is let go looks whether it is idle
        await self.step()
        await self.step()

    async def claim(self, *messages: Message) -> None:
        self.desk.backlog.extend(messages)
        await self.plane.claim()
        await self.step()

    def answer_to(self, number: int) -> Status | None:
        for connection in self.centre.connections:
            if number in connection.answers:
                return connection.answers[number]
        return None

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait for what a running plane does by itself."""
        async with asyncio.timeout(5):
            while not holds():  # noqa: ASYNC110 - the plane tells nobody
                await asyncio.sleep(0.001)

    async def close(self) -> None:
        await self.plane.close()

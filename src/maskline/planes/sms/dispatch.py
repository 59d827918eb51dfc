"""Handing messages over to message centres, part by part."""

import asyncio
from datetime import timedelta
from functools import partial

import structlog

from maskline.domain.message import Message, MessagePart, MessageState, PartState
from maskline.planes.sms.board import LinkBoard
from maskline.planes.sms.counter import SmsCounters
from maskline.planes.sms.link import Link
from maskline.planes.sms.settings import SmsLimits
from maskline.planes.sms.submit_queue import Fate, Submitted
from maskline.protocols.smpp.segment import Part
from maskline.services.clock import Clock
from maskline.services.messages import MessageDesk

MAX_SENDS = 2
"""How often a part is sent that may have arrived."""

log = structlog.get_logger("messages")


class Dispatcher:
    """Brings accepted messages to their end, or to a later moment."""

    def __init__(
        self,
        desk: MessageDesk,
        board: LinkBoard,
        counters: SmsCounters,
        clock: Clock,
        limits: SmsLimits,
    ) -> None:
        self.desk = desk
        self.board = board
        self.counters = counters
        self.clock = clock
        self.limits = limits
        # A store that fails for long lets leases run out while we still hold the messages.
        self._in_hand: set[str] = set()

    async def go_on(self, message: Message, *, is_fresh: bool) -> None:
        """Ask the customer where that is to be done, then hand the message over.

        `is_fresh`: nobody has worked on it before this worker took it. Raises StoreBusy,
        StoreFailed; the message is then taken up again when its lease is over.
        """
        if message.message_id in self._in_hand:
            return
        self._in_hand.add(message.message_id)
        try:
            await self._go_on(message, is_fresh=is_fresh)
        finally:
            self._in_hand.discard(message.message_id)

    async def _go_on(self, message: Message, *, is_fresh: bool) -> None:
        if message.state is MessageState.ASKING:
            decided = await self.desk.ask(message)
            if decided is None:
                return
            # What is asked for was not handed over yet, whoever has worked on it.
            message, is_fresh = decided, True
        await Errand(self, message, is_fresh=is_fresh).run()


class Errand:
    """One message on its way.

    | part                | was it sent?              | what is done with it                     |
    | ------------------- | ------------------------- | ---------------------------------------- |
    | none, fresh message | no                        | sent                                     |
    | none, else          | the last worker may have  | sent as a repeat                         |
    | REFUSED             | `tries` times before      | sent over a link that has not refused it |
    | UNANSWERED          | `tries` times             | sent as a repeat, unless that was one    |
    | any other           | yes                       | nothing                                  |

    A repeat, and whatever is sent of a message that is not fresh, is noted as UNANSWERED right
    before it is sent: so a worker that dies cannot make a third of it. A message that is put off
    has a note for each part; one that was not sent is REFUSED with no tries.
    """

    def __init__(self, owner: Dispatcher, message: Message, *, is_fresh: bool) -> None:
        if message.receiver is None or message.outgoing is None:
            raise ValueError("a message that is forwarded has a receiver and a text")
        self._owner = owner
        self._desk = owner.desk
        self._message = message
        self._receiver = message.receiver
        self._text = message.outgoing
        self._parts = {part.number: part for part in message.parts}
        was_put_off = any(_is_note(part) for part in message.parts)
        self._sent_unnoted = 0 if is_fresh or was_put_off else 1
        self._needs_notes = not is_fresh
        # Into how many parts the text is split; 0 until a link has said so.
        self._total = 0
        self._is_unsendable = False
        self._spent: set[str] = set()
        self._passed: dict[str, int] = {}
        # Parts that were refused for good, by any link.
        self._refused: set[int] = set()

    async def run(self) -> None:
        """Send what is to be sent, and tell the desk what became of it."""
        began = self._now()
        begun_with = self._begun_with()
        if begun_with is not None:
            self._total = len(self._split(begun_with) or ())
        while self._now() - began < self._owner.limits.work_s:
            link = self._next_link()
            if link is None:
                break
            parts = self._split(link)
            if parts is None:
                self._spent.add(link.config.name)
                continue
            self._total = len(parts)
            await self._send(link, parts)
            if not self._open():
                break
        await self._settle()

    def _now(self) -> float:
        return self._owner.clock.monotonic()

    def _sends(self, number: int) -> int:
        """How often a part was sent and may have arrived."""
        part = self._parts.get(number)
        return self._sent_unnoted if part is None else part.tries

    def _open(self) -> list[int]:
        """The parts that are still to be sent."""
        return [n for n in range(1, self._total + 1) if self._is_open(self._parts.get(n), n)]

    def _is_open(self, part: MessagePart | None, number: int) -> bool:
        if part is not None and part.state.is_sent:
            return False
        return self._sends(number) < MAX_SENDS

    def _next_link(self) -> Link | None:
        """The best link that is bound and not spent, and goes on as the others began."""
        begun = self._begun_with()
        for link in self._owner.board.candidates(self._message.x, self._receiver):
            if not link.is_bound or link.config.name in self._spent:
                continue
            if begun is None or link.wire.is_split_alike(begun.wire):
                return link
        return None

    def _begun_with(self) -> Link | None:
        """A link that parts may have gone over, where the others have to match them."""
        if self._total == 1:
            return None
        for part in self._parts.values():
            if part.state is not PartState.REFUSED:
                return self._owner.board.link(part.link)
        return None

    def _split(self, link: Link) -> list[Part] | None:
        try:
            return link.wire.split(self._text, self._message.reference)
        except ValueError as error:
            log.warning("message cannot be split", link=link.config.name, reason=str(error))
            self._is_unsendable = True
            return None

    async def _send(self, link: Link, parts: list[Part]) -> None:
        """Hand over every open part, in order, and take the answers."""
        waiting: list[tuple[int, asyncio.Future[Submitted]]] = []
        for number in self._open():
            sends, note = self._sends(number), None
            if sends:
                self._owner.counters.repeated += 1
            if sends or self._needs_notes:
                # Kept first: whoever takes this up after us must know.
                noted = self._part(number, link, PartState.UNANSWERED, sends + 1)
                note = partial(self._desk.part_answered, self._message, noted)
            message = link.wire.submit(self._message.x, self._receiver, parts[number - 1])
            waiting.append((number, link.submit(message, note)))
            self._set(number, link, PartState.REFUSED, sends)
        fates: set[Fate] = set()
        for number, answer in waiting:
            submitted = await answer
            fates.add(submitted.fate)
            await self._answered(number, link, submitted)
        if fates & {Fate.REFUSED, Fate.UNSENT}:
            # One that went down and is back already may have the next message.
            self._spent.add(link.config.name)
        elif Fate.PASSING in fates:
            await self._pass(link)

    async def _answered(self, number: int, link: Link, submitted: Submitted) -> None:
        sends = self._sends(number)
        match submitted.fate:
            case Fate.TAKEN:
                centre_id = link.wire.answered_id(submitted.centre_id)
                self._set(number, link, PartState.TAKEN, sends + 1, centre_id=centre_id)
            case Fate.UNANSWERED:
                self._set(number, link, PartState.UNANSWERED, sends + 1)
            case Fate.REFUSED:
                self._set(number, link, PartState.REFUSED, sends, status=submitted.status)
                self._refused.add(number)
            case Fate.PASSING:
                self._set(number, link, PartState.REFUSED, sends, status=submitted.status)
                return
            case Fate.UNSENT:
                return
        if self._total > 1 and submitted.fate is not Fate.REFUSED and self._is_more_to_come():
            await self._desk.part_answered(self._message, self._parts[number])

    def _is_more_to_come(self) -> bool:
        """Whether something will be kept later than this, at the latest by `finish`."""
        return bool(self._open())

    async def _pass(self, link: Link) -> None:
        """Wait a little with what this link refused for the moment, but not for ever."""
        name, limits = link.config.name, self._owner.limits
        self._passed[name] = passed = self._passed.get(name, 0) + 1
        if passed >= limits.passing_tries:
            self._spent.add(name)
            return
        await asyncio.sleep(min(limits.throttle_s * 2 ** (passed - 1), limits.throttle_max_s))

    def _set(  # noqa: PLR0917 - a part as it stands
        self,
        number: int,
        link: Link,
        state: PartState,
        tries: int,
        status: int = 0,
        centre_id: str = "",
    ) -> None:
        self._parts[number] = self._part(number, link, state, tries, status, centre_id)

    def _part(  # noqa: PLR0917 - a part as it stands
        self,
        number: int,
        link: Link,
        state: PartState,
        tries: int,
        status: int = 0,
        centre_id: str = "",
    ) -> MessagePart:
        return MessagePart(
            number=number,
            link=link.config.name,
            state=state,
            centre_id=centre_id,
            status=status,
            tries=tries,
            changed_at=self._owner.clock.now(),
        )

    async def _settle(self) -> None:
        """End the message, or put it off."""
        parts = tuple(self._parts[number] for number in sorted(self._parts))
        still_open = self._open()
        if self._is_unsendable and not self._total:
            await self._desk.finish(self._message, parts, 1)
        elif self._total and all(number in self._refused for number in still_open):
            await self._desk.finish(self._message, parts, self._total)
        elif self._is_too_late() or not self._owner.board.carries(self._message.x, self._receiver):
            await self._desk.fail(self._message, parts, self._total)
        else:
            await self._put_off()

    def _is_too_late(self) -> bool:
        lifetime = timedelta(seconds=self._owner.limits.forward_within_s)
        return self._owner.clock.now() - self._message.came_at >= lifetime

    async def _put_off(self) -> None:
        limits, now = self._owner.limits, self._owner.clock.now()
        for number in range(1, max(self._total, 1) + 1):
            if number not in self._parts:
                note = MessagePart(
                    number=number,
                    link="",
                    state=PartState.REFUSED,
                    tries=self._sent_unnoted,
                    changed_at=now,
                )
                self._parts[number] = note
        self._owner.counters.postponed += 1
        doublings = min(self._message.tries - 1, 30)
        pause_s = min(limits.repeat_s * 2.0**doublings, limits.repeat_max_s)
        due_at = now + timedelta(seconds=pause_s)
        await self._desk.postpone(self._message, tuple(self._parts.values()), due_at)


def _is_note(part: MessagePart) -> bool:
    """Whether it stands for a part that was put off unsent."""
    return part.state is PartState.REFUSED and part.tries == 0

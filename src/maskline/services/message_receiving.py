"""What comes from message centres: kept, put together, and decided by the table of the mode."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b
from itertools import groupby

import structlog

from maskline.domain.application import Application, Tenant
from maskline.domain.error import UnknownNumber
from maskline.domain.message import (
    BlockKind,
    CameSegment,
    Message,
    MessageBlock,
    MessageState,
)
from maskline.domain.message_table import (
    Forward,
    MessageSituation,
    Reject,
    address,
    decide_message,
    reply_tag_of,
)
from maskline.domain.message_text import is_among, join_segments, mend, show_tag
from maskline.domain.outcome_table import known_id
from maskline.domain.route import RouteFound
from maskline.services.message_rate import MessageRates
from maskline.services.message_work import CameMessage, MessageWork

MAX_REFERENCE = 0xFFFF

log = structlog.get_logger("messages")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Whole:
    """A message with all the parts that it will have."""

    came: CameMessage
    segments: tuple[CameSegment, ...] = ()

    @property
    def text(self) -> str:
        return join_segments(self.segments) if self.segments else mend(self.came.text)


class MessageReceiving:
    """Takes messages."""

    def __init__(self, work: MessageWork, rates: MessageRates) -> None:
        self._work = work
        self._rates = rates
        self._reference = int(work.ids.draw() * MAX_REFERENCE)

    async def receive(self, came: CameMessage) -> Message | None:
        """See the desk."""
        if came.total <= 1:
            return await self._accept(_Whole(came=came))
        # Before the part is kept: parts of messages to others would be waited for.
        await self._found(came)
        segments = await self._kept(came)
        if segments is None:
            self._work.counters.repeated += 1
            return None
        if len(segments) < came.total:
            return None
        return await self._accept(_Whole(came=came, segments=segments))

    async def assemble_stale(self) -> list[Message]:
        """See the desk."""
        limits = self._work.limits
        before = self._work.clock.now() - timedelta(seconds=limits.assembly_s)
        stale = await self._work.store.stale_segments(before, limits.stale_at_once)
        accepted: list[Message] = []
        for _, group in groupby(stale, key=_message_of):
            segments = tuple(group)
            try:
                message = await self._accept(_Whole(came=_came_of(segments), segments=segments))
            except UnknownNumber:
                # Nobody is to get it, and it would stand before those that are.
                await self._work.store.remove_segments(segments)
                log.warning("parts of a message to a number that is gone, forgotten")
                continue
            if message is not None:
                accepted.append(message)
        return accepted

    async def _kept(self, came: CameMessage) -> tuple[CameSegment, ...] | None:
        now = self._work.clock.now()
        self._work.counters.segments += 1
        segment = CameSegment(
            sender=came.sender,
            x=came.x,
            reference=came.reference,
            total=came.total,
            number=came.number,
            text=came.text,
            link=came.link,
            came_at=now,
        )
        since = now - timedelta(seconds=self._work.limits.repeats_s)
        return await self._work.store.keep_segment(segment, since)

    async def _found(self, came: CameMessage) -> RouteFound:
        found = await self._work.store.route(came.x, came.sender)
        if found.number is None:
            self._work.counters.unknown += 1
            raise UnknownNumber
        return found

    async def _accept(self, whole: _Whole) -> Message | None:
        came, now = whole.came, self._work.clock.now()
        found = await self._found(came)
        app_key = "" if found.number is None else found.number.app_key
        application, tenant = await self._work.owner(app_key)
        situation = await self._situation(whole, found, application, tenant)
        await self._opt_out(situation)
        plan = decide_message(situation)
        binding = situation.binding
        message = Message(
            message_id=self._work.ids.uuid(),
            app_key=app_key,
            tenant_id=application.tenant_id,
            mode=application.mode,
            x=came.x,
            sender=came.sender,
            text=situation.text,
            link=came.link,
            connection=came.connection,
            digest=came.digest,
            came_at=now,
            state=MessageState.ASKING,
            binding_id=None if binding is None else known_id(binding),
            role=situation.role,
            user_data=None if binding is None else binding.user_data,
            reference=self._next_reference(),
            expects=came.total,
            has=max(1, len(whole.segments)),
            due_at=now,
        )
        if isinstance(plan, Reject):
            message = message.ended(plan.result, now)
        elif isinstance(plan, Forward):
            outgoing = await self._outgoing(plan, message)
            message = message.forwarded(plan.receiver, outgoing, now)
        return await self._keep(message, application, whole.segments)

    async def _situation(
        self, whole: _Whole, found: RouteFound, application: Application, tenant: Tenant
    ) -> MessageSituation:
        store, came, now = self._work.store, whole.came, self._work.clock.now()
        text, binding, rules = whole.text, found.binding, application.messages
        tag = reply_tag_of(application, found, text)
        tagged = None
        if tag is not None and binding is not None:
            tagged = await store.reply_tag_number(binding.binding_id, tag)
        addressed = address(application, found, came.sender, text, tagged)
        receiver = None if addressed is None else addressed.receiver
        is_registered = True
        if application.intercepts_unregistered and binding is not None:
            is_registered = await store.is_registered(application.tenant_id, binding.a)
        return MessageSituation(
            route=found,
            caller=came.sender,
            application=application,
            tenant=tenant,
            now=now,
            is_registered=is_registered,
            text=text,
            standing=await store.standing(application.app_key, came.sender, receiver, now),
            addressed=addressed,
            is_within_rates=lambda: self._rates.admit(
                rules, application.app_key, came.sender, came.x
            ),
            is_spent=await self._is_spent(application, tenant),
            platform_words=self._work.limits.forbidden_words,
        )

    async def _is_spent(self, application: Application, tenant: Tenant) -> bool:
        spending, tenant_id = self._work.spending, tenant.tenant_id
        if spending is None:
            return False
        if await spending.is_used_up(tenant.limits, tenant_id, None):
            return True
        return await spending.is_used_up(application.limits, tenant_id, application.app_key)

    async def _opt_out(self, situation: MessageSituation) -> None:
        """Put who wants no more on the list, whatever becomes of the message itself."""
        application, addressed = situation.application, situation.addressed
        words = application.messages.opt_out_words
        texts = [situation.text] if addressed is None else [situation.text, addressed.text]
        if not any(is_among(text, words) for text in texts):
            return
        block = MessageBlock(
            kind=BlockKind.OPTED_OUT,
            app_key=application.app_key,
            number=situation.caller,
            reason="asked for no more messages",
            created_at=situation.now,
        )
        await self._work.store.save_block(block)
        self._work.counters.opted_out += 1

    async def _outgoing(self, plan: Forward, message: Message) -> str:
        if not plan.shows_tag or message.binding_id is None:
            return plan.text
        tag = await self._work.store.allot_reply_tag(
            message.binding_id, message.sender, message.came_at
        )
        return show_tag(plan.text, tag)

    async def _keep(
        self, message: Message, application: Application, segments: Sequence[CameSegment]
    ) -> Message | None:
        """Accept a message; it may be DONE already."""
        counters, is_done = self._work.counters, message.result is not None
        notices = self._work.notices(application, message) if is_done else []
        is_new = await self._work.store.accept_message(
            message,
            notices,
            lease=None if is_done else self._work.lease(),
            repeats_since=message.came_at - timedelta(seconds=self._work.limits.repeats_s),
            segments=segments,
        )
        if not is_new:
            counters.repeated += 1
            return None
        counters.accepted += 1
        counters.incomplete += message.has < message.expects
        if message.result is None:
            return message
        self._work.over(message)
        if notices:
            self._work.hint()
        return None

    def _next_reference(self) -> int:
        """One after the other: the parts of messages to one phone must not be mixed up."""
        self._reference = (self._reference + 1) % (MAX_REFERENCE + 1)
        return self._reference


def _message_of(segment: CameSegment) -> tuple[str, str, int, int]:
    return segment.sender, segment.x, segment.reference, segment.total


def _came_of(segments: Sequence[CameSegment]) -> CameMessage:
    """An incomplete message as if it had come now; its digest is that of what there is."""
    first, digest = segments[0], blake2b(digest_size=16)
    for segment in segments:
        place = f"{_message_of(segment)} {segment.number} {segment.text}"
        digest.update(place.encode("utf-8", "surrogatepass"))
    return CameMessage(
        link=first.link,
        connection="",
        digest=digest.digest(),
        sender=first.sender,
        x=first.x,
        text="",
        reference=first.reference,
        total=first.total,
    )

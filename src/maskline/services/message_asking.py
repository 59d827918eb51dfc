"""Asking a customer's server what to do with a message (`spec/common.md` 5)."""

import asyncio
from dataclasses import replace

import structlog

from maskline.domain.application import Application, Mode
from maskline.domain.error import BusyError, CustomerError, FarEndError
from maskline.domain.message import Message, SendResult
from maskline.domain.message_decision import (
    Discard,
    MessageDecision,
    follow_decision,
)
from maskline.domain.message_table import Forward
from maskline.services.message_finishing import MessageFinishing
from maskline.services.message_work import MessageWork
from maskline.services.question import Asker, UnusableAnswer

log = structlog.get_logger("messages")


class MessageQuestions:
    """Has customers decide about messages."""

    def __init__(self, work: MessageWork, finishing: MessageFinishing, asker: Asker) -> None:
        self._work = work
        self._finishing = finishing
        self._asker = asker

    async def ask(self, message: Message) -> Message | None:
        """See the desk."""
        application, _ = await self._work.owner(message.app_key)
        self._work.counters.asked += 1
        decision = await self._decision(application, message)
        if decision is None:
            return await self._finishing.end(message, SendResult.NO_DECISION)
        if application.mode is Mode.AX and decision.user_data is not None:
            message = replace(message, user_data=decision.user_data)
        return await self._follow(application, message, decision)

    async def _decision(self, application: Application, message: Message) -> MessageDecision | None:
        """What the customer says; None when there is nothing in time that can be read."""
        if message.tries > self._work.limits.takes:
            return self._without(message, "the question was cut off too often")
        formats = self._work.formats
        question = formats.block(message, shows_text=application.messages.shows_text)
        try:
            async with asyncio.timeout(self._work.limits.decision_s):
                body = await self._answer(application, question)
        except (TimeoutError, FarEndError, CustomerError) as error:
            return self._without(message, str(error) or "no answer in time")
        try:
            return formats.read_decision(body)
        except UnusableAnswer as error:
            return self._unusable(message, str(error))

    async def _answer(self, application: Application, question: bytes) -> bytes:
        """The first answer. A queue that is full is no try: there is time."""
        limits, tries_left = self._work.limits, self._work.limits.decision_tries
        while True:
            try:
                return await self._asker.ask(application, application.sms_control_url, question)
            except BusyError:
                pass
            except FarEndError:
                tries_left -= 1
                if not tries_left:
                    raise
            await asyncio.sleep(limits.decision_pause_s)

    async def _follow(
        self, application: Application, message: Message, decision: MessageDecision
    ) -> Message | None:
        onward = await self._onward(application, message, decision)
        plan = follow_decision(decision, message, onward=onward)
        if not isinstance(plan, Forward):
            if plan.result is SendResult.NO_DECISION:
                self._unusable(message, "the receiver, or the sender, is not allowed")
            return await self._finishing.end(message, plan.result)
        now = self._work.clock.now()
        standing = await self._work.store.standing(
            message.app_key, message.sender, plan.receiver, now
        )
        if standing.has_opted_out or standing.is_between_ours:
            return await self._finishing.end(message, SendResult.BLOCKED)
        forwarded = message.forwarded(plan.receiver, plan.text, now)
        await self._finishing.write(
            message.message_id,
            lambda: self._work.store.save_message(forwarded, lease=self._work.lease()),
        )
        return forwarded

    async def _onward(
        self, application: Application, message: Message, decision: MessageDecision
    ) -> str | None:
        """Whom A's calls through X reach, where the decision leaves open who gets it."""
        if isinstance(decision, Discard) or decision.called is not None:
            return None
        found = await self._work.store.route(message.x, message.sender)
        binding, now = found.binding, self._work.clock.now()
        if binding is None or binding.binding_id != message.binding_id or not binding.is_live(now):
            return None
        last_caller = found.last_caller if application.remembers_callers else None
        for onward in (found.temporary_callee, last_caller):
            if onward is not None and onward.is_live(now):
                return onward.number
        return None

    def _without(self, message: Message, reason: str) -> None:
        self._work.counters.unanswered += 1
        _note(message, reason)

    def _unusable(self, message: Message, reason: str) -> None:
        self._work.counters.unusable += 1
        _note(message, reason)


def _note(message: Message, reason: str) -> None:
    log.warning(
        "customer gave no usable answer",
        message_id=message.message_id,
        app_key=message.app_key,
        reason=reason,
    )

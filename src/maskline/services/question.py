"""Asking a customer's server what to do with a call (`spec/x.md` 2)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import structlog

from maskline.domain.application import Application
from maskline.domain.call import Call
from maskline.domain.customer_answer import (
    CloseWith,
    CustomerAnswer,
    cannot_follow,
    follow,
    without_idle_wishes,
)
from maskline.domain.error import BusyError, CustomerError, FarEndError
from maskline.domain.plan import Connect, Refuse
from maskline.services.prompt import PromptCatalogue

log = structlog.get_logger("calls")


class Asker(Protocol):
    """Carries a question to a customer's server."""

    async def ask(self, application: Application, url: str | None, question: bytes) -> bytes:
        """The body of the answer from `url`, within a bounded time; it is asked once.

        Raises FarEndError when there is none, or too late, CustomerError for an address that is
        missing or refused, BusyError when too many questions wait.
        """
        ...


class UnusableAnswer(FarEndError):
    """An answer that cannot be read. `parameter` is the name the customer knows it by."""

    def __init__(self, parameter: str) -> None:
        super().__init__(f"{parameter} cannot be used")
        self.parameter = parameter


AnswerReader = Callable[[bytes], CustomerAnswer]
"""The body of an answer to its sense. Raises UnusableAnswer."""


@dataclass(slots=True)
class QuestionCounters:
    """What became of the questions since the start.

    asked: all of them.
    connected, closed: answers that were followed.
    unanswered: no answer, a late one, one that is no success.
    unusable: answers that cannot be read or followed.
    busy: not sent, as too many waited.
    """

    asked: int = 0
    connected: int = 0
    closed: int = 0
    unanswered: int = 0
    unusable: int = 0
    busy: int = 0


class CustomerDesk:
    """Decides about calls of mode X as their customers say."""

    def __init__(
        self,
        asker: Asker,
        write_question: Callable[[Call], bytes],
        read_answer: AnswerReader,
        prompts: PromptCatalogue,
    ) -> None:
        self.counters = QuestionCounters()
        self._asker = asker
        self._write_question = write_question
        self._read_answer = read_answer
        self._prompts = prompts

    async def decide(self, application: Application, call: Call) -> Connect | Refuse:
        """Ask about a call; refused where there is no answer that can be followed.

        Raises BusyError, StoreFailed.
        """
        self.counters.asked += 1
        try:
            question = self._write_question(call)
            body = await self._asker.ask(application, application.status_url, question)
        except BusyError:
            self.counters.busy += 1
            raise
        except (FarEndError, CustomerError) as error:
            self.counters.unanswered += 1
            return _refused(application, call, str(error))
        try:
            answer = without_idle_wishes(self._read_answer(body), application)
        except UnusableAnswer as error:
            self.counters.unusable += 1
            return _refused(application, call, str(error))
        return await self._follow(application, call, answer)

    async def _follow(
        self, application: Application, call: Call, answer: CustomerAnswer
    ) -> Connect | Refuse:
        for prompt in answer.prompts:
            if not await self._prompts.is_approved(application.app_key, prompt):
                self.counters.unusable += 1
                return _refused(application, call, f"{prompt} does not exist", answer.user_data)
        plan = follow(answer, call.x, application)
        if isinstance(plan, Connect):
            self.counters.connected += 1
        elif isinstance(answer, CloseWith):
            self.counters.closed += 1
        else:
            self.counters.unusable += 1
            _note(application, call, "the callee, or the number to show, is not allowed")
        return plan


def _refused(
    application: Application, call: Call, reason: str, user_data: str | None = None
) -> Refuse:
    _note(application, call, reason)
    return cannot_follow(application, user_data=user_data)


def _note(application: Application, call: Call, reason: str) -> None:
    log.warning(
        "customer gave no usable answer",
        session_id=call.session_id,
        app_key=application.app_key,
        reason=reason,
    )

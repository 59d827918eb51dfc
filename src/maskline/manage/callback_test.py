"""Endpoint that tries out the address of a receiver, saved or not, step by step."""

from typing import Annotated

from msgspec import Meta, Struct

from maskline.domain.access import Right
from maskline.domain.notice import Purpose
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.problem import Problem
from maskline.manage.view import copied
from maskline.services.administration import Administration
from maskline.services.callback_test import CallbackTester, Outcome, TooManyTests


class CallbackTestForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to test: `url`, or the saved one of this purpose.

    `with_wrong_digest` sends it once more under a secret that is nobody's.
    """

    purpose: Purpose
    url: Annotated[str, Meta(min_length=1, max_length=2048)] | None = None
    with_wrong_digest: bool = False


class StepView(Struct, frozen=True, kw_only=True):
    """One step: address, connect, tls, send, answer, meaning, and wrong_digest where it was asked.

    `code` is for programs, `seen` what there was to see: the address, the version of TLS and the
    end of the certificate, bytes sent, the status.
    """

    name: str
    outcome: Outcome
    code: str
    text: str
    took_ms: float
    seen: dict[str, str]


class CallbackTestView(Struct, frozen=True, kw_only=True):
    """A test push with its digests shortened, and of the answer the first 2 kB."""

    url: str
    purpose: Purpose
    passed: bool
    steps: tuple[StepView, ...]
    headers: dict[str, str]
    body: str
    status: int | None
    answer: str


class CallbackTestEndpoints:
    """Tests of receivers, ten a minute and application."""

    def __init__(self, administration: Administration, tester: CallbackTester) -> None:
        self._administration = administration
        self._tester = tester

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The one."""
        return (
            Endpoint(
                method="POST",
                path="/applications/{app_key}/callback-tests",
                summary="Push a test event to an address and tell each step",
                run=self.test_callback,
                right=Right.APPLICATION_WRITE,
                body=CallbackTestForm,
                answer=CallbackTestView,
                refusals=(404, 429),
            ),
        )

    async def test_callback(self, asked: Asked) -> CallbackTestView:
        """Push a test event."""
        form: CallbackTestForm = asked.body
        application = await self._administration.application(asked.path["app_key"])
        try:
            report = await self._tester.test(
                application, form.purpose, form.url, tries_wrong_digest=form.with_wrong_digest
            )
        except TooManyTests as error:
            raise Problem(status=429, code="too_many_tests", message=str(error)) from error
        return CallbackTestView(
            url=report.url,
            purpose=form.purpose,
            passed=report.passed,
            steps=tuple(
                copied(StepView, step, took_ms=round(step.took_s * 1_000, 1), seen=dict(step.seen))
                for step in report.steps
            ),
            headers=dict(report.headers),
            body=report.body,
            status=report.status,
            answer=report.answer,
        )

"""One platform for many rows: people with a phone each, and what was told of each one's call."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from maskline.domain.application import Application, Mode
from maskline.domain.release import ReleaseCode
from maskline.lab.decision import Decide, connect, deciding
from maskline.lab.demo.stage import Stage
from maskline.lab.phone import Phone
from maskline.lab.phone_call import CallState, PhoneCall
from maskline.lab.receiver import Push, Signature
from maskline.lab.rest import RestClient
from maskline.services.administration_request import ApplicationChange, NewNumber, NewNumbers

AWAITED_S = 10.0
REACHED = {"callout": "fwdStartTime", "alerting": "fwdAlertingTime", "answer": "fwdAnswerTime"}
"""Events and the times that the record has exactly when they happened."""

_places = itertools.count(1)


@dataclass(frozen=True)
class People:
    """Numbers that nobody else has."""

    a: str
    b: str
    x: str
    landline: str


@dataclass(frozen=True)
class Bound:
    """How a row's call goes: `caller` dials `dialled`, `callee` is rung and sees `shown`."""

    caller: str
    dialled: str
    callee: str
    shown: str
    binding_id: str | None = None


@dataclass(frozen=True)
class Told:
    """What the customer was pushed of one call."""

    events: list[dict[str, Any]]
    record: dict[str, Any]

    @property
    def names(self) -> list[str]:
        return [event["eventType"] for event in self.events]

    @property
    def end(self) -> dict[str, Any]:
        assert self.names[-1] == "disconnect"
        return self.events[-1]["statusInfo"]

    def assert_code(self, code: int) -> None:
        """Event and record agree on why the call ended."""
        assert self.end["stateCode"] == code
        assert self.end["stateDesc"] == ReleaseCode(code).text
        assert self.record["ulFailReason"] == code
        for name, field in REACHED.items():
            assert (name in self.names) is (field in self.record), name
        assert ("failTime" in self.record) is ("answer" not in self.names)
        assert "callInTime" in self.record
        assert "callEndTime" in self.record
        assert self.record["recordFlag"] == 0


class House:
    """A stage, and an application of every mode."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.administration = stage.platform.administration

    def application(self, mode: Mode) -> Application:
        return self.stage.tenant.applications[mode].application

    def numbers(self, mode: Mode) -> tuple[str, ...]:
        return self.stage.tenant.applications[mode].numbers

    async def people(self, mode: Mode) -> People:
        """New people, with an X of their own where X can be chosen."""
        place = next(_places)
        x = self.numbers(mode)[0]
        if mode is not Mode.AXYB:
            x = f"+861700005{place:04}"
            await self.add_number(mode, x)
        return People(
            a=f"+861381{place:07}",
            b=f"+861391{place:07}",
            x=x,
            landline=f"+86755888{place:05}",
        )

    async def add_number(self, mode: Mode, number: str) -> None:
        key = self.application(mode).app_key
        new = NewNumber(number=number, area_code="0755")
        await self.administration.add_numbers(NewNumbers(app_key=key, numbers=(new,)))

    async def ask(self, mode: Mode, method: str, path: str, **how: Any) -> dict[str, Any]:
        application = self.application(mode)
        async with RestClient(self.stage.url, application.app_key, application.secret) as rest:
            return await rest.ask(method, path, **how)

    @asynccontextmanager
    async def changed(self, mode: Mode, back: dict[str, Any], **to: Any) -> AsyncIterator[None]:
        """The application of a mode with other fields for a while."""
        key = self.application(mode).app_key
        await self.administration.change_application(key, ApplicationChange(**to))
        try:
            yield
        finally:
            await self.administration.change_application(key, ApplicationChange(**back))

    def decides(self, decide: Decide | None, *, delay_s: float = 0.0) -> None:
        """What the customer of mode X answers from now on."""
        self.stage.receiver.behaviour = deciding(decide or (lambda _: None), delay_s=delay_s)

    def connects(self, callee: str, *, delay_s: float = 0.0, **info: object) -> None:
        self.decides(lambda _: connect(callee, **info), delay_s=delay_s)

    @asynccontextmanager
    async def phone(self, number: str) -> AsyncIterator[Phone]:
        """A phone that is reached under its number."""
        async with await Phone.start(number) as phone:
            await phone.register(self.stage.carrier.address)
            yield phone

    async def dial(self, phone: Phone, number: str, **how: Any) -> PhoneCall:
        return await phone.dial(number, via=self.stage.carrier.address, **how)

    async def refused(self, caller: str, dialled: str) -> tuple[int | None, int | None]:
        """Somebody calls and reaches nobody; the SIP status and the cause."""
        async with self.phone(caller) as phone:
            call = await self.dial(phone, dialled)
            await call.wait_until(CallState.ENDED, AWAITED_S)
            return call.end_status, call.end_cause

    async def told(self, caller: str) -> Told:
        """Events and record of the one call that a number made, once both are there."""
        record: dict[str, Any] = {}

        def is_whole(pushes: list[Push]) -> bool:
            found = [entry for entry in _records(pushes) if entry["callerNum"] == caller]
            record.update(found[0] if found else {})
            events = _events(pushes, record.get("sessionId"))
            return bool(record) and "disconnect" in {event["eventType"] for event in events}

        pushes = await self.stage.receiver.wait_for(is_whole, AWAITED_S)
        assert all(push.signature is Signature.VALID for push in pushes)
        return Told(_events(pushes, record["sessionId"]), record)


def is_answered_487(call: PhoneCall) -> bool:
    """The INVITE of a call that its caller gave up: the phone asks for no status any more."""
    return any(m.title.startswith("487") for m in call.messages if not m.is_sent)


def _records(pushes: list[Push]) -> list[dict[str, Any]]:
    fees = [push.json() for push in pushes if b'"fee"' in push.body]
    return [entry for fee in fees for entry in fee["feeLst"]]


def _events(pushes: list[Push], session_id: str | None) -> list[dict[str, Any]]:
    if session_id is None:
        return []
    wanted = session_id.encode()
    return [p.json() for p in pushes if b'"statusInfo"' in p.body and wanted in p.body]

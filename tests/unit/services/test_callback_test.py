from datetime import UTC, datetime

import pytest

from maskline.domain.application import Application, Mode
from maskline.domain.error import InvalidParameter, UnknownRecord
from maskline.domain.notice import Purpose
from maskline.services.callback_test import CallbackReport, CallbackTester, TooManyTests
from maskline.services.clock import SteppedClock

NOW = datetime(2026, 11, 20, tzinfo=UTC)
APPLICATION = Application(
    app_key="k",
    tenant_id="t",
    name="n",
    mode=Mode.AXB,
    secret="s",
    status_url="https://one.example/status",
    cdr_url="nats:",
    created_at=NOW,
)


class Probe:
    async def probe(self, _application, _purpose, url, *, tries_wrong_digest) -> CallbackReport:
        assert not tries_wrong_digest
        return CallbackReport(url=url, steps=(), headers={}, body="")


async def _tested(tester: CallbackTester, purpose: Purpose, url: str | None = None) -> str:
    return (await tester.test(APPLICATION, purpose, url, tries_wrong_digest=False)).url


async def test_the_saved_address_is_tested_unless_another_is_given():
    tester = CallbackTester(Probe(), SteppedClock(NOW))
    assert await _tested(tester, Purpose.STATUS) == APPLICATION.status_url
    assert await _tested(tester, Purpose.STATUS, "https://two.example/") == "https://two.example/"
    with pytest.raises(UnknownRecord):
        await _tested(tester, Purpose.MESSAGE)
    with pytest.raises(InvalidParameter):
        await _tested(tester, Purpose.RECORD)


async def test_ten_tests_a_minute_are_made():
    clock = SteppedClock(NOW)
    tester = CallbackTester(Probe(), clock)
    for _ in range(10):
        await _tested(tester, Purpose.STATUS)
    with pytest.raises(TooManyTests):
        await _tested(tester, Purpose.STATUS)
    clock.step(60)
    await _tested(tester, Purpose.STATUS)

"""Failed requests and turned away INVITEs are kept without what is people's, within bounds."""

from datetime import UTC, datetime, timedelta

import pytest

from maskline.domain.happening import HappeningKind
from maskline.manage.endpoint import Asked
from maskline.manage.happening import HappeningEndpoints, RefusalQuery, RequestQuery
from maskline.services import refusal_log
from maskline.services.clock import SteppedClock
from maskline.services.happening_log import HappeningLog
from maskline.services.happening_store import HappeningFilter
from maskline.services.happening_sweep import HappeningSweep
from maskline.services.refusal_log import MANY, RefusalLog
from maskline.services.request_log import AnsweredRequest, RequestLog, shown_body
from maskline.stores.memory import MemoryStore

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def test_a_body_shows_its_words_and_nothing_of_people():
    body = b'{"callerNum":"+8613900001001","duration":60,"userData":"for Mrs Li","x":8613900001001}'
    assert shown_body(body) == (
        '{"callerNum":"+{number}","duration":60,"userData":"{text}","x":"{number}"}'
    )
    assert shown_body(b"callerNum=139") == "{no valid JSON}"
    assert shown_body(b"") == ""


async def test_failed_requests_are_listed_for_a_day_by_application():
    store, clock = MemoryStore(), SteppedClock(NOW)
    log = HappeningLog(store, clock)
    requests = RequestLog(log, clock)
    plain = AnsweredRequest(
        "bindAxb", "POST", "/rest/x", 400, "1010001", 0.014, "app-1", "192.0.2.1", "curl/8",
        b'{"callerNum":"+8613900001001"}', b'{"resultdesc":"+8613900001001"}',
    )  # fmt: skip
    for request in (plain, plain._replace(code="0"), plain._replace(app_key="app-2")):
        requests.answered(request)
    await log.flush()
    endpoints = HappeningEndpoints(store)
    asked = Asked(path={}, query=RequestQuery(limit=1), body=None, app_keys=("app-1", "app-2"))
    page = await endpoints.list_failed_requests(asked)
    assert [one.app_key for one in page.items] == ["app-2"]
    query = RequestQuery(after=page.next)
    rest = await endpoints.list_failed_requests(Asked(path={}, query=query, body=None))
    assert [(one.app_key, one.code, one.took_ms) for one in rest.items] == [
        ("app-1", "1010001", 14.0)
    ]
    assert "13900001001" not in str(rest)
    clock.step(timedelta(days=2).total_seconds())
    await HappeningSweep(store, clock).sweep()
    assert await store.happenings(HappeningFilter(kind=HappeningKind.REQUEST), 10) == ()


async def test_refusals_are_folded_so_that_an_attack_fills_nothing(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(refusal_log, "MAX_ROWS", 2)
    store, clock = MemoryStore(), SteppedClock(NOW)
    log = HappeningLog(store, clock)
    refusals = RefusalLog(log, clock)
    for host in range(5):
        for _ in range(3):
            refusals.refused(f"192.0.2.{host}", "stranger", "sip:+8613900001001@h", None)
    refusals.tell()
    clock.step(11)
    refusals.tell()
    await log.flush()
    asked = Asked(path={}, query=RefusalQuery(), body=None)
    rows = (await HappeningEndpoints(store).list_refusals(asked)).items
    assert {row.address: row.count for row in rows} == {
        "192.0.2.0": 3, "192.0.2.1": 3, MANY: 9,
    }  # fmt: skip
    assert "13900001001" not in str(rows)

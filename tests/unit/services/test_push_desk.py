"""A push that is looked at, and made again by hand."""

from collections.abc import Sequence

import pytest
from tests.contract.store.making import NOW, Make

from maskline.domain.application import Application
from maskline.domain.error import UnknownRecord
from maskline.domain.happening import HappeningKind
from maskline.domain.notice import Endpoint, FailedTry, Purpose
from maskline.domain.push import MadePush, Push, PushState
from maskline.domain.tally import SLOT, slot_of
from maskline.services.clock import SteppedClock
from maskline.services.happening_log import HappeningLog
from maskline.services.happening_store import HappeningFilter
from maskline.services.notice_desk import TrialReport
from maskline.services.push_desk import PushDesk
from maskline.services.push_log import PushLog
from maskline.services.push_store import PushFilter
from maskline.services.tally_store import Grouping, TallyFilter
from maskline.stores.memory import MemoryStore


class Receiver:
    """Takes pushes, or does not."""

    error: str | None = None

    async def push(self, application: Application, url: str, pushes: Sequence[Push]) -> TrialReport:
        assert application.app_key == pushes[0].notice.app_key
        status = 200 if self.error is None else 500
        return TrialReport(
            url=url, headers={}, body=b"", status=status, error=self.error, took_s=0.2
        )


async def test_a_dead_push_that_is_accepted_by_hand_is_delivered_and_says_by_whom():
    store, make, receiver = MemoryStore(), Make(), Receiver()
    await store.add_tenant(make.tenant())
    await store.add_application(make.application(status_url="https://one.example/in?key=1"))
    notice = make.notice()
    await store.save_call(make.call("session-1"), [notice])
    endpoint = Endpoint(app_key=make.app_key, purpose=Purpose.STATUS)
    [queued] = await store.claim(endpoint, make.after(1), make.after(10), 10)
    await store.settle([], [FailedTry(sequence=queued.sequence, due_at=None, error="HTTP 500")])
    clock = SteppedClock(NOW)
    log = HappeningLog(store, clock)
    pushes = PushLog(log)
    desk = PushDesk(store, receiver, pushes, clock)
    pushes.made(
        MadePush(
            at=NOW, app_key=make.app_key, purpose="status", push_id=notice.notice_id, attempt=1,
            notices=1, url="https://one.example/in?key=1", status=500, result="5xx",
            error="HTTP 500", took_s=0.1,
        )
    )  # fmt: skip
    receiver.error = "HTTP 500"
    assert (await desk.resend(notice.notice_id, None, "ann")).error == "HTTP 500"
    assert (await store.pushes(PushFilter(), 10))[0].state is PushState.DEAD
    receiver.error = None
    await desk.resend(notice.notice_id, [make.app_key], "ann")
    await log.flush()
    [found] = await desk.find(notice.notice_id, None)
    assert found.push.state is PushState.DELIVERED
    assert [one.result for one in found.tries] == ["5xx", "failed", "delivered"]
    assert found.tries[2].by == "ann"
    assert "key=1" not in found.tries[0].url
    with pytest.raises(UnknownRecord):
        await desk.resend(notice.notice_id, ["another"], "bob")


async def test_the_try_that_delivered_is_kept_with_the_notice_and_told_behind_those_that_failed():
    store, make = MemoryStore(), Make()
    notice = make.notice()
    await store.save_call(make.call("session-1"), [notice])
    [queued] = await store.claim(make.endpoint(), make.after(1), make.after(10), 10)
    accepted = make.accepted(2)
    await store.settle([queued.sequence], [], {queued.sequence: accepted})
    log = HappeningLog(store, SteppedClock(NOW))
    pushes = PushLog(log)
    made = MadePush(
        at=make.after(1), app_key=make.app_key, purpose="status", push_id=notice.notice_id,
        attempt=1, notices=1, url="https://one.example/status", status=None, result="timeout",
        error="no answer within 10 s", took_s=10.0,
    )  # fmt: skip
    pushes.made(made)
    pushes.made(made._replace(at=make.after(2), result="delivered", status=204, error=None))
    await log.flush()
    assert len(await store.happenings(HappeningFilter(kind=HappeningKind.PUSH), 10)) == 1
    [found] = await PushDesk(store, Receiver(), pushes, SteppedClock(NOW)).find(
        notice.notice_id, None
    )
    assert [(one.result, one.status, one.took_s) for one in found.tries] == [
        ("timeout", None, 10.0), ("delivered", 204, 0.012),
    ]  # fmt: skip
    wanted = TallyFilter(subject="pushes", since=slot_of(NOW), until=NOW + SLOT)
    [counted] = await store.tallies(wanted, Grouping.ALL, 10)
    assert counted.sums[:4] == (2, 2, 1, 1)

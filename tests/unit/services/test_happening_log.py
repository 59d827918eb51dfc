"""What happens is gathered and written together, within bounds."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from maskline.domain.error import StoreFailed
from maskline.domain.happening import Happening, HappeningKind
from maskline.domain.tally import SLOT, Tally, slot_of
from maskline.services import happening_log
from maskline.services.clock import SteppedClock
from maskline.services.happening_log import HappeningLog
from maskline.services.happening_store import HappeningFilter
from maskline.services.tally_store import Grouping, TallyFilter
from maskline.stores.memory import MemoryStore

NOW = datetime(2026, 11, 20, 8, 7, tzinfo=UTC)
WANTED = TallyFilter(subject="pushes", since=slot_of(NOW), until=NOW + SLOT)


class FailingStore(MemoryStore):
    is_failing = False

    async def add_tallies(self, tallies: Sequence[Tally]) -> None:
        if self.is_failing:
            raise StoreFailed("down")
        await super().add_tallies(tallies)


def _happening(subject: str) -> Happening:
    return Happening(
        kind=HappeningKind.PUSH, at=NOW, app_key="app-1", subject=subject, cause="5xx", detail=b"{}"
    )


async def test_a_store_that_fails_gets_the_same_sums_later():
    store = FailingStore()
    log = HappeningLog(store, SteppedClock(NOW))
    log.note(_happening("one"))
    log.count("pushes", "app-1", "status", NOW, SLOT, 1, 0)
    store.is_failing = True
    await log.flush()
    log.count("pushes", "app-1", "status", NOW + timedelta(seconds=5), SLOT, 1, 3)
    store.is_failing = False
    await log.flush()
    await log.flush()
    [one] = await store.tallies(WANTED, Grouping.ALL, 10)
    assert one.sums[:3] == (2, 3, 0)
    assert (one.first_at, one.last_at) == (NOW, NOW + timedelta(seconds=5))
    assert len(await store.happenings(HappeningFilter(kind=HappeningKind.PUSH), 10)) == 1


async def test_there_is_no_more_waiting_than_its_bounds(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(happening_log, "MAX_KEYS", 2)
    monkeypatch.setattr(happening_log, "MAX_WAITING", 2)
    store = MemoryStore()
    log = HappeningLog(store, SteppedClock(NOW))
    for name in ("one", "two", "three", "four"):
        log.note(_happening(name))
        log.count("pushes", "app-1", name, NOW, SLOT, 1)
    await log.flush()
    found = await store.happenings(HappeningFilter(kind=HappeningKind.PUSH), 10)
    assert [one.subject for one in found] == ["four", "three"]
    assert log.dropped == 2
    sums = await store.tallies(WANTED, Grouping.NAME, 10)
    assert {one.name: one.sums[0] for one in sums} == {"": 2, "one": 1, "two": 1}

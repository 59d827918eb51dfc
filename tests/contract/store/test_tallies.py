"""Sums by quarters of an hour, and call records that are counted once."""

from dataclasses import replace
from datetime import timedelta

from tests.contract.store.making import NOW, Make

from maskline.domain.tally import SLOT, Tally, padded, slot_of
from maskline.services.store import Store
from maskline.services.tally_store import Grouping, TallyFilter

FIRST = slot_of(NOW)
WANTED = TallyFilter(subject="calls", since=FIRST, until=FIRST + 4 * SLOT)


def _tally(count: int, slot: int = 0, app_key: str = "app-1", name: str = "8101") -> Tally:
    at = FIRST + slot * SLOT + timedelta(seconds=count)
    return Tally(
        subject="calls", slot=FIRST + slot * SLOT, app_key=app_key, name=name,
        sums=padded(count, 10 * count), first_at=at, last_at=at,
    )  # fmt: skip


async def test_sums_grow_and_are_grouped(empty_store: Store):
    await empty_store.add_tallies([])
    await empty_store.add_tallies([_tally(1), _tally(2), _tally(4, name="0")])
    await empty_store.add_tallies([_tally(8, slot=1, app_key="app-2"), _tally(1, slot=9)])
    by_slot = await empty_store.tallies(WANTED, Grouping.SLOT, 10)
    assert [(one.slot, one.sums[:3]) for one in by_slot] == [
        (FIRST, (7, 70, 0)),
        (FIRST + SLOT, (8, 80, 0)),
    ]
    by_app = await empty_store.tallies(WANTED, Grouping.APPLICATION, 10)
    assert [(one.app_key, one.sums[0]) for one in by_app] == [("app-2", 8), ("app-1", 7)]
    by_name = await empty_store.tallies(replace(WANTED, app_key="app-1"), Grouping.NAME, 1)
    assert [(one.name, one.sums[0]) for one in by_name] == [("0", 4)]
    single = replace(WANTED, app_keys=["app-1"], name="8101")
    [one] = await empty_store.tallies(single, Grouping.ALL, 10)
    assert one == replace(_tally(1), sums=padded(3, 30), last_at=FIRST + timedelta(seconds=2))
    assert await empty_store.tallies(replace(WANTED, app_keys=[]), Grouping.ALL, 10) == ()
    assert await empty_store.remove_tallies("calls", FIRST + SLOT, 10) == 2
    assert len(await empty_store.tallies(WANTED, Grouping.ALL, 10)) == 1


async def test_the_greater_of_sums_is_kept(empty_store: Store):
    await empty_store.raise_tallies([])
    await empty_store.raise_tallies([_tally(2), _tally(4, name="0")])
    await empty_store.raise_tallies([replace(_tally(1), sums=padded(1, 30)), _tally(4, name="0")])
    found = await empty_store.tallies(WANTED, Grouping.ALL, 10)
    sums = padded(2, 30)
    assert found == (
        _tally(4, name="0"),
        replace(_tally(2), sums=sums, first_at=_tally(1).first_at),
    )


async def test_a_record_is_counted_once_also_one_that_comes_late(store: Store, make: Make):
    records = [make.record() for _ in range(3)]
    for record in records[:2]:
        await store.finish_call(record, [])
    for minute in (0, 1, 2):  # where places may appear late, they are waited for
        found = await store.uncounted_records(make.after(3600 + 61 * minute), 10)
        if found.records:
            break
        assert await store.count_records(found, []) or found.after == found.upto
    assert list(found.records) == records[:2]
    await store.finish_call(records[2], [])
    assert await store.count_records(found, [_tally(2)])
    assert not await store.count_records(found, [_tally(2)])
    for minute in (0, 1, 2):
        found = await store.uncounted_records(make.after(7200 + 61 * minute), 10)
        if found.records:
            break
    assert list(found.records) == records[2:]
    assert (await store.tallies(WANTED, Grouping.SLOT, 10))[0].sums[0] == 2


async def test_removed_records_leave_no_place_that_is_passed_over(store: Store, make: Make):
    await store.finish_call(make.record(), [])
    for minute in (0, 1, 2):
        found = await store.uncounted_records(make.after(3600 + 61 * minute), 10)
        await store.count_records(found, [])
    await store.remove_old_records(make.app_key, make.after(99_999), 10)
    late = make.record()
    await store.finish_call(late, [])
    for minute in (0, 1, 2):
        found = await store.uncounted_records(make.after(7200 + 61 * minute), 10)
        if found.records:
            break
    assert list(found.records) == [late]

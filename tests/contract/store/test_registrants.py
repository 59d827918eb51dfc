from dataclasses import replace

import pytest
from tests.contract.store.making import Make
from tests.contract.store.paging import pages

from maskline.domain.error import PhotoInUse, PhotoMissing, TenantFull, UnknownRecord
from maskline.domain.registrant import Failures, NumberType, Registrant, ReportFile, ReportStatus
from maskline.services.page import Slice
from maskline.services.registrant_store import (
    RegistrantFilter,
    ReportFileFilter,
    TenantRegistrantFilter,
)
from maskline.services.store import Page, Store

PHOTO = b"\xff\xd8\xff photo"
ALL = Page()
SLICE = Slice()


@pytest.fixture
async def two_tenants(store: Store, make: Make) -> Store:
    await store.add_tenant(make.tenant("second"))
    return store


async def _names(store: Store, wanted: ReportFileFilter, part: Slice = SLICE) -> list[str]:
    return [file.name for file in (await store.report_files(wanted, part)).rows]


async def test_a_file_is_kept_with_its_content(store: Store, make: Make):
    file = make.report_file("王小明.jpg")
    assert await store.add_report_files([(file, PHOTO)], 9) == frozenset()
    found = await store.report_files(ReportFileFilter(tenant_id=make.tenant_id), SLICE)
    assert (found.rows, found.total) == ((file,), 1)
    assert await store.report_photo(make.tenant_id, file.name) == PHOTO
    assert await store.report_photo(make.tenant_id, "other.jpg") is None


async def test_names_of_files_are_of_one_tenant_and_taken_ones_are_told(
    two_tenants: Store, make: Make
):
    store, own = two_tenants, make.report_file("one.jpg")
    other = replace(own, tenant_id="second")
    assert await store.add_report_files([(own, PHOTO)], 9) == frozenset()
    assert await store.add_report_files([(other, b"other")], 9) == frozenset()
    files: list[tuple[ReportFile, bytes]] = [
        (replace(own, created_at=make.after(1)), b"again"),
        (make.report_file("two.jpg"), PHOTO),
    ]
    assert await store.add_report_files(files, 9) == {"one.jpg"}
    assert await store.report_photo(make.tenant_id, "one.jpg") == PHOTO
    assert await store.report_photo("second", "one.jpg") == b"other"
    assert await store.has_report_file(make.tenant_id, "two.jpg")
    assert not await store.has_report_file("second", "two.jpg")
    assert await _names(store, ReportFileFilter(tenant_id=make.tenant_id)) == ["one.jpg", "two.jpg"]
    assert await _names(store, ReportFileFilter(tenant_id="second")) == ["one.jpg"]


async def test_files_are_listed_by_creation_within_bounds_and_by_name(store: Store, make: Make):
    for seconds, name in ((20, "c"), (0, "a"), (10, "b"), (10, "a2")):
        file = make.report_file(name, created_at=make.after(seconds))
        await store.add_report_files([(file, PHOTO)], 9)
    every = ReportFileFilter(tenant_id=make.tenant_id)
    assert await _names(store, every) == ["a", "b", "a2", "c"]
    assert await _names(store, every, Slice(offset=1, limit=2)) == ["b", "a2"]
    assert (await store.report_files(every, Slice(offset=3, limit=2))).total == 4
    assert await _names(store, replace(every, since=make.after(10))) == ["b", "a2", "c"]
    assert await _names(store, replace(every, until=make.after(10))) == ["a", "b", "a2"]
    assert await _names(store, replace(every, name="a2")) == ["a2"]
    assert await _names(store, replace(every, name="a2", until=make.after(9))) == []
    assert await _names(store, replace(every, name="d")) == []


async def test_a_tenant_has_room_for_so_many_files(two_tenants: Store, make: Make):
    store = two_tenants
    for _ in range(2):
        await store.add_report_files([(make.report_file(), PHOTO)], 3)
    files = [(make.report_file(), PHOTO), (make.report_file(), PHOTO)]
    with pytest.raises(TenantFull):
        await store.add_report_files(files, 3)
    assert await store.report_photo(make.tenant_id, files[0][0].name) is None
    await store.add_report_files(files[:1], 3)
    assert await store.add_report_files(files[:1], 3) == {files[0][0].name}
    await store.add_report_files([(make.report_file(tenant_id="second"), PHOTO)], 1)
    await store.remove_report_files(make.tenant_id, [files[0][0].name])
    await store.add_report_files(files[1:], 3)


async def test_files_are_removed_all_or_none(store: Store, make: Make):
    await store.add_report_files([(make.report_file(name), PHOTO) for name in ("a", "b")], 9)
    with pytest.raises(UnknownRecord):
        await store.remove_report_files(make.tenant_id, ["a", "lost"])
    await store.save_registrants([make.registrant(photo="b")], 9)
    with pytest.raises(PhotoInUse):
        await store.remove_report_files(make.tenant_id, ["a", "b"])
    every = ReportFileFilter(tenant_id=make.tenant_id)
    assert await _names(store, every) == ["a", "b"]
    await store.remove_report_files(make.tenant_id, ["a", "a"])
    assert await _names(store, every) == ["b"]


async def test_a_file_of_nobody_is_refused(store: Store, make: Make):
    with pytest.raises(UnknownRecord):
        await store.add_report_files([(make.report_file(tenant_id="nobody"), PHOTO)], 9)


async def test_a_registrant_is_kept_through_every_step(store: Store, make: Make):
    await store.add_report_files([(make.report_file("a.jpg"), PHOTO)], 9)
    first = make.registrant("+8675512345678", photo="a.jpg")
    report = replace(
        first.report, number_type=NumberType.LANDLINE, operator_number="+8613700000009"
    )
    first = replace(first, report=report)
    rejected = first.reject("the names differ", make.after(1))
    again = replace(rejected, status=ReportStatus.WAITING, fail_reason=None)
    for step in (first, rejected, again, again.accept(make.after(2))):
        await store.save_registrants([step], 9)
        assert await store.registrant(make.tenant_id, "+8675512345678") == step
    assert await store.registrant(make.tenant_id, "+8675512345679") is None


async def test_only_who_was_verified_is_registered(two_tenants: Store, make: Make):
    store, number = two_tenants, "+8613900001001"
    assert not await store.is_registered(make.tenant_id, number)
    waiting = make.registrant(number)
    for step, expected in (
        (waiting, False),
        (waiting.reject("no", make.now), False),
        (waiting.accept(make.now), True),
    ):
        await store.save_registrants([step], 9)
        assert await store.is_registered(make.tenant_id, number) is expected
    assert not await store.is_registered("second", number)
    await store.remove_registrants(make.tenant_id, [number])
    assert not await store.is_registered(make.tenant_id, number)


async def test_a_registrant_needs_its_photo_and_its_tenant(two_tenants: Store, make: Make):
    store = two_tenants
    await store.add_report_files([(make.report_file("a.jpg", tenant_id="second"), PHOTO)], 9)
    good = make.registrant()
    with pytest.raises(PhotoMissing):
        await store.save_registrants([good, make.registrant(photo="a.jpg")], 9)
    with pytest.raises(UnknownRecord):
        await store.save_registrants([make.registrant(tenant_id="nobody")], 9)
    assert (await store.registrants(RegistrantFilter(), ALL)).rows == ()


async def test_a_tenant_has_room_for_so_many_registrants(two_tenants: Store, make: Make):
    store, first, second = two_tenants, make.registrant(), make.registrant()
    await store.save_registrants([first, second], 2)
    with pytest.raises(TenantFull):
        await store.save_registrants([first, make.registrant()], 2)
    await store.save_registrants([first.accept(make.now), second], 2)
    await store.save_registrants([make.registrant(tenant_id="second")], 1)
    await store.remove_registrants(make.tenant_id, [first.report.number])
    await store.save_registrants([make.registrant()], 2)


async def test_registrants_are_listed_as_they_were_added(two_tenants: Store, make: Make):
    store = two_tenants
    waiting, accepted, foreign, failed = (
        make.registrant(),
        make.registrant().accept(make.now),
        make.registrant(tenant_id="second"),
        make.registrant().reject("no", make.now),
    )
    for registrant in (waiting, accepted, foreign, failed):
        await store.save_registrants([registrant], 9)
    await store.save_registrants([waiting], 9)

    async def found(**wanted: object) -> list[Registrant]:
        return list((await store.registrants(RegistrantFilter(**wanted), ALL)).rows)

    async def own_ones(**wanted: object) -> list[Registrant]:
        asked = TenantRegistrantFilter(tenant_id=own, **wanted)
        listed = await store.tenant_registrants(asked, SLICE)
        assert listed.total == len(listed.rows)
        return list(listed.rows)

    own = make.tenant_id
    numbers = tuple(one.report.number for one in (failed, foreign, waiting))
    assert await found() == [waiting, accepted, foreign, failed]
    assert await found(tenant_id=own) == [waiting, accepted, failed]
    assert await found(status=ReportStatus.WAITING) == [waiting, foreign]
    assert await found(tenant_id=own, status=ReportStatus.WAITING) == [waiting]
    assert await pages(lambda page: store.registrants(RegistrantFilter(), page), 3) == [
        [waiting, accepted, foreign],
        [failed],
    ]
    assert await own_ones() == [waiting, accepted, failed]
    assert await own_ones(status=ReportStatus.WAITING) == [waiting]
    assert await own_ones(numbers=numbers) == [waiting, failed]
    assert await own_ones(numbers=numbers, status=ReportStatus.FAILED) == [failed]
    assert await own_ones(numbers=()) == []
    part = Slice(offset=1, limit=1)
    for asked, row, total in ((None, accepted, 3), (numbers, failed, 2)):
        wanted = TenantRegistrantFilter(tenant_id=own, numbers=asked)
        cut = await store.tenant_registrants(wanted, part)
        assert (cut.rows, cut.total) == ((row,), total)


async def test_registrants_are_removed_all_or_none(two_tenants: Store, make: Make):
    store, one = two_tenants, make.registrant()
    await store.save_registrants([one], 9)
    with pytest.raises(UnknownRecord):
        await store.remove_registrants(make.tenant_id, [one.report.number, "+8613900009999"])
    with pytest.raises(UnknownRecord):
        await store.remove_registrants("second", [one.report.number])
    assert await store.registrant(make.tenant_id, one.report.number) == one
    await store.remove_registrants(make.tenant_id, [one.report.number] * 2)
    assert await store.registrant(make.tenant_id, one.report.number) is None


async def test_failures_outlive_the_registrant_until_there_is_one_again(
    two_tenants: Store, make: Make
):
    store, number = two_tenants, "+8613900001001"
    failed = make.registrant(number).reject("no", make.after(1))
    await store.save_registrants([failed], 9)
    assert await store.failures(make.tenant_id, number) == Failures()
    await store.remove_registrants(make.tenant_id, [number])
    kept = Failures(count=1, last_at=make.after(1))
    assert await store.failures(make.tenant_id, number) == kept
    assert await store.failures("second", number) == Failures()
    await store.save_registrants([make.registrant(number, failures=kept)], 9)
    assert await store.failures(make.tenant_id, number) == Failures()
    await store.save_registrants([make.registrant(number).accept(make.now)], 9)
    await store.remove_registrants(make.tenant_id, [number])
    assert await store.failures(make.tenant_id, number) == Failures()

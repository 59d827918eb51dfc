import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from maskline.domain.application import Tenant
from maskline.domain.error import (
    AlreadyRegistered,
    CustomerError,
    DuplicateRecord,
    InvalidParameter,
    NothingToReview,
    PhotoInUse,
    PhotoMissing,
    RegistrationBanned,
    RegistrationLocked,
    ReportsRefused,
    TenantFull,
    UnknownRecord,
    VerificationRunning,
)
from maskline.domain.registrant import Failures, NumberType, Report, ReportStatus
from maskline.services.clock import SteppedClock
from maskline.services.registration import RegistrationDesk, UploadedFile
from maskline.stores.memory import MemoryStore

NOW = datetime(2026, 7, 29, 8, 0, tzinfo=UTC)
DAY_S = 24 * 3600
JPG = b"\xff\xd8\xff\xe0...."
A = "+8613900001001"
REPORT = Report(
    number=A,
    number_type=NumberType.MOBILE,
    name="王小明",
    identity_card="11010519491231002X",
    photo="face.jpg",
)


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(NOW)


@pytest.fixture
async def store() -> MemoryStore:
    store = MemoryStore()
    for tenant_id in ("shop", "taxi"):
        await store.add_tenant(Tenant(tenant_id=tenant_id, name=tenant_id, created_at=NOW))
    return store


async def _with_photo(desk: RegistrationDesk) -> RegistrationDesk:
    assert await desk.upload("shop", [UploadedFile("face.jpg", JPG)]) == {}
    return desk


@pytest.fixture
async def desk(store: MemoryStore, clock: SteppedClock) -> RegistrationDesk:
    return await _with_photo(RegistrationDesk(store, clock))


@pytest.fixture
async def reviewing(store: MemoryStore, clock: SteppedClock) -> RegistrationDesk:
    return await _with_photo(RegistrationDesk(store, clock, needs_review=True))


async def _refusals(desk: RegistrationDesk, *reports: Report) -> dict[int, type[CustomerError]]:
    with pytest.raises(ReportsRefused) as caught:
        await desk.register("shop", reports)
    return {place: type(error) for place, error in caught.value.refusals.items()}


async def test_without_a_review_a_complete_report_registers_at_once(desk: RegistrationDesk):
    await desk.register("shop", [REPORT])
    assert await desk.is_registered("shop", A)
    assert not await desk.is_registered("taxi", A)
    found = await desk.find("shop", A)
    assert (found.report, found.status) == (REPORT, ReportStatus.REGISTERED)
    assert await desk.photo("shop", A) == JPG


async def test_with_a_review_it_waits_for_the_operator(reviewing: RegistrationDesk):
    await reviewing.register("shop", [REPORT])
    assert (await reviewing.find("shop", A)).status is ReportStatus.WAITING
    assert not await reviewing.is_registered("shop", A)
    assert await _refusals(reviewing, REPORT) == {0: VerificationRunning}
    await reviewing.accept("shop", A)
    assert await reviewing.is_registered("shop", A)


async def test_failures_lock_and_then_ban_a_number_also_when_it_was_deleted(
    reviewing: RegistrationDesk, clock: SteppedClock
):
    await reviewing.register("shop", [REPORT])
    failed = await reviewing.reject("shop", A, "names do not match")
    assert (failed.fail_reason, failed.failures.count) == ("names do not match", 1)
    clock.step(DAY_S - 1)
    assert await _refusals(reviewing, REPORT) == {0: RegistrationLocked}
    await reviewing.delete("shop", [A])
    assert await _refusals(reviewing, REPORT) == {0: RegistrationLocked}
    clock.step(1)
    await reviewing.register("shop", [REPORT])
    await reviewing.reject("shop", A, "not again")
    clock.step(100 * DAY_S)
    assert await _refusals(reviewing, REPORT) == {0: RegistrationBanned}
    await reviewing.delete("shop", [A])
    assert await _refusals(reviewing, REPORT) == {0: RegistrationBanned}


async def test_the_operator_can_register_who_was_banned(
    reviewing: RegistrationDesk, clock: SteppedClock
):
    for _ in range(2):
        await reviewing.register("shop", [REPORT])
        await reviewing.reject("shop", A, "no")
        clock.step(DAY_S)
    accepted = await reviewing.accept("shop", A)
    assert (accepted.status, accepted.failures) == (ReportStatus.REGISTERED, Failures())
    await reviewing.delete("shop", [A])
    await reviewing.register("shop", [REPORT])


async def test_what_was_said_before_of_a_registered_number_changes_nothing(
    desk: RegistrationDesk, clock: SteppedClock
):
    await desk.register("shop", [REPORT])
    clock.step(5)
    await desk.register("shop", [REPORT, replace(REPORT, number="+8613900001002")])
    assert (await desk.find("shop", A)).submitted_at == NOW
    assert await _refusals(desk, replace(REPORT, name="李雷")) == {0: AlreadyRegistered}
    await desk.delete("shop", [A])
    await desk.register("shop", [replace(REPORT, name="李雷")])


async def test_of_reports_sent_together_all_are_kept_or_none(
    desk: RegistrationDesk, store: MemoryStore
):
    second = replace(REPORT, number="+8613900001002")
    refused = await _refusals(
        desk,
        REPORT,
        replace(second, photo="lost.jpg"),
        REPORT,
        replace(second, name=""),
        replace(second, number="139"),
    )
    assert refused == {
        1: PhotoMissing,
        2: InvalidParameter,
        3: InvalidParameter,
        4: InvalidParameter,
    }
    assert not await desk.is_registered("shop", A)
    await desk.register("shop", [REPORT, second])


async def test_photos_that_can_be_kept_are_and_the_others_are_told(
    desk: RegistrationDesk, store: MemoryStore
):
    refused = await desk.upload(
        "shop",
        [
            UploadedFile("one.jpg", JPG),
            UploadedFile("face.jpg", JPG),
            UploadedFile("two.gif", b"GIF89a"),
            UploadedFile("one.jpg", JPG),
            UploadedFile("x" * 65, JPG),
        ],
    )
    assert {place: type(error) for place, error in refused.items()} == {
        1: DuplicateRecord,
        2: InvalidParameter,
        3: DuplicateRecord,
        4: InvalidParameter,
    }
    assert await store.report_photo("shop", "one.jpg") == JPG
    assert list(await desk.upload("shop", [UploadedFile("two.gif", b"GIF89a")])) == [0]


async def test_a_photo_is_kept_as_long_as_a_number_has_it(desk: RegistrationDesk):
    await desk.register("shop", [REPORT])
    with pytest.raises(PhotoInUse):
        await desk.delete_files("shop", ["face.jpg"])
    await desk.delete("shop", [A])
    await desk.delete_files("shop", ["face.jpg"])
    assert await _refusals(desk, REPORT) == {0: PhotoMissing}
    with pytest.raises(UnknownRecord):
        await desk.delete_files("shop", ["face.jpg"])


async def test_a_tenant_has_room_for_so_many(store: MemoryStore, clock: SteppedClock):
    desk = RegistrationDesk(store, clock, max_files=1, max_numbers=1)
    await _with_photo(desk)
    with pytest.raises(TenantFull):
        await desk.upload("shop", [UploadedFile("two.jpg", JPG)])
    await desk.register("shop", [REPORT])
    with pytest.raises(TenantFull):
        await desk.register("shop", [replace(REPORT, number="+8613900001002")])
    with pytest.raises(TenantFull):
        await desk.add("shop", replace(REPORT, number="+8613900001002", photo=None))


async def test_an_operator_registers_a_number_by_hand(reviewing: RegistrationDesk):
    by_hand = Report(number=A, number_type=NumberType.MOBILE)
    await reviewing.register("shop", [REPORT])
    await reviewing.reject("shop", A, "no")
    with pytest.raises(DuplicateRecord):
        await reviewing.add("shop", by_hand)
    await reviewing.delete("shop", [A])
    added = await reviewing.add("shop", by_hand)
    assert (added.status, added.failures) == (ReportStatus.REGISTERED, Failures())
    assert await reviewing.is_registered("shop", A)
    with pytest.raises(UnknownRecord):
        await reviewing.photo("shop", A)
    with pytest.raises(InvalidParameter):
        await reviewing.add("shop", replace(by_hand, number="139"))
    with pytest.raises(UnknownRecord):
        await reviewing.add("nobody", by_hand)


async def test_a_decision_may_be_made_anew_but_a_failure_counts_once(reviewing: RegistrationDesk):
    await reviewing.register("shop", [REPORT])
    accepted = await reviewing.accept("shop", A)
    assert await reviewing.accept("shop", A) == accepted
    await reviewing.reject("shop", A, "it was a fraud")
    assert not await reviewing.is_registered("shop", A)
    with pytest.raises(NothingToReview):
        await reviewing.reject("shop", A, "again")
    for reason in ("", "  ", "x" * 257):
        with pytest.raises(InvalidParameter):
            await reviewing.reject("shop", A, reason)
    for verb in (reviewing.accept("taxi", A), reviewing.reject("taxi", A, "no")):
        with pytest.raises(UnknownRecord):
            await verb


class SlowStore(MemoryStore):
    """Lets others run between a read and the write that depends on it."""

    async def has_report_file(self, tenant_id: str, name: str) -> bool:
        await asyncio.sleep(0)
        return await super().has_report_file(tenant_id, name)


async def test_two_reports_of_a_number_at_once_are_one(clock: SteppedClock):
    store = SlowStore()
    await store.add_tenant(Tenant(tenant_id="shop", name="shop", created_at=NOW))
    desk = await _with_photo(RegistrationDesk(store, clock, needs_review=True))
    both = await asyncio.gather(
        desk.register("shop", [REPORT]), desk.register("shop", [REPORT]), return_exceptions=True
    )
    assert [type(one) for one in both] == [type(None), ReportsRefused]

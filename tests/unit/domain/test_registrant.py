from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from maskline.domain.error import (
    AlreadyRegistered,
    InvalidParameter,
    RegistrationBanned,
    RegistrationLocked,
    VerificationRunning,
)
from maskline.domain.registrant import (
    MAX_PHOTO_BYTES,
    Failures,
    NumberType,
    Registrant,
    Report,
    ReportStatus,
    check_person,
    check_photo,
    check_report,
    check_submission,
)

NOW = datetime(2026, 7, 29, 8, 0, tzinfo=UTC)
DAY = timedelta(hours=24)
JPG, PNG = b"\xff\xd8\xff\xe0....", b"\x89PNG\r\n\x1a\n...."
MOBILE = Report(
    number="+8613900001001",
    number_type=NumberType.MOBILE,
    name="王小明",
    identity_card="11010519491231002X",
    photo="face.jpg",
)
LANDLINE = replace(
    MOBILE,
    number="+8675528000001",
    number_type=NumberType.LANDLINE,
    operator_number="+8613900001002",
)
WAITING = Registrant(tenant_id="t", report=MOBILE, status=ReportStatus.WAITING, submitted_at=NOW)


def test_a_number_that_nobody_reported_may_be_reported():
    check_submission(None, Failures(), NOW)


def test_a_number_that_is_being_verified_may_not_be_reported_again():
    with pytest.raises(VerificationRunning):
        check_submission(WAITING, Failures(), NOW + DAY)


def test_a_registered_number_has_to_be_deleted_first():
    with pytest.raises(AlreadyRegistered):
        check_submission(WAITING.accept(NOW), Failures(), NOW + DAY)


def test_after_a_failure_a_number_is_locked_for_24_hours():
    failed = WAITING.reject("names do not match", NOW)
    last_moment = NOW + DAY - timedelta(microseconds=1)
    with pytest.raises(RegistrationLocked, match="2026-07-30 08:00:00 UTC") as caught:
        check_submission(failed, failed.failures, last_moment)
    assert caught.value.until == NOW + DAY
    check_submission(failed, failed.failures, NOW + DAY)


def test_after_two_failures_in_a_row_a_number_is_banned_for_ever():
    twice = WAITING.reject("no", NOW).reject("no", NOW + DAY)
    with pytest.raises(RegistrationBanned):
        check_submission(twice, twice.failures, NOW + 400 * DAY)


def test_a_deleted_number_has_the_failures_it_had():
    with pytest.raises(RegistrationLocked):
        check_submission(None, Failures(count=1, last_at=NOW), NOW)
    with pytest.raises(RegistrationBanned):
        check_submission(None, Failures(count=2, last_at=NOW), NOW + 9 * DAY)


def test_a_verification_that_succeeds_ends_the_row_of_failures():
    accepted = WAITING.reject("no", NOW).accept(NOW + DAY)
    assert accepted.status is ReportStatus.REGISTERED
    assert (accepted.failures, accepted.fail_reason) == (Failures(), None)
    assert accepted.decided_at == NOW + DAY


@pytest.mark.parametrize("report", [MOBILE, LANDLINE, replace(MOBILE, number="+4915112345678")])
def test_a_complete_report_is_one(report: Report):
    check_report(report)


@pytest.mark.parametrize(
    ("report", "parameter"),
    [
        (replace(MOBILE, number="13900001001"), "number"),
        (replace(MOBILE, number=""), "number"),
        (replace(MOBILE, number="+86" + "1" * 18), "number"),
        (replace(MOBILE, number=LANDLINE.number), "number_type"),
        (replace(LANDLINE, number=MOBILE.number), "number_type"),
        (replace(MOBILE, name=""), "name"),
        (replace(MOBILE, name=" "), "name"),
        (replace(MOBILE, name="王" * 51), "name"),
        (replace(MOBILE, name="a\nb"), "name"),
        (replace(MOBILE, identity_card=""), "identity_card"),
        (replace(MOBILE, identity_card="1" * 21), "identity_card"),
        (replace(MOBILE, photo=None), "photo"),
        (replace(LANDLINE, operator_number=None), "operator_number"),
        (replace(LANDLINE, operator_number="139"), "operator_number"),
    ],
)
def test_a_report_that_is_not_complete_is_refused_by_its_field(report: Report, parameter: str):
    with pytest.raises(InvalidParameter) as caught:
        check_report(report)
    assert caught.value.parameter == parameter


def test_who_registers_by_hand_may_leave_the_person_empty():
    check_person(replace(MOBILE, name="", identity_card=""), may_be_empty=True)
    with pytest.raises(InvalidParameter):
        check_person(replace(MOBILE, name="x" * 51), may_be_empty=True)


@pytest.mark.parametrize("content", [JPG, PNG, JPG.ljust(MAX_PHOTO_BYTES)])
@pytest.mark.parametrize("name", ["face.jpg", "王小明 1.png", "x" * 64])
def test_a_photo_is_told_by_its_first_bytes(name: str, content: bytes):
    check_photo(name, content)


@pytest.mark.parametrize(
    ("name", "content", "parameter"),
    [
        ("", JPG, "file_name"),
        ("x" * 65, JPG, "file_name"),
        ("a/b.jpg", JPG, "file_name"),
        ("C:\\b.jpg", JPG, "file_name"),
        (" b.jpg", JPG, "file_name"),
        ("b\0.jpg", JPG, "file_name"),
        ("face.jpg", b"", "file"),
        ("face.jpg", b"GIF89a", "file"),
        ("face.jpg", JPG.ljust(MAX_PHOTO_BYTES + 1), "file"),
    ],
)
def test_what_is_no_photo_or_has_no_plain_name_is_refused(
    name: str, content: bytes, parameter: str
):
    with pytest.raises(InvalidParameter) as caught:
        check_photo(name, content)
    assert caught.value.parameter == parameter


@pytest.mark.parametrize("value", [MOBILE, WAITING])
def test_nothing_of_a_person_is_in_the_text_of_a_value(value: Any):
    for secret in ("13900001001", "王小明", "11010519491231002X", "face.jpg"):
        assert secret not in repr(value)

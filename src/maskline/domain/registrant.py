"""Actual users: the people whom A numbers of a tenant are registered to (`spec/common.md` 6)."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from maskline.domain.error import (
    AlreadyRegistered,
    InvalidParameter,
    RegistrationBanned,
    RegistrationLocked,
    VerificationRunning,
)
from maskline.domain.number import is_global, is_landline, is_mobile

MAX_NUMBER = 20  # characters (`spec/common.md` 6.4), as the next three
MAX_NAME = 50
MAX_IDENTITY_CARD = 20
MAX_FILE_NAME = 64
MAX_PHOTO_BYTES = 32_768  # 32 KB (`spec/common.md` 6.1)
MAX_REASON = 256  # characters

LOCK_AFTER_FAILURE = timedelta(hours=24)
FAILURES_TO_BAN = 2

_PHOTO_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


class NumberType(StrEnum):
    """What kind of line an A number is; a landline is registered to the person handling it."""

    MOBILE = "mobile"
    LANDLINE = "landline"


class ReportStatus(StrEnum):
    """Where the verification of a number stands."""

    REGISTERED = "registered"
    FAILED = "failed"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFile:
    """An uploaded photo of a tenant, without its content; `size` is in bytes."""

    tenant_id: str
    name: str = field(repr=False)
    size: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a tenant says of the person behind a number; `photo` names a file uploaded before.

    An operator who registers a number by hand may leave all but the number empty.
    """

    number: str = field(repr=False)
    number_type: NumberType
    name: str = field(default="", repr=False)
    identity_card: str = field(default="", repr=False)
    photo: str | None = field(default=None, repr=False)
    operator_number: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """How often in a row the verification of a number has failed, and when it did last."""

    count: int = 0
    last_at: datetime | None = None

    def after(self, at: datetime) -> "Failures":
        """With one more."""
        return Failures(count=self.count + 1, last_at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registrant:
    """A reported number of a tenant. `fail_reason` is there when the verification failed.

    `failures` outlive the registrant: deleting a number must not make it forget them.
    """

    tenant_id: str
    report: Report
    status: ReportStatus
    fail_reason: str | None = None
    failures: Failures = Failures()
    submitted_at: datetime
    decided_at: datetime | None = None

    def accept(self, at: datetime) -> "Registrant":
        """The registrant once the person was verified."""
        return replace(
            self,
            status=ReportStatus.REGISTERED,
            fail_reason=None,
            failures=Failures(),
            decided_at=at,
        )

    def reject(self, reason: str, at: datetime) -> "Registrant":
        """The registrant once the person could not be verified."""
        return replace(
            self,
            status=ReportStatus.FAILED,
            fail_reason=reason,
            failures=self.failures.after(at),
            decided_at=at,
        )


def check_submission(before: Registrant | None, failures: Failures, now: datetime) -> None:
    """Whether a number may be reported now (`spec/codes.md` 11, the carriers' rules).

    Raises VerificationRunning, AlreadyRegistered, RegistrationBanned, RegistrationLocked.
    """
    if before is not None and before.status is ReportStatus.WAITING:
        raise VerificationRunning
    if before is not None and before.status is ReportStatus.REGISTERED:
        raise AlreadyRegistered
    if failures.count >= FAILURES_TO_BAN:
        raise RegistrationBanned
    if failures.last_at is not None and now < failures.last_at + LOCK_AFTER_FAILURE:
        raise RegistrationLocked(failures.last_at + LOCK_AFTER_FAILURE)


def check_report(report: Report) -> None:
    """Whether a report is complete and well formed. Raises InvalidParameter, fields by our names.

    Photos are not looked at: whether they were uploaded is the store's to say.
    """
    check_number(report.number, report.number_type)
    check_person(report)
    if report.photo is None:
        raise InvalidParameter("photo", "is needed")
    if report.number_type is NumberType.LANDLINE and not _is_number(report.operator_number):
        raise InvalidParameter("operator_number", "a mobile number in global form, for a landline")


def check_person(report: Report, *, may_be_empty: bool = False) -> None:
    """Whether name and ID card can be kept. Raises InvalidParameter."""
    for parameter, text, limit in (
        ("name", report.name, MAX_NAME),
        ("identity_card", report.identity_card, MAX_IDENTITY_CARD),
    ):
        if may_be_empty and not text:
            continue
        if len(text) > limit or not text.isprintable() or not text.strip():
            raise InvalidParameter(parameter, f"1 to {limit} characters")


def check_number(number: str, number_type: NumberType) -> None:
    """A number in global form that is of its type, as far as numbers tell. Raises InvalidParameter.

    Only Chinese numbers tell.
    """
    if not _is_number(number):
        raise InvalidParameter("number", f"global form, at most {MAX_NUMBER} characters")
    is_other = is_landline if number_type is NumberType.MOBILE else is_mobile
    if is_other(number):
        raise InvalidParameter("number_type", f"the number is no {number_type}")


def check_photo(name: str, content: bytes) -> None:
    """Whether a file may be kept as a photo. Raises InvalidParameter (`file_name`, `file`)."""
    if not 1 <= len(name) <= MAX_FILE_NAME:
        raise InvalidParameter("file_name", f"1 to {MAX_FILE_NAME} characters")
    if not name.isprintable() or "/" in name or "\\" in name or name != name.strip():
        raise InvalidParameter("file_name", "a plain file name")
    if len(content) > MAX_PHOTO_BYTES:
        raise InvalidParameter("file", f"is over {MAX_PHOTO_BYTES} bytes")
    if not content.startswith(_PHOTO_STARTS):
        raise InvalidParameter("file", "is no JPG or PNG file")


def _is_number(number: str | None) -> bool:
    return number is not None and len(number) <= MAX_NUMBER and is_global(number)

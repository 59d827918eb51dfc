"""What tenants write in requests of the registration interfaces (`spec/common.md` 6).

Readers raise Refused unless they say otherwise.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast

from maskline.api.limits import MAX_PAGE_INDEX
from maskline.api.multipart import read_form
from maskline.api.request import read_object, read_query
from maskline.api.result import Refused
from maskline.api.value import Field, integer, read_fields, read_integer, read_number, read_text
from maskline.domain.error import CustomerError, InvalidParameter, ReportsRefused
from maskline.domain.registrant import MAX_FILE_NAME, NumberType, Report, ReportStatus
from maskline.services.page import Slice
from maskline.services.registrant_store import ReportFileFilter, TenantRegistrantFilter
from maskline.services.registration import UploadedFile

MAX_AT_ONCE = 10  # files or numbers of one request
MAX_NUMBERS_ASKED = 100
MAX_PAGE_SIZE = 100
DEFAULT_PAGE_SIZE = 10
MAX_FORM_PARTS = 32
MAX_TEXT = 256  # characters of a text before its own limit is looked at

STATUSES = {ReportStatus.REGISTERED: 0, ReportStatus.FAILED: 1, ReportStatus.WAITING: 2}
"""`reportStatus` as it is written."""

WIRE_NAMES = {
    "number": "number",
    "number_type": "numberType",
    "name": "name",
    "identity_card": "identityCard",
    "photo": "liveFaceImage",
    "operator_number": "operatorNumber",
}
"""The fields of a report by our names."""

TIME = "%Y-%m-%d %H:%M:%S"  # UTC

Entry = Mapping[str, object]
Item = TypeVar("Item")

_STATUS_OF = {code: status for status, code in STATUSES.items()}
_NUMBER_TYPES = {1: NumberType.MOBILE, 2: NumberType.LANDLINE}
_SECOND = timedelta(seconds=1)
_MICROSECOND = timedelta(microseconds=1)


def check_consent(query: bytes) -> None:
    """Raises Refused without the tenant's word that the persons agreed (`spec/auth.md` 11)."""
    consent = read_query(query).get("agree_authorization_statement", "")
    if consent.lower() != "true":
        raise Refused.for_parameter("agree_authorization_statement")


def read_files(content_type: str, body: bytes) -> list[UploadedFile]:
    """The files of a form in their order, other fields left out."""
    try:
        parts = read_form(content_type, body, MAX_FORM_PARTS)
    except ValueError as error:
        raise Refused.for_parameter("files") from error
    files = [
        UploadedFile(part.filename, part.content)
        for part in parts
        if part.name == "files" and part.filename is not None
    ]
    if not 1 <= len(files) <= MAX_AT_ONCE:
        raise Refused.for_parameter("files")
    return files


def read_entries(body: bytes) -> list[Entry]:
    """The numbers to register, as they were sent."""
    return _read_list(read_object(body).get("numbers"), MAX_AT_ONCE, _entry)


def read_reports(entries: Sequence[Entry]) -> list[Report]:
    """Raises ReportsRefused for those with a value of a wrong type."""
    reports: list[Report] = []
    refusals: dict[int, CustomerError] = {}
    for place, entry in enumerate(entries):
        try:
            reports.append(_read_report(entry))
        except InvalidParameter as error:
            refusals[place] = error
    if refusals:
        raise ReportsRefused(refusals)
    return reports


def read_file_names(body: bytes) -> list[str]:
    """The files to delete."""
    return _read_list(read_object(body).get("files"), MAX_AT_ONCE, _file_name)


def read_numbers(body: bytes) -> list[str]:
    """The numbers to delete."""
    return _read_list(read_object(body).get("numbers"), MAX_AT_ONCE, read_number)


def read_file_query(tenant_id: str, body: bytes) -> tuple[ReportFileFilter, Slice]:
    """Which files are asked for."""
    given = read_fields(read_object(body), _FILE_QUERY)
    page = _page(given)
    return ReportFileFilter(tenant_id=tenant_id, **given), page


def read_number_query(tenant_id: str, body: bytes) -> tuple[TenantRegistrantFilter, Slice]:
    """Which registered numbers are asked for."""
    given = read_fields(read_object(body), _NUMBER_QUERY)
    page = _page(given)
    return TenantRegistrantFilter(tenant_id=tenant_id, **given), page


def _read_report(entry: Entry) -> Report:
    """A report with what it says; whether that is enough is the desk's to decide."""
    texts = {name: _text_of(entry, name) for name in WIRE_NAMES if name != "number_type"}
    try:
        number_type = _NUMBER_TYPES[read_integer(entry.get("numberType"), 1, 2)]
    except ValueError as error:
        raise InvalidParameter("number_type", "1 or 2") from error
    is_landline = number_type is NumberType.LANDLINE
    return Report(
        number=texts["number"],
        number_type=number_type,
        name=texts["name"],
        identity_card=texts["identity_card"],
        photo=texts["photo"] or None,
        operator_number=texts["operator_number"] if is_landline else None,
    )


def _text_of(entry: Entry, name: str) -> str:
    value = entry.get(WIRE_NAMES[name])
    try:
        return "" if value is None else read_text(value, MAX_TEXT)
    except ValueError as error:
        raise InvalidParameter(name, "a text") from error


def _read_list(value: object, limit: int, read: Callable[[object], Item]) -> list[Item]:
    """A list of 1 to `limit` values. Raises Refused."""
    entries = cast("list[object]", value) if isinstance(value, list) else []
    if not 1 <= len(entries) <= limit:
        raise Refused.for_parameter("list")
    try:
        return [read(entry) for entry in entries]
    except ValueError as error:
        raise Refused.for_parameter("list") from error


def _entry(value: object) -> Entry:
    if isinstance(value, dict):
        return cast("dict[str, object]", value)
    raise ValueError


def _file_name(value: object) -> str:
    name = read_text(value, MAX_FILE_NAME)
    if not name.isprintable():
        raise ValueError
    return name


def _numbers(value: object) -> tuple[str, ...] | None:
    """The numbers that are asked for; an empty list asks for all."""
    return tuple(_read_list(value, MAX_NUMBERS_ASKED, read_number)) if value != [] else None


def _status(value: object) -> ReportStatus:
    return _STATUS_OF[read_integer(value, min(_STATUS_OF), max(_STATUS_OF))]


def _since(value: object) -> datetime:
    return datetime.strptime(read_text(value, len("YYYY-MM-DD HH:MM:SS")), TIME).replace(tzinfo=UTC)


def _until(value: object) -> datetime:
    """The end of the second that is named: times are told in whole seconds."""
    return _since(value) + (_SECOND - _MICROSECOND)


_PAGE = {
    "page": Field("page", integer(1, MAX_PAGE_INDEX)),
    "size": Field("size", integer(1, MAX_PAGE_SIZE)),
}
_FILE_QUERY = {
    **_PAGE,
    "startTime": Field("since", _since),
    "stopTime": Field("until", _until),
    "fileName": Field("name", _file_name),
}
_NUMBER_QUERY = {
    **_PAGE,
    "number": Field("numbers", _numbers),
    "reportStatus": Field("status", _status),
}


def _page(given: dict[str, Any]) -> Slice:
    """Takes the page out of what was given. Raises Refused when there is none."""
    if "page" not in given:
        raise Refused.for_parameter("page")
    size: int = given.pop("size", DEFAULT_PAGE_SIZE)
    return Slice(offset=(given.pop("page") - 1) * size, limit=size)

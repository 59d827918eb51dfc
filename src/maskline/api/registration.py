"""The registration of actual users: photos and A numbers of a tenant (`spec/common.md` 6)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from maskline.api.encoding import encode
from maskline.api.registration_result import RegistrationResult, result_of
from maskline.api.registration_value import (
    STATUSES,
    TIME,
    WIRE_NAMES,
    Entry,
    check_consent,
    read_entries,
    read_file_names,
    read_file_query,
    read_files,
    read_number_query,
    read_numbers,
    read_reports,
)
from maskline.api.result import Answer
from maskline.domain.error import CustomerError, DuplicateRecord, InvalidParameter, ReportsRefused
from maskline.domain.registrant import MAX_FILE_NAME, Registrant, ReportFile
from maskline.services.registrant_store import RegistrantStore
from maskline.services.registration import RegistrationDesk

FILES_PATH = "/v1/privatenumber/a-number/files"
FILES_QUERY_PATH = "/v1/privatenumber/a-number/files/query"
NUMBERS_PATH = "/v1.0/privatenumber/a-number"
NUMBERS_QUERY_PATH = "/v1.0/privatenumber/a-number/query"

MAX_BODY_BYTES = 65_536
MAX_UPLOAD_BYTES = 4_000_000  # more than ten photos, so that one too large is told by its name
MAX_SHOWN_NUMBER = 31  # characters of a number that is told as it was sent

_WIRE_NAMES = {**WIRE_NAMES, "file": "file", "file_name": "fileName"}


@dataclass(frozen=True, slots=True)
class RegistrationRequest:
    """A request of a tenant that was let in."""

    tenant_id: str
    query: bytes
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Operation:
    """What one method of one path does; `changes` what a frozen tenant may not."""

    run: Callable[[RegistrationRequest], Awaitable[Answer]]
    changes: bool = True
    max_body_bytes: int = MAX_BODY_BYTES


class RegistrationInterface:
    """Reads from the store, writes through the desk.

    Operations raise Refused and errors of the desk; `registration_result` knows their codes.
    """

    def __init__(self, store: RegistrantStore, desk: RegistrationDesk) -> None:
        self._store = store
        self._desk = desk

    def operations(self) -> Mapping[str, Mapping[str, Operation]]:
        """All of them by path and method."""
        return {
            FILES_PATH: {
                "POST": Operation(self.upload_files, max_body_bytes=MAX_UPLOAD_BYTES),
                "DELETE": Operation(self.delete_files),
            },
            FILES_QUERY_PATH: {"POST": Operation(self.query_files, changes=False)},
            NUMBERS_PATH: {
                "POST": Operation(self.register_numbers),
                "DELETE": Operation(self.delete_numbers),
            },
            NUMBERS_QUERY_PATH: {"POST": Operation(self.query_numbers, changes=False)},
        }

    async def upload_files(self, request: RegistrationRequest) -> Answer:
        """Keep photos; of those that cannot be kept name and reason are told."""
        check_consent(request.query)
        files = read_files(request.content_type, request.body)
        refusals = await self._desk.upload(request.tenant_id, files)
        if not refusals:
            return _done("Upload Successful.")
        failed = [
            {"file": files[place].name[:MAX_FILE_NAME], "failReason": _reason(error)}
            for place, error in sorted(refusals.items())
        ]
        return RegistrationResult.INVALID_PARAMETER.answer(failedFiles=failed)

    async def query_files(self, request: RegistrationRequest) -> Answer:
        """A page of the photos."""
        wanted, part = read_file_query(request.tenant_id, request.body)
        found = await self._store.report_files(wanted, part)
        return _shown(found.total, files=[_shown_file(file) for file in found.rows])

    async def delete_files(self, request: RegistrationRequest) -> Answer:
        """Forget photos that no number is registered with."""
        await self._desk.delete_files(request.tenant_id, read_file_names(request.body))
        return _done("Delete Successful.")

    async def register_numbers(self, request: RegistrationRequest) -> Answer:
        """Register numbers, all or none; those at fault are told with the reason."""
        check_consent(request.query)
        entries = read_entries(request.body)
        try:
            await self._desk.register(request.tenant_id, read_reports(entries))
        except ReportsRefused as error:
            return _refused(entries, error.refusals)
        return _done("Create Successful.")

    async def query_numbers(self, request: RegistrationRequest) -> Answer:
        """A page of the registered numbers."""
        wanted, part = read_number_query(request.tenant_id, request.body)
        found = await self._store.tenant_registrants(wanted, part)
        return _shown(found.total, numbers=[_shown_number(one) for one in found.rows])

    async def delete_numbers(self, request: RegistrationRequest) -> Answer:
        """Forget registered numbers."""
        await self._desk.delete(request.tenant_id, read_numbers(request.body))
        return _done("Delete Successful.")


def _refused(entries: Sequence[Entry], refusals: Mapping[int, CustomerError]) -> Answer:
    """What was wrong with each report; the code is that of the first."""
    failed = [
        {"number": _sent_number(entries[place]), "failReason": _reason(error)}
        for place, error in sorted(refusals.items())
    ]
    return result_of(refusals[min(refusals)]).answer(failedNumbers=failed)


def _sent_number(entry: Entry) -> str:
    sent = entry.get("number")
    return sent[:MAX_SHOWN_NUMBER] if isinstance(sent, str) else ""


def _reason(error: CustomerError) -> str:
    match error:
        case DuplicateRecord():
            return "a file of this name was uploaded before"
        case InvalidParameter():
            return f"{_WIRE_NAMES[error.parameter]}: {error.detail}"
        case _:
            return str(error)


def _done(result: str) -> Answer:
    return Answer(200, encode({"result": result}))


def _shown(total: int, **rows: object) -> Answer:
    return Answer(200, encode({"total": total, **rows}))


def _shown_file(file: ReportFile) -> dict[str, object]:
    return {"createTime": file.created_at.strftime(TIME), "fileName": file.name}


def _shown_number(registrant: Registrant) -> dict[str, object]:
    shown: dict[str, object] = {
        "number": registrant.report.number,
        "reportStatus": STATUSES[registrant.status],
    }
    if registrant.fail_reason is not None:
        shown["failReason"] = registrant.fail_reason
    return shown

"""What is sealed of registrants and photos, as msgpack arrays; the rules of `blob.py` hold."""

import msgspec

from maskline.domain.registrant import (
    Failures,
    NumberType,
    Registrant,
    Report,
    ReportFile,
    ReportStatus,
)
from maskline.stores.moment import from_us, from_us_or_none, to_us, to_us_or_none


class _Registrant(msgspec.Struct, array_like=True, frozen=True, gc=False):
    number: str
    number_type: str
    name: str
    identity_card: str
    photo: str | None
    operator_number: str | None
    fail_reason: str | None
    submitted_at: int
    decided_at: int | None


class _File(msgspec.Struct, array_like=True, frozen=True, gc=False):
    name: str
    size: int


_pack = msgspec.msgpack.Encoder().encode
_registrant = msgspec.msgpack.Decoder(_Registrant).decode
_file = msgspec.msgpack.Decoder(_File).decode


def pack_registrant(registrant: Registrant) -> bytes:
    """All of a registrant but its tenant, status and failures, which are columns."""
    report = registrant.report
    return _pack(
        _Registrant(
            report.number,
            report.number_type,
            report.name,
            report.identity_card,
            report.photo,
            report.operator_number,
            registrant.fail_reason,
            to_us(registrant.submitted_at),
            to_us_or_none(registrant.decided_at),
        )
    )


def unpack_registrant(
    packed: bytes, *, tenant_id: str, status: str, failures: int, failed_at: int | None
) -> Registrant:
    """The registrant of `pack_registrant` and its columns."""
    kept = _registrant(packed)
    return Registrant(
        tenant_id=tenant_id,
        report=Report(
            number=kept.number,
            number_type=NumberType(kept.number_type),
            name=kept.name,
            identity_card=kept.identity_card,
            photo=kept.photo,
            operator_number=kept.operator_number,
        ),
        status=ReportStatus(status),
        fail_reason=kept.fail_reason,
        failures=Failures(count=failures, last_at=from_us_or_none(failed_at)),
        submitted_at=from_us(kept.submitted_at),
        decided_at=from_us_or_none(kept.decided_at),
    )


def pack_report_file(file: ReportFile) -> bytes:
    """All of a file but its tenant and creation, which are columns."""
    return _pack(_File(file.name, file.size))


def unpack_report_file(packed: bytes, *, tenant_id: str, created_at: int) -> ReportFile:
    """The file of `pack_report_file` and its columns."""
    kept = _file(packed)
    return ReportFile(
        tenant_id=tenant_id, name=kept.name, size=kept.size, created_at=from_us(created_at)
    )

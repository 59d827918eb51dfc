"""What is found and erased by number, between its values and the rows of an SQL store."""

import json
from collections.abc import Iterable
from typing import Any

from maskline.domain.binding import OnwardKind
from maskline.domain.call import CallRecord
from maskline.services.person_store import Erasure, OnwardPlace, ReplyTag
from maskline.stores.binding_row import onward_context
from maskline.stores.blob import pack_record, unpack_onward
from maskline.stores.moment import from_us, to_us
from maskline.stores.sealing import Sealer


def record_row(record: CallRecord, sealer: Sealer) -> tuple[Any, ...]:
    """Session, hashed caller and callee, and the sealed rest of a record."""
    call = record.call
    context = b"call_record:" + call.session_id.encode()
    return (
        call.session_id,
        sealer.lookup(call.caller),
        None if call.callee is None else sealer.lookup(call.callee),
        sealer.seal(call.app_key, pack_record(record), context),
    )


def onward_places(
    app_key: str, rows: Iterable[tuple[Any, ...]], sealer: Sealer
) -> tuple[OnwardPlace, ...]:
    """One place for each binding of the rows of `onward_after`."""
    places: dict[int, OnwardPlace] = {}
    for sequence, binding_id, name, expires_at, sealed in rows:
        place = places.setdefault(sequence, OnwardPlace(sequence, binding_id, {}))
        if name is not None:
            kind = OnwardKind(name)
            packed = sealer.open(app_key, sealed, onward_context(binding_id, kind))
            onward = {**place.onward, kind: unpack_onward(packed, expires_at)}
            places[sequence] = OnwardPlace(sequence, binding_id, onward)
    return tuple(places.values())


def reply_tag_of(row: tuple[Any, ...]) -> ReplyTag:
    """The tag of the columns of `tag_list`."""
    binding_id, tag, allotted_at = row
    return ReplyTag(binding_id, tag, from_us(allotted_at))


def erasure_row(erasure: Erasure) -> tuple[Any, ...]:
    """The columns of an erasure."""
    return (
        erasure.place,
        erasure.erasure_id,
        erasure.tenant_id,
        to_us(erasure.erased_at),
        json.dumps(dict(erasure.counts), sort_keys=True),
        erasure.seal,
    )


def erasure_of(row: tuple[Any, ...]) -> Erasure:
    """The erasure of `erasure_row`."""
    place, erasure_id, tenant_id, erased_at, counts, seal = row
    return Erasure(
        place=place,
        erasure_id=erasure_id,
        tenant_id=tenant_id,
        erased_at=from_us(erased_at),
        counts=json.loads(counts),
        seal=seal,
    )

"""A virtual number as its row: the same columns in every database."""

from typing import Any

import msgspec

from maskline.domain.virtual_number import (
    NumberCause,
    NumberKind,
    NumberState,
    VirtualNumber,
    kind_of,
)
from maskline.stores.moment import from_us, from_us_or_none, to_us, to_us_or_none

NumberCells = tuple[
    str, str, str, str, bool, int, int, str | None, str | None, str, str, bool, int | None
]
"""Number, app key, area code, state, messages, pairs, creation, cause, kind, note, tags, whose
blacklisting, until when it is held."""

_pack_tags = msgspec.json.Encoder().encode
_tags = msgspec.json.Decoder(tuple[str, ...]).decode


def new_number_cells(number: VirtualNumber) -> tuple[Any, ...]:
    """What `number_add` takes."""
    return (
        number.number,
        number.app_key,
        number.area_code,
        number.state,
        number.may_message,
        to_us(number.created_at),
        number.cause,
        *_noted(number),
    )


def number_cells(number: VirtualNumber) -> tuple[Any, ...]:
    """What `number_save` takes."""
    return (
        number.number,
        number.area_code,
        number.state,
        number.may_message,
        number.cause,
        *_noted(number),
    )


def read_number_row(row: NumberCells) -> VirtualNumber:
    """The number of a row."""
    number, app_key, area_code, state, may_message, pairs, created_at = row[:7]
    cause, kind, note, tags, blacklisted_by_tenant, held_until = row[7:]
    return VirtualNumber(
        number=number,
        app_key=app_key,
        area_code=area_code,
        state=NumberState(state),
        cause=None if cause is None else NumberCause(cause),
        may_message=bool(may_message),
        pairs=pairs,
        kind=kind_of(number) if kind is None else NumberKind(kind),
        note=note,
        tags=_tags(tags),
        blacklisted_by_tenant=bool(blacklisted_by_tenant),
        held_until=from_us_or_none(held_until),
        created_at=from_us(created_at),
    )


def _noted(number: VirtualNumber) -> tuple[Any, ...]:
    tags = _pack_tags(number.tags).decode()
    held_until = to_us_or_none(number.held_until)
    return number.kind, number.note, tags, number.blacklisted_by_tenant, held_until

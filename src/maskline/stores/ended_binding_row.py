"""Bindings that have ended, between their values and the rows of an SQL store."""

from datetime import UTC, datetime
from typing import Any

from maskline.domain.ended_binding import EndCause, EndedBinding
from maskline.services.ended_binding_store import EndedFilter
from maskline.stores.binding_row import binding_of
from maskline.stores.moment import from_us, to_us
from maskline.stores.named_sql import NamedSql
from maskline.stores.sealing import Sealer

_EVER = (to_us(datetime.min.replace(tzinfo=UTC)), to_us(datetime.max.replace(tzinfo=UTC)))


def ended_binding_of(row: tuple[Any, ...], sealer: Sealer) -> EndedBinding:
    """The columns of a binding, and when and why it ended."""
    *columns, ended_at, cause = row
    return EndedBinding(
        binding=binding_of(tuple(columns), sealer),
        ended_at=from_us(ended_at),
        cause=EndCause(cause),
    )


def narrowest_ended(
    sql: NamedSql, wanted: EndedFilter, sealer: Sealer
) -> tuple[str, tuple[Any, ...]]:
    """The statement whose index narrows a list most, and its parameters."""
    party = None if wanted.party is None else sealer.lookup(wanted.party)
    row = (
        _EVER[0] if wanted.since is None else to_us(wanted.since),
        _EVER[1] if wanted.until is None else to_us(wanted.until),
        wanted.mode,
        wanted.app_key,
    )
    if wanted.binding_id is not None:
        return sql.ended_list_of_id, (*row, wanted.x, wanted.y, party, wanted.binding_id)
    if party is not None:
        return sql.ended_list_of_party, (*row, wanted.x, wanted.y, party)
    if wanted.x is not None:
        return sql.ended_list_of_number, (*row, wanted.x, wanted.y)
    if wanted.y is not None:
        return sql.ended_list_of_y, (*row, wanted.y)
    if wanted.app_key is not None:
        return sql.ended_list_of_application, row
    return sql.ended_list, row[:3]

"""Bindings that have ended, between their values and the rows of an SQL store."""

from datetime import UTC, datetime
from typing import Any

from maskline.domain.ended_binding import EndCause, EndedBinding
from maskline.stores.binding_row import binding_of
from maskline.stores.moment import from_us, to_us
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

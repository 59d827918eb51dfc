"""Happenings as rows, for the databases."""

from datetime import UTC, datetime
from typing import Any

from maskline.domain.happening import Happening, HappeningKind
from maskline.services.happening_store import HappeningFilter
from maskline.stores.moment import from_us, to_us

_EVER = (to_us(datetime.min.replace(tzinfo=UTC)), to_us(datetime.max.replace(tzinfo=UTC)))
_TOP = 2**63 - 1


def row_of(happening: Happening) -> tuple[Any, ...]:
    """The row to write."""
    return (
        happening.kind.value,
        to_us(happening.at),
        happening.app_key,
        happening.subject,
        happening.cause,
        happening.detail,
    )


def happening_of(row: tuple[Any, ...]) -> Happening:
    """What was written."""
    sequence, kind, at, app_key, subject, cause, detail = row
    return Happening(
        sequence=sequence,
        kind=HappeningKind(kind),
        at=from_us(at),
        app_key=app_key,
        subject=subject,
        cause=cause,
        detail=bytes(detail),
    )


def parameters_of(wanted: HappeningFilter, app_keys: object, limit: int) -> tuple[Any, ...]:
    """The parameters of a list; the database takes `app_keys` in a form of its own."""
    return (
        wanted.kind.value,
        _TOP if wanted.below is None else wanted.below,
        wanted.app_key,
        app_keys,
        wanted.subject,
        wanted.cause,
        _EVER[0] if wanted.since is None else to_us(wanted.since),
        _EVER[1] if wanted.until is None else to_us(wanted.until),
        limit,
    )


def narrowest(wanted: HappeningFilter) -> str:
    """The name of the statement whose index narrows the list most."""
    if wanted.subject is not None:
        return "happening_list_of_subject"
    if wanted.app_key is not None:
        return "happening_list_of_application"
    return "happening_list"

"""Pushes as rows, for the databases."""

from datetime import UTC, datetime
from typing import Any

from maskline.domain.notice import AcceptedTry, Notice, Purpose
from maskline.domain.push import Push, PushState
from maskline.services.push_store import PushFilter
from maskline.stores.moment import from_us, to_us
from maskline.stores.sealing import Sealer

APP_KEY = 4
DEAD, _DELIVERED = 3, 4
_STATES = {
    None: (0, _DELIVERED),
    PushState.WAITING: (0, DEAD - 1),
    PushState.DEAD: (DEAD, DEAD),
    PushState.DELIVERED: (_DELIVERED, _DELIVERED),
}
_EVER = (to_us(datetime.min.replace(tzinfo=UTC)), to_us(datetime.max.replace(tzinfo=UTC)))
_TOP = 2**63 - 1


def parameters_of(wanted: PushFilter, app_keys: object, limit: int) -> tuple[Any, ...]:
    """The parameters of a list; the database takes `app_keys` in a form of its own."""
    return (
        _TOP if wanted.below is None else wanted.below,
        *_STATES[wanted.state],
        wanted.app_key,
        app_keys,
        None if wanted.purpose is None else wanted.purpose.value,
        wanted.stream,
        wanted.push_id,
        wanted.result,
        _EVER[0] if wanted.since is None else to_us(wanted.since),
        _EVER[1] if wanted.until is None else to_us(wanted.until),
        limit,
    )


def narrowest(wanted: PushFilter) -> str:
    """The name of the statement whose index narrows the list most."""
    if wanted.push_id is not None:
        return "push_list_of_push"
    if wanted.stream is not None:
        return "push_list_of_stream"
    return "push_list" if wanted.app_key is None else "push_list_of_application"


def push_of(row: tuple[Any, ...], sealer: Sealer) -> Push:
    """The push of a row; the sealer knows the key of its application."""
    sequence, notice_id, push_id, stream, app_key, purpose, origin, created_at = row[:8]
    state, attempts, due_at, error, body, *accepted = row[8:]
    moment = from_us(due_at)
    return Push(
        sequence=sequence,
        notice=Notice(
            notice_id=notice_id,
            stream=stream,
            app_key=app_key,
            purpose=Purpose(purpose),
            origin=origin,
            body=sealer.open(app_key, body, b"outbox:" + notice_id.encode()),
            created_at=from_us(created_at),
        ),
        push_id=push_id,
        state=_state(state),
        attempts=attempts,
        due_at=None if state == _DELIVERED else moment,
        delivered_at=moment if state == _DELIVERED else None,
        error=error,
        accepted=_accepted(moment, *accepted),
    )


def accepted_row(accepted: AcceptedTry) -> tuple[Any, ...]:
    """What is kept of a try, its moment first."""
    took_us = round(accepted.took_s * 1_000_000)
    return (to_us(accepted.at), accepted.url, accepted.status, took_us, accepted.notices)


def _accepted(
    at: datetime, url: str | None, status: int, took_us: int, notices: int
) -> AcceptedTry | None:
    if url is None:
        return None
    return AcceptedTry(at=at, url=url, status=status, took_s=took_us / 1_000_000, notices=notices)


def _state(state: int) -> PushState:
    if state == _DELIVERED:
        return PushState.DELIVERED
    return PushState.DEAD if state == DEAD else PushState.WAITING

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TypeAlias

from maskline.domain.notice import (
    AcceptedTry,
    Endpoint,
    FailedTry,
    Notice,
    Purpose,
    QueuedNotice,
    bucket_of,
)
from maskline.stores.bucket_share import Lease, share_out
from maskline.stores.moment import from_us, to_us, to_us_or_none
from maskline.stores.named_sql import load_sql
from maskline.stores.push_row import DEAD, accepted_row
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import OUTBOX, Database

PUSH = load_sql("push")
Enqueue: TypeAlias = Callable[[Cursor], None]


def prepare(database: Database, notices: Sequence[Notice]) -> Enqueue:
    """Seal notices now; the result writes them as part of a unit of work."""
    rows = [
        (
            notice.notice_id,
            notice.stream,
            notice.app_key,
            notice.purpose,
            notice.origin,
            to_us(notice.created_at),
            database.sealer.seal(notice.app_key, notice.body, sealing_context(notice.notice_id)),
        )
        for notice in notices
    ]
    return partial(_enqueue, database.notice_sequences, rows)


class SqliteOutbox:
    """`maskline.services.store.OutboxStore` in SQLite.

    Whether a notice may be claimed is written down when it is added and whenever something
    before it in its stream is settled, so that a claim walks one index and nothing else.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due_endpoints(
        self, now: datetime, limit: int, buckets: Collection[int] | None = None
    ) -> tuple[Endpoint, ...]:
        """See the seam."""
        now_us = to_us(now)
        due = [row for row in await self._heads(buckets) if row[2] <= now_us]
        return tuple(Endpoint(app_key=row[0], purpose=Purpose(row[1])) for row in due[:limit])

    async def claim(
        self, endpoint: Endpoint, now: datetime, lease_until: datetime, limit: int
    ) -> tuple[QueuedNotice, ...]:
        """See the seam."""
        row = (endpoint.app_key, endpoint.purpose, to_us(now), to_us(lease_until), limit)
        rows = await self._database.writer.submit(partial(_claim, row))
        return self._queued(endpoint, rows)

    async def claim_batch(
        self,
        endpoint: Endpoint,
        now: datetime,
        lease_until: datetime,
        limit: int,
        batch_id: str,
    ) -> tuple[QueuedNotice, ...]:
        """See the seam."""
        row = (
            endpoint.app_key,
            endpoint.purpose,
            to_us(now),
            to_us(lease_until),
            limit,
            batch_id,
        )
        rows = await self._database.writer.submit(partial(_claim_batch, row))
        return self._queued(endpoint, rows)

    async def settle(
        self,
        delivered: Sequence[int],
        failed: Sequence[FailedTry],
        kept: Mapping[int, AcceptedTry] | None = None,
    ) -> frozenset[Endpoint]:
        """See the seam."""
        accepted = [(key, *accepted_row(one)) for key, one in (kept or {}).items()]
        tries = [
            (failure.sequence, to_us_or_none(failure.due_at), failure.error) for failure in failed
        ]
        work = partial(_settle, tuple(delivered), tries, accepted)
        freed = await self._database.writer.submit(work)
        return frozenset(Endpoint(app_key=row[0], purpose=Purpose(row[1])) for row in freed)

    async def next_due(
        self,
        now: datetime,  # noqa: ARG002  # the seam's: other stores may look only ahead of it
        buckets: Collection[int] | None = None,
    ) -> datetime | None:
        """See the seam."""
        heads = await self._heads(buckets)
        return from_us(heads[0][2]) if heads else None

    async def lease_buckets(
        self, holder: str, now: datetime, until: datetime, want: int
    ) -> tuple[int, ...]:
        """See the seam."""
        work = partial(_lease_buckets, holder, to_us(now), to_us(until), want)
        return await self._database.writer.submit(work)

    async def return_buckets(self, holder: str) -> None:
        """See the seam."""
        await self._database.writer.submit(partial(_return_buckets, holder))

    async def outbox_depth(self) -> tuple[int, int]:
        """See the seam."""
        rows = await self._database.lists.run(
            lambda cursor: cursor.execute(OUTBOX.depth).fetchall()
        )
        return rows[0][0], rows[0][1]

    async def _heads(self, buckets: Collection[int] | None) -> list[Cells]:
        """Endpoints, and when each has something due that nothing holds back; soonest first."""
        rows = await self._database.looks.run(
            lambda cursor: cursor.execute(OUTBOX.endpoint_heads).fetchall()
        )
        return [row for row in rows if buckets is None or bucket_of(row[0]) in buckets]

    def _queued(self, endpoint: Endpoint, rows: Iterable[Cells]) -> tuple[QueuedNotice, ...]:
        sealer = self._database.sealer
        app_key, purpose = endpoint.app_key, endpoint.purpose
        return tuple(
            QueuedNotice(
                sequence=sequence,
                notice=Notice(
                    notice_id=notice_id,
                    stream=stream,
                    app_key=app_key,
                    purpose=purpose,
                    origin=origin,
                    body=sealer.open(app_key, body, sealing_context(notice_id)),
                    created_at=from_us(created_at),
                ),
                attempts=attempts,
                batch_id=batch_id,
            )
            for sequence, notice_id, stream, origin, created_at, attempts, batch_id, body in rows
        )


def forget_stream(stream: str, cursor: Cursor) -> int:
    """Forget what waits, is dead or was delivered; returns how much of it was not delivered."""
    cursor.execute(PUSH.delivered_forget_stream, (stream,))
    return cursor.execute(OUTBOX.stream_forget, (stream,)).connection.changes()


def sealing_context(notice_id: str) -> bytes:
    """What the sealed body of a notice is bound to."""
    return b"outbox:" + notice_id.encode()


def release(streams: Collection[str], cursor: Cursor) -> list[Cells]:
    """Let go what nothing holds back any more; application and purpose of it."""
    if not streams:
        return []
    return cursor.execute(OUTBOX.release, (json.dumps(sorted(streams)),)).fetchall()


def _enqueue(sequences: Iterator[int], rows: Iterable[Cells], cursor: Cursor) -> None:
    for row in rows:
        cursor.execute(OUTBOX.notice_add, (next(sequences), *row))


def _claim(row: Cells, cursor: Cursor) -> list[Cells]:
    return sorted(cursor.execute(OUTBOX.claim, row).fetchall())


def _claim_batch(row: Cells, cursor: Cursor) -> list[Cells]:
    due = cursor.execute(OUTBOX.due_batch, row[:3]).fetchall()
    if due:
        return sorted(cursor.execute(OUTBOX.claim_again, (due[0][0], row[3])).fetchall())
    return sorted(cursor.execute(OUTBOX.claim_batch, row).fetchall())


def _settle(
    delivered: Sequence[int], failed: Sequence[Cells], kept: Sequence[Cells], cursor: Cursor
) -> list[Cells]:
    found: list[Cells] = []
    if kept:
        cursor.execute(PUSH.delivered_add, (json.dumps(kept), DEAD - 1))
    if delivered:
        found += cursor.execute(OUTBOX.settle_delivered, (json.dumps(delivered),)).fetchall()
    for sequence, due_at, error in failed:
        if due_at is None:
            found += cursor.execute(OUTBOX.settle_dead, (sequence, error)).fetchall()
        else:
            found += cursor.execute(OUTBOX.settle_failed, (sequence, due_at, error)).fetchall()
    return release({stream for (stream,) in found}, cursor)


def _lease_buckets(holder: str, now: int, until: int, want: int, cursor: Cursor) -> tuple[int, ...]:
    cursor.execute(OUTBOX.bucket_holder_add, (holder, until))
    others = cursor.execute(OUTBOX.bucket_holders, (holder, now)).fetchall()[0][0]
    rows = cursor.execute(OUTBOX.bucket_leases).fetchall()
    leases = {bucket: Lease(who, end) for bucket, who, end in rows}
    share = share_out(leases, others, holder, now, want)
    for bucket in share.returned:
        cursor.execute(OUTBOX.bucket_return, (bucket, holder))
    for bucket in share.kept + share.taken:
        cursor.execute(OUTBOX.bucket_lease, (bucket, holder, until, now))
    return tuple(sorted(share.kept + share.taken))


def _return_buckets(holder: str, cursor: Cursor) -> None:
    cursor.execute(OUTBOX.bucket_return_all, (holder,))
    cursor.execute(OUTBOX.bucket_holder_forget, (holder,))

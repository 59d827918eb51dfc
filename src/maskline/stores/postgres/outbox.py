from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from maskline.domain.notice import (
    BUCKETS,
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
from maskline.stores.named_sql import load_postgres_sql
from maskline.stores.postgres.connection import Cells, Cursor
from maskline.stores.postgres.database import Database
from maskline.stores.push_row import accepted_row

OUTBOX = load_postgres_sql("outbox")
PUSH = load_postgres_sql("push")
EVERY_BUCKET = list(range(BUCKETS))


async def prepare(database: Database, notices: Sequence[Notice]) -> Cells:
    """The parameters of `notices_add`, one array a column, with sealed bodies.

    The statement must be the only one that writes to these streams at its moment, and come after
    whatever the unit of work waits for: it looks at what is before its notices once.
    """
    sealer = await database.sealer_of({notice.app_key for notice in notices})
    return (
        [notice.notice_id for notice in notices],
        [notice.stream for notice in notices],
        [notice.app_key for notice in notices],
        [notice.purpose.value for notice in notices],
        [notice.origin for notice in notices],
        [bucket_of(notice.app_key) for notice in notices],
        [to_us(notice.created_at) for notice in notices],
        [
            sealer.seal(notice.app_key, notice.body, sealing_context(notice.notice_id))
            for notice in notices
        ],
    )


@dataclass(frozen=True, slots=True)
class _Claim:
    """A claim that is made together with others, and what it finds."""

    endpoint: Endpoint
    now_us: int
    until_us: int
    limit: int
    rows: list[Cells]


class PostgresOutbox:
    """`maskline.services.store.OutboxStore` in PostgreSQL.

    Claims that come at the same time are made by one statement. As in SQLite, whether a notice may
    be claimed is written down when it is added and whenever something before it in its stream is
    settled. Locks see to it that one of two units of work beside each other lets a notice go: see
    `held_of_streams` and `notices_add`.
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
        asked = _Claim(endpoint, to_us(now), to_us(lease_until), limit, [])
        key = f"claim {endpoint.purpose} {endpoint.app_key}"
        await self._database.lanes.submit(key, self._claim, asked)
        return await self._queued(endpoint, asked.rows)

    async def claim_batch(
        self,
        endpoint: Endpoint,
        now: datetime,
        lease_until: datetime,
        limit: int,
        batch_id: str,
    ) -> tuple[QueuedNotice, ...]:
        """See the seam."""
        row = (endpoint.app_key, endpoint.purpose.value, to_us(now), to_us(lease_until), limit)
        rows = await self._database.execute(OUTBOX.claim_batch, (*row, batch_id, endpoint.bucket))
        return await self._queued(endpoint, rows)

    async def settle(
        self,
        delivered: Sequence[int],
        failed: Sequence[FailedTry],
        kept: Mapping[int, AcceptedTry] | None = None,
    ) -> frozenset[Endpoint]:
        """See the seam."""
        if not (delivered or failed):
            return frozenset()
        kept = kept or {}
        gone = sorted(sequence for sequence in delivered if sequence not in kept)
        accepted = _accepted_columns(kept)
        tries = sorted(failed, key=lambda failure: failure.sequence)

        async def settle(cursor: Cursor) -> list[Cells]:
            streams: set[str] = set()
            if kept:
                streams |= await _settle(cursor, PUSH.delivered_add, accepted)
            if gone:
                streams |= await _settle(cursor, OUTBOX.settle_delivered, (gone,))
            if tries:
                streams |= await _settle(cursor, OUTBOX.settle_failed, _columns(tries))
            if not streams:
                return []
            names = (sorted(streams),)
            held = await (await cursor.execute(OUTBOX.held_of_streams, names)).fetchall()
            if not held:
                return []
            return await (await cursor.execute(OUTBOX.release, names)).fetchall()

        freed = await self._database.transaction(settle)
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
        now_us, until_us = to_us(now), to_us(until)

        async def lease_buckets(cursor: Cursor) -> tuple[int, ...]:
            await cursor.execute(OUTBOX.buckets_begin, (EVERY_BUCKET,))
            rows = await (await cursor.execute(OUTBOX.bucket_leases)).fetchall()
            await cursor.execute(OUTBOX.bucket_holder_add, (holder, until_us))
            found = await cursor.execute(OUTBOX.bucket_holders, (holder, now_us))
            others = (await found.fetchall())[0][0]
            leases = {bucket: Lease(who, end) for bucket, who, end in rows}
            share = share_out(leases, others, holder, now_us, want)
            await cursor.execute(OUTBOX.buckets_return, (share.returned, holder))
            had = sorted(share.kept + share.taken)
            await cursor.execute(OUTBOX.buckets_lease, (had, holder, until_us))
            return tuple(had)

        return await self._database.transaction(lease_buckets)

    async def return_buckets(self, holder: str) -> None:
        """See the seam."""

        async def return_buckets(cursor: Cursor) -> None:
            await cursor.execute(OUTBOX.bucket_return_all, (holder,))
            await cursor.execute(OUTBOX.bucket_holder_forget, (holder,))

        await self._database.transaction(return_buckets)

    async def outbox_depth(self) -> tuple[int, int]:
        """See the seam."""
        rows = await self._database.rows(OUTBOX.depth, ())
        return rows[0][0], rows[0][1]

    async def _claim(self, claims: Sequence[_Claim]) -> None:
        """One statement for a thousand endpoints that have one notice each."""
        columns = (
            [one.endpoint.bucket for one in claims],
            [one.endpoint.app_key for one in claims],
            [one.endpoint.purpose.value for one in claims],
            [one.now_us for one in claims],
            [one.until_us for one in claims],
            [one.limit for one in claims],
        )
        for row in await self._database.execute(OUTBOX.claim, columns):
            claims[int(row[0]) - 1].rows.append(row[1:])

    async def _heads(self, buckets: Collection[int] | None) -> list[Cells]:
        """Endpoints, and when each has something due that nothing holds back; soonest first."""
        wanted = EVERY_BUCKET if buckets is None else list(buckets)
        return await self._database.rows(OUTBOX.endpoint_heads, (wanted,))

    async def _queued(self, endpoint: Endpoint, rows: Iterable[Cells]) -> tuple[QueuedNotice, ...]:
        app_key, purpose = endpoint.app_key, endpoint.purpose
        sealer = await self._database.sealer_of([app_key])
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
            for sequence, notice_id, stream, origin, created_at, attempts, batch_id, body in sorted(
                rows
            )
        )


def sealing_context(notice_id: str) -> bytes:
    """What the sealed body of a notice is bound to."""
    return b"outbox:" + notice_id.encode()


def _columns(tries: Sequence[FailedTry]) -> Cells:
    return (
        [failure.sequence for failure in tries],
        [to_us_or_none(failure.due_at) for failure in tries],
        [failure.error for failure in tries],
    )


def _accepted_columns(kept: Mapping[int, AcceptedTry]) -> Cells:
    rows = [(sequence, *accepted_row(kept[sequence])) for sequence in sorted(kept)]
    return tuple(map(list, zip(*rows, strict=True)))


async def _settle(cursor: Cursor, statement: str, parameters: Cells) -> set[str]:
    """Run it; the streams it has touched."""
    rows = await (await cursor.execute(statement, parameters)).fetchall()
    return {stream for (stream,) in rows}

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from math import inf

from maskline.domain.notice import (
    RECORD_PATIENCE,
    AcceptedTry,
    Endpoint,
    FailedTry,
    Notice,
    Purpose,
    QueuedNotice,
)
from maskline.stores.bucket_share import Lease, share_out
from maskline.stores.memory.table import OutboxRow, Tables
from maskline.stores.moment import to_us


def enqueue(tables: Tables, notices: Iterable[Notice]) -> None:
    """Add notices to the queue, due at once, in the order given."""
    for notice in notices:
        row = OutboxRow(sequence=next(tables.sequences), notice=notice, due_at=notice.created_at)
        tables.outbox[row.sequence] = row
        tables.queues.setdefault(row.endpoint, {})[row.sequence] = row
        stream = tables.streams.setdefault(notice.stream, {})
        row.is_held = _is_held(row, stream.values())
        stream[row.sequence] = row


def forget_stream(tables: Tables, stream: str) -> int:
    """Forget what waits or is dead of a stream; returns how many notices went."""
    rows = list(tables.streams.pop(stream, {}).values())
    for row in rows:
        del tables.outbox[row.sequence]
        queue = tables.queues[row.endpoint]
        del queue[row.sequence]
        if not queue:
            del tables.queues[row.endpoint]
    dead = [row.sequence for row in tables.dead.values() if row.notice.stream == stream]
    for sequence in dead:
        del tables.dead[sequence]
    delivered = tables.delivered
    for sequence in [key for key, row in delivered.items() if row.notice.stream == stream]:
        del delivered[sequence]
    return len(rows) + len(dead)


def _is_held(row: OutboxRow, stream: Iterable[OutboxRow]) -> bool:
    """Whether something earlier of the stream holds the row back."""
    failures: dict[str, int] = {}
    for earlier in stream:
        if earlier.sequence >= row.sequence:
            break
        origin = earlier.notice.origin
        if earlier.error is not None:
            failures[origin] = max(failures.get(origin, 0), earlier.attempts)
        if failures.get(origin, 0) < _patience(row.notice, origin):
            return True
    return False


def _patience(notice: Notice, origin: str) -> float:
    """How many failures of what goes to `origin` the notice waits for."""
    if notice.origin != origin:
        return 1
    return RECORD_PATIENCE if notice.purpose is Purpose.RECORD else inf


def release(tables: Tables, stream: str) -> set[Endpoint]:
    """Let go what nothing holds back any more; what was let go stays so. The endpoints of it."""
    rows = tables.streams.get(stream, {}).values()
    freed = [row for row in rows if row.is_held and not _is_held(row, rows)]
    for row in freed:
        row.is_held = False
    return {row.endpoint for row in freed}


class MemoryOutbox:
    """`maskline.services.store.OutboxStore` on dicts."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def due_endpoints(
        self, now: datetime, limit: int, buckets: Collection[int] | None = None
    ) -> tuple[Endpoint, ...]:
        """See the seam."""
        earliest = self._earliest(buckets)
        due = [endpoint for endpoint, due_at in earliest.items() if due_at <= now]
        due.sort(key=lambda endpoint: (earliest[endpoint], endpoint.app_key, endpoint.purpose))
        return tuple(due[:limit])

    async def claim(
        self, endpoint: Endpoint, now: datetime, lease_until: datetime, limit: int
    ) -> tuple[QueuedNotice, ...]:
        """See the seam."""
        due = [row for row in self._due(endpoint, now) if row.batch_id is None]
        return self._lease(due[:limit], lease_until)

    async def claim_batch(
        self,
        endpoint: Endpoint,
        now: datetime,
        lease_until: datetime,
        limit: int,
        batch_id: str,
    ) -> tuple[QueuedNotice, ...]:
        """See the seam."""
        due = self._due(endpoint, now)
        earlier = next((row.batch_id for row in due if row.batch_id is not None), None)
        if earlier is not None:
            queue = self._tables.queues[endpoint].values()
            return self._lease((row for row in queue if row.batch_id == earlier), lease_until)
        rows = due[:limit]
        for row in rows:
            row.batch_id = batch_id
        return self._lease(rows, lease_until)

    async def settle(
        self,
        delivered: Sequence[int],
        failed: Sequence[FailedTry],
        kept: Mapping[int, AcceptedTry] | None = None,
    ) -> frozenset[Endpoint]:
        """See the seam."""
        live = self._tables.outbox
        streams: set[str] = set()
        for sequence in delivered:
            if sequence in live:
                streams.add(live[sequence].notice.stream)
                if kept is not None and sequence in kept:
                    row, accepted = live[sequence], kept[sequence]
                    row.accepted, row.delivered_at = accepted, accepted.at
                    self._tables.delivered[sequence] = row
                take_out(self._tables, live[sequence])
        for failure in failed:
            row = live.get(failure.sequence)
            if row is None:
                continue
            streams.add(row.notice.stream)
            if failure.error is None:
                row.attempts -= 1
            else:
                row.error = failure.error
            if failure.due_at is not None:
                row.due_at = failure.due_at
            else:
                row.is_dead = True
                take_out(self._tables, row)
                self._tables.dead[row.sequence] = row
        freed: set[Endpoint] = set()
        for stream in streams:
            freed |= release(self._tables, stream)
        return frozenset(freed)

    async def next_due(
        self,
        now: datetime,  # noqa: ARG002  # the seam's: other stores may look only ahead of it
        buckets: Collection[int] | None = None,
    ) -> datetime | None:
        """See the seam."""
        return min(self._earliest(buckets).values(), default=None)

    async def lease_buckets(
        self, holder: str, now: datetime, until: datetime, want: int
    ) -> tuple[int, ...]:
        """See the seam."""
        leases, holders = self._tables.bucket_leases, self._tables.bucket_holders
        holders[holder] = to_us(until)
        others = sum(end > to_us(now) for who, end in holders.items() if who != holder)
        share = share_out(leases, others, holder, to_us(now), want)
        for bucket in share.returned:
            del leases[bucket]
        for bucket in share.kept + share.taken:
            leases[bucket] = Lease(holder, to_us(until))
        return tuple(sorted(share.kept + share.taken))

    async def return_buckets(self, holder: str) -> None:
        """See the seam."""
        self._tables.bucket_holders.pop(holder, None)
        leases = self._tables.bucket_leases
        for bucket in [bucket for bucket, lease in leases.items() if lease.holder == holder]:
            del leases[bucket]

    async def outbox_depth(self) -> tuple[int, int]:
        """See the seam."""
        return len(self._tables.outbox), len(self._tables.dead)

    def _earliest(self, buckets: Collection[int] | None) -> dict[Endpoint, datetime]:
        """When the first notice that nothing holds back is due, by endpoint."""
        return {
            endpoint: min(row.due_at for row in free)
            for endpoint, queue in self._tables.queues.items()
            if buckets is None or endpoint.bucket in buckets
            if (free := [row for row in queue.values() if not row.is_held])
        }

    def _due(self, endpoint: Endpoint, now: datetime) -> list[OutboxRow]:
        rows = [
            row
            for row in self._tables.queues.get(endpoint, {}).values()
            if row.due_at <= now and not row.is_held
        ]
        rows.sort(key=lambda row: (row.due_at, row.sequence))
        return rows

    def _lease(self, rows: Iterable[OutboxRow], until: datetime) -> tuple[QueuedNotice, ...]:
        leased: list[QueuedNotice] = []
        for row in sorted(rows, key=lambda row: row.sequence):
            row.due_at = until
            row.attempts += 1
            leased.append(
                QueuedNotice(
                    sequence=row.sequence,
                    notice=row.notice,
                    attempts=row.attempts,
                    batch_id=row.batch_id,
                )
            )
        return tuple(leased)


def take_out(tables: Tables, row: OutboxRow) -> None:
    """The row waits no more."""
    del tables.outbox[row.sequence]
    queue = tables.queues[row.endpoint]
    del queue[row.sequence]
    if not queue:
        del tables.queues[row.endpoint]
    stream = tables.streams[row.notice.stream]
    del stream[row.sequence]
    if not stream:
        del tables.streams[row.notice.stream]

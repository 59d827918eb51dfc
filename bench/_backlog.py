"""Events that wait in the queue of a PostgreSQL store for the delivery plane."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import psycopg

from maskline.domain.application import Mode
from maskline.domain.call import Call
from maskline.domain.notice import BUCKETS, Notice, Purpose
from maskline.stores.postgres import PostgresStore
from maskline.stores.postgres.connection import Cursor
from maskline.stores.postgres.outbox import OUTBOX, prepare

EVENT = b'{"eventType":"callin","statusInfo":{"timestamp":"2026-11-20 10:00:00"%s}}' % (b" " * 300)
NOTICES_PER_STATEMENT = 500
SHARED_OUT_S = 15.0  # workers learn of each other within 2 s


def events(name: str, amount: int, app_keys: Sequence[str], origin: str) -> list[Notice]:
    """Events of as many calls, by turns of each application."""
    now = datetime.now(UTC)
    return [
        Notice(
            notice_id=f"{name}-{index}",
            stream=f"{name}-{index}",
            app_key=app_keys[index % len(app_keys)],
            purpose=Purpose.STATUS,
            origin=origin,
            body=EVENT,
            created_at=now,
        )
        for index in range(amount)
    ]


async def add_at_once(store: PostgresStore, notices: Sequence[Notice]) -> None:
    """Write them as calls do, but so that all can be seen at the same moment."""
    database = store._database  # noqa: SLF001 - calls have no unit of work for so many
    columns = [
        await prepare(database, notices[start : start + NOTICES_PER_STATEMENT])
        for start in range(0, len(notices), NOTICES_PER_STATEMENT)
    ]

    async def work(cursor: Cursor) -> None:
        for some in columns:
            await cursor.execute(OUTBOX.notices_add, some)

    await database.transaction(work)


async def tell(store: PostgresStore, notice: Notice) -> float:
    """Write one with its call; the moment from which it is durable (`time.monotonic`)."""
    call = Call(
        session_id=notice.stream,
        icid=notice.stream,
        host="bench",
        app_key=notice.app_key,
        tenant_id="t",
        mode=Mode.AXB,
        x="+8617000000001",
        caller="+8613900000001",
        arrived_at=notice.created_at,
    )
    await store.save_call(call, [notice])
    return time.monotonic()


async def wait_until_shared_out(url: str, workers: int) -> None:
    """Until each worker has its fair share of the queue. Raises TimeoutError."""
    async with asyncio.timeout(SHARED_OUT_S):
        while not _is_shared_out(url, workers):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.1)


def _is_shared_out(url: str, workers: int) -> bool:
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT count(*) FROM bucket_lease WHERE holder <> '' GROUP BY holder"
        ).fetchall()
    shares = [share for (share,) in rows]
    is_fair = max(shares, default=BUCKETS) <= -(-BUCKETS // workers)
    return len(shares) == workers and sum(shares) == BUCKETS and is_fair

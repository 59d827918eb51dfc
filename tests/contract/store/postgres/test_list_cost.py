"""A page costs what it shows, or what it may look through, however many rows there are."""

# ruff: noqa: S608, ISC004 - rows that are made up here

import json
from typing import Any

import psycopg
from tests.contract.store.list_cases import ROWS, SEALER, cases

from maskline.stores.keys import FixedKeys
from maskline.stores.postgres import PostgresStore
from maskline.stores.postgres.connection import BY_INDEX
from maskline.stores.postgres.database import LISTS

CALLER = SEALER.lookup("+8613900000001")
APP = "CASE WHEN at % 2 = 0 THEN 'app-0' ELSE 'app-' || at % 100 END"
FILL = (
    "INSERT INTO tenant (tenant_id, name, state, created_at, data_key)"
    " VALUES ('t', 't', 'normal', 0, '')",
    "INSERT INTO application (app_key, tenant_id, mode, created_at, sealed)"
    " SELECT 'app-' || at, 't', 'axb', at, '' FROM generate_series(0, 99) AS at",
    "INSERT INTO call_record (session_id, sequence, app_key, x, ended_at, caller, callee, sealed,"
    " mode, outcome, release, caller_role, talk_s, has_recording) OVERRIDING SYSTEM VALUE"
    f" SELECT 's-' || at, at, {APP}, 'x-' || at % 50, at,"
    " CASE WHEN at % 90 = 0 THEN $1::BYTEA ELSE decode(lpad(at::TEXT, 16, '0'), 'hex') END, NULL,"
    " '', 'axb', CASE WHEN at % 97 = 0 THEN 'failed' ELSE 'connected' END, 0, 'A', 1, false"
    f" FROM generate_series(1, {ROWS}) AS at",
    "INSERT INTO binding (x, sequence, binding_id, mode, app_key, a, b, sealed)"
    f" SELECT 'x-' || at % 50, at, 'b-' || at, 'axb', {APP}, '', '', ''"
    f" FROM generate_series(1, {ROWS}) AS at",
    "INSERT INTO number (number, app_key, area_code, state, may_message, created_at)"
    f" SELECT '+86170' || lpad(at::TEXT, 6, '0'), {APP}, '010', 'normal', true, 0"
    f" FROM generate_series(1, {ROWS}) AS at",
    "INSERT INTO outbox (bucket, sequence, notice_id, stream, app_key, purpose, origin, created_at,"
    f" due_at, state, body) SELECT at % 256, at, 'n-' || at, 's-' || at, {APP}, 'status', '', at,"
    " at, CASE WHEN at % 3 = 0 THEN 3 ELSE 0 END, ''"
    f" FROM generate_series(1, {ROWS}) AS at",
)


def rows_read(plan: dict[str, Any]) -> int:
    """What the scans of a plan took in their hands."""
    below = sum(rows_read(one) for one in plan.get("Plans", ()))
    if "Scan" not in plan["Node Type"] or "Relation Name" not in plan:
        return below
    seen = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
    seen += plan.get("Rows Removed by Index Recheck", 0)
    return below + seen * plan["Actual Loops"]


async def test_no_page_reads_more_than_its_bound(url: str):
    store = PostgresStore(url, FixedKeys())
    await store.open()
    await store.close()
    too_many: dict[str, int] = {}
    async with await psycopg.AsyncConnection.connect(
        url, autocommit=True, cursor_factory=psycopg.AsyncRawCursor
    ) as connection:
        for statement in FILL:
            values = (CALLER,) if "$1" in statement else ()
            await connection.execute(statement.encode(), values)
        await connection.execute(b"ANALYZE")
        await connection.execute(BY_INDEX.encode())
        for case in cases(LISTS, in_buckets=True):
            read = 0
            for text, values in case.statements:
                explained = f"EXPLAIN (ANALYZE, FORMAT JSON) {text}".encode()
                found = await (await connection.execute(explained, values)).fetchone()
                assert found is not None
                plan = found[0] if isinstance(found[0], list) else json.loads(found[0])
                read += rows_read(plan[0]["Plan"])
            if read > case.most:
                too_many[case.name] = read
    assert too_many == {}

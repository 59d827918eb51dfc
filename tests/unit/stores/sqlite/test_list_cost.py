"""A page costs what it shows, or what it may look through, however many rows there are."""

# ruff: noqa: S608, ISC004 - rows that are made up here

from typing import cast

import apsw
from tests.contract.store.list_cases import ROWS, SEALER, cases

from maskline.stores.migration import load_migrations, migrations_of
from maskline.stores.sqlite.database import LISTS
from maskline.stores.sqlite.migration import migrate

STEPS_A_ROW = 70
"""Steps of SQLite's machine that a row which is read may take; a table has many times more."""
STEPS_A_STATEMENT = 300

APP = "CASE WHEN at % 2 = 0 THEN 'app-0' ELSE 'app-' || at % 100 END"
SERIES = f"WITH RECURSIVE s (at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM s WHERE at < {ROWS}) "
FILL = (
    "INSERT INTO tenant (tenant_id, name, state, created_at, data_key)"
    " VALUES ('t', 't', 'normal', 0, '')",
    "WITH RECURSIVE s (at) AS (SELECT 0 UNION ALL SELECT at + 1 FROM s WHERE at < 99)"
    " INSERT INTO application (app_key, tenant_id, mode, created_at, sealed)"
    " SELECT 'app-' || at, 't', 'axb', at, '' FROM s",
    f"{SERIES} INSERT INTO call_record (session_id, sequence, app_key, x, ended_at, caller, sealed,"
    " mode, outcome, release, caller_role, talk_s, has_recording)"
    f" SELECT 's-' || at, at, {APP}, 'x-' || at % 50, at,"
    " CASE WHEN at % 90 = 0 THEN ?1 ELSE CAST(at AS BLOB) END,"
    " '', 'axb', CASE WHEN at % 97 = 0 THEN 'failed' ELSE 'connected' END, 0, 'A', 1, 0 FROM s",
    f"{SERIES} INSERT INTO binding (x, sequence, binding_id, mode, app_key, a, b, sealed)"
    f" SELECT 'x-' || at % 50, at, 'b-' || at, 'axb', {APP}, '', '', '' FROM s",
    f"{SERIES} INSERT INTO number (number, app_key, area_code, state, may_message, created_at)"
    f" SELECT '+86170' || printf('%06d', at), {APP}, '010', 'normal', 1, 0 FROM s",
    f"{SERIES} INSERT INTO outbox (sequence, notice_id, stream, app_key, purpose, origin,"
    " created_at, due_at, state, body)"
    f" SELECT at, 'n-' || at, 's-' || at, {APP}, 'status', '', at, at,"
    " CASE WHEN at % 3 = 0 THEN 3 ELSE 0 END, '' FROM s",
)


def test_no_page_takes_more_steps_than_its_bound():
    connection = apsw.Connection(":memory:")
    migrate(connection, load_migrations(migrations_of("sqlite")), 0)
    for statement in FILL:
        values = (SEALER.lookup("+8613900000001"),) if "?1" in statement else ()
        connection.execute(statement, values)
    steps = 0

    def step() -> bool:
        nonlocal steps
        steps += 10
        return False

    too_many: dict[str, int] = {}
    connection.set_progress_handler(step, 10)
    for case in cases(LISTS, in_buckets=False):
        steps = 0
        for text, values in case.statements:
            connection.execute(text, cast("tuple[str, ...]", values)).fetchall()
        if steps > case.most * STEPS_A_ROW + STEPS_A_STATEMENT * len(case.statements):
            too_many[case.name] = steps
    connection.close()
    assert too_many == {}

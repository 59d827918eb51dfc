from dataclasses import replace

import apsw
import pytest

from maskline.domain.error import StoreFailed
from maskline.stores.migration import Migration, load_migrations, migrations_of
from maskline.stores.sqlite.migration import migrate

STEPS = (
    Migration(number=1, name="0001_pre_one", script="CREATE TABLE one (a); CREATE TABLE two (b);"),
    Migration(number=2, name="0002_post_two", script="DROP TABLE two;"),
)


@pytest.fixture
def database():
    connection = apsw.Connection(":memory:")
    yield connection
    connection.close()


def _tables(database: apsw.Connection) -> set[str]:
    rows = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
    return {row[0] for row in rows} - {"schema_migration"}


def test_steps_are_applied_once_in_order(database: apsw.Connection):
    assert migrate(database, STEPS[:1], 5) == 1
    assert _tables(database) == {"one", "two"}
    assert migrate(database, STEPS, 6) == 1
    assert migrate(database, STEPS, 7) == 0
    assert _tables(database) == {"one"}
    history = database.execute("SELECT number, name, applied_at FROM schema_migration").fetchall()
    assert history == [(1, "0001_pre_one", 5), (2, "0002_post_two", 6)]


def test_a_step_that_fails_leaves_nothing_of_its_run(database: apsw.Connection):
    broken = replace(STEPS[1], script="CREATE TABLE three (c); nonsense;")
    with pytest.raises(apsw.SQLError):
        migrate(database, (STEPS[0], broken), 5)
    assert _tables(database) == set()
    assert migrate(database, STEPS, 5) == 2


def test_a_changed_old_step_is_refused(database: apsw.Connection):
    migrate(database, STEPS, 5)
    changed = replace(STEPS[0], script=STEPS[0].script + " ")
    with pytest.raises(StoreFailed, match="0001_pre_one was changed"):
        migrate(database, (changed, STEPS[1]), 6)


def test_a_newer_schema_is_refused(database: apsw.Connection):
    migrate(database, STEPS, 5)
    with pytest.raises(StoreFailed, match="newer release"):
        migrate(database, STEPS[:1], 6)


def test_our_own_steps_load_and_apply(database: apsw.Connection):
    steps = load_migrations(migrations_of("sqlite"))
    assert migrate(database, steps, 5) == len(steps)
    assert {"binding", "route", "outbox"} <= _tables(database)


def test_the_first_release_can_go_on_after_the_second_step(database: apsw.Connection):
    steps = load_migrations(migrations_of("sqlite"))
    migrate(database, steps[:1], 5)
    fields = "tenant_id, name, state, created_at, data_key"
    add = f"INSERT INTO tenant ({fields}) VALUES (?, 'n', 's', 1, '')"  # noqa: S608  # our names
    database.execute(add, ("before",))
    migrate(database, steps[:2], 6)
    database.execute(add, ("after",))
    kept = database.execute("SELECT tenant_id, recording_retention_days FROM tenant").fetchall()
    assert kept == [("after", 7), ("before", 7)]

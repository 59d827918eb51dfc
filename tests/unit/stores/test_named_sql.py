from collections.abc import Callable

import pytest

from maskline.stores.named_sql import NamedSql, counted, load_postgres_sql, load_sql, paged

TEXT = """
-- name: first
-- A sentence; with a semicolon.
SELECT a
FROM t WHERE b = $1  -- name: not_this
AND c = $12;

-- name: second
-- Another.
DELETE FROM t;
"""


def test_statements_are_found_by_name_with_numbered_parameters():
    sql = NamedSql(TEXT.replace("  -- name: not_this", ""))
    assert sql.first == "SELECT a FROM t WHERE b = ?1 AND c = ?12"
    assert sql.second == "DELETE FROM t"


def test_an_unknown_name_is_no_attribute():
    with pytest.raises(AttributeError, match="third"):
        _ = NamedSql(TEXT).third


def test_a_name_stands_for_one_statement():
    with pytest.raises(ValueError, match="first"):
        NamedSql(TEXT + TEXT)


def test_a_database_may_say_it_its_own_way_and_shares_the_rest():
    own = "-- name: second\n-- One by key.\nDELETE FROM t WHERE b = $1;"
    sql = NamedSql(own, mark="$", shared=TEXT)
    assert sql.second == "DELETE FROM t WHERE b = $1"
    assert sql.first.endswith("AND c = $12")


def test_a_select_is_counted_and_paged():
    assert counted("SELECT a FROM t") == "SELECT count(*) FROM (SELECT a FROM t) AS counted"
    assert paged("SELECT a FROM t WHERE b = ?1", 2).endswith("b = ?1 LIMIT ?2 OFFSET ?3")


@pytest.mark.parametrize("load", [load_sql, load_postgres_sql])
@pytest.mark.parametrize("subject", ["directory", "binding", "call", "outbox"])
def test_every_statement_has_a_name_and_a_sentence(subject: str, load: Callable[[str], NamedSql]):
    sql = load(subject)
    assert sql._statements
    for name, statement in sql._statements.items():
        assert statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")), name
        assert ";" not in statement, name

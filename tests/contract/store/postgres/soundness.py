"""What must hold of the tables at any moment, whatever was going on."""

from typing import Any

import psycopg


def assert_sound(url: str) -> None:
    """Bindings, routes, counts and extensions fit each other, and nothing hangs in the air."""
    with psycopg.connect(url) as connection:

        def rows(statement: str) -> list[tuple[Any, ...]]:
            return connection.execute(statement.encode()).fetchall()

        expected = rows(
            """
            SELECT coalesce(y, x), a, x, sequence, 'A', expires_at FROM binding
            UNION ALL SELECT x, b, x, sequence, 'B', expires_at FROM binding
            """
        )
        routes = rows("SELECT x, caller, home, binding, role, expires_at FROM route")
        assert len(routes) == len(expected), set(routes) ^ set(expected)
        assert set(routes) == set(expected), set(routes) ^ set(expected)
        miscounted = """
            SELECT number, pairs FROM number
            WHERE pairs <> (SELECT count(*) FROM binding WHERE coalesce(y, x) = number)
        """
        assert rows(miscounted) == []
        orphans = """
            SELECT binding_id FROM binding AS part WHERE relation IS NOT NULL
            AND NOT EXISTS (SELECT FROM binding WHERE binding_id = part.relation)
        """
        assert rows(orphans) == []
        given_and_free = """
            SELECT extension FROM binding JOIN free_extension ON free_extension.x = binding.x
            AND extension::INTEGER BETWEEN first AND last
        """
        assert rows(given_and_free) == []
        assert rows("SELECT a FROM holding_lock") == []

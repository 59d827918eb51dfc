"""What must hold of the tables at any moment, whatever was going on."""

from pathlib import Path

import apsw


def assert_sound(path: Path) -> None:
    """Bindings, routes and counts fit each other, and so do calls and their records."""
    database = apsw.Connection(str(path))
    try:
        assert _rows(database, "PRAGMA integrity_check") == [("ok",)]
        routes = _rows(database, "SELECT caller, x, binding, role, expires_at FROM route")
        expected = _rows(
            database,
            """
            SELECT a, coalesce(y, x), sequence, 'A', expires_at FROM binding
            UNION ALL SELECT b, x, sequence, 'B', expires_at FROM binding
            """,
        )
        assert sorted(routes, key=repr) == sorted(expected, key=repr)
        counted = _rows(
            database,
            """
            SELECT number, pairs,
                (SELECT count(*) FROM binding WHERE coalesce(y, x) = number) AS held
            FROM number WHERE pairs != held
            """,
        )
        assert counted == []
        orphans = """
            SELECT binding_id FROM binding AS part WHERE relation IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM binding WHERE binding_id = part.relation)
        """
        assert _rows(database, orphans) == []
        both = "SELECT session_id FROM live_call INTERSECT SELECT session_id FROM call_record"
        assert _rows(database, both) == []
    finally:
        database.close()


def _rows(database: apsw.Connection, statement: str) -> list[tuple[object, ...]]:
    return database.execute(statement).fetchall()

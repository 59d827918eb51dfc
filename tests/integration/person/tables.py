"""All tables of a database, as anybody reads them who has its files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import apsw
import psycopg

NO_PERSON = {
    "account", "account_link", "account_session", "api_token", "audit_event",  # of users
    "job", "job_row", "secret_use", "happening", "problem_mark", "tally", "tally_position",
    # Money, and the life of virtual numbers, which are nobody's.
    "arrears_number", "charge_run", "money_account", "number_event", "number_life",
    "daily_report", "package_offer", "package_purchase", "posting", "stock_number", "tariff",
    "call_block", "call_count", "frequency_rule", "change_key",  # sealed, by keyed hash
    "contact", "dossier",  # sealed
    "bucket_holder", "bucket_lease", "bulletin", "free_extension", "holding_lock", "live_call",
    "message_connection", "message_lock", "number_hold", "prompt", "prompt_sound",
    "registration_failure", "schema_lock", "sms_link", "sqlite_sequence", "tenant_token", "trunk",
}  # fmt: skip
"""Tables that the test leaves empty; a new one that may hold a person is to be filled there."""


class Tables(Protocol):
    def rows(self) -> dict[str, list[tuple[Any, ...]]]: ...

    def change(self, statement: str) -> None: ...


@dataclass
class FileTables:
    path: Path

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        connection = apsw.Connection(str(self.path), flags=apsw.SQLITE_OPEN_READONLY)
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        found = {
            name: connection.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608
            for (name,) in tables.fetchall()
        }
        connection.close()
        return found

    def change(self, statement: str) -> None:
        connection = apsw.Connection(str(self.path))
        connection.execute(statement)
        connection.close()


@dataclass
class ServerTables:
    url: str

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        with psycopg.connect(self.url) as connection:
            tables = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall()
            return {
                name: connection.execute(f"SELECT * FROM {name}".encode()).fetchall()  # noqa: S608
                for (name,) in tables
            }

    def change(self, statement: str) -> None:
        with psycopg.connect(self.url) as connection:
            connection.execute(statement.encode())

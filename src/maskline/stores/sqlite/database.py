"""What the parts of the SQLite store share: its threads, its connections, its seals."""

import asyncio
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TypeVar, cast

import apsw

from maskline.domain.error import StoreFailed
from maskline.services.clock import Clock
from maskline.services.measure import StoreCounters
from maskline.services.page import Count, Listing, Numbered, Page, Slice
from maskline.stores.keys import Keys
from maskline.stores.list_sql import ListSql, Statement, Wanted, count_in
from maskline.stores.lists import Lists
from maskline.stores.migration import load_migrations, migrations_of
from maskline.stores.moment import to_us
from maskline.stores.named_sql import counted, load_sql, paged
from maskline.stores.sealing import Sealer
from maskline.stores.sqlite.checkpoint import Checkpointer
from maskline.stores.sqlite.connection import (
    Cells,
    Cursor,
    FileClaim,
    connect_checkpointer,
    connect_reader,
    connect_writer,
)
from maskline.stores.sqlite.migration import migrate
from maskline.stores.sqlite.reader import Reader
from maskline.stores.sqlite.writer import Writer

Row = TypeVar("Row")
LISTS = Lists(load_sql, joins_parts=False)
ACCOUNT = load_sql("account")
AUDIT = load_sql("audit")
DIRECTORY = load_sql("directory")
BILLING = load_sql("billing")
BINDING = load_sql("binding")
ENDED = load_sql("ended_binding")
CALL = load_sql("call")
CALL_RULE = load_sql("call_rule")
DOSSIER = load_sql("dossier")
PROMPT = load_sql("prompt")
RECORDING = load_sql("recording")
REGISTRANT = load_sql("registrant")
TENANT_TOKEN = load_sql("tenant_token")
CHOICE = load_sql("number_choice")
LIFE = load_sql("number_life")
OUTBOX = load_sql("outbox")
NOTICE = load_sql("notice")
IDEMPOTENCY = load_sql("idempotency")
BULLETIN = load_sql("bulletin")
TRACE = load_sql("trace")
MESSAGE = load_sql("message")
MESSAGE_SEGMENT = load_sql("message_segment")
MESSAGE_LIST = load_sql("message_list")
PERSON = load_sql("person")
JOB = load_sql("job")
_KEY_CHECK = b"maskline key check"


@dataclass(frozen=True, slots=True, kw_only=True)
class SqliteLimits:
    """Bounds of the store. Beyond either queue the answer is StoreBusy.

    `write_queue`: units of work accepted and not yet durable; `read_queue`: lists waiting.
    """

    write_queue: int = 20_000
    read_queue: int = 64


class Database:
    """One open database file.

    Point reads run on the loop with a connection of their own (some 10 µs each), lists on one
    thread, the looks of the delivery plane at the outbox on another, writes on the writer.
    """

    def __init__(self, path: Path, keys: Keys, clock: Clock, limits: SqliteLimits) -> None:
        self._path = path
        self._clock = clock
        self._claim = FileClaim(path)
        self._keys = keys
        self.sealer = Sealer(keys, self._wrapped_key, self._tenant_key)
        self.counters = StoreCounters()
        self.writer = Writer(limits.write_queue, self.counters)
        self.lists = Reader(limits.read_queue, self.counters)
        self.looks = Reader(limits.read_queue, self.counters)
        self._checkpointer = Checkpointer()
        self._is_open = False
        # Numbers of rows are given by the writing thread: a route can then be written before
        # its binding, and a settled notice's number is never given again.
        self.binding_sequences = count(1)
        self.notice_sequences = count(1)

    async def open(self) -> None:
        """Claim the file, bring the schema up to date, start the threads. Raises StoreFailed."""
        if self._is_open:
            raise StoreFailed("the store is open already")
        with ExitStack() as undo:
            undo.callback(self._claim.release)
            try:
                writing = await asyncio.to_thread(self._prepare)
                undo.callback(writing.close)
                others: list[apsw.Connection] = []
                for connect in (*(connect_reader,) * 3, connect_checkpointer):
                    others.append(connect(self._path))
                    undo.callback(others[-1].close)
            except (apsw.Error, OSError) as error:
                raise StoreFailed(f"{self._path} cannot be opened: {error}") from error
            undo.pop_all()
        self._points, lists, looks, checkpoints = others
        self._cursor = cast("Cursor", self._points.cursor())
        self.lists.start(lists)
        self.looks.start(looks)
        self._checkpointer.start(checkpoints)
        writing.set_wal_hook(self._checkpointer.note)
        self.writer.start(writing)
        self._is_open = True

    async def close(self) -> None:
        """Drain the writer, then let go of everything; safe to call twice."""
        if not self._is_open:
            return
        self._is_open = False
        await self.writer.close()
        await self.lists.close()
        await self.looks.close()
        self._points.close()
        await asyncio.to_thread(self._checkpointer.stop)
        self._claim.release()

    def point(self, statement: str, parameters: Cells) -> Cells | None:
        """The one row of a read by key, on the loop. Raises StoreFailed."""
        rows = self.points(statement, parameters)
        return rows[0] if rows else None

    def points(self, statement: str, parameters: Cells) -> list[Cells]:
        """The few rows of a read by key, on the loop. Raises StoreFailed."""
        if not self._is_open:
            raise StoreFailed("the store is closed")
        try:
            # fetchall ends the statement: a cursor left open would hold its snapshot.
            return self._cursor.execute(statement, parameters).fetchall()
        except apsw.Error as error:
            raise StoreFailed("a read failed") from error

    async def listing(
        self, listed: ListSql, wanted: Wanted, page: Page, row: Callable[[Cells], Row]
    ) -> Listing[Row]:
        """One page of a list. Raises InvalidParameter for the cursor of another one."""
        found = listed.listing(await self._all(listed.page_statements(wanted, page)), page)
        return Listing(rows=tuple(map(row, found.rows)), next=found.next)

    async def count(self, listed: ListSql, wanted: Wanted) -> Count:
        """How many rows a list has, as far as is counted."""
        return count_in(await self._all(listed.count_statements(wanted)))

    async def numbered(
        self, statement: str, parameters: Cells, part: Slice, row: Callable[[Cells], Row]
    ) -> Numbered[Row]:
        """A slice of a select and how many rows it has in all."""
        statement_of_slice = paged(statement, len(parameters) + 1)

        def read(cursor: Cursor) -> tuple[list[Cells], int]:
            limits = (part.limit, part.offset)
            rows = cursor.execute(statement_of_slice, parameters + limits).fetchall()
            if part.offset == 0 and len(rows) < part.limit:
                return rows, len(rows)
            return rows, cursor.execute(counted(statement), parameters).fetchall()[0][0]

        rows, total = await self.lists.run(read)
        return Numbered(rows=tuple(map(row, rows)), total=total)

    async def _all(self, statements: Sequence[Statement]) -> list[Cells]:
        """The rows of several reads of one snapshot."""

        def read(cursor: Cursor) -> list[Cells]:
            return [
                row
                for text, values in statements
                for row in cursor.execute(text, values).fetchall()
            ]

        return await self.lists.run(read) if statements else []

    async def rows(self, statement: str, parameters: Cells) -> list[Cells]:
        """The rows of a select that bounds itself, read beside the loop."""

        def read(cursor: Cursor) -> list[Cells]:
            return cursor.execute(statement, parameters).fetchall()

        return await self.lists.run(read)

    def _wrapped_key(self, app_key: str) -> tuple[str, bytes] | None:
        row = self.point(DIRECTORY.tenant_key_of_application, (app_key,))
        return None if row is None else (row[0], row[1])

    def _tenant_key(self, tenant_id: str) -> bytes | None:
        row = self.point(DIRECTORY.tenant_key, (tenant_id,))
        return None if row is None else row[0]

    def _prepare(self) -> apsw.Connection:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._claim.take()
        # SQLite gives its side files the mode of the database.
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        connection = connect_writer(self._path)
        try:
            migrate(connection, load_migrations(migrations_of("sqlite")), to_us(self._clock.now()))
            cursor = cast("Cursor", connection.cursor())
            self._check_key(cursor)
            bindings = cursor.execute(BINDING.bind_last_sequence).fetchall()
            self.binding_sequences = count(bindings[0][0] + 1)
            notices = cursor.execute(OUTBOX.notice_last_sequence).fetchall()
            self.notice_sequences = count(notices[0][0] + 1)
        except BaseException:
            connection.close()
            raise
        return connection

    def _check_key(self, cursor: Cursor) -> None:
        """A wrong master key is told now, not by the first binding that will not open."""
        rows = cursor.execute(DIRECTORY.key_check).fetchall()
        if not rows:
            sealed = self.sealer.seal_for_system(_KEY_CHECK, _KEY_CHECK)
            cursor.execute(DIRECTORY.key_check_add, (sealed,))
            return
        try:
            self.sealer.open_for_system(rows[0][0], _KEY_CHECK)
        except StoreFailed as error:
            raise StoreFailed(
                f"the master key is not the one {self._path} was written with"
            ) from error

"""A database that is gone or slow, under the SQLite store of a stage: at its seam to SQLite."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest

from maskline.domain.error import StoreFailed
from maskline.stores.sqlite.store import SqliteStore


class Database:
    """What a test does to the database of a store."""

    def __init__(self, store: SqliteStore) -> None:
        self._database = store._database

    @contextmanager
    def gone(self) -> Iterator[None]:
        """Every statement fails, those that write only when they are awaited."""

        def fail(*_: Any) -> Any:
            raise StoreFailed("the server does not answer")

        def fail_later(*_: Any) -> asyncio.Future[Any]:
            unit: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            unit.set_exception(StoreFailed("the server does not answer"))
            return unit

        async def fail_when_awaited(*_: Any) -> Any:
            raise StoreFailed("the server does not answer")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(self._database, "points", fail)
            patch.setattr(self._database.writer, "submit", fail_later)
            patch.setattr(self._database.lists, "run", fail_when_awaited)
            patch.setattr(self._database.looks, "run", fail_when_awaited)
            yield

    @contextmanager
    def slow(self, seconds: float) -> Iterator[None]:
        """Every write takes so long: it is durable, and said to be, only then."""
        submit = self._database.writer.submit

        def submit_later(unit: Callable[..., Any]) -> asyncio.Future[Any]:
            loop = asyncio.get_running_loop()
            late: asyncio.Future[Any] = loop.create_future()
            loop.call_later(seconds, lambda: _pass_on(submit(unit), late))
            return late

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(self._database.writer, "submit", submit_later)
            yield


def _pass_on(unit: asyncio.Future[Any], late: asyncio.Future[Any]) -> None:
    unit.add_done_callback(partial(_settle, late))


def _settle(late: asyncio.Future[Any], unit: asyncio.Future[Any]) -> None:
    error = unit.exception()
    if late.done():
        return
    if error is None:
        late.set_result(unit.result())
    else:
        late.set_exception(error)

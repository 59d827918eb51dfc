"""One read for all who want the same thing at the same moment."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class SharedReads(Generic[Value]):
    """Whoever wants something first reads it; who comes meanwhile waits for that.

    When the first one gives up, the next one reads.
    """

    def __init__(self) -> None:
        self._waiting: dict[Hashable, list[asyncio.Future[tuple[Value] | None]]] = {}

    async def read(self, name: Hashable, read: Callable[[], Awaitable[Value]]) -> Value:
        """What `read` gives, to all who ask under this name. Raises what it raises, to all."""
        while (waiting := self._waiting.get(name)) is not None:
            told: asyncio.Future[tuple[Value] | None] = asyncio.get_running_loop().create_future()
            waiting.append(told)
            if (found := await told) is not None:
                return found[0]
        return await self._lead(name, read)

    async def _lead(self, name: Hashable, read: Callable[[], Awaitable[Value]]) -> Value:
        waiting = self._waiting[name] = []
        found: tuple[Value] | None = None
        try:
            value = await read()
            found = (value,)
        except Exception as error:
            for told in waiting:
                if not told.done():
                    told.set_exception(error)
            raise
        finally:
            del self._waiting[name]
            for told in waiting:
                if not told.done():
                    told.set_result(found)
        return value

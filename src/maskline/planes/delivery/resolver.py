"""Looking up names without letting a hanging name server hold up everybody."""

import asyncio
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from aiohttp.abc import AbstractResolver, ResolveResult

NAME_TTL_S = 30
"""How long a resolved name is used."""

MAX_NAMES = 10_000
"""Resolved names that are kept."""

Address = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]

Info = tuple[socket.AddressFamily, socket.SocketKind, int, str, Address]
"""What `socket.getaddrinfo` gives: family, kind, protocol, canonical name, address."""

RESOLVER_THREADS = 32
"""Names looked up at once; a lookup that hangs keeps one thread until the system gives up."""


class ThreadedResolver(AbstractResolver):
    """The system's resolver on threads of its own.

    The loop's own executor has few threads and other users; here only pushes wait for pushes.
    """

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(RESOLVER_THREADS, thread_name_prefix="push-names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """All addresses of a name. Raises OSError."""
        infos = await asyncio.get_running_loop().run_in_executor(
            self._threads, _look_up, host, port, family
        )
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=port,
                family=found,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for found, _, protocol, _, address in infos
        ]

    async def close(self) -> None:
        """Forget lookups that have not begun; those under way end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class Names:
    """Addresses of names, each looked up once for all who want it, and kept for `NAME_TTL_S`."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(RESOLVER_THREADS, thread_name_prefix="push-names")
        self._known: dict[tuple[str, int], tuple[float, Sequence[Info]]] = {}
        self._lookups: dict[tuple[str, int], asyncio.Task[Sequence[Info]]] = {}

    async def infos(self, host: str, port: int) -> Sequence[Info]:
        """Where to connect to, best first. Raises OSError, ValueError for what is no name."""
        key = (host, port)
        good_until, infos = self._known.get(key, (float("-inf"), ()))
        if asyncio.get_running_loop().time() < good_until:
            return infos
        lookup = self._lookups.get(key)
        if lookup is None:
            lookup = self._lookups[key] = asyncio.create_task(self._look_up(host, port))
            lookup.add_done_callback(partial(self._learn, key))
        return await asyncio.shield(lookup)

    async def close(self) -> None:
        """Forget lookups that have not begun; those under way end by themselves."""
        for lookup in list(self._lookups.values()):
            lookup.cancel()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _look_up(self, host: str, port: int) -> Sequence[Info]:
        loop, family = asyncio.get_running_loop(), socket.AF_UNSPEC
        return await loop.run_in_executor(self._threads, _look_up, host, port, family)

    def _learn(self, key: tuple[str, int], lookup: asyncio.Task[Sequence[Info]]) -> None:
        del self._lookups[key]
        if lookup.cancelled() or lookup.exception() is not None:
            return
        if len(self._known) >= MAX_NAMES:
            self._known.clear()
        self._known[key] = (asyncio.get_running_loop().time() + NAME_TTL_S, lookup.result())


def _look_up(host: str, port: int, family: socket.AddressFamily) -> list[Info]:
    return socket.getaddrinfo(
        host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG
    )

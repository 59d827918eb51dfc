"""One daemon: its control socket, whether it lives, and how many calls of ours it carries."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import Enum

import structlog

from maskline.planes.media.engine import EngineGone, MediaError
from maskline.planes.media.rtpengine.client import NgClient, Refused, open_client
from maskline.protocols.ng.bencode import Encodable
from maskline.protocols.ng.message import NgReply

MAX_MISSES = 3
"""Pings without an answer after which a daemon is dead."""

MAX_LISTED = 2000
"""Calls that a daemon is asked to name: so many fit into one datagram."""

_log = structlog.stdlib.get_logger()


class Health(Enum):
    """UP takes calls; DOUBTFUL missed a ping and takes them only when no other is UP."""

    UP = "up"
    DOUBTFUL = "doubtful"
    DOWN = "down"


class Instance:
    """A daemon and its state of health; `on_down` and `on_doubt_over` are told of changes."""

    def __init__(
        self,
        address: tuple[str, int],
        ping_interval_s: float,
        on_down: "Callable[[Instance], None]",
        on_doubt_over: "Callable[[Instance], None]",
    ) -> None:
        self.health = Health.DOWN
        self.calls = 0
        self.name = f"{address[0]}:{address[1]}"
        self._address = address
        self._interval = ping_interval_s
        self._on_down = on_down
        self._on_doubt_over = on_doubt_over
        self._client: NgClient | None = None
        self._misses = MAX_MISSES
        self._keeper: asyncio.Task[None] | None = None

    @property
    def host(self) -> str:
        """The daemon's host as it was set."""
        return self._address[0]

    async def start(self) -> bool:
        """Begin to look after the daemon; whether it answers at once."""
        self._client = await open_client(*self._address, secrets.token_hex(4) + "-")
        await self._ping()
        self._keeper = asyncio.create_task(self._keep(), name=f"rtpengine {self.name}")
        return self.health is not Health.DOWN

    async def aclose(self) -> None:
        """Stop looking after it. May be repeated."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper
        client, self._client = self._client, None
        if client is not None:
            client.close()
        self.health = Health.DOWN

    async def ask(self, command: str, fields: Mapping[str, Encodable]) -> NgReply:
        """Have a command carried out. Raises `Refused`, `EngineGone`, `EngineBusy`."""
        if self._client is None or self.health is Health.DOWN:
            raise EngineGone(f"rtpengine at {self.name} is down")
        return await self._client.ask(command, fields)

    async def list_calls(self, prefix: str) -> list[str]:
        """The keys of calls here that begin so. Raises as `ask`."""
        reply = await self.ask("list", {"limit": MAX_LISTED})
        keys = reply.body.get(b"calls")
        found = (
            [key.decode("utf-8", "replace") for key in keys if isinstance(key, bytes)]
            if (isinstance(keys, list))
            else []
        )
        return [key for key in found if key.startswith(prefix)]

    async def abandon(self, key: str) -> None:
        """End a call that nobody has any more, if it is here."""
        with suppress(MediaError):
            await self.ask("delete", {"call-id": key})

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            # A ping that is not answered has waited already.
            due = max(due + self._interval, loop.time())
            await asyncio.sleep(due - loop.time())
            await self._ping()

    async def _ping(self) -> None:
        if self._client is None:
            return
        before = self.health
        try:
            async with asyncio.timeout(self._interval):
                await self._client.ask("ping", {})
        except Refused:
            self._misses = 0
        except (MediaError, TimeoutError):
            self._misses += 1
        else:
            self._misses = 0
        self.health = _health_after(self._misses, before)
        if self.health is before:
            return
        _log.info("rtpengine health", instance=self.name, health=self.health.value)
        if self.health is Health.DOWN:
            self._on_down(self)
        elif self.health is Health.UP:
            self._on_doubt_over(self)


def _health_after(misses: int, before: Health) -> Health:
    if misses == 0:
        return Health.UP
    return Health.DOWN if misses >= MAX_MISSES or before is Health.DOWN else Health.DOUBTFUL

"""What goes on, told as it changes: watchers that read, shared by all who listen to the same."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec
import structlog
from msgspec import Struct

from maskline.domain.access import Caller, Right
from maskline.domain.error import BusyError, InvalidParameter, MasklineError

HEARTBEAT_S = 10.0
"""A stream that has nothing to tell says so this often: who hears less knows that it is cut."""

MAX_STREAM_S = 900.0
"""A stream ends after this, so that whoever lost a right is asked for it when it comes again."""

MAX_STREAMS = 200
MAX_STREAMS_OF_ONE = 4
MAX_TOPICS = 16
"""Streams in all and of one caller, and topics of a stream."""

log = structlog.get_logger("events")


class TooManyStreams(BusyError):
    """No more may listen at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One kind of thing that can be listened to.

    `read` gives how it stands for a tenant (None: for the platform) and, where the topic
    `has_subject`, for what was named behind its colon; it raises UnknownRecord for what is not
    there, or is another tenant's. It is called every `every_s` while somebody listens.
    """

    name: str
    right: Right
    every_s: float
    read: Callable[[str | None, str], Awaitable[Struct]]
    has_subject: bool = False


class Asked(NamedTuple):
    """A topic as somebody asked for it."""

    topic: str
    subject: str
    tenant_id: str | None


@dataclass(slots=True, eq=False)
class _Listener:
    """What one stream has still to be told: of each topic only the latest."""

    owner: str
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    news: dict[Asked, bytes] = field(default_factory=dict[Asked, bytes])

    def tell(self, asked: Asked, event: bytes) -> None:
        self.news[asked] = event
        self.wake.set()


@dataclass(slots=True, eq=False)
class _Watcher:
    """Reads one thing for all who listen to it."""

    listeners: set[_Listener] = field(default_factory=set[_Listener])
    last: bytes = b""
    task: asyncio.Task[None] | None = None


class EventHub:
    """Streams of server-sent events, each about some topics.

    Everything is read from the store, so that it does not matter which process does a thing. A
    stream begins with how everything stands, and goes on with what changes: one that was cut loses
    nothing by beginning anew. Of a reader that is slow only the latest of each topic is kept.
    """

    def __init__(self, topics: Sequence[Topic]) -> None:
        self._topics = {topic.name: topic for topic in topics}
        self._watchers: dict[Asked, _Watcher] = {}
        self._streams: list[_Listener] = []
        self._number = 0
        self._is_closing = False

    def add(self, topic: Topic) -> None:
        """Have one more topic, or another one in its place."""
        self._topics[topic.name] = topic

    def close(self) -> None:
        """End all streams, and refuse new ones."""
        self._is_closing = True
        for listener in self._streams:
            listener.wake.set()
        for watcher in self._watchers.values():
            if watcher.task is not None:
                watcher.task.cancel()

    async def listen(self, caller: Caller, wanted: Sequence[str]) -> AsyncGenerator[bytes]:
        """A stream of these topics (`name` or `name:subject`), written as server-sent events.

        Raises InvalidParameter, TooManyStreams, and UnknownRecord for a subject that is not there.
        """
        asked = [self._asked(caller, text) for text in dict.fromkeys(wanted)]
        if not 1 <= len(asked) <= MAX_TOPICS:
            raise InvalidParameter("topics", f"are 1 to {MAX_TOPICS}, with commas between them")
        owner = f"{caller.kind}:{caller.user_id or caller.name}"
        self._refuse_too_many(owner)
        for one in asked:
            topic = self._topics[one.topic]
            if topic.has_subject:
                await topic.read(one.tenant_id, one.subject)
        return self._stream(_Listener(owner), asked)

    def _asked(self, caller: Caller, text: str) -> Asked:
        name, _, subject = text.partition(":")
        topic = self._topics.get(name)
        if topic is None or not caller.may(topic.right):
            known = sorted(one.name for one in self._topics.values() if caller.may(one.right))
            raise InvalidParameter("topics", f"{name} is none of yours; there are {known}")
        if topic.has_subject != bool(subject):
            shape = f"{name}:ID" if topic.has_subject else name
            raise InvalidParameter("topics", f"is written {shape}")
        return Asked(name, subject, caller.tenant_id)

    def _refuse_too_many(self, owner: str) -> None:
        if not self._has_room(owner):
            raise TooManyStreams("too many streams are open: close one, or come again later")

    def _has_room(self, owner: str) -> bool:
        own = sum(listener.owner == owner for listener in self._streams)
        is_full = own >= MAX_STREAMS_OF_ONE or len(self._streams) >= MAX_STREAMS
        return not (self._is_closing or is_full)

    async def _stream(self, listener: _Listener, asked: Sequence[Asked]) -> AsyncGenerator[bytes]:
        # Only a stream that is begun has an end: before that, nothing is noted of it.
        if not self._has_room(listener.owner):
            return
        ends_at = asyncio.get_running_loop().time() + MAX_STREAM_S
        self._streams.append(listener)
        try:
            yield b"retry: 2000\n\n"
            for one in asked:
                self._join(listener, one)
            while not self._is_closing and asyncio.get_running_loop().time() < ends_at:
                await _wait(listener.wake, HEARTBEAT_S)
                listener.wake.clear()
                news, listener.news = listener.news, {}
                yield b"".join(news.values()) or b": still here\n\n"
        finally:
            for one in asked:
                self._part(listener, one)
            self._streams.remove(listener)

    def _join(self, listener: _Listener, asked: Asked) -> None:
        watcher = self._watchers.get(asked)
        if watcher is None:
            watcher = self._watchers[asked] = _Watcher()
            watcher.task = asyncio.create_task(self._watch(asked, watcher))
        watcher.listeners.add(listener)
        if watcher.last:
            listener.tell(asked, watcher.last)

    def _part(self, listener: _Listener, asked: Asked) -> None:
        watcher = self._watchers.get(asked)
        if watcher is None:
            return
        watcher.listeners.discard(listener)
        if not watcher.listeners:
            del self._watchers[asked]
            if watcher.task is not None:
                watcher.task.cancel()

    async def _watch(self, asked: Asked, watcher: _Watcher) -> None:
        """Read again and again; what failed says so, as old news must not pass for new."""
        topic, told = self._topics[asked.topic], b""
        kind = asked.topic
        while True:
            try:
                data = msgspec.json.encode(await topic.read(asked.tenant_id, asked.subject))
            except MasklineError as error:
                log.info("event not read", topic=asked.topic, error=str(error))
                kind, data = "unknown", msgspec.json.encode({"topic": asked.topic})
            else:
                kind = asked.topic
            if data != told:
                told = data
                self._number += 1
                watcher.last = _event(self._number, kind, data)
                for listener in watcher.listeners:
                    listener.tell(asked, watcher.last)
            await asyncio.sleep(topic.every_s)


def _event(number: int, kind: str, data: bytes) -> bytes:
    return b"id: %d\nevent: %b\ndata: %b\n\n" % (number, kind.encode(), data)


async def _wait(event: asyncio.Event, at_most_s: float) -> None:
    try:
        async with asyncio.timeout(at_most_s):
            await event.wait()
    except TimeoutError:
        return

"""`ETag` and `If-Match`: nobody changes an object that somebody else has changed meanwhile."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from hashlib import sha256
from typing import Any
from weakref import WeakValueDictionary

import msgspec
from msgspec import Struct
from starlette.responses import Response

from maskline.manage.endpoint import Asked, Endpoint, target_of
from maskline.manage.problem import Problem

HEADER = "If-Match"
TAG = "ETag"
TAG_LENGTH = 22
EDITS = ("PATCH", "PUT")


class Versions:
    """Knows the version of every object that has a view and an endpoint that edits it.

    A version is made of the fields that can be edited, as the caller sees them: what happens to an
    object by itself, and what is only shown of it, is no new version.
    """

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        self._views = {one.path: one for one in endpoints if one.method == "GET"}
        self._fields = edited_fields(endpoints)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def kept(
        self, endpoint: Endpoint, asked: Asked, wanted: str | None
    ) -> AsyncGenerator[None]:
        """Make a change in here: in this process nobody else changes the same object meanwhile.

        Raises Problem (412, with the object as it is now) when it has not the version `wanted`.
        """
        if wanted is None or endpoint.method == "GET" or endpoint.path not in self._fields:
            yield
            return
        turn = self._turns.setdefault(target_of(endpoint, asked.path), asyncio.Lock())
        async with turn:
            await self._check(endpoint, asked, wanted)
            yield

    def mark(self, endpoint: Endpoint, asked: Asked, response: Response) -> None:
        """Name the version that an answer shows, unless it reveals: we see masks."""
        view = self._views.get(endpoint.path)
        shows = view is not None and endpoint.method != "POST" and endpoint.answer is view.answer
        is_revealed = getattr(asked.query, "reveal", False)
        if shows and endpoint.path in self._fields and not is_revealed:
            shown = msgspec.json.decode(response.body, type=dict[str, Any])
            response.headers[TAG] = self._tag(endpoint.path, shown)

    async def _check(self, endpoint: Endpoint, asked: Asked, wanted: str) -> None:
        tags = {tag.strip().removeprefix("W/") for tag in wanted.split(",")}
        if "*" in tags:
            return
        view = self._views[endpoint.path]
        if not view.admits(asked.caller):
            raise _changed(None, None)
        query = None if view.query is None else msgspec.convert({}, view.query)
        now = await view.run(replace(asked, query=query, body=None))
        if not isinstance(now, Struct):
            return
        tag = self._tag(endpoint.path, msgspec.to_builtins(now))
        if tag not in tags:
            raise _changed(now, tag)

    def _tag(self, path: str, shown: Mapping[str, Any]) -> str:
        edited = {name: shown[name] for name in self._fields[path] if name in shown}
        digest = sha256(msgspec.json.encode(edited, order="deterministic")).hexdigest()
        return f'"{digest[:TAG_LENGTH]}"'


def edited_fields(endpoints: Sequence[Endpoint]) -> dict[str, tuple[str, ...]]:
    """The fields that can be edited and are shown, by path; only of objects that have some."""
    shown = {
        one.path: one.answer.__struct_fields__
        for one in endpoints
        if one.method == "GET" and isinstance(one.answer, type) and issubclass(one.answer, Struct)
    }
    found: dict[str, tuple[str, ...]] = {}
    for one in endpoints:
        if one.method in EDITS and one.body is not None and one.path in shown:
            fields = [name for name in one.body.__struct_fields__ if name in shown[one.path]]
            if fields:
                found[one.path] = tuple(fields)
    return found


def _changed(now: Struct | None, tag: str | None) -> Problem:
    return Problem(
        status=412,
        code="changed_meanwhile",
        message="somebody has changed this since you read it; nothing of yours was saved",
        hint=f"compare with `current`, and send what you still want with its {TAG}",
        current=now,
        tag=tag,
    )

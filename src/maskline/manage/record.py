"""What the audit log is told of every change: the object before and after, without secrets."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import msgspec
from msgspec import Struct

from maskline.domain.audit import AuditEvent
from maskline.domain.error import MasklineError
from maskline.manage.endpoint import Answered, Asked, Endpoint, FileAnswer, Shown, target_of
from maskline.manage.problem import Problem
from maskline.services.audit import AuditLog
from maskline.services.clock import Clock

SECRETS = frozenset(
    {"app_secret", "secret", "token", "password", "link", "uri", "url_secret", "system_password"}
)
"""Fields that are left out of before and after, whatever endpoint shows them."""

MAX_VIEW = 16_384
"""Bytes of one view; of a larger one only that is kept."""

TenantOfApplication = Callable[[str], Awaitable[str | None]]


class ChangeRecorder:
    """Looks at an object before a change, and writes the event once the change is made.

    How an object is comes from the GET endpoint of the same path, where there is one; of something
    new, from the answer.
    """

    def __init__(
        self,
        audit: AuditLog,
        clock: Clock,
        endpoints: Sequence[Endpoint],
        tenant_of: TenantOfApplication,
    ) -> None:
        self._audit = audit
        self._clock = clock
        self._tenant_of = tenant_of
        self._views = {one.path: one for one in endpoints if one.method == "GET"}

    async def look(self, endpoint: Endpoint, asked: Asked) -> bytes:
        """The object before. Raises StoreBusy when the log takes no more."""
        self._audit.check_room()
        return b"" if endpoint.audited is not None else await self._view(endpoint, asked)

    async def write(self, endpoint: Endpoint, asked: Asked, before: bytes, shown: Shown) -> None:
        """The change was made."""
        if endpoint.audited is not None:
            after = _packed(endpoint.audited(asked), endpoint.hides)
        else:
            after = await self._after(endpoint, asked, shown)
        caller = asked.caller
        event = AuditEvent(
            at=self._clock.now(),
            kind=caller.kind,
            name=caller.name,
            user_id=caller.user_id,
            address=asked.address,
            action=endpoint.operation_id,
            method=endpoint.method,
            target=target_of(endpoint, asked.path),
            tenant_id=await self._tenant(asked, (after, before)),
            before=before,
            after=after,
        )
        await self._audit.append(event)

    async def _after(self, endpoint: Endpoint, asked: Asked, shown: Shown) -> bytes:
        if endpoint.method == "DELETE":
            return b""
        if endpoint.method != "POST" and (view := await self._view(endpoint, asked)):
            return view
        answer = shown.shown if isinstance(shown, Answered) else shown
        return _packed(answer, endpoint.hides) if isinstance(answer, Struct) else b""

    async def _view(self, endpoint: Endpoint, asked: Asked) -> bytes:
        view = self._views.get(endpoint.path)
        if view is None or endpoint.method == "POST" or view.answer is FileAnswer:
            return b""
        try:
            query = None if view.query is None else msgspec.convert({}, view.query)
            shown = await view.run(replace(asked, query=query, body=None))
        except (MasklineError, Problem, msgspec.ValidationError):
            return b""
        return _packed(shown, endpoint.hides) if isinstance(shown, Struct) else b""

    async def _tenant(self, asked: Asked, views: Sequence[bytes]) -> str | None:
        """Whose the object is, as far as the request or the object says."""
        if asked.caller.tenant_id is not None:
            return asked.caller.tenant_id
        said: list[Mapping[str, Any]] = [asked.path]
        for view in views:
            content = msgspec.json.decode(view) if view else None
            if isinstance(content, dict):
                said.append(cast("dict[str, Any]", content))
        for one in said:
            if isinstance(tenant_id := one.get("tenant_id"), str):
                return tenant_id
        for one in said:
            if isinstance(app_key := one.get("app_key"), str) and app_key:
                return await self._tenant_of(app_key)
        return None


def _packed(shown: object, hides: frozenset[str]) -> bytes:
    content = _without(msgspec.to_builtins(shown), SECRETS | hides)
    packed = msgspec.json.encode(content)
    return packed if len(packed) <= MAX_VIEW else b'{"left_out":"too large"}'


def _without(content: Any, hidden: frozenset[str]) -> Any:  # noqa: ANN401 - decoded JSON
    if isinstance(content, dict):
        fields = cast("dict[str, Any]", content)
        return {
            name: _without(value, hidden) for name, value in fields.items() if name not in hidden
        }
    if isinstance(content, list | tuple):
        return [_without(value, hidden) for value in cast("list[Any]", content)]
    return content

"""What a caller with the right may still not ask: for other tenants', for numbers in the clear."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType

import msgspec
from msgspec import UNSET, Struct

from maskline.domain.access import Caller, CallerKind, Right
from maskline.domain.error import InvalidParameter, UnknownRecord
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.problem import Problem
from maskline.manage.reach import Reach
from maskline.manage.step_up import require_step_up
from maskline.services.number_token import PREFIX, NumberTokens

PARTY_FIELDS = ("party", "number")
"""Fields of a query with a `who` that are a real number; the `who` may take their place."""

REGISTRANT = "/tenants/{tenant_id}/registrants/{number}"


class Guard:
    """Looks at every request after its right and its types.

    What the names `tenant_id` and `app_key` stand for, in the path, the query or the body, and the
    objects of `Reach` in the path, have to be the caller's tenant's: an endpoint need not ask. What
    else it names it has to look after itself.
    """

    def __init__(self, reach: Reach, tokens: NumberTokens) -> None:
        self._reach = reach
        self._tokens = tokens

    async def admit(self, endpoint: Endpoint, asked: Asked) -> Asked:
        """The request as the endpoint gets it.

        Raises Problem, StepUpNeeded, UnknownRecord, InvalidParameter, StoreFailed.
        """
        if endpoint.needs_step_up:
            require_step_up(asked)
        if getattr(asked.query, "reveal", False):
            _need_reveal(asked.caller)
        asked = replace(asked, path=self._opened_path(endpoint, asked))
        asked = replace(asked, query=self._opened_query(asked))
        if asked.caller.tenant_id is None:
            return asked
        return await self._limited(endpoint, asked, asked.caller.tenant_id)

    async def _limited(self, endpoint: Endpoint, asked: Asked, tenant_id: str) -> Asked:
        app_keys = await self._reach.app_keys(tenant_id)
        await self._check_path(endpoint, asked, tenant_id, app_keys)
        query = asked.query
        if isinstance(query, Struct):
            query = _of_tenant(query, tenant_id)
            if getattr(query, "tenant_id", tenant_id) != tenant_id:
                raise UnknownRecord(f"there is no tenant {asked.query.tenant_id}")
            if not _is_own(query, app_keys):
                raise UnknownRecord(f"there is no application {asked.query.app_key}")
        body = asked.body
        if isinstance(body, Struct):
            body = _of_tenant(body, tenant_id)
            if getattr(body, "tenant_id", tenant_id) != tenant_id:
                raise InvalidParameter("tenant_id", f"there is no tenant {asked.body.tenant_id}")
            if not _is_own(body, app_keys):
                raise InvalidParameter("app_key", f"there is no application {asked.body.app_key}")
        return replace(asked, query=query, body=body, app_keys=app_keys)

    async def _check_path(
        self, endpoint: Endpoint, asked: Asked, tenant_id: str, app_keys: Collection[str]
    ) -> None:
        path = asked.path
        if path.get("tenant_id", tenant_id) != tenant_id:
            raise UnknownRecord(f"there is no tenant {path['tenant_id']}")
        if "app_key" in path and path["app_key"] not in app_keys:
            raise UnknownRecord(f"there is no application {path['app_key']}")
        found = object_of(endpoint.path)
        if found is not None and found[0] in self._reach.kinds:
            await self._reach.check(app_keys, found[0], path[found[1]])

    def _opened_path(self, endpoint: Endpoint, asked: Asked) -> Mapping[str, str]:
        """The path with the number itself in place of a token of it."""
        number = asked.path.get("number")
        if number is None or not endpoint.path.startswith(REGISTRANT):
            return asked.path
        if number.startswith(PREFIX):
            opened = _number("number", number, asked.caller, self._tokens)
            return MappingProxyType({**asked.path, "number": opened})
        _refuse_plain(asked.caller, "number")
        return asked.path

    def _opened_query(self, asked: Asked) -> Struct | None:
        """The query with the number itself in place of `who`."""
        query: Struct | None = asked.query
        return None if query is None else open_who(query, asked.caller, self._tokens)


def open_who(query: Struct, caller: Caller, tokens: NumberTokens) -> Struct:
    """A query with the number itself in place of its `who`. Raises InvalidParameter."""
    who: str | None = getattr(query, "who", None)
    if not hasattr(query, "who"):
        return query
    field = next(name for name in PARTY_FIELDS if hasattr(query, name))
    if getattr(query, field) is not None:
        if who is not None:
            raise InvalidParameter("who", f"stands in place of {field}")
        _refuse_plain(caller, field)
        return query
    if who is None:
        return query
    number = _number("who", who, caller, tokens)
    return msgspec.structs.replace(query, **{field: number, "who": None})


def object_of(path: str) -> tuple[str, str] | None:
    """The kind and the name of the id of the object that a path is about: `bindings`, `id`."""
    parts = path.split("/")
    if len(parts) < 3 or not parts[2].startswith("{"):
        return None
    return parts[1], parts[2].strip("{}")


def _number(field: str, token: str, caller: Caller, tokens: NumberTokens) -> str:
    number = tokens.open(token, caller.mark)
    if number is None:
        raise InvalidParameter(
            field, "has ended, or is not yours: ask for another with POST /number-lookups"
        )
    return number


def _need_reveal(caller: Caller) -> None:
    if caller.kind is CallerKind.USER or not caller.may(Right.NUMBER_REVEAL):
        raise Problem(
            status=403,
            code="not_allowed",
            message="you may not have numbers in the clear here",
            field="reveal",
            hint=f"with the right {Right.NUMBER_REVEAL}, POST /reveals gives one at a time",
        )


def _refuse_plain(caller: Caller, field: str) -> None:
    """People's requests come from pages, whose addresses are kept by browsers and proxies."""
    if caller.kind is CallerKind.USER:
        raise InvalidParameter(
            field,
            "is a real number, which must not stand in an address: "
            "POST /number-lookups gives a `who` for it",
        )


def _of_tenant(asked: Struct, tenant_id: str) -> Struct:
    """What names no tenant means the caller's."""
    if getattr(asked, "tenant_id", tenant_id) in {None, UNSET, ""}:
        return msgspec.structs.replace(asked, tenant_id=tenant_id)
    return asked


def _is_own(asked: Struct, app_keys: Collection[str]) -> bool:
    app_key = getattr(asked, "app_key", None)
    return app_key is None or app_key is UNSET or app_key in app_keys

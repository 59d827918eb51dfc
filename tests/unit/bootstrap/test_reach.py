"""Every endpoint, asked by every role about what is its tenant's and what is another's."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.unit.bootstrap.two_tenants import UNIQUE, Own, World, make_world
from tests.unit.manage.operating import Answer

from maskline.domain.access import Role
from maskline.manage.endpoint import Endpoint

BODIES: dict[str, Any] = {
    "create_tenant": {"name": "n"},
    "create_application": {"name": "n", "mode": "axb"},
    "add_numbers": {
        "app_key": "{app_key}",
        "numbers": [{"number": "+8617010009999", "area_code": "010"}],
    },
    "change_number": {"state": "paused"},
    "add_trunk": {"name": "t", "host": "192.0.2.9"},
    "reject_prompt": {"reason": "r"},
    "add_registrant": {"number": "+8613700000099"},
    "reject_registrant": {"reason": "r"},
    "replay_notices": {"app_key": "{app_key}"},
    "export_person": {"number": "{person}"},
    "erase_person": {"number": "{person}", "tenant_id": "{tenant_id}"},
    "add_sms_link": {"name": "l", "host": "192.0.2.9", "system_id": "s", "password": "p"},
    "add_message_block": {"number": "+8613700000098"},
    "remove_message_block": {"number": "+8613700000098"},
    "reveal": {
        "kind": "binding",
        "object_id": "{binding_id}",
        "field": "a",
        "reason": "complaint",
    },
    "look_up_number": {"number": "{person}"},
    "top_up": {"tenant_id": "{tenant_id}", "amount": 1, "reference": "r"},
    "adjust_balance": {"tenant_id": "{tenant_id}", "amount": 1, "reference": "r", "note": "n"},
}
"""Bodies that are taken; `{}` for all others."""

QUERIES = {
    "list_operations": "?app_key={app_key}",
    "list_package_purchases": "?tenant_id={tenant_id}",
    "show_statement": "?tenant_id={tenant_id}",
}
"""Queries of those that need one to be answered at all."""

SHOWS_NUMBERS = {"reveal"}
"""What is there to show one number in the clear."""

ASKS_MORE = {
    "download_photo",
    "list_sandbox_runs",
    "show_recording_peaks",
    "show_stock_number",
}
"""What needs more than is there, or than is asked here."""

HAS = {*UNIQUE, "tenant_id"}
NAMES_TENANT = ("{tenant_id}", "{app_key}", *(f"{{{name}}}" for name in UNIQUE))
STAFF = (Role.OPERATOR, Role.REVIEWER)


def filled(endpoint: Endpoint, own: Own) -> Any:
    """A body about what is this tenant's."""

    def fill(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: fill(one) for name, one in value.items()}
        return value.format(**own.ids) if isinstance(value, str) else value

    return fill(BODIES.get(endpoint.operation_id, {}))


def is_about_a_tenant(endpoint: Endpoint) -> bool:
    """Whether the path, query or body as they are sent here name something of a tenant."""
    operation = endpoint.operation_id
    named = f"{endpoint.path}{QUERIES.get(operation)}{BODIES.get(operation)}"
    return any(name in named for name in NAMES_TENANT)


def is_there(endpoint: Endpoint) -> bool:
    """Whether it only reads, and something that the tenant has."""
    named = set(re.findall(r"{(\w+)}", endpoint.path))
    is_known = named <= HAS or endpoint.path.endswith("/prompts/{name}")
    fields = () if endpoint.query is None else msgspec.structs.fields(endpoint.query)
    asks_more = endpoint.operation_id in ASKS_MORE or (
        endpoint.operation_id not in QUERIES and any(field.required for field in fields)
    )
    return endpoint.method == "GET" and is_known and not asks_more


@pytest.fixture
async def world(tmp_path: Path) -> World:
    return await make_world(tmp_path)


@pytest.mark.parametrize("role", list(Role))
async def test_a_role_does_what_it_may_with_its_own_and_nothing_else(world: World, role: Role):
    is_staff = role in STAFF
    token = world.operator.admit(role, None if is_staff else "left", is_stepped_up=True)
    caller = world.operator.door.callers[token]
    # What destroys comes last.
    order = {"GET": 0, "POST": 1, "PUT": 1, "PATCH": 1, "DELETE": 2}
    for endpoint in sorted(world.endpoints, key=lambda one: order[one.method]):
        if endpoint.is_open or endpoint.is_personal:
            continue
        where = f"{role}: {endpoint.method} {endpoint.path}"
        before = world.state() if endpoint.method != "GET" else ""
        theirs = await ask(world, endpoint, world.right, token)
        is_refused = not endpoint.admits(caller)
        if is_refused or (not is_staff and is_about_a_tenant(endpoint)):
            assert theirs.status in ({403} if is_refused else {400, 404}), where
            assert endpoint.method == "GET" or world.state() == before, where
        own = await ask(world, endpoint, world.left, token)
        if is_refused:
            assert own.status == 403, where
        else:
            done = {200} if is_there(endpoint) else {200, 201, 204, 400, 403, 404, 409}
            assert own.status in done, (where, own.content)
        if hasattr(endpoint.query, "reveal"):
            revealed = await world.ask(endpoint, world.left.ids, None, token, "?reveal=true")
            assert revealed.status == 403, where
        if endpoint.operation_id not in SHOWS_NUMBERS:
            assert seen(world.left.clear + world.right.clear, theirs, own) == [], where
        if not is_staff:
            assert seen((*world.right.names, b'"right"'), own) == [], where


async def ask(world: World, endpoint: Endpoint, own: Own, token: str) -> Answer:
    """Ask an endpoint about what is this tenant's."""
    query = QUERIES.get(endpoint.operation_id, "").format(**own.ids)
    return await world.ask(endpoint, own.ids, filled(endpoint, own), token, query)


def seen(secrets: tuple[bytes, ...], *answers: Answer) -> list[bytes]:
    """Those of the secrets that the answers give away."""
    return [one for one in secrets for answer in answers if one in answer.content]


def test_every_body_is_of_an_endpoint(world: World):
    assert set(BODIES) <= {one.operation_id for one in world.endpoints}

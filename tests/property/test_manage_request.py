"""No request makes the management API crash or answer without its error shape."""

import asyncio
import json
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.manage.operating import TOKEN, Answer, Calls, Operator

from maskline.manage.app import create_manage
from maskline.manage.door import OperatorDoor
from maskline.manage.endpoints import build_endpoints, watched_endpoints
from maskline.services.administration import Administration
from maskline.services.clock import SteppedClock
from maskline.services.directory import Directory
from maskline.services.ids import SystemIds
from maskline.services.registration import RegistrationDesk
from maskline.services.tenant_token import TenantTokens
from maskline.stores.memory import MemoryStore

FIELDS = [
    "name", "mode", "tenant_id", "status_url", "cdr_url", "allowed_addresses", "pairs_per_number",
    "app_key", "numbers", "number", "area_code", "host", "port", "prefixes", "inbound_from",
    "state", "hours", "reason", "number_type", "identity_card",
]  # fmt: skip
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=20),
    st.sampled_from(["axb", "+8617010000001", "0755", "https://e.example/", "192.0.2.1", "frozen"]),
)
JSON = st.recursive(
    VALUES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6)
    ),
    max_leaves=12,
)
PATHS = st.sampled_from(
    [
        "tenants", "tenants/default", "applications", "applications/k", "applications/k/secret",
        "numbers", "numbers/+8617010000001", "trunks", "trunks/t", "bindings", "bindings/b",
        "calls", "calls/s", "calls/s/stop", "records", "outbox",
        "registrants", "tenants/default/registrants", "tenants/default/registrants/+8613900001001",
        "tenants/default/registrants/+8613900001001/reject", "tenants/default/tokens",
    ]
)  # fmt: skip
METHODS = st.sampled_from(["GET", "POST", "PATCH", "DELETE"])
QUERIES = st.text(alphabet="abcdefgx_&=%+0123456789:TZ-", max_size=40) | st.sampled_from(
    [
        "limit=5&after=WyJ0ZW5hbnRzIiwiYSJd",
        "since=2026-01-01",
        "party=%ff",
        "reveal=2",
        "until=9999-12-31T23:59:59-10:00",
    ]
)


async def _ask(method: str, path: str, query: str, body: bytes) -> Answer:
    store, clock = MemoryStore(), SteppedClock(datetime(2026, 11, 20, tzinfo=UTC))
    await store.open()
    app = create_manage(
        door=OperatorDoor(TOKEN),
        endpoints=build_endpoints(
            store=store,
            administration=Administration(store, Directory(store, clock), clock, SystemIds()),
            calls=Calls(),
            clock=clock,
            registration=RegistrationDesk(store, clock),
            tenant_tokens=TenantTokens(store, clock, SystemIds()),
        ),
        watched=watched_endpoints(store, dict, "0"),
        version="0",
    )
    operator = Operator(app, store, Calls(), clock, {})
    return await operator.ask(method, f"/manage/v1/{path}?{query}", raw=body)


def _check(answer: Answer) -> None:
    assert answer.status < 500, answer.content
    if answer.status >= 400:
        assert {"code", "message"} <= answer.error.keys()
    elif answer.status != 204:
        json.loads(answer.content)


@settings(max_examples=200, deadline=None)
@given(METHODS, PATHS, QUERIES, JSON)
def test_any_json_is_answered(method: str, path: str, query: str, body: object):
    _check(asyncio.run(_ask(method, path, query, json.dumps(body).encode())))


@settings(max_examples=100, deadline=None)
@given(METHODS, PATHS, QUERIES, st.binary(max_size=60))
def test_any_bytes_are_answered(method: str, path: str, query: str, body: bytes):
    _check(asyncio.run(_ask(method, path, query, body)))

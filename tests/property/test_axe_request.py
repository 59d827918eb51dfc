"""No request, however broken, makes the AXE interface fail, and it keeps what it was told."""

import json
from itertools import count
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.property.test_api_request import NOW, NUMBERS, USER_DATA, Server, X, finish

from maskline.api.axe import COUNT_PATH, LIST_PATH, PATH, AxeInterface
from maskline.api.server import create_api
from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.area import Areas
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.binding import BindingDesk
from maskline.services.binding_axe import AxeDesk
from maskline.services.clock import SteppedClock
from maskline.services.directory import Directory
from maskline.services.ids import CountedIds
from maskline.services.prompt import FixedPrompts
from maskline.stores.memory import MemoryStore

REQUESTS = st.sampled_from(
    [
        ("POST", PATH),
        ("PUT", PATH),
        ("GET", PATH),
        ("DELETE", PATH),
        ("GET", LIST_PATH),
        ("GET", COUNT_PATH),
    ]
)
PARAMETERS = st.sampled_from(
    [
        "subscriptionId",
        "virtualNum",
        "bindNum",
        "extendNum",
        "areaCode",
        "areaMatchMode",
        "displayNumMode",
        "recordFlag",
        "recordHintTone",
        "callbackTone",
        "callbackNum",
        "timeUnit",
        "bindExpiredTime",
        "callbackExpiredTime",
        "userData",
        "closeAfterCalls",
        "closeOnHangup",
        "idleDuration",
        "cursor",
        "limit",
        "number",
    ]
)
VALUES = NUMBERS | st.just(X) | st.from_regex(r"[0-9]{0,25}(_[0-9]{0,25})?", fullmatch=True)
JSON_VALUES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | VALUES
)

patient = settings(deadline=None)  # the machine may be busy with other tests


async def fill(store: MemoryStore) -> None:
    await store.add_tenant(Tenant(tenant_id="t", name="t", created_at=NOW))
    await store.add_application(
        Application(
            app_key="key", tenant_id="t", name="n", mode=Mode.AXE, secret="secret", created_at=NOW
        )
    )
    await store.add_numbers(
        [VirtualNumber(number=X, app_key="key", area_code="0755", created_at=NOW)]
    )


def make_server() -> Server:
    store, clock, ids = MemoryStore(), SteppedClock(NOW), CountedIds()
    finish(fill(store))
    rest = (store, clock, ids, Areas([], bytes(1_200_000)), FixedPrompts())
    endpoints = AxeInterface(AxeDesk(*rest)).endpoints()
    api = create_api(BindingDesk(*rest), Directory(store, clock), clock, more=endpoints)
    return Server(api, count(1))


@pytest.fixture(scope="module")
def server() -> Server:
    return make_server()


def has_a_result(answered: tuple[int, Any]) -> None:
    status, answer = answered
    assert status in {200, 403}
    assert answer["resultcode"] != "1010001"


@patient
@given(REQUESTS, st.dictionaries(PARAMETERS, JSON_VALUES, max_size=8))
def test_any_body_of_a_signed_request_has_a_result(server, request_line, values):
    method, path = request_line
    body = json.dumps(values).encode()
    has_a_result(server.ask(method, server.signed(), body=body, path=path))


@patient
@given(REQUESTS, st.lists(st.tuples(PARAMETERS, st.text() | VALUES)))
def test_any_query_of_a_signed_request_has_a_result(server, request_line, pairs):
    method, path = request_line
    query = "&".join(f"{name}={quote(value)}" for name, value in pairs).encode()
    has_a_result(server.ask(method, server.signed(), query=query, path=path))


@patient
@given(
    NUMBERS,
    st.integers(1, 9999),
    st.integers(0, 720),
    USER_DATA.filter(lambda text: 1 <= len(text) <= 256),
)
def test_what_was_bound_is_what_a_query_tells(number, extension, hours, user_data):
    server = make_server()
    fields = {
        "virtualNum": X,
        "bindNum": number,
        "extendNum": f"{extension:04}",
        "bindExpiredTime": hours,
        "userData": user_data,
    }
    _, bound = server.ask("POST", server.signed(), body=json.dumps(fields).encode(), path=PATH)
    query = f"subscriptionId={bound['subscriptionId']}".encode()

    _, found = server.ask("GET", server.signed(), query=query, path=PATH)

    assert {name: found[name] for name in fields} == fields

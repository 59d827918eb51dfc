"""Whatever is asked, the compatible interface answers as its OpenAPI document says."""

import asyncio
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.property.json_schema import fault, values
from tests.unit.api.conftest import Client, Reply, World, call_asgi
from tests.unit.api.whole_interface import (
    KEPT,
    MODES,
    SESSION,
    add_customers,
    numbers_of,
    serve_all,
)

from maskline.api.openapi import PATH
from maskline.domain.application import Mode
from maskline.domain.area import load_areas

A, B = "+8613510001001", "+8613900003003"
OPERATION_IDS = [
    "bindAxb", "modifyAxb", "queryAxb", "unbindAxb",
    "bindAx", "modifyAx", "queryAx", "unbindAx", "setCallee",
    "bindAxe", "modifyAxe", "queryAxe", "unbindAxe", "listAxe", "countAxe",
    "bindAxyb", "queryAxyb", "unbindAxyb",
    "locateRecording", "stopCall",
]  # fmt: skip
# Words that lead somewhere, in place of what a schema allows.
WORDS = st.sampled_from([A, B, KEPT, SESSION, "0755", "0", "1", "x" * 300, "", "+86", "call_stop"])
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)
# The machine may be busy with other tests.
patient = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])


class Described:
    """The whole interface, its document, and a binding of each mode."""

    def __init__(self) -> None:
        self.world = World(load_areas())
        self.operations: dict[str, tuple[str, str, Any]] = {}
        self.components: Any = {}
        self.clients: dict[str, Client] = {}
        self.bound: list[str] = []

    async def open(self) -> None:
        await self.world.store.open()
        self.clients = await add_customers(self.world)
        serve_all(self.world)
        reply = await call_asgi(self.world.api, "GET", PATH)
        assert reply is not None
        self.components = reply.json["components"]["schemas"]
        for path, methods in reply.json["paths"].items():
            for method, operation in methods.items():
                self.operations[operation["operationId"]] = (path, method.upper(), operation)
        x = {mode: numbers_of(mode)[0] for mode in MODES}
        await self._bind("bindAxb", relationNum=x[Mode.AXB], callerNum=A, calleeNum=B)
        await self._bind("bindAx", privateNum=x[Mode.AX], origNum=A)
        await self._bind("bindAxe", virtualNum=x[Mode.AXE], bindNum=A)
        await self._bind("bindAxyb", areaCode="0755", origNum=A)

    async def _bind(self, operation_id: str, **fields: object) -> None:
        query = {"app_key": "key-axyb"} if operation_id == "bindAxyb" else {}
        reply = await self.ask(operation_id, query, json.dumps(fields).encode())
        assert reply.status == 200, reply.text
        self.bound.append(reply.json["subscriptionId"])

    async def ask(self, operation_id: str, query: dict[str, Any], body: bytes) -> Reply:
        path, method, operation = self.operations[operation_id]
        client = self.clients[operation.get("tags", ["AXB"])[0]]
        return await client.send(method, path=path, query=urlencode(query), body=body)

    def check(self, operation_id: str, reply: Reply) -> None:
        response = self.operations[operation_id][2]["responses"].get(str(reply.status))
        assert response is not None, f"{reply.status} is not described"
        if reply.status == 301:
            assert reply.headers["location"]
            assert not reply.body
            return
        ((media_type, content),) = response["content"].items()
        assert reply.headers["content-type"].startswith(media_type)
        assert fault(content["schema"], reply.json, self.components) == ""
        assert reply.code != "1010001"
        assert reply.status != 500 or reply.code == "1020001"


@pytest.fixture(scope="module")
def described() -> Described:
    described = Described()
    asyncio.run(described.open())
    return described


def _draw_parameters(data: st.DataObject, schema: Any, described: Described) -> dict[str, Any]:
    """What the schema allows, with some values that lead somewhere or are wrong."""
    drawn = data.draw(values(schema))
    numbers = [number for mode in MODES for number in numbers_of(mode)]
    leading = st.sampled_from([*described.bound, *numbers, "key-axyb"])
    names = sorted(schema["properties"])
    for name in data.draw(st.lists(st.sampled_from(names), max_size=3)) if names else ():
        drawn[name] = data.draw(leading | JUNK)
    if data.draw(st.booleans()):
        drawn |= {name: "key-axyb" for name in names if name == "app_key"}
    return drawn


def _query_schema(operation: Any) -> Any:
    listed = [one for one in operation["parameters"] if one["in"] == "query"]
    return {
        "type": "object",
        "properties": {one["name"]: one["schema"] for one in listed},
        "required": [one["name"] for one in listed if one["required"]],
    }


@pytest.mark.parametrize("operation_id", OPERATION_IDS)
@patient
@given(st.data())
def test_every_answer_is_one_that_is_described(
    described: Described, operation_id: str, data: st.DataObject
):
    operation = described.operations[operation_id][2]
    query = _draw_parameters(data, _query_schema(operation), described)
    body = b""
    if "requestBody" in operation:
        ((_, content),) = operation["requestBody"]["content"].items()
        fields = _draw_parameters(data, content["schema"], described)
        body = json.dumps(fields).encode()
    reply = asyncio.run(described.ask(operation_id, query, body))
    described.check(operation_id, reply)


@pytest.mark.parametrize("operation_id", OPERATION_IDS)
def test_each_operation_succeeds_somehow(operation_id: str):
    """The document's successes are met too, not its refusals alone."""
    described = Described()
    asyncio.run(described.open())
    reply = asyncio.run(_succeed(described, operation_id))
    assert reply.status in {200, 301}
    described.check(operation_id, reply)


async def _succeed(described: Described, operation_id: str) -> Reply:
    x = {mode.value: numbers_of(mode)[1] for mode in MODES}
    axb, ax, axe, axyb = described.bound
    key = {"app_key": "key-axyb"}
    requests: dict[str, tuple[dict[str, str], dict[str, object]]] = {
        "bindAxb": ({}, {"relationNum": x["axb"], "callerNum": A, "calleeNum": B}),
        "modifyAxb": ({}, {"subscriptionId": axb, "duration": 5}),
        "queryAxb": ({"subscriptionId": axb}, {}),
        "unbindAxb": ({"subscriptionId": axb}, {}),
        "bindAx": ({}, {"privateNum": x["ax"], "origNum": A}),
        "modifyAx": ({}, {"subscriptionId": ax, "turnFlag": "off"}),
        "queryAx": ({"subscriptionId": ax}, {}),
        "unbindAx": ({"subscriptionId": ax}, {}),
        "setCallee": ({}, {"subscriptionId": ax, "calleeNum": B}),
        "bindAxe": ({}, {"virtualNum": x["axe"], "bindNum": A}),
        "modifyAxe": ({}, {"subscriptionId": axe, "userData": "1"}),
        "queryAxe": ({"subscriptionId": axe}, {}),
        "unbindAxe": ({"subscriptionId": axe}, {}),
        "listAxe": ({"subscriptionId": axe}, {}),
        "countAxe": ({}, {}),
        "bindAxyb": (key, {"subscriptionId": axyb, "origNum": B}),
        "queryAxyb": (key | {"subscriptionId": axyb}, {}),
        "unbindAxyb": (key | {"subscriptionId": axyb}, {}),
        "locateRecording": ({"fileName": KEPT, "recordDomain": "d"}, {}),
        "stopCall": ({}, {"sessionid": SESSION, "signal": "call_stop"}),
    }
    query, fields = requests[operation_id]
    return await described.ask(operation_id, query, json.dumps(fields).encode())

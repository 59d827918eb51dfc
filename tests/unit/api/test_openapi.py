"""The description of the compatible interface."""

import re
from typing import Any

import pytest
from tests.unit.api.whole_interface import add_customers, serve_all

import maskline.api.server as served
from maskline.api.openapi import PATH, describe
from maskline.api.operation import NUMBER, Parameters, schema_of
from maskline.api.value import Field, integer, read_flag, read_number, text

BIND = "/rest/caas/relationnumber/partners/v1.0"


@pytest.fixture
async def document(world: Any, asgi: Any) -> Any:
    serve_all(world)
    reply = await asgi(world.api, "GET", PATH)
    assert reply.status == 200
    assert reply.headers["content-type"] == "application/json;charset=utf-8"
    return reply.json


def operations(document: Any) -> list[tuple[str, str, Any]]:
    return [
        (path, method.upper(), operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if "$ref" in node else []
        return own + [ref for value in node.values() for ref in references(value)]
    if isinstance(node, list):
        return [ref for value in node for ref in references(value)]
    return []


async def test_anybody_may_read_it(document: Any):
    assert document["openapi"] == "3.1.0"
    assert document["info"]["version"] == "1.2.3"


async def test_its_path_takes_no_other_method(world: Any, asgi: Any):
    reply = await asgi(world.api, "POST", PATH)
    assert reply.told == (405, "1010006", "Invalid Rest API.")
    assert reply.headers["allow"] == "GET"


async def test_a_path_beside_it_is_unknown(world: Any, asgi: Any):
    assert (await asgi(world.api, "GET", "/rest/openapi.yaml")).status == 404


async def test_every_method_of_every_path_is_described(world: Any, monkeypatch: Any):
    seen: dict[str, Any] = {}
    monkeypatch.setattr(served, "describe", lambda endpoints, _: seen.update(endpoints) or {})
    serve_all(world)
    for path, endpoint in seen.items():
        assert set(endpoint.described) == {*endpoint.binds, *endpoint.methods}, path
    assert len(operations(describe(seen, ""))) == 20


async def test_every_reference_resolves_and_every_id_is_used_once(document: Any):
    for reference in references(document):
        assert reference.rpartition("/")[2] in document["components"]["schemas"], reference
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(set(ids)) == len(ids)


async def test_without_a_body_an_operation_answers_as_described(world: Any, document: Any):
    clients = await add_customers(world)
    serve_all(world)
    for path, method, operation in operations(document):
        client = clients[operation.get("tags", ["AXB"])[0]]
        reply = await client.send(method, path=path)
        assert str(reply.status) in operation["responses"], (method, path)


async def test_required_parameters_and_ranges_are_those_of_the_interface(document: Any):
    schema = document["paths"][BIND]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert schema["required"] == ["callerNum", "calleeNum"]
    properties = schema["properties"]
    assert properties["maxDuration"] == {"type": "integer", "minimum": 0, "maximum": 1440}
    assert properties["recordHintTone"] == {"type": "string", "maxLength": 128}
    assert properties["callerNum"] == dict(NUMBER)
    assert set(properties["preVoice"]["anyOf"][0]["properties"]) == {
        "callerHintTone",
        "calleeHintTone",
    }


async def test_a_recording_is_answered_with_its_address(document: Any):
    (operation,) = document["paths"]["/rest/provision/voice/record/v1.0"].values()
    assert "200" not in operation["responses"]
    assert operation["responses"]["301"]["headers"]["Location"]["required"]


async def test_call_stop_answers_as_html_which_is_json(document: Any):
    (operation,) = document["paths"]["/rest/httpsessions/callStop/v2.0"].values()
    told = [one["content"] for one in operation["responses"].values() if "content" in one]
    assert len(told) == 6
    assert all(set(content) == {"text/html"} for content in told)


async def test_what_comes_without_a_result_code_is_described_without_a_body(document: Any):
    for _, _, operation in operations(document):
        assert "content" not in operation["responses"]["404"]
        assert "content" not in operation["responses"]["503"]


async def test_only_binds_take_an_idempotency_key(document: Any):
    taking = {
        (path, method)
        for path, method, operation in operations(document)
        if any(p["name"] == "Idempotency-Key" for p in operation["parameters"])
    }
    assert len(taking) == 4
    assert {method for _, method in taking} == {"POST"}


async def test_requests_are_signed_by_two_headers(document: Any):
    schemes = document["components"]["securitySchemes"]
    assert [[schemes[name]["name"] for name in pair] for pair in document["security"]] == [
        ["Authorization", "X-AKSK"],
        ["Authorization", "X-WSSE"],
    ]


def test_a_schema_tells_what_a_reader_takes():
    assert schema_of(Field("x", text(9))) == {"type": "string", "maxLength": 9}
    assert schema_of(Field("x", integer(1, 3))) == {"type": "integer", "minimum": 1, "maximum": 3}
    assert "true" in schema_of(Field("x", read_flag))["enum"]
    assert re.fullmatch(schema_of(Field("x", read_number))["pattern"], "+8613900001001")


def test_an_object_may_stand_in_a_list_of_one():
    one = {"type": "object", "properties": {"a": {"const": 1}}}
    assert schema_of(Parameters({"a": {"const": 1}})) == {
        "anyOf": [one, {"type": "array", "items": one, "maxItems": 1}]
    }

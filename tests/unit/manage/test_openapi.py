from typing import Any

from tests.unit.manage.operating import Operator


async def _document(operator: Operator) -> dict[str, Any]:
    answer = await operator.ask("GET", "/manage/v1/openapi.json", token=None)
    assert answer.status == 200
    return answer.json


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if "$ref" in node else []
        return own + [ref for value in node.values() for ref in _references(value)]
    if isinstance(node, list):
        return [ref for value in node for ref in _references(value)]
    return []


async def test_every_reference_of_the_document_resolves(operator: Operator):
    document = await _document(operator)
    assert document["openapi"].startswith("3.1")
    for reference in _references(document):
        assert reference.rsplit("/", 1)[1] in document["components"]["schemas"], reference


async def test_every_operation_has_a_unique_id_a_summary_and_its_path_parameters(
    operator: Operator,
):
    document = await _document(operator)
    seen: set[str] = set()
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert operation["operationId"] not in seen
            seen.add(operation["operationId"])
            assert operation["summary"]
            named = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
            assert all(f"{{{name}}}" in path for name in named)
            assert path.count("{") == len(named)


async def test_every_path_of_the_document_is_served(operator: Operator):
    document = await _document(operator)
    for path, methods in document["paths"].items():
        for method in methods:
            answer = await operator.ask(method.upper(), path.replace("{", "").replace("}", ""))
            assert answer.status != 405
            if answer.status == 404:
                assert answer.error["code"] == "not_found"


async def test_only_health_is_open(operator: Operator):
    document = await _document(operator)
    is_open = {
        path
        for path, methods in document["paths"].items()
        if any(operation.get("security") == [] for operation in methods.values())
    }
    assert is_open == {"/healthz", "/readyz"}

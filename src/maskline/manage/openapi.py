"""The OpenAPI 3.1 document, made from the endpoints and their types."""

import re
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any

import msgspec
from msgspec import Struct

from maskline.manage.endpoint import Endpoint, FileAnswer, StreamAnswer
from maskline.manage.keyed_change import HEADER as KEY
from maskline.manage.problem import ErrorBody
from maskline.manage.version import HEADER as VERSION
from maskline.manage.version import TAG, edited_fields

_PATH_FIELD = re.compile(r"{(\w+)}")
_REFUSED_ALWAYS = (400, 500, 503)
_FILE = {"type": "string", "format": "binary"}
_BINARY = (FileAnswer, StreamAnswer)
_KEY_TEXT = "A repeat with the same key within a day is answered again, and changes nothing"
_VERSION_TEXT = "The ETag of the object as it was read; 412 when somebody has changed it since"


def describe(endpoints: Sequence[tuple[str, Endpoint]], version: str) -> dict[str, Any]:
    """The document for `(full path, endpoint)` pairs."""
    kinds = _kinds(endpoint for _, endpoint in endpoints)
    schemas, components = msgspec.json.schema_components(
        kinds, ref_template="#/components/schemas/{name}"
    )
    schema_of = dict(zip(map(repr, kinds), schemas, strict=True))
    edited = edited_fields([endpoint for _, endpoint in endpoints])
    paths: dict[str, dict[str, Any]] = {}
    for path, endpoint in endpoints:
        described = _operation(path, endpoint, schema_of, components)
        _add_conditions(described, endpoint, schema_of, has_versions=endpoint.path in edited)
        paths.setdefault(path, {})[endpoint.method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {"title": "maskline management API", "version": version},
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _kinds(endpoints: Iterable[Endpoint]) -> list[Any]:
    """Every type of a body or an answer, once."""
    kinds: dict[str, Any] = {repr(ErrorBody): ErrorBody}
    for endpoint in endpoints:
        for kind in (endpoint.body, endpoint.answer, endpoint.query):
            if kind is not None and kind not in _BINARY:
                kinds[repr(kind)] = kind
    return list(kinds.values())


def _operation(
    path: str, endpoint: Endpoint, schema_of: dict[str, Any], components: dict[str, Any]
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.operation_id,
        "summary": endpoint.summary,
        "parameters": [
            *({"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
              for name in _PATH_FIELD.findall(path)),
            *_query_parameters(endpoint.query, schema_of, components),
        ],
        "responses": _responses(endpoint, schema_of),
    }  # fmt: skip
    if endpoint.is_open:
        operation["security"] = []
    if endpoint.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema_of[repr(endpoint.body)]}},
        }
    elif endpoint.max_file_bytes:
        operation["requestBody"] = {
            "required": True,
            "description": f"The file itself, at most {endpoint.max_file_bytes} bytes",
            "content": {"application/octet-stream": {"schema": _FILE}},
        }
    return operation


def _add_conditions(
    operation: dict[str, Any],
    endpoint: Endpoint,
    schema_of: dict[str, Any],
    *,
    has_versions: bool,
) -> None:
    """The headers that say how a change is to be made, and how it is refused for them."""
    statuses: list[int] = []
    if endpoint.takes_key:
        operation["parameters"].append(_header(KEY, _KEY_TEXT))
        statuses += [409, 422]
    if has_versions and endpoint.method not in {"GET", "POST"}:
        operation["parameters"].append(_header(VERSION, _VERSION_TEXT))
        statuses.append(412)
    refused = {"application/json": {"schema": schema_of[repr(ErrorBody)]}}
    for status in statuses:
        phrase = HTTPStatus(status).phrase
        answer = {"description": phrase, "content": refused}
        operation["responses"].setdefault(str(status), answer)
    if has_versions and endpoint.method == "GET":
        success = operation["responses"][str(endpoint.status)]
        success["headers"] = {TAG: {"schema": {"type": "string"}}}


def _header(name: str, text: str) -> dict[str, Any]:
    schema = {"type": "string"}
    return {"name": name, "in": "header", "required": False, "description": text, "schema": schema}


def _responses(endpoint: Endpoint, schema_of: dict[str, Any]) -> dict[str, Any]:
    success: dict[str, Any] = {"description": HTTPStatus(endpoint.status).phrase}
    if endpoint.answer is not None:
        schema = _FILE if endpoint.answer in _BINARY else schema_of[repr(endpoint.answer)]
        success["content"] = {endpoint.answer_media_type: {"schema": schema}}
    refused = {"application/json": {"schema": schema_of[repr(ErrorBody)]}}
    statuses = {*_REFUSED_ALWAYS, *endpoint.refusals, *(() if endpoint.is_open else (401, 403))}
    return {
        str(endpoint.status): success,
        **{
            str(status): {"description": HTTPStatus(status).phrase, "content": refused}
            for status in sorted(statuses)
        },
    }


def _query_parameters(
    query: type[Struct] | None, schema_of: dict[str, Any], components: dict[str, Any]
) -> list[dict[str, Any]]:
    if query is None:
        return []
    # Two forms of one name stand under longer names.
    name_in_document = schema_of[repr(query)]["$ref"].rpartition("/")[2]
    properties: dict[str, Any] = components[name_in_document]["properties"]
    return [
        {"name": name, "in": "query", "required": False, "schema": schema}
        for name, schema in properties.items()
    ]

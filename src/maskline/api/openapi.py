"""The OpenAPI 3.1 document of the compatible interface, made from the endpoints that are served."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec

from maskline.api.endpoint import Endpoint
from maskline.api.idempotency import PARAMETER as IDEMPOTENCY_KEY
from maskline.api.operation import Operation, Parameters, object_schema, schema_of

PATH = "/rest/openapi.json"

_ABOUT = (
    "A path that is not listed is answered with 404 and no body. Integers may be sent as texts, an "
    "empty text or null counts as an absent parameter, and parameters that are not known are "
    "ignored."
)
# 404 and 405 belong to no operation, but a tool that tries others looks for them here.
_REFUSED_ALWAYS = (400, 401, 403, 405, 500)
_NO_CODE = {
    404: "Another path, without a body",
    503: "Too many connections, as plain text",
}
_SUCCESS = "Success"
_REFUSAL = "Refusal"
_SHARED_SCHEMAS = {
    _SUCCESS: {
        "type": "object",
        "properties": {"resultcode": {"const": "0"}, "resultdesc": {"const": "Success"}},
        "required": ["resultcode", "resultdesc"],
    },
    _REFUSAL: {
        "type": "object",
        "properties": {
            "resultcode": {"type": "string", "pattern": "^[1-9][0-9]{6}$"},
            "resultdesc": {"type": "string"},
        },
        "required": ["resultcode", "resultdesc"],
    },
}
_SIGNATURES = {
    "authorization": "Which scheme signs, with fixed attributes: "
    'AKSK realm="SDP",profile="UsernameToken",type="Appkey"',
    "x-aksk": 'UsernameToken Username="{app_key}",PasswordDigest="{digest}",Nonce="{nonce}",'
    'Created="{time}"; the digest is Base64(HMAC-SHA-256(secret, nonce + time))',
    "x-wsse": "As x-aksk, for the scheme WSSE; the digest is Base64(SHA-256(nonce + time + "
    "secret))",
}
_HEADERS = {"authorization": "Authorization", "x-aksk": "X-AKSK", "x-wsse": "X-WSSE"}


def describe(endpoints: Mapping[str, Endpoint], version: str) -> dict[str, Any]:
    """The document for endpoints by their path, of each the operations that it describes."""
    schemas: dict[str, Any] = dict(_SHARED_SCHEMAS)
    paths = {
        path: {
            method.lower(): _operation(endpoint, method, operation, schemas)
            for method, operation in endpoint.described.items()
        }
        for path, endpoint in endpoints.items()
        if endpoint.described
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "maskline, compatible interface", "version": version,
                 "description": _ABOUT},
        "security": [
            {"authorization": [], "x-aksk": []},
            {"authorization": [], "x-wsse": []},
        ],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                name: {"type": "apiKey", "in": "header", "name": _HEADERS[name],
                       "description": description}
                for name, description in _SIGNATURES.items()
            },
        },
    }  # fmt: skip


def _operation(
    endpoint: Endpoint, method: str, operation: Operation, schemas: dict[str, Any]
) -> dict[str, Any]:
    parameters = _query_parameters(operation.query)
    if method in endpoint.binds:
        parameters.append(
            {
                "name": IDEMPOTENCY_KEY,
                "in": "header",
                "required": False,
                "schema": {"type": "string", "minLength": 1, "maxLength": 255},
            }
        )
    described: dict[str, Any] = {
        "operationId": operation.operation_id,
        "summary": operation.summary,
        "parameters": parameters,
        "responses": _responses(endpoint, operation, schemas),
    }
    if endpoint.mode is not None:
        described["tags"] = [endpoint.mode.value.upper()]
    if operation.body is not None:
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": object_schema(operation.body)}},
        }
    return described


def _query_parameters(query: Parameters) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "required": name in query.required,
         "schema": schema_of(parameter)}
        for name, parameter in query.known.items()
    ]  # fmt: skip


def _responses(endpoint: Endpoint, operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    media_type = endpoint.content_type.decode("ascii").partition(";")[0]
    refused = {media_type: {"schema": _reference(_REFUSAL)}}
    return {
        **_success(operation, media_type, schemas),
        **{
            str(status): {"description": HTTPStatus(status).phrase, "content": refused}
            for status in _REFUSED_ALWAYS
        },
        **{str(status): {"description": description} for status, description in _NO_CODE.items()},
    }


def _success(operation: Operation, media_type: str, schemas: dict[str, Any]) -> dict[str, Any]:
    if operation.moves:
        location = {"required": True, "schema": {"type": "string", "format": "uri"}}
        described = {"description": "The address", "headers": {"Location": location}}
        return {"301": described}
    schema = _reference(_SUCCESS)
    if operation.answer is not None:
        # Structs of several interfaces have the same name: the operation's goes before it.
        (shown,), components = msgspec.json.schema_components(
            [operation.answer],
            ref_template=f"#/components/schemas/{operation.operation_id}{{name}}",
        )
        for name, component in components.items():
            schemas[operation.operation_id + name] = component
        schema = {"allOf": [schema, shown]}
    return {"200": {"description": "OK", "content": {media_type: {"schema": schema}}}}


def _reference(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}

"""`Location` of an answer, completed by what the client called us."""

import re
from dataclasses import replace
from typing import cast

from starlette.types import Scope

from maskline.api.result import Answer

_HOST = re.compile(rb"(?:[0-9A-Za-z.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")


def with_whole_location(answer: Answer, scope: Scope) -> Answer:
    """The answer with scheme and host of the request before a `Location` that is only a path.

    Clients of the interface take the header as it stands, so a reference that is relative to the
    request (RFC 9110 10.2.2) would lead them nowhere. A `Host` that is none changes nothing.
    """
    base = _base(scope)
    return replace(
        answer,
        headers=tuple(
            (name, base + value if name == b"location" and value.startswith(b"/") else value)
            for name, value in answer.headers
        ),
    )


def _base(scope: Scope) -> bytes:
    for name, value in cast("list[tuple[bytes, bytes]]", scope["headers"]):
        if name == b"host" and _HOST.fullmatch(value):
            return cast("str", scope.get("scheme", "http")).encode("ascii") + b"://" + value
    return b""

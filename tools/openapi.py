"""Prints the OpenAPI document of the management API, with no server and no store running."""

import asyncio
import sys
import tempfile
from typing import Any

from maskline.bootstrap.manage import build_manage
from maskline.bootstrap.platform import Platform
from maskline.manage.app import PREFIX
from maskline.settings import Settings, StoreSection


async def document() -> bytes:
    """The document as JSON, asked from the application itself."""
    body = bytearray()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:  # noqa: ANN401 - an ASGI message
        body.extend(message.get("body", b""))

    with tempfile.TemporaryDirectory() as folder:
        manage = build_manage(Platform(Settings(store=StoreSection(data=folder))))
        path = f"{PREFIX}/openapi.json"
        scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(),
                 "root_path": "", "query_string": b"", "headers": [],
                 "client": ("::1", 1)}  # fmt: skip
        await manage(scope, receive, send)
    return bytes(body)


if __name__ == "__main__":
    sys.stdout.buffer.write(asyncio.run(document()))

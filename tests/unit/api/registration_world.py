"""A tenant that registers its numbers, with a client written from the documentation."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from maskline.api.limits import ApiLimits
from maskline.api.registration import RegistrationInterface
from maskline.api.registration_door import TokenGate, create_registration
from maskline.domain.application import Tenant, TenantState
from maskline.services.clock import SteppedClock
from maskline.services.ids import SystemIds
from maskline.services.lockout import Lockout, LockoutLimits
from maskline.services.registration import RegistrationDesk
from maskline.services.tenant_token import TenantTokens
from maskline.stores.memory import MemoryStore

NOON = datetime(2026, 7, 29, 12, 0, 0, 500_000, tzinfo=UTC)
FILES = "/v1/privatenumber/a-number/files"
NUMBERS = "/v1.0/privatenumber/a-number"
JPG, PNG = b"\xff\xd8\xff\xe0 jpg \r\n", b"\x89PNG\r\n\x1a\n png"
A = "+8613900001001"
AGREED = "agree_authorization_statement=true"


def report(number: str = A, **changes: Any) -> dict[str, Any]:
    """One entry of `numbers`, for a mobile number."""
    return {
        "number": number,
        "numberType": 1,
        "name": "王小明",
        "identityCard": "11010519491231002X",
        "liveFaceImage": "face.jpg",
    } | changes


def form(*files: tuple[str, bytes], field_name: str = "files") -> tuple[str, bytes]:
    """Content type and body of an upload."""
    body = b""
    for name, content in files:
        disposition = f'form-data; name="{field_name}"; filename="{name}"'
        head = f"Content-Disposition: {disposition}\r\nContent-Type: image/jpeg"
        body += b"--5f3a\r\n" + head.encode() + b"\r\n\r\n" + content + b"\r\n"
    return "multipart/form-data; boundary=5f3a", body + b"--5f3a--\r\n"


@dataclass
class RegistrationWorld:
    """Everything behind the door; `asgi` sends a request without a network."""

    asgi: Any
    clock: SteppedClock = field(default_factory=lambda: SteppedClock(NOON))
    store: MemoryStore = field(default_factory=MemoryStore)
    token: str = ""
    peer: str = "192.0.2.7"

    async def open(
        self, *, needs_review: bool = False, lockout_failures: int = 100, **limits: Any
    ) -> "RegistrationWorld":
        """Build the door, and the tenant `shop` with its token."""
        self.desk = RegistrationDesk(self.store, self.clock, needs_review=needs_review)
        lockout = Lockout(self.clock, LockoutLimits(failures=lockout_failures))
        self.tokens = TenantTokens(self.store, self.clock, SystemIds())
        self.app = create_registration(
            RegistrationInterface(self.store, self.desk),
            TokenGate(self.tokens, ApiLimits(**limits), lockout),
        )
        if not self.token:
            await self.store.add_tenant(Tenant(tenant_id="shop", name="Shop", created_at=NOON))
            _, self.token = await self.tokens.issue("shop", 1000)
        return self

    async def freeze(self) -> None:
        tenant = Tenant(tenant_id="shop", name="Shop", state=TenantState.FROZEN, created_at=NOON)
        await self.store.save_tenant(tenant)

    async def send(
        self,
        method: str,
        path: str,
        body: object = b"",
        *,
        query: str = "",
        headers: Mapping[str, str] | None = None,
        token: str | None = "",
        chunks: int = 1,
    ) -> Any:
        """A request with the tenant's token; `token` None sends none."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = {} if token is None else {"X-Auth-Token": token or self.token}
        size = max(1, -(-len(content) // chunks))
        pieces = [content[at : at + size] for at in range(0, len(content), size)] or [b""]
        return await self.asgi(
            self.app,
            method,
            path,
            query=query,
            headers=given | dict(headers or {}),
            chunks=pieces,
            peer=self.peer,
        )

    async def upload(self, *files: tuple[str, bytes], query: str = AGREED, **options: Any) -> Any:
        content_type, body = form(*files or [("face.jpg", JPG)])
        headers = {"Content-Type": content_type}
        return await self.send("POST", FILES, body, query=query, headers=headers, **options)

    async def register(self, *reports: Any, query: str = AGREED) -> Any:
        return await self.send("POST", NUMBERS, {"numbers": list(reports)}, query=query)

    async def find_files(self, **asked: Any) -> Any:
        return await self.send("POST", f"{FILES}/query", {"page": 1} | asked)

    async def find_numbers(self, **asked: Any) -> Any:
        return await self.send("POST", f"{NUMBERS}/query", {"page": 1} | asked)

    async def delete_files(self, *names: Any) -> Any:
        return await self.send("DELETE", FILES, {"files": list(names)})

    async def delete_numbers(self, *numbers: Any) -> Any:
        return await self.send("DELETE", NUMBERS, {"numbers": list(numbers)})

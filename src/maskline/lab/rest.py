"""A customer's client of the compatible interface, AKSK-signed: bindings, calls, recordings."""

import asyncio
import base64
import hashlib
import hmac
import secrets
import time
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import aiohttp
import msgspec

AXB_PATH = "/rest/caas/relationnumber/partners/v1.0"
STOP_PATH = "/rest/httpsessions/callStop/v2.0"
RECORDING_PATH = "/rest/provision/voice/record/v1.0"

REQUEST_TIMEOUT_S = 10.0
PATIENCE_S = 15.0
"""How long a recording that is on its way into the storage is asked for."""

MOVED = 301
TRY_LATER = 503

_AUTHORIZATION = 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"'


class RestRefused(Exception):
    """The platform answered with another result code than 0."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(f"{status}: {code} {text}")
        self.code = code


class RestClient:
    """Bind, modify, unbind, end calls and fetch recordings of one application.

    Each call returns the answer's JSON object and raises RestRefused, aiohttp.ClientError,
    TimeoutError. Parameters are passed as they stand on the wire.
    """

    def __init__(self, url: str, app_key: str, secret: str) -> None:
        self._url = url.rstrip("/")
        self._app_key = app_key
        self._secret = secret
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=REQUEST_TIMEOUT_S)
        )

    async def bind(self, **parameters: object) -> dict[str, Any]:
        """Bind two numbers to a virtual one (`spec/axb.md` 4)."""
        return await self.ask("POST", body=parameters)

    async def modify(self, **parameters: object) -> dict[str, Any]:
        """Change a binding (`spec/axb.md` 5)."""
        return await self.ask("PUT", body=parameters)

    async def unbind(self, **parameters: str) -> dict[str, Any]:
        """Remove one binding, or all of a virtual number (`spec/axb.md` 6)."""
        return await self.ask("DELETE", query=parameters)

    async def stop_call(self, session_id: str) -> dict[str, Any]:
        """End a live call (`spec/common.md` 3)."""
        body = {"sessionid": session_id, "signal": "call_stop"}
        return await self.ask("POST", STOP_PATH, body=body)

    async def recording_link(self, file_name: str, domain: str) -> str:
        """Where a recording can be fetched, by its names in the call record (`spec/common.md` 2).

        Raises as the other calls.
        """
        async with self._session.get(
            self._url + RECORDING_PATH,
            params={"fileName": file_name, "recordDomain": domain},
            headers=signed_headers(self._app_key, self._secret),
            allow_redirects=False,
        ) as answer:
            if answer.status == MOVED:
                return answer.headers["Location"]
            raise _refused(answer.status, await answer.read())

    async def fetch(self, link: str, patience_s: float = PATIENCE_S) -> bytes:
        """What a link leads to, asked for again while the answer is to try later.

        Raises aiohttp.ClientError, also for a status of failure.
        """
        deadline = time.monotonic() + patience_s
        while True:
            async with self._session.get(link) as answer:
                wait_s = _seconds(answer.headers.get("Retry-After"))
                is_last = wait_s is None or time.monotonic() + wait_s > deadline
                if answer.status != TRY_LATER or is_last:
                    answer.raise_for_status()
                    return await answer.read()
            await asyncio.sleep(wait_s or 0)

    async def close(self) -> None:
        """Drop the connections."""
        await self._session.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def ask(
        self,
        method: str,
        path: str = AXB_PATH,
        *,
        query: dict[str, str] | None = None,
        body: object = None,
    ) -> dict[str, Any]:
        """Any request, also of the other modes: parameters in the query or a JSON body."""
        async with self._session.request(
            method,
            self._url + path,
            params=query,
            data=None if body is None else msgspec.json.encode(body),
            headers=signed_headers(self._app_key, self._secret),
        ) as answer:
            raw = await answer.read()
        try:
            told: dict[str, Any] = msgspec.json.decode(raw)
        except msgspec.DecodeError:
            raise _refused(answer.status, raw) from None
        if told.get("resultcode") != "0":
            raise _refused(answer.status, raw)
        return told


def _seconds(text: str | None) -> float | None:
    return float(text) if text is not None and text.isdecimal() else None


def _refused(status: int, raw: bytes) -> RestRefused:
    try:
        told = msgspec.json.decode(raw, type=dict[str, Any])
    except (msgspec.DecodeError, msgspec.ValidationError):
        return RestRefused(status, "", raw.decode("utf-8", "replace")[:200])
    return RestRefused(status, str(told.get("resultcode")), str(told.get("resultdesc")))


def signed_headers(app_key: str, secret: str) -> dict[str, str]:
    """The headers of one request (`spec/auth.md` 3); every request needs fresh ones."""
    nonce = secrets.token_hex(16)
    created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    mac = hmac.digest(secret.encode(), (nonce + created).encode(), hashlib.sha256)
    digest = base64.b64encode(mac).decode()
    return {
        "Content-Type": "application/json;charset=UTF-8",
        "Authorization": _AUTHORIZATION,
        "X-AKSK": (
            f'UsernameToken Username="{app_key}",PasswordDigest="{digest}",'
            f'Nonce="{nonce}",Created="{created}"'
        ),
    }

"""The application's requests, sent to the real interface as its own server would."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import aiohttp
import msgspec

from maskline.domain.application import Application
from maskline.domain.error import SandboxRefused
from maskline.lab.rest import signed_headers
from maskline.sandbox.operation import Operation

REQUEST_TIMEOUT_S = 20.0
SHOWN_DIGITS = 6
"""Characters of a digest that are shown."""

WRONG_SECRETS = 5
"""Requests with a wrong digest in `WRONG_WINDOW_S`: this server's address would be locked out."""

WRONG_WINDOW_S = 60.0

_DIGEST = re.compile(rf'(PasswordDigest="[^"]{{{SHOWN_DIGITS}}})[^"]*"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request as it was sent, without what is secret, and its answer.

    `body` is the JSON text that was sent; `answer` the decoded JSON, or text.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: str | None
    status: int
    answer_headers: Mapping[str, str]
    answer: Any = field(repr=False)
    took_ms: float

    @property
    def is_success(self) -> bool:
        """Whether the interface did what it was asked for."""
        return self.told("resultcode") == "0"

    def told(self, name: str) -> Any:  # noqa: ANN401 - a JSON value
        """One value of the answer; None when there is none."""
        answer: Any = self.answer
        return cast("dict[str, Any]", answer).get(name) if isinstance(answer, dict) else None


class RequestDesk:
    """Sends to `own_url`; requests are shown with `shown_url`, as customers know this server."""

    def __init__(self, own_url: str, shown_url: str) -> None:
        self.shown_url = shown_url.rstrip("/")
        self._own_url = own_url.rstrip("/")
        self._http: aiohttp.ClientSession | None = None
        self._wrong: list[float] = []

    def open(self) -> None:
        """Be ready to send."""
        timeout = aiohttp.ClientTimeout(total=REQUEST_TIMEOUT_S)
        self._http = aiohttp.ClientSession(timeout=timeout)

    async def close(self) -> None:
        """Drop the connections."""
        if self._http is not None:
            await self._http.close()

    async def send(
        self,
        application: Application,
        operation: Operation,
        params: Mapping[str, Any],
        *,
        signs_wrongly: bool = False,
    ) -> Exchange:
        """Carry out one request. Raises InvalidParameter, SandboxRefused."""
        if self._http is None:
            raise SandboxRefused("not_running", "the sandbox is not running", "try again")
        if signs_wrongly:
            self._count_wrong()
        target = operation.target(application.app_key, params)
        body = msgspec.json.encode(params) if operation.has_body else None
        secret = application.secret + ("x" if signs_wrongly else "")
        headers = signed_headers(application.app_key, secret)
        began = time.monotonic()
        try:
            async with self._http.request(
                operation.method, self._own_url + target, data=body, headers=headers
            ) as answer:
                raw = await answer.read()
                status, answer_headers = answer.status, dict(answer.headers.items())
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SandboxRefused(
                "interface_unreachable",
                f"the REST interface does not answer at {self._own_url}: {error}",
                "is it run by another process? see docs/sandbox.md",
            ) from error
        return Exchange(
            method=operation.method,
            url=self.shown_url + target,
            headers={name: _DIGEST.sub(r'\1…"', value) for name, value in headers.items()},
            body=None if body is None else body.decode(),
            status=status,
            answer_headers=answer_headers,
            answer=_decoded(raw),
            took_ms=round((time.monotonic() - began) * 1_000, 1),
        )

    def _count_wrong(self) -> None:
        now = time.monotonic()
        self._wrong = [at for at in self._wrong if now - at < WRONG_WINDOW_S]
        if len(self._wrong) >= WRONG_SECRETS:
            raise SandboxRefused(
                "too_many_wrong",
                "more requests with a wrong digest would lock this server out",
                f"wait {WRONG_WINDOW_S:.0f} s",
            )
        self._wrong.append(now)


def _decoded(raw: bytes) -> Any:  # noqa: ANN401 - a JSON value
    try:
        return msgspec.json.decode(raw)
    except msgspec.DecodeError:
        return raw.decode("utf-8", "replace")

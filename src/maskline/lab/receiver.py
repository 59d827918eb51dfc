"""A customer's callback receiver: records pushes, checks signatures, misbehaves on demand."""

import asyncio
import ssl
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from aiohttp import web

from maskline.domain.webhook_secret import derived_secret
from maskline.lab.push_signature import Signature, check_body, check_digest, signing_key

KEPT_PUSHES = 10_000
"""Pushes that are remembered; older ones are forgotten first."""

SILENCE_S = 3_600.0
"""How long a silent receiver keeps a sender waiting."""

CLOSE_S = 0.2
"""How long `close` waits for answers under way before it cuts them off."""

QUERY_PATH = "/pushes"
"""`GET /pushes?about=TEXT` lists what `Receiver.about` finds, as a JSON array."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One POST as it arrived.

    `headers` have lower-case names. `received_at` is in seconds of the monotonic clock.
    `signature` is about the compatible headers, `body_signature` about `webhook-signature`.
    `answered` is the status that the receiver decided on, None when it hung up. `source` is
    address and port of the sender's connection.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    received_at: float
    signature: Signature
    body_signature: Signature = Signature.NOT_CHECKED
    answered: int | None = None
    source: str = ""

    @property
    def push_id(self) -> str | None:
        """The id that stays the same on every try (`webhook-id`)."""
        return self.headers.get("webhook-id")

    def json(self) -> Any:  # noqa: ANN401 - a decoded JSON value
        """The body as a JSON value. Raises msgspec.DecodeError."""
        return msgspec.json.decode(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the receiver does with one push; `status` None hangs up without an answer."""

    status: int | None = 200
    delay_s: float = 0.0
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


Behaviour = Callable[[Push], Answer]


def accepting() -> Behaviour:
    """Answer 200 with an empty body (`spec/auth.md` 10)."""
    answer = Answer()
    return lambda _push: answer


def slow(delay_s: float) -> Behaviour:
    """Accept after a while."""
    answer = Answer(delay_s=delay_s)
    return lambda _push: answer


def failing(status: int = 500) -> Behaviour:
    """Refuse everything."""
    answer = Answer(status=status)
    return lambda _push: answer


def closing() -> Behaviour:
    """Read the push, then hang up."""
    answer = Answer(status=None)
    return lambda _push: answer


def silent() -> Behaviour:
    """Read the push and never answer."""
    answer = Answer(delay_s=SILENCE_S)
    return lambda _push: answer


def redirecting(location: str, status: int = 302) -> Behaviour:
    """Send the sender elsewhere."""
    answer = Answer(status=status, headers={"Location": location})
    return lambda _push: answer


def flapping(good: int, bad: int, status: int = 503) -> Behaviour:
    """Accept `good` pushes, refuse the next `bad`, and so on."""
    seen = 0

    def answer(_push: Push) -> Answer:
        nonlocal seen
        turn = seen % (good + bad)
        seen += 1
        return Answer() if turn < good else Answer(status=status)

    return answer


def _shown(push: Push) -> dict[str, Any]:
    """A push for `GET /pushes`; bodies are JSON, as ours are, or else shown as text."""
    try:
        body = push.json()
    except msgspec.DecodeError:
        body = push.body.decode("utf-8", "replace")
    return {
        "path": push.path,
        "received_at": push.received_at,
        "push_id": push.push_id,
        "signature": push.signature.value,
        "answered": push.answered,
        "body": body,
    }


class Receiver:
    """An HTTP server that takes pushes on every path and tells of them at `GET /pushes`.

    `secrets` maps an application's key to its secret; without it signatures are not checked.
    `behaviour` may be replaced at any time and decides on the pushes after that.
    """

    def __init__(
        self, secrets: Mapping[str, str] | None = None, behaviour: Behaviour | None = None
    ) -> None:
        self.behaviour = behaviour or accepting()
        self.total = 0
        self._secrets = secrets
        self._kept: deque[Push] = deque(maxlen=KEPT_PUSHES)
        self._arrival = asyncio.Event()
        self._runner: web.ServerRunner | None = None
        self._scheme = "http"
        self._address = ("", 0)

    async def start(
        self, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        """Listen; port 0 takes a free one. Raises OSError."""
        server = web.Server(self._handle)
        runner = web.ServerRunner(server, access_log=None, shutdown_timeout=CLOSE_S)
        await runner.setup()
        site = web.TCPSite(runner, host, port, ssl_context=tls)
        try:
            await site.start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner
        self._scheme = "https" if tls else "http"
        self._address = (host, runner.addresses[0][1])

    async def close(self) -> None:
        """Stop listening and cut what is under way; `received` stays."""
        if self._runner is not None:
            runner, self._runner = self._runner, None
            await runner.cleanup()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._address[1]

    @property
    def url(self) -> str:
        """Where pushes are taken, without a path: `http://127.0.0.1:8081`."""
        host, port = self._address
        return (
            f"{self._scheme}://[{host}]:{port}"
            if ":" in host
            else f"{self._scheme}://{host}:{port}"
        )

    @property
    def received(self) -> list[Push]:
        """The newest pushes, oldest first; all of them up to `KEPT_PUSHES`."""
        return list(self._kept)

    def forget(self) -> None:
        """Drop what was recorded."""
        self._kept.clear()
        self.total = 0

    async def wait_for(
        self, predicate: Callable[[Sequence[Push]], object], timeout_s: float = 5.0
    ) -> list[Push]:
        """The pushes, as soon as `predicate(received)` is true. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while not predicate(received := self.received):
                self._arrival.clear()
                await self._arrival.wait()
        return received

    def about(self, text: str) -> list[Push]:
        """The pushes whose body has this text, such as a session or binding id; "" is all."""
        wanted = text.encode()
        return [push for push in self._kept if wanted in push.body]

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.method == "GET" and request.path == QUERY_PATH:
            found = [_shown(push) for push in self.about(request.query.get("about", ""))]
            return web.Response(body=msgspec.json.encode(found), content_type="application/json")
        # aiohttp answers 413 to a body over its bound of 1 MiB
        answer = self._record(request, await request.read())
        if answer.delay_s > 0:
            await asyncio.sleep(answer.delay_s)
        if answer.status is None:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        return web.Response(status=answer.status, body=answer.body, headers=answer.headers)

    def _record(self, request: web.BaseRequest, body: bytes) -> Answer:
        headers = {name.lower(): value for name, value in request.headers.items()}
        push = Push(
            method=request.method,
            path=request.path_qs,
            headers=headers,
            body=body,
            received_at=time.monotonic(),
            signature=self._check(headers),
            body_signature=self._check_body(headers, body),
            source=_source(request),
        )
        answer = self.behaviour(push)
        self._kept.append(replace(push, answered=answer.status))
        self.total += 1
        self._arrival.set()
        return answer

    def _check(self, headers: Mapping[str, str]) -> Signature:
        if self._secrets is None:
            return Signature.NOT_CHECKED
        return check_digest(self._secrets.get, headers)

    def _check_body(self, headers: Mapping[str, str], body: bytes) -> Signature:
        if self._secrets is None:
            return Signature.NOT_CHECKED
        secret = self._secrets.get(signing_key(headers) or "")
        return check_body(() if secret is None else (derived_secret(secret),), headers, body)


def _source(request: web.BaseRequest) -> str:
    peer = request.transport.get_extra_info("peername") if request.transport else None
    return f"{peer[0]}:{peer[1]}" if peer else ""

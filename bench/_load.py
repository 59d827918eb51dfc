"""A customer's servers: signed binds, sent over connections that stay open."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import cast

PATH = "/rest/caas/relationnumber/partners/v1.0"
APP_KEY, SECRET = "bench", "bench secret"


def sign(serial: int, body: bytes) -> bytes:
    """A whole request, as a customer's server sends it."""
    nonce = f"{serial:032X}"
    created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    mac = hmac.digest(SECRET.encode(), f"{nonce}{created}".encode(), hashlib.sha256)
    head = (
        f"POST {PATH} HTTP/1.1\r\n"
        "Host: 127.0.0.1\r\n"
        "Content-Type: application/json;charset=UTF-8\r\n"
        'Authorization: AKSK realm="SDP",profile="UsernameToken",type="Appkey"\r\n'
        f'X-AKSK: UsernameToken Username="{APP_KEY}",'
        f'PasswordDigest="{base64.b64encode(mac).decode()}",'
        f'Nonce="{nonce}",Created="{created}"\r\n'
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def binds(
    serials: Iterator[int], amount: int, numbers: Sequence[str], *, chosen: bool = False
) -> list[bytes]:
    """Signed binds of pairs that never come twice; with `chosen` the server chooses X."""
    made: list[bytes] = []
    for _ in range(amount):
        serial = next(serials)
        x = {"areaCode": "0755"} if chosen else {"relationNum": numbers[serial % len(numbers)]}
        fields = {
            "callerNum": f"+86139{serial:08}",
            "calleeNum": f"+86138{serial:08}",
            "callDirection": 0,
            "duration": 86400,
            "recordFlag": "false",
            "maxDuration": 60,
            "userData": f"trip-{serial}",
        }
        made.append(sign(serial, json.dumps(x | fields).encode()))
    return made


class Connection(asyncio.Protocol):
    """Sends the next request when the answer to the one before is complete."""

    def __init__(self, waiting: Iterator[bytes], done: asyncio.Future[None]) -> None:
        self._waiting = waiting
        self._done = done
        self._buffer = b""
        self._sent_at = 0.0
        self._transport: asyncio.WriteTransport | None = None
        self.latencies: list[float] = []
        self.results: Counter[str] = Counter()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        self._transport = cast("asyncio.WriteTransport", transport)
        self._next()

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        self._buffer += data
        head, separator, body = self._buffer.partition(b"\r\n\r\n")
        if not separator or len(body) < content_length(head):
            return
        self.latencies.append(time.perf_counter() - self._sent_at)
        self.results["ok" if b'"resultcode":"0"' in body else body.decode()[:80]] += 1
        self._buffer = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        if not self._done.done():
            self.results[f"connection lost: {exc}"] += 1
            self._done.set_result(None)

    def _next(self) -> None:
        request = next(self._waiting, None)
        assert self._transport is not None
        if request is None:
            self._done.set_result(None)
            self._transport.close()
            return
        self._sent_at = time.perf_counter()
        self._transport.write(request)


def content_length(head: bytes) -> int:
    return int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])


async def drive(port: int, requests: Iterable[bytes], in_flight: int) -> list[Connection]:
    """Send all requests over `in_flight` connections, one at a time on each."""
    loop = asyncio.get_running_loop()
    waiting = iter(requests)
    ends = [loop.create_future() for _ in range(in_flight)]
    made = [
        await loop.create_connection(lambda end=end: Connection(waiting, end), "127.0.0.1", port)
        for end in ends
    ]
    await asyncio.gather(*ends)
    return [connection for _, connection in made]

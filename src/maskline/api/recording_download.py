"""Download links of recordings as an ASGI application: `/recordings/<token>`."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from maskline.api.byte_range import ByteRange, RangeOutside, read_range
from maskline.api.guard import Rates
from maskline.domain.error import BusyError, CustomerError, MasklineError
from maskline.services.address import Networks, client_address
from maskline.services.clock import Clock
from maskline.services.lockout import address_key
from maskline.services.recording import RecordingDamaged, RecordingUnfinished
from maskline.services.recording_archive import OpenRecording, RecordingArchive
from maskline.services.recording_link import PATH, RecordingLinks

CONTENT_TYPE = b"audio/wav"
RETRY_AFTER_S = 2

Headers = list[tuple[bytes, bytes]]

log = structlog.get_logger("recording")


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadLimits:
    """The bounds of downloads.

    `at_once` counts those of everybody, `at_once_of_one` those of one address.
    `address_requests_per_s` 0 means no limit. A piece of `piece_size` bytes is read and sent at a
    time; a client that does not take one within `stall_s` is dropped.
    """

    at_once: int = 64
    at_once_of_one: int = 16
    address_requests_per_s: int = 50
    tracked_addresses: int = 10_000
    piece_size: int = 64_000
    stall_s: float = 30.0
    trusted_proxies: tuple[str, ...] = ()


class _Unserved(Exception):
    """An answer without audio: a status and a sentence for people."""

    def __init__(self, status: int, sentence: str, *headers: tuple[bytes, bytes]) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.headers = headers


def create_downloads(
    archive: RecordingArchive,
    links: RecordingLinks,
    clock: Clock,
    limits: DownloadLimits | None = None,
) -> ASGIApp:
    """GET and HEAD of links. Who has a link needs nothing else to use it."""
    return _Downloads(archive, links, clock, limits or DownloadLimits())


class _Downloads:
    def __init__(
        self,
        archive: RecordingArchive,
        links: RecordingLinks,
        clock: Clock,
        limits: DownloadLimits,
    ) -> None:
        self._archive = archive
        self._links = links
        self._clock = clock
        self._limits = limits
        self._proxies = Networks(limits.trusted_proxies)
        self._rates = Rates(limits.tracked_addresses)
        self._running: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return

        async def send_in_time(message: Message) -> None:
            # Also what comes before the audio: the client may not have taken an answer before it.
            async with asyncio.timeout(self._limits.stall_s):
                await send(message)

        try:
            await self._answer(scope, receive, send_in_time)
        except _Unserved as unserved:
            await _explain(send, unserved, wants_body=scope["method"] != "HEAD")

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in {"GET", "HEAD"}:
            raise _Unserved(405, "A recording can only be read.", (b"allow", b"GET, HEAD"))
        headers = _headers(scope)
        client = self._client(scope, headers)
        self._check_bounds(client)
        self._running[client] += 1
        try:
            opened = await self._open(cast("str", scope["path"]))
            await self._serve(opened, headers, scope["method"] == "HEAD", receive, send)
        except TimeoutError:
            log.warning("recording download cut", client_stalled=True)
        finally:
            self._running[client] -= 1
            if not self._running[client]:
                del self._running[client]

    def _client(self, scope: Scope, headers: Mapping[bytes, str]) -> str:
        """The name under which the client's address is counted."""
        client = scope.get("client")
        return address_key(
            client_address(
                client[0] if client else "", headers.get(b"x-forwarded-for"), self._proxies
            )
        )

    def _check_bounds(self, client: str) -> None:
        limits = self._limits
        rate = limits.address_requests_per_s
        if not self._rates.take(client, rate, self._clock.monotonic()):
            raise _Unserved(
                429, "Too many requests; try again in a moment.", (b"retry-after", b"1")
            )
        if self._running[client] >= limits.at_once_of_one:
            raise _Unserved(
                429, "Too many downloads at once; let some end first.", (b"retry-after", b"2")
            )
        if self._running.total() >= limits.at_once:
            raise _not_now()

    async def _open(self, path: str) -> OpenRecording:
        link = self._links.open(path.removeprefix(PATH)) if path.startswith(PATH) else None
        if link is None:
            raise _Unserved(404, "This is no link to a recording.")
        if self._clock.now() >= link.expires_at:
            raise _Unserved(410, "This link has expired; ask for a new one.")
        try:
            return await self._archive.open(link.app_key, link.object_name)
        except RecordingUnfinished:
            raise _not_now("This recording is not ready yet; try again.") from None
        except CustomerError:
            raise _Unserved(410, "This recording is not kept any more.") from None
        except MasklineError as error:
            raise _not_served(link.object_name, error) from error

    async def _serve(
        self,
        opened: OpenRecording,
        headers: Mapping[bytes, str],
        is_head: bool,  # noqa: FBT001 - the method itself
        receive: Receive,
        send: Send,
    ) -> None:
        name = opened.recording.object_name
        tag = f'"{name}"'
        try:
            # RFC 9110 14.2: a range is of a GET only.
            wanted = None if is_head else headers.get(b"range")
            part = read_range(wanted, headers.get(b"if-range"), opened.size, tag)
        except RangeOutside:
            whole = f"bytes */{opened.size}".encode()
            raise _Unserved(
                416, "The recording has no such bytes.", (b"content-range", whole)
            ) from None
        body = part or ByteRange(0, opened.size)
        answer: Headers = [
            (b"content-type", CONTENT_TYPE),
            (b"content-length", b"%d" % body.size),
            (b"accept-ranges", b"bytes"),
            (b"etag", tag.encode()),
            (b"content-disposition", f'attachment; filename="{name}"'.encode()),
            *_ALWAYS,
        ]
        if part is not None:
            answer.append((b"content-range", part.described(opened.size).encode()))
        # Read before the status is sent, so that a storage that fails is still told as a failure.
        first = b"" if is_head else await self._first_piece(opened, body)
        await send(
            {"type": "http.response.start", "status": 206 if part else 200, "headers": answer}
        )
        if is_head:
            await send({"type": "http.response.body", "body": b""})
            return
        log.info(
            "recording downloaded",
            object_name=name,
            app_key=opened.recording.app_key,
            start=body.start,
            size=body.size,
        )
        try:
            await self._stream(opened, body, first, receive, send)
        except MasklineError as error:
            # The length is told already: returning here cuts the connection.
            log.warning("recording download cut", object_name=name, error=str(error))

    async def _first_piece(self, opened: OpenRecording, body: ByteRange) -> bytes:
        try:
            return await opened.read(body.start, min(body.size, self._limits.piece_size))
        except MasklineError as error:
            raise _not_served(opened.recording.object_name, error) from error

    async def _stream(
        self, opened: OpenRecording, body: ByteRange, piece: bytes, receive: Receive, send: Send
    ) -> None:
        """Send piece by piece, while the client is there."""
        at, end = body.start + len(piece), body.start + body.size
        if at >= end:
            await send({"type": "http.response.body", "body": piece})
            return
        left = asyncio.ensure_future(_client_left(receive))
        try:
            while not left.done():
                await send({"type": "http.response.body", "body": piece, "more_body": at < end})
                if at >= end:
                    return
                piece = await opened.read(at, min(end - at, self._limits.piece_size))
                at += len(piece)
        finally:
            left.cancel()


_ALWAYS: Headers = [
    (b"cache-control", b"private, no-store"),
    (b"x-content-type-options", b"nosniff"),
]


async def _client_left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _headers(scope: Scope) -> dict[bytes, str]:
    found: dict[bytes, str] = {}
    for name, value in cast("list[tuple[bytes, bytes]]", scope["headers"]):
        text = value.decode("latin-1")
        # Of a header in several lines the whole counts: two ranges are not one.
        found[name] = f"{found[name]},{text}" if name in found else text
    return found


def _not_now(
    sentence: str = "The recording cannot be read at this moment; try again.",
) -> _Unserved:
    return _Unserved(503, sentence, (b"retry-after", b"%d" % RETRY_AFTER_S))


def _not_served(object_name: str, error: MasklineError) -> _Unserved:
    """What to answer when a recording that is there cannot be read."""
    if isinstance(error, RecordingDamaged):
        log.error("recording is damaged", object_name=object_name, detail=str(error))
        return _Unserved(500, "This recording is damaged.")
    if not isinstance(error, BusyError):
        log.warning("recording not served", object_name=object_name, exc_info=error)
    return _not_now()


async def _explain(send: Send, unserved: _Unserved, *, wants_body: bool) -> None:
    text = f"{unserved.sentence}\n".encode()
    headers: Headers = [
        (b"content-type", b"text/plain;charset=utf-8"),
        (b"content-length", b"%d" % len(text)),
        *_ALWAYS,
        *unserved.headers,
    ]
    await send({"type": "http.response.start", "status": unserved.status, "headers": headers})
    await send({"type": "http.response.body", "body": text if wants_body else b""})

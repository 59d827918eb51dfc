"""A test of a receiver: address, connection, TLS, request and answer, each told by itself."""

import asyncio
import re
import socket
import ssl
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import Any, TypeVar

from yarl import URL

from maskline.domain.application import Application
from maskline.domain.notice import Purpose
from maskline.planes.delivery.callback_answer import Received, meaning_of, read_answer
from maskline.planes.delivery.connection import tls_context
from maskline.planes.delivery.destination import DestinationRefused, is_public, read_destination
from maskline.planes.delivery.message import PushSigner
from maskline.planes.delivery.settings import DeliverySettings
from maskline.planes.delivery.trial import TrialMessage
from maskline.services.callback_test import CallbackReport, Outcome, Step
from maskline.services.clock import Clock
from maskline.services.ids import Ids

_T = TypeVar("_T")
_Result = tuple[_T, dict[str, str]]
"""What a step gives, and what was seen of it."""

_Work = Coroutine[Any, Any, _Result[_T]]

TEST_HEADER = "Maskline-Test"
STEPS = ("address", "connect", "tls", "send", "answer", "meaning")

_DIGEST = re.compile(r'(PasswordDigest="[^"]{4})[^"]*"')
_SIGNATURE = re.compile(r"(v1,.{4})\S+")


class _Failed(Exception):
    """A step that failed, after which there are no others."""

    def __init__(self, step: Step) -> None:
        super().__init__(step.code)
        self.step = step


@dataclass(frozen=True, slots=True)
class _Line:
    """An open connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class HttpCallbackProbe:
    """`maskline.services.callback_test.CallbackProbe` over HTTP/1.1, by the rules of every push."""

    def __init__(
        self,
        settings: DeliverySettings,
        signer: PushSigner,
        message: TrialMessage,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._settings = settings
        self._signer = signer
        self._message = message
        self._clock = clock
        self._ids = ids

    async def probe(
        self, application: Application, purpose: Purpose, url: str, *, tries_wrong_digest: bool
    ) -> CallbackReport:
        """See the seam."""
        push_id = self._ids.uuid()
        body = self._message(purpose, push_id, self._clock.now())
        headers = {**self._signer.headers(application, push_id, body), TEST_HEADER: "1"}
        steps: list[Step] = []
        received: Received | None = None
        try:
            received = await self._exchange(url, headers, body, steps)
            steps.append(meaning_of(received, steps[-1].took_s))
        except _Failed as failed:
            steps.append(failed.step)
        steps += _skipped(STEPS[len(steps) :])
        if tries_wrong_digest and received is not None:
            steps.append(await self._wrong_digest(application, url, push_id, body))
        return CallbackReport(
            url=url,
            steps=tuple(steps),
            headers={name: _shortened(value) for name, value in headers.items()},
            body=body.decode(),
            status=None if received is None else received.status,
            answer="" if received is None else received.text,
        )

    async def _wrong_digest(
        self, application: Application, url: str, push_id: str, body: bytes
    ) -> Step:
        """The same once more under a secret that is nobody's: who checks refuses it."""
        forged = replace(application, secret=self._ids.token(36), webhook_secrets=())
        headers = {**self._signer.headers(forged, push_id, body), TEST_HEADER: "1"}
        try:
            received = await self._exchange(url, headers, body, [])
        except _Failed as failed:
            return replace(failed.step, name="wrong_digest")
        seen = {"status": str(received.status)}
        if 200 <= received.status < 300:
            text = "accepted with a wrong digest: the server does not check signatures"
            return Step(
                name="wrong_digest",
                outcome=Outcome.NOTE,
                code="signature_not_checked",
                text=text,
                seen=seen,
            )
        return Step(
            name="wrong_digest",
            outcome=Outcome.OK,
            code="signature_checked",
            text="refused with a wrong digest, as it should be",
            seen=seen,
        )

    async def _exchange(
        self, text: str, headers: Mapping[str, str], body: bytes, steps: list[Step]
    ) -> Received:
        """One request and its answer; what was done goes into `steps`. Raises _Failed."""
        url, addresses = await self._timed(steps, "address", self._address(text))
        line = await self._timed(steps, "connect", self._connect(url, addresses))
        try:
            await self._timed(steps, "tls", self._secure(url, line))
            await self._timed(steps, "send", _send(url, line, headers, body))
            return await self._timed(steps, "answer", self._answered(line))
        finally:
            line.writer.transport.abort()

    async def _timed(self, steps: list[Step], name: str, work: _Work[_T]) -> _T:
        began = self._clock.monotonic()
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                result, seen = await work
        except TimeoutError:
            sentence = f"nothing within {self._settings.timeout_s:g} s"
            raise self._failed(name, "timeout", sentence, began) from None
        except DestinationRefused as refusal:
            raise self._failed(name, "address_refused", str(refusal), began) from None
        except ssl.SSLCertVerificationError as error:
            detail = error.verify_message
            raise self._failed(name, "certificate_invalid", detail, began) from None
        except ssl.SSLError:
            raise self._failed(name, "tls_failed", "no TLS connection", began) from None
        except socket.gaierror:
            raise self._failed(name, "name_unknown", "the name does not resolve", began) from None
        except ConnectionRefusedError:
            sentence = "the connection was refused: nothing listens there"
            raise self._failed(name, "connection_refused", sentence, began) from None
        except (OSError, EOFError, ValueError):
            raise self._failed(name, "connection_broke", "the connection broke", began) from None
        took_s = self._clock.monotonic() - began
        steps.append(
            Step(name=name, outcome=Outcome.OK, code="ok", text="", took_s=took_s, seen=seen)
        )
        return result

    def _failed(self, name: str, code: str, text: str, began: float) -> _Failed:
        took_s = self._clock.monotonic() - began
        return _Failed(Step(name=name, outcome=Outcome.FAILED, code=code, text=text, took_s=took_s))

    async def _address(self, text: str) -> _Result[tuple[URL, Sequence[str]]]:
        url = read_destination(text)
        loop = asyncio.get_running_loop()
        infos = await loop.getaddrinfo(url.host or "", url.port or 0, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(info[4][0]) for info in infos))
        if not self._settings.allow_private:
            addresses = [one for one in addresses if is_public(ip_address(one.partition("%")[0]))]
        if not addresses:
            raise DestinationRefused("the address is not public")
        return (url, addresses), {"host": url.host or "", "address": addresses[0]}

    async def _connect(self, url: URL, addresses: Sequence[str]) -> _Result[_Line]:
        """To the address that was judged, so a name that changes in between gains nothing."""
        reader, writer = await asyncio.open_connection(addresses[0], url.port)
        return _Line(reader, writer), {"address": addresses[0], "port": str(url.port)}

    async def _secure(self, url: URL, line: _Line) -> _Result[None]:
        if url.scheme != "https":
            return None, {"version": "none"}
        context = await asyncio.to_thread(_context, self._settings)
        await line.writer.start_tls(context, server_hostname=url.raw_host)
        secured: ssl.SSLObject = line.writer.get_extra_info("ssl_object")
        seen = {"version": secured.version() or ""}
        certificate = secured.getpeercert()
        if certificate:
            seen["certificate_until"] = str(certificate.get("notAfter", ""))
        return None, seen

    async def _answered(self, line: _Line) -> _Result[Received]:
        received = await read_answer(line.reader)
        return received, {"status": str(received.status)}


async def _send(url: URL, line: _Line, headers: Mapping[str, str], body: bytes) -> _Result[None]:
    head = {
        "Host": url.host_port_subcomponent or "",
        "User-Agent": "maskline",
        "Accept": "*/*",
        "Connection": "close",
        **headers,
        "Content-Length": str(len(body)),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    request = f"POST {url.raw_path_qs} HTTP/1.1\r\n{lines}\r\n".encode() + body
    line.writer.write(request)
    await line.writer.drain()
    return None, {"bytes": str(len(request))}


def _context(settings: DeliverySettings) -> ssl.SSLContext:
    return tls_context(verifies=settings.verify_tls)


def _skipped(names: Sequence[str]) -> list[Step]:
    return [Step(name=name, outcome=Outcome.SKIPPED, code="skipped", text="") for name in names]


def _shortened(value: str) -> str:
    """A header without what would let somebody else use it."""
    return _SIGNATURE.sub(r"\1...", _DIGEST.sub(r'\1..."', value))

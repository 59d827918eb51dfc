"""A carrier for demonstrations and tests: it registers phones and connects calls to them.

It trusts everybody who reaches it, so it belongs on the loopback interface.
"""

import asyncio
import time
from collections.abc import Mapping

from maskline.domain.number import read_number
from maskline.lab.proxy import Address, StatelessProxy, Target
from maskline.lab.public import Public
from maskline.lab.trace import SipTrace, TracedMessage
from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.message import Request, Response, build_response
from maskline.protocols.sip.uri import SipUri

MAX_REGISTRATIONS = 10_000
"""Numbers that may be registered; one more is answered 503."""

MAX_EXPIRES_S = 3600
"""Longest registration (RFC 3261 10.3)."""


class Carrier(asyncio.DatagramProtocol):
    """A registrar, a stateless proxy, and the phones of everybody who has not registered.

    A registered number is called at its contact. Any other number is `Public`'s when the call
    comes from the platform, and the platform's when it comes from a phone: virtual numbers are
    its. `platform` is the platform's SIP host and port and may be set at any time.
    """

    def __init__(self, public: Public, platform: Address | None = None) -> None:
        self.platform = platform
        self.trace = SipTrace()
        self._public = public
        self._proxy = StatelessProxy(self._locate)
        self._contacts: dict[str, tuple[str, float]] = {}
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.DatagramTransport | None = None

    @classmethod
    async def start(
        cls, host: str = "127.0.0.1", port: int = 0, *, platform: Address | None = None
    ) -> "Carrier":
        """A carrier that listens; port 0 takes a free one. Raises OSError."""
        public = await Public.start(host)
        carrier = cls(public, platform)
        try:
            transport, _ = await carrier._loop.create_datagram_endpoint(
                lambda: carrier, local_addr=(host, port)
            )
        except OSError:
            await public.close()
            raise
        carrier._transport = transport
        carrier._proxy.address = transport.get_extra_info("sockname")[:2]
        return carrier

    @property
    def address(self) -> Address:
        """Host and port of its SIP socket."""
        return self._proxy.address

    @property
    def registrations(self) -> Mapping[str, str]:
        """Number -> contact URI, of those that have not expired."""
        now = self._loop.time()
        return {number: uri for number, (uri, until) in self._contacts.items() if until > now}

    async def close(self) -> None:
        """Stop; calls through it are cut."""
        await self._public.close()
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """One datagram."""
        source = addr[:2]
        self._note(data, source, is_sent=False)
        for packet, far in self._proxy.receive(data, source):
            if self._transport is not None:
                self._transport.sendto(packet, far)
                self._note(packet, far, is_sent=True)

    def error_received(self, exc: Exception) -> None:
        """A phone is gone: its calls time out as they would in a network."""

    def _note(self, data: bytes, far: Address, *, is_sent: bool) -> None:
        self.trace.note(TracedMessage(time.monotonic(), is_sent=is_sent, far=far, data=data))

    def _locate(self, request: Request, source: Address) -> Target | Response | None:
        if request.method == "REGISTER":
            return self._register(request)
        if request.method == "OPTIONS":
            return build_response(request, 200, to_tag="lab")
        number = _number(SipUri.parse(request.uri))
        contact = self._contacts.get(number)
        if contact is not None and contact[1] > self._loop.time():
            uri = SipUri.parse(contact[0])
            return Target((uri.host, uri.port or 5060), contact[0])
        if self.platform is not None and source != self.platform:
            return _target(number, self.platform)
        return _target(number, self._public.address)

    def _register(self, request: Request) -> Response:
        """RFC 3261 10.3, for one contact a number and without authentication."""
        number = _number(SipUri.parse(request.to.uri))
        contact = request.contact
        expires = _expires(request)
        if contact is None or expires == 0:
            self._contacts.pop(number, None)
            return build_response(request, 200, to_tag="lab")
        if number not in self._contacts and len(self._contacts) >= MAX_REGISTRATIONS:
            return build_response(request, 503, to_tag="lab")
        self._contacts[number] = (contact.uri, self._loop.time() + expires)
        kept = ("Contact", f"<{contact.uri}>;expires={expires}")
        return build_response(request, 200, to_tag="lab", headers=[kept])


def _number(uri: SipUri) -> str:
    """The number in global form, or the user part as it is when it is no number."""
    return read_number(uri.number) or uri.number


def _target(number: str, address: Address) -> Target:
    return Target(address, f"sip:{number}@{address[0]}:{address[1]}")


def _expires(request: Request) -> int:
    contact = request.contact
    asked = None if contact is None else contact.params.get("expires")
    text = asked or request.headers.get("Expires") or str(MAX_EXPIRES_S)
    if not text.isdecimal() or len(text) > 10:
        raise SipParseError("Bad Expires")
    return min(int(text), MAX_EXPIRES_S)

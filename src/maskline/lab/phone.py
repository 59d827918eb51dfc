"""A softphone for demonstrations and tests: it dials, rings, talks, and remembers everything."""

import asyncio
from collections import deque
from collections.abc import Coroutine, Sequence
from typing import Self

from maskline.lab.phone_call import WAIT_S, CallState, PhoneCall
from maskline.lab.sip_port import SipPort
from maskline.lab.trace import SipTrace
from maskline.protocols.rtp.g711 import Law
from maskline.protocols.sip.config import EndpointConfig
from maskline.protocols.sip.event import Event, InviteReceived, RequestAnswered, SessionClosed
from maskline.protocols.sip.flow import Flow
from maskline.protocols.sip.header import NameAddr
from maskline.protocols.sip.session_incoming import IncomingSession
from maskline.protocols.sip.uri import SipUri

MAX_CALLS = 400
"""Calls of one phone at once; one more is answered 486."""

REGISTRATION_S = 3600
"""How long a registration is asked for."""

USER_AGENT = "Lab phone"
BOTH_LAWS = (Law.A, Law.MU)


class RegistrationFailed(Exception):
    """The carrier refused, or did not answer."""


class Phone:
    """A phone with a number and a UDP port.

    `async with await Phone.start("+8613800000001") as phone: ...` closes it and its calls.
    """

    def __init__(
        self,
        number: str,
        laws: Sequence[Law],
        session_expires: int,
        *,
        knows_events: bool,
        is_secure: bool,
    ) -> None:
        self.number = number
        self._knows_events = knows_events
        self._is_secure = is_secure
        self._laws = tuple(laws)
        config = EndpointConfig(
            user_agent=USER_AGENT,
            contact_user=number.removeprefix("+"),
            session_expires=session_expires,
        )
        self._port = SipPort(config, self._handle)
        self._calls: set[PhoneCall] = set()
        self._waiting: deque[PhoneCall] = deque()
        self._arrival = asyncio.Event()
        self._openings: set[asyncio.Task[None]] = set()
        self._closings: set[asyncio.Task[None]] = set()

    @classmethod
    async def start(
        cls,
        number: str,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        laws: Sequence[Law] = BOTH_LAWS,
        session_expires: int = 0,
        knows_events: bool = True,
        is_secure: bool = False,
    ) -> "Phone":
        """A phone that listens; port 0 takes a free one. Raises OSError.

        `laws` are the codecs it knows, the best first. `session_expires` in seconds asks for
        session timers (RFC 4028), 0 does without. `knows_events` False negotiates no telephone
        events (RFC 4733), as phones do that send keys in their audio or in SIP INFO. `is_secure`
        has SRTP with keys in SDP (RFC 4568), and nothing else.
        """
        phone = cls(number, laws, session_expires, knows_events=knows_events, is_secure=is_secure)
        await phone._port.open(host, port)
        return phone

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of its SIP socket."""
        return self._port.address

    @property
    def uri(self) -> str:
        """Its own SIP address."""
        host, port = self._port.address
        return f"sip:{self.number}@{host}:{port}"

    @property
    def trace(self) -> SipTrace:
        """Every SIP message of the phone."""
        return self._port.trace

    async def register(self, via: tuple[str, int], timeout_s: float = WAIT_S) -> None:
        """Tell the carrier at `via` where this number is. Raises RegistrationFailed."""
        answered = asyncio.get_running_loop().create_future()
        own = f"sip:{self.number}@{via[0]}"
        host, port = self._port.address
        self._port.endpoint.request(
            method="REGISTER",
            target=f"sip:{via[0]}:{via[1]}",
            flow=Flow("udp", *via),
            from_=NameAddr("", own),
            to=own,
            headers=(
                ("Contact", f"<sip:{self.number.removeprefix('+')}@{host}:{port}>"),
                ("Expires", str(REGISTRATION_S)),
            ),
            now=self._port.now(),
            owner=answered,
        )
        self._port.settle()
        try:
            status = await asyncio.wait_for(answered, timeout_s)
        except TimeoutError as error:
            raise RegistrationFailed("the carrier does not answer") from error
        if status != 200:
            raise RegistrationFailed(f"the carrier answers {status}")

    async def dial(
        self,
        target: str,
        via: tuple[str, int],
        *,
        display: str = "",
        headers: Sequence[tuple[str, str]] = (),
        offers: bool = True,
    ) -> PhoneCall:
        """Call a number or SIP URI through the SIP host and port `via`.

        With `offers` False the INVITE has no SDP and the other side makes the offer.
        """
        uri = target if target.startswith("sip:") else f"sip:{target}@{via[0]}:{via[1]}"
        call = self._new_call(target, incoming=False)
        await call.place(
            lambda offer: self._port.endpoint.invite(
                target=uri,
                flow=Flow("udp", *via),
                from_=NameAddr(display, f"sip:{self.number}@{self._port.address[0]}"),
                to=uri,
                body=offer if offers else None,
                headers=headers,
                now=self._port.now(),
            ),
            self._port.address[0],
        )
        self._calls.add(call)
        return call

    async def next_call(self, timeout_s: float = WAIT_S) -> PhoneCall:
        """The next call that comes in; it does not ring yet. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while not self._waiting:
                self._arrival.clear()
                await self._arrival.wait()
        return self._waiting.popleft()

    async def close(self) -> None:
        """Hang up what is up, without waiting for answers, and free the ports."""
        for call in list(self._calls):
            call.session.end(now=self._port.now())
        self._port.settle()
        for opening in self._openings:
            opening.cancel()
        await asyncio.gather(*self._openings, return_exceptions=True)
        await asyncio.gather(*self._closings, *(call.close() for call in self._calls))
        self._port.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _handle(self, event: Event) -> None:
        if isinstance(event, InviteReceived):
            self._take(event)
        elif isinstance(event, RequestAnswered):
            if not event.owner.done():
                event.owner.set_result(event.status)
        elif event.session.owner is not None:
            call: PhoneCall = event.session.owner
            call.handle(event)
            if isinstance(event, SessionClosed) and call in self._calls:
                self._calls.discard(call)
                _keep(call.close(), self._closings)

    def _new_call(self, number: str, *, incoming: bool) -> PhoneCall:
        return PhoneCall(
            self._port,
            number,
            self._laws,
            incoming=incoming,
            knows_events=self._knows_events,
            is_secure=self._is_secure,
        )

    def _take(self, event: InviteReceived) -> None:
        if len(self._openings) + len(self._calls) >= MAX_CALLS:
            event.session.reject(486, now=self._port.now())
            return
        user = SipUri.parse(event.request.from_.uri).number
        call = self._new_call(user, incoming=True)
        event.session.owner = call
        _keep(self._open(call, event.session, event), self._openings)

    async def _open(self, call: PhoneCall, session: IncomingSession, event: InviteReceived) -> None:
        await call.take(session, event.request, self._port.address[0])
        if call.state is CallState.ENDED:
            await call.close()
            return
        self._calls.add(call)
        self._waiting.append(call)
        self._arrival.set()


def _keep(work: Coroutine[None, None, None], tasks: set[asyncio.Task[None]]) -> None:
    task = asyncio.get_running_loop().create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)

"""Endpoints joined in memory, with a clock that is stepped and links that may be bad."""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any, TypeVar

from maskline.protocols.sip.config import EndpointConfig
from maskline.protocols.sip.endpoint import SipEndpoint
from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.event import Event, InviteReceived
from maskline.protocols.sip.flow import Flow, Transport
from maskline.protocols.sip.header import NameAddr
from maskline.protocols.sip.message import Request, Response, build_response
from maskline.protocols.sip.parse import parse_message
from maskline.protocols.sip.session_incoming import IncomingSession
from maskline.protocols.sip.session_outgoing import OutgoingSession

E = TypeVar("E", bound=Event)
Message = Request | Response

OFFER = b"v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n"
ANSWER = b"v=0\r\no=- 2 1 IN IP4 192.0.2.2\r\n"
CALLEE = "sip:+8613800000001@192.0.2.2"
CALLER = NameAddr("", "sip:+8617000000001@192.0.2.1")


@dataclass
class Quality:
    """How bad the links are; streams are spared."""

    delay_s: float = 0.01
    jitter_s: float = 0.0
    loss: float = 0.0
    duplication: float = 0.0


class Host:
    """Something with an address; what it was sent is kept."""

    def __init__(self, net: "Net", host: str, port: int = 5060) -> None:
        self.net = net
        self.host = host
        self.port = port
        self.inbox: list[Message] = []
        self.times: list[float] = []
        net.hosts[host] = self

    def flow(self, transport: Transport = "udp") -> Flow:
        return Flow(transport, self.host, self.port)

    def deliver(self, data: bytes, source: Flow) -> None:
        """Take a packet."""
        del source
        with suppress(SipParseError):
            self.inbox.append(parse_message(data))
            self.times.append(self.net.now)

    def got(self, what: str | int) -> list[Any]:
        """The requests of a method or the responses of a status that were received."""
        return [m for m in self.inbox if (m.method if isinstance(m, Request) else m.status) == what]

    def moments(self, what: str | int) -> list[float]:
        """When they came."""
        wanted = self.got(what)
        return [t for t, m in zip(self.times, self.inbox, strict=True) if m in wanted]


class Peer(Host):
    """A far end that does only what the test says, byte by byte."""

    def send(self, message: Message, to: Host, transport: Transport = "udp") -> None:
        self.net.carry(message.to_bytes(), self.flow(transport), to.flow(transport))
        self.net.run()

    def answer(self, request: Request, status: int, to: Host, **fields: Any) -> None:
        tag = fields.pop("to_tag", "peer-tag")
        headers = fields.pop("headers", [("Contact", f"<sip:peer@{self.host}:{self.port}>")])
        transport = fields.pop("transport", "udp")
        response = build_response(request, status, to_tag=tag, headers=headers, **fields)
        self.send(response, to, transport)

    def request(
        self,
        method: str,
        to: Host,
        *,
        branch: str,
        cseq: int = 1,
        uri: str | None = None,
        call_id: str = "call-1",
        from_: str = "<sip:peer@example.com>;tag=peer-tag",
        to_header: str = "<sip:+8613800000001@example.com>",
        headers: list[tuple[str, str]] | None = None,
        body: bytes = b"",
        transport: Transport = "udp",
        contact: bool = True,
    ) -> Request:
        lines = [
            (
                "Via",
                f"SIP/2.0/{transport.upper()} {self.host}:{self.port};branch=z9hG4bK{branch};rport",
            ),
            ("Max-Forwards", "70"),
            ("From", from_),
            ("To", to_header),
            ("Call-ID", call_id),
            ("CSeq", f"{cseq} {method}"),
        ]
        if contact:
            lines.append(("Contact", f"<sip:peer@{self.host}:{self.port}>"))
        lines += headers or []
        if body:
            lines.append(("Content-Type", "application/sdp"))
        request = Request(method, uri or f"sip:+8613800000001@{to.host}", lines, body)
        self.send(request, to, transport)
        return request

    def last(self, what: str | int) -> Any:
        return self.got(what)[-1]


class Node(Host):
    """An endpoint of ours."""

    def __init__(self, net: "Net", host: str, config: dict[str, Any]) -> None:
        super().__init__(net, host)
        local: dict[Transport, tuple[str, int]] = {
            "udp": (host, 5060),
            "tcp": (host, 5060),
            "tls": (host, 5060),
        }
        self.endpoint = SipEndpoint(EndpointConfig(local=local, **config), net.token)
        self.events: list[Event] = []
        self.on_event: Callable[[Event], None] | None = None

    def deliver(self, data: bytes, source: Flow) -> None:
        super().deliver(data, source)
        self.endpoint.receive(data, source, self.net.now)

    def drain(self) -> bool:
        """Move what the endpoint wrote onto the net; True when there was anything."""
        busy = False
        while (event := self.endpoint.next_event()) is not None:
            busy = True
            self.events.append(event)
            if self.on_event is not None:
                self.on_event(event)
        for data, flow in self.endpoint.data_to_send():
            busy = True
            self.net.carry(data, self.flow(flow.transport), flow)
        return busy

    def take(self, kind: type[E]) -> E:
        """Remove and return the oldest event of a type; fails when there is none."""
        for event in self.events:
            if isinstance(event, kind):
                self.events.remove(event)
                return event
        raise AssertionError(f"no {kind.__name__} among {self.events}")

    def kinds(self) -> list[str]:
        """The names of the events that were not taken, in order."""
        return [type(event).__name__ for event in self.events]

    def call(self, to: Host, body: bytes | None = OFFER, **fields: Any) -> OutgoingSession:
        transport: Transport = fields.pop("transport", "udp")
        session = self.endpoint.invite(
            target=CALLEE,
            flow=to.flow(transport),
            from_=CALLER,
            to=CALLEE,
            body=body,
            now=self.net.now,
            **fields,
        )
        self.net.run()
        return session

    def is_idle(self) -> bool:
        """Nothing is kept of anything any more."""
        endpoint = self.endpoint
        return not (endpoint.timer_count or endpoint.transaction_count or endpoint.session_count)


class Net:
    """Time, links and hosts of one test."""

    def __init__(self, seed: int = 0, quality: Quality | None = None) -> None:
        self.now = 0.0
        self.quality = quality or Quality()
        self.random = random.Random(seed)
        self.hosts: dict[str, Host] = {}
        self.filter: Callable[[Message], bool] | None = None
        self.mangle: Callable[[bytes], bytes] | None = None
        self._packets: list[tuple[float, int, bytes, Flow, Flow]] = []
        self._serial = 0

    def token(self, size: int) -> str:
        return self.random.randbytes(size).hex()

    def node(self, host: str, **config: Any) -> Node:
        return Node(self, host, config)

    def peer(self, host: str) -> Peer:
        return Peer(self, host)

    def carry(self, data: bytes, source: Flow, to: Flow) -> None:
        """Put a packet onto a link, which may lose, double or delay it."""
        quality = self.quality
        if self.filter is not None and not self.filter(parse_message(data)):
            return
        if self.mangle is not None:
            data = self.mangle(data)
        copies = 1
        if not to.is_reliable:
            copies += self.random.random() < quality.duplication
        for _ in range(copies):
            if not to.is_reliable and self.random.random() < quality.loss:
                continue
            jitter = 0.0 if to.is_reliable else self.random.random() * quality.jitter_s
            self._serial += 1
            due = self.now + quality.delay_s + jitter
            heappush(self._packets, (due, self._serial, data, source, to))

    def run(self, seconds: float = 0.2) -> None:
        """Let time pass, with everything that happens in it."""
        until = self.now + seconds
        while True:
            while sum(node.drain() for node in self._nodes()):
                pass
            due = self._next_due()
            if due is None or due > until:
                break
            self.now = max(self.now, due)
            self._step()
        self.now = until

    def run_until_idle(self, limit: float) -> None:
        """Let time pass until no endpoint keeps anything; fails after `limit` seconds."""
        end = self.now + limit
        while self.now < end:
            self.run(1.0)
            if not self._packets and all(node.is_idle() for node in self._nodes()):
                return
        raise AssertionError(
            f"not idle: {[(n.host, n.endpoint.timer_count) for n in self._nodes()]}"
        )

    def _nodes(self) -> list[Node]:
        return [host for host in self.hosts.values() if isinstance(host, Node)]

    def _next_due(self) -> float | None:
        dues = [due for n in self._nodes() if (due := n.endpoint.next_timer()) is not None]
        if self._packets:
            dues.append(self._packets[0][0])
        return min(dues, default=None)

    def _step(self) -> None:
        while self._packets and self._packets[0][0] <= self.now:
            _, _, data, source, to = heappop(self._packets)
            if to.host in self.hosts:
                self.hosts[to.host].deliver(data, source)
        for node in self._nodes():
            node.endpoint.handle_timer(self.now)


def standing_call(
    net: Net, caller: Node, callee: Node, **fields: Any
) -> tuple[OutgoingSession, IncomingSession]:
    """A call that was answered and acknowledged; no events are left over."""
    outgoing = caller.call(callee, **fields)
    incoming = callee.take(InviteReceived).session
    incoming.answer(ANSWER, now=net.now)
    net.run()
    caller.events.clear()
    callee.events.clear()
    return outgoing, incoming

"""What one relayed call costs in the SIP core and the message layer, sockets left out.

A caller and a callee talk through a relay of two sessions in memory: INVITE, 100, 180, 200, ACK,
BYE and 200 on both legs, 6 messages into the relay and 7 out. Only the relay's share is timed.
"""

import argparse
import cProfile
import gc
import pstats
import secrets
import statistics
import time
from dataclasses import replace
from typing import Any

from maskline.protocols.sip.config import EndpointConfig
from maskline.protocols.sip.endpoint import SipEndpoint
from maskline.protocols.sip.event import (
    Answered,
    EndReceived,
    InviteReceived,
    Ringing,
    SessionClosed,
)
from maskline.protocols.sip.flow import Flow
from maskline.protocols.sip.header import NameAddr

SDP = (
    b"v=0\r\no=- 3905203312 3905203312 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
    b"m=audio 20000 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n"
    b"a=ptime:20\r\na=sendrecv\r\n"
)
CALLER, RELAY, CALLEE = (Flow("udp", f"192.0.2.{n}", 5060) for n in (1, 2, 3))
CARRIER_LINES = [(f"X-Carrier-{n}", "a" * 60) for n in range(16)]
BATCHES = 10


class Phone:
    """One end: plays its part as events ask for."""

    def __init__(self, flow: Flow, config: EndpointConfig) -> None:
        local = {flow.transport: (flow.host, flow.port)}
        self.flow = flow
        self.endpoint = SipEndpoint(replace(config, local=local), secrets.token_hex)
        self.legs: dict[int, Any] = {}

    def play(self, now: float) -> None:
        """Do what the events ask for, as the caller or the callee."""
        while (event := self.endpoint.next_event()) is not None:
            if isinstance(event, InviteReceived):
                event.session.ring(now=now)
                event.session.answer(SDP, now=now)
            elif isinstance(event, Answered):
                event.session.end(q850=16, now=now)


class Relay(Phone):
    """The endpoint under test, with the least that joins two legs."""

    def play(self, now: float) -> None:
        """Join an incoming call to an outgoing one."""
        while (event := self.endpoint.next_event()) is not None:
            if isinstance(event, InviteReceived):
                event.session.owner = self.endpoint.invite(
                    target="sip:+8613800000001@192.0.2.3",
                    flow=CALLEE,
                    from_=NameAddr("", "sip:+8617000000001@192.0.2.2"),
                    to="sip:+8613800000001@192.0.2.3",
                    body=SDP,
                    now=now,
                    owner=event.session,
                )
            elif isinstance(event, Ringing):
                event.session.owner.ring(now=now)
            elif isinstance(event, Answered):
                event.session.owner.answer(SDP, now=now)
            elif isinstance(event, EndReceived):
                event.session.owner.end(q850=16, now=now)
            elif isinstance(event, SessionClosed):
                event.session.owner = None


class Bench:
    """Runs calls and adds up what the relay took."""

    def __init__(self, headers: list[tuple[str, str]]) -> None:
        config = EndpointConfig(max_sessions=1_000_000, max_transactions=10_000_000)
        self.headers = headers
        self.caller = Phone(CALLER, config)
        self.relay = Relay(RELAY, config)
        self.callee = Phone(CALLEE, config)
        self.spent_ns = 0
        self.messages = 0
        self.profile: cProfile.Profile | None = None
        self.now = 0.0

    def call(self) -> None:
        """One call from INVITE to the last 200."""
        self.caller.endpoint.invite(
            target="sip:+8617000000001@192.0.2.2",
            flow=RELAY,
            from_=NameAddr("", "sip:+8613900000002@192.0.2.1"),
            to="sip:+8617000000001@192.0.2.2",
            body=SDP,
            headers=self.headers,
            now=self.now,
        )
        busy = True
        while busy:
            busy = False
            for phone in (self.caller, self.callee):
                phone.play(self.now)
                for data, _ in phone.endpoint.data_to_send():
                    busy = True
                    self.relay_receives(data, phone.flow)

    def relay_receives(self, data: bytes, source: Flow) -> None:
        """Time what the relay does with one message, and deliver what it sends."""
        relay, now = self.relay, self.now
        if self.profile is not None:
            self.profile.enable()
        started = time.thread_time_ns()
        relay.endpoint.receive(data, source, now)
        relay.play(now)
        sent = relay.endpoint.data_to_send()
        relay.endpoint.next_timer()
        self.spent_ns += time.thread_time_ns() - started
        if self.profile is not None:
            self.profile.disable()
        self.messages += 1 + len(sent)
        for answer, flow in sent:
            far = self.caller if flow == CALLER else self.callee
            far.endpoint.receive(answer, RELAY, now)

    def pass_time(self, seconds: float) -> None:
        """Let timers run out, the relay's on the clock."""
        self.now += seconds
        for phone in (self.caller, self.callee):
            phone.endpoint.handle_timer(self.now)
        started = time.thread_time_ns()
        self.relay.endpoint.handle_timer(self.now)
        self.spent_ns += time.thread_time_ns() - started


def measure(title: str, headers: list[tuple[str, str]], calls: int) -> None:
    """Print the median over batches; every call is forgotten by the end of its batch."""
    bench = Bench(headers)
    costs: list[float] = []
    for _ in range(BATCHES):
        bench.spent_ns = bench.messages = 0
        for _ in range(calls):
            bench.call()
            bench.pass_time(0.001)
        bench.pass_time(33.0)
        costs.append(bench.spent_ns / calls / 1000)
    left = bench.relay.endpoint.transaction_count + bench.relay.endpoint.session_count
    print(
        f"{title:32} {statistics.median(costs):6.0f} us a call (best {min(costs):.0f}), "
        f"{bench.messages / calls:.0f} messages, {left} left behind"
    )


def profile(calls: int) -> None:
    """Print where the time goes."""
    bench = Bench([])
    bench.profile = cProfile.Profile()
    for _ in range(calls):
        bench.call()
    stats = pstats.Stats(bench.profile)
    stats.sort_stats("tottime").print_stats(40)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=500, help="calls a batch")
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    if options.profile:
        profile(options.calls)
        return
    gc.freeze()
    measure("relayed call, small messages", [], options.calls)
    measure("relayed call, 1.8 kB INVITE", CARRIER_LINES, options.calls)


if __name__ == "__main__":
    main()

"""Calls whose every message may arrive damaged: nothing breaks, nothing is left behind."""

import random
import re

import pytest
from tests.unit.protocols.sip.sip_net import ANSWER, OFFER, Net, Node

from maskline.protocols.sip.authentication import Account
from maskline.protocols.sip.event import (
    Answered,
    Event,
    InviteReceived,
    OfferReceived,
)
from maskline.protocols.sip.header_map import KNOWN_NAMES

NAMES = sorted(set(KNOWN_NAMES.values()))
VALUES = [
    "",
    "0",
    "-1",
    "4294967296",
    "1 INVITE",
    "9 BYE",
    "100rel, timer",
    "90;refresher=uas",
    "<sip:a@192.0.2.1>;tag=x",
    "<sip:192.0.2.2>, <sip:192.0.2.3;lr>",
    'Digest realm="r", nonce="n", qop="auth"',
    'Q.850;cause=16;text="x',
    "Digest",
    "<<>>",
    "\u00e9\udcff",
    "sip:" + "a" * 200,
]
STATUSES = [100, 183, 199, 200, 299, 302, 401, 407, 422, 481, 491, 500, 603]


class Mangler:
    """Damages about one message in three, in a way a parser may well let through."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def __call__(self, data: bytes) -> bytes:
        return data if self.random.random() < 0.65 else self.random.choice(self.ways)(self, data)

    def put_header(self, data: bytes) -> bytes:
        line = f"\r\n{self.random.choice(NAMES)}: {self.random.choice(VALUES)}\r\n"
        return data.replace(b"\r\n", line.encode("utf-8", "surrogateescape"), 1)

    def change_header(self, data: bytes) -> bytes:
        lines = data.split(b"\r\n")
        at = self.random.randrange(1, max(2, len(lines) - 3))
        name = lines[at].partition(b":")[0]
        value = self.random.choice(VALUES).encode("utf-8", "surrogateescape")
        return b"\r\n".join((*lines[:at], name + b": " + value, *lines[at + 1 :]))

    def drop_header(self, data: bytes) -> bytes:
        lines = data.split(b"\r\n")
        del lines[self.random.randrange(1, max(2, len(lines) - 3))]
        return b"\r\n".join(lines)

    def change_status(self, data: bytes) -> bytes:
        status = self.random.choice(
            [100, 183, 199, 200, 299, 302, 401, 407, 422, 481, 491, 500, 603]
        )
        return re.sub(rb"^SIP/2.0 \d+", f"SIP/2.0 {status}".encode(), data)

    def change_method(self, data: bytes) -> bytes:
        method = self.random.choice([b"BYE", b"CANCEL", b"PRACK", b"UPDATE", b"INFO", b"ACK", b"X"])
        data = re.sub(rb"^[A-Z]+ sip", method + b" sip", data)
        return re.sub(rb"CSeq: (\d+) [A-Z]+", rb"CSeq: \1 " + method, data)

    def change_bytes(self, data: bytes) -> bytes:
        damaged = bytearray(data)
        for _ in range(self.random.randint(1, 4)):
            damaged[self.random.randrange(len(damaged))] = self.random.randrange(256)
        return bytes(damaged)

    ways = (put_header, change_header, drop_header, change_status, change_method, change_bytes)


def take_part(net: Net, node: Node, chance: random.Random) -> None:
    """Answer what comes in, now and then with a verb of one's own."""

    def handle(event: Event) -> None:
        now = net.now
        if isinstance(event, InviteReceived):
            event.session.ring(183, body=ANSWER, reliable=chance.random() < 0.5, now=now)
            event.session.answer(ANSWER, now=now)
        elif isinstance(event, OfferReceived):
            event.session.accept_offer(ANSWER, now=now)
        elif isinstance(event, Answered):
            if event.session.state.name == "CONFIRMED":
                event.session.update(OFFER + b"a=inactive\r\n", now=now)
            event.session.info("text/plain", b"hello", now=now)

    node.on_event = handle


@pytest.mark.parametrize("seed", range(60))
def test_damaged_messages_break_nothing(seed: int) -> None:
    net = Net(seed)
    net.mangle = Mangler(seed)
    chance = random.Random(seed)
    nodes = [
        net.node(host, answer_timeout_s=60.0, invite_timeout_s=60.0)
        for host in ("192.0.2.1", "192.0.2.2")
    ]
    for node in nodes:
        take_part(net, node, chance)
    account = Account("a", "b")
    calls = [nodes[n % 2].call(nodes[1 - n % 2], credentials=account) for n in range(4)]
    net.run(15)
    for session in calls:
        session.end(q850=16, now=net.now)
    net.run(20)
    for node in nodes:
        for incoming in list(node.endpoint._stack.sessions.values()):
            incoming.end(now=net.now)
    net.run_until_idle(300)

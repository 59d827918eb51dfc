"""Digest as the side that is asked, and as the side that asks by its screen (RFC 3261 22)."""

import pytest
from tests.unit.protocols.sip.sip_net import ANSWER, OFFER, Net, Node, Peer

from maskline.protocols.sip.authentication import Account
from maskline.protocols.sip.digest import (
    Algorithm,
    DigestOutcome,
    DigestVerifier,
    hash_secret,
    parse_credentials,
)
from maskline.protocols.sip.endpoint import Refusal
from maskline.protocols.sip.event import Answered, InviteReceived, Rejected, RequestAnswered
from maskline.protocols.sip.flow import Flow
from maskline.protocols.sip.header import NameAddr
from maskline.protocols.sip.message import Request

ACCOUNT = Account("trunk", "open sesame")
REALM = "carrier.example"


class Guard:
    """A screen that lets in who proves to know the password."""

    def __init__(self, net: Net, password: str = "open sesame") -> None:
        self.net = net
        self.password = password
        self.verifier = DigestVerifier(REALM, b"s" * 32)

    def screen(self, request: Request, source: Flow) -> Refusal | None:
        del source
        value = request.headers.get("Authorization")
        if value is not None and self.check(value, request) is DigestOutcome.ACCEPTED:
            return None
        challenges = self.verifier.challenge(self.net.now)
        return 401, None, [("WWW-Authenticate", value) for value in challenges]

    def check(self, value: str, request: Request) -> DigestOutcome:
        def secret_of(username: str, algorithm: Algorithm) -> str:
            return hash_secret(algorithm, username, REALM, self.password)

        return self.verifier.verify(
            parse_credentials(value), method=request.method, now=self.net.now, ha1=secret_of
        )


@pytest.mark.parametrize(
    ("challenge", "algorithm"),
    [
        ('Digest realm="r", nonce="n", qop="auth"', "MD5"),
        ('Digest realm="r", nonce="n", algorithm=SHA-256, qop="auth"', "SHA-256"),
        ('Digest realm="r", nonce="n"', "MD5"),
    ],
)
def test_a_challenge_is_answered_with_a_new_cseq_and_branch(
    net: Net, caller: Node, peer: Peer, challenge: str, algorithm: str
) -> None:
    caller.call(peer, credentials=ACCOUNT)
    first = peer.last("INVITE")
    peer.answer(first, 401, caller, headers=[("WWW-Authenticate", challenge)])
    again = peer.last("INVITE")
    assert (again.call_id, again.from_tag, again.to_tag) == (first.call_id, first.from_tag, None)
    assert again.cseq.number == first.cseq.number + 1
    assert again.via.branch != first.via.branch
    credentials = parse_credentials(again.headers.get("Authorization") or "")
    assert credentials.username == "trunk"
    assert credentials.uri == again.uri
    assert (credentials.algorithm or Algorithm.MD5).value == algorithm
    peer.answer(again, 200, caller, body=ANSWER)
    assert caller.take(Answered)
    assert peer.last("ACK").headers.get("Authorization") == again.headers.get("Authorization")


def test_a_proxy_is_answered_in_its_own_header(net: Net, caller: Node, peer: Peer) -> None:
    caller.call(peer, credentials=ACCOUNT)
    headers = [("Proxy-Authenticate", 'Digest realm="r", nonce="n", qop="auth"')]
    peer.answer(peer.last("INVITE"), 407, caller, headers=headers)
    assert "Proxy-Authorization" in peer.last("INVITE").headers


def test_a_wrong_password_is_not_tried_for_ever(net: Net, caller: Node, peer: Peer) -> None:
    caller.call(peer, credentials=ACCOUNT)
    for nonce in ("a", "b"):
        headers = [("WWW-Authenticate", f'Digest realm="r", nonce="{nonce}", qop="auth"')]
        peer.answer(peer.last("INVITE"), 401, caller, headers=headers)
    assert len(peer.got("INVITE")) == 2
    assert caller.take(Rejected).status == 401


def test_a_stale_nonce_is_replaced_once(net: Net, caller: Node, peer: Peer) -> None:
    caller.call(peer, credentials=ACCOUNT)
    for nonce in ("a", "b", "c"):
        value = f'Digest realm="r", nonce="{nonce}", qop="auth", stale=true'
        peer.answer(peer.last("INVITE"), 401, caller, headers=[("WWW-Authenticate", value)])
    assert len(peer.got("INVITE")) == 3
    assert caller.take(Rejected).status == 401


@pytest.mark.parametrize("value", ['Digest realm="r", nonce="n", algorithm=X', "Basic x", ""])
def test_a_challenge_we_cannot_answer_is_a_rejection(
    net: Net, caller: Node, peer: Peer, value: str
) -> None:
    caller.call(peer, credentials=ACCOUNT)
    headers = [("WWW-Authenticate", value)]
    peer.answer(peer.last("INVITE"), 401, caller, headers=headers)
    assert caller.take(Rejected).status == 401


def test_without_credentials_a_challenge_is_a_rejection(net: Net, caller: Node, peer: Peer) -> None:
    caller.call(peer)
    peer.answer(peer.last("INVITE"), 401, caller)
    assert caller.take(Rejected).status == 401


def test_requests_within_the_dialog_bring_their_credentials_or_fetch_them(
    net: Net, caller: Node, peer: Peer
) -> None:
    outgoing = caller.call(peer, credentials=ACCOUNT)
    peer.answer(peer.last("INVITE"), 200, caller, body=ANSWER)
    outgoing.end(now=net.now)
    net.run()
    headers = [("WWW-Authenticate", 'Digest realm="r", nonce="n", qop="auth"')]
    peer.answer(peer.last("BYE"), 401, caller, headers=headers)
    assert parse_credentials(peer.last("BYE").headers.get("Authorization") or "").nonce == "n"
    peer.answer(peer.last("BYE"), 200, caller)
    assert caller.kinds() == ["Answered", "SessionClosed"]


def test_a_request_outside_a_dialog_answers_a_challenge(net: Net, caller: Node, peer: Peer) -> None:
    caller.endpoint.request(
        method="OPTIONS",
        target="sip:192.0.2.9",
        flow=peer.flow(),
        from_=NameAddr("", "sip:ping@192.0.2.1"),
        to="sip:192.0.2.9",
        credentials=ACCOUNT,
        now=net.now,
    )
    net.run()
    headers = [("WWW-Authenticate", 'Digest realm="r", nonce="n", qop="auth"')]
    peer.answer(peer.last("OPTIONS"), 401, caller, headers=headers)
    assert peer.last("OPTIONS").cseq.number == 2
    peer.answer(peer.last("OPTIONS"), 200, caller)
    assert caller.take(RequestAnswered).status == 200


def test_a_screen_with_digest_lets_in_who_knows_the_password(
    net: Net, caller: Node, callee: Node
) -> None:
    callee.endpoint.screen = Guard(net).screen
    caller.call(callee, OFFER, credentials=ACCOUNT)
    assert callee.take(InviteReceived)
    assert callee.endpoint.session_count == 1


def test_a_screen_with_digest_keeps_out_who_does_not(net: Net, caller: Node, callee: Node) -> None:
    callee.endpoint.screen = Guard(net, "another").screen
    caller.call(callee, OFFER, credentials=ACCOUNT)
    assert caller.take(Rejected).status == 401
    assert callee.kinds() == []
    assert callee.is_idle()


def test_the_password_is_not_shown() -> None:
    assert "sesame" not in repr(ACCOUNT)

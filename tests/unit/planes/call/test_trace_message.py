"""SIP messages in traces: signalling is to be seen, people are not."""

import re

import pytest

from maskline.planes.call.alias import Aliases
from maskline.planes.call.trace_message import MAX_SHOWN_BYTES, learn_message, tell_message

A, B, X = "+8613900001001", "+8675528000001", "+8617000002001"
BODY = """v=0
o=13900001001 13900001001 1 IN IP4 198.51.100.7
s=call of 13900001001
i=13900001001
c=IN IP4 198.51.100.7
t=0 0
m=audio 40000 RTP/SAVP 8 101
a=rtpmap:8 PCMA/8000
a=rtcp:40001 IN IP4 198.51.100.8
a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0a2V5c2VjcmV0a2V5
a=fingerprint:sha-256 AB:CD:EF
a=ssrc:1390000100 cname:13900001001@phone
a=x-13900001001
a=sendrecv
"""
HEAD = """INVITE sip:17000002001@203.0.113.1:5060;user=phone SIP/2.0
Via: SIP/2.0/UDP 192.0.2.10:5062;branch=z9hG4bK13900001001;rport
From: "Zhang San" <sip:{caller}@192.0.2.10;x=1>;tag=13900001001-9
To: <sip:008617000002001@203.0.113.1>
Call-ID: 13900001001-ab12@192.0.2.10
CSeq: 1 INVITE
Contact: <sip:{caller}@192.0.2.10:5062;transport=udp>;+sip.instance="<urn:uuid:13900001001>"
P-Asserted-Identity: "139 0000 1001" <tel:+86-139-0000-1001>
Diversion: <sip:%31%33900004004@192.0.2.11>;reason=no-answer
Remote-Party-ID: <sip:057128000009@sbc.example.com>
Authorization: Digest username="13900001001", response="0011223344"
User-Agent: Phone/1.0 13900001001 00:15:65:ab:cd:ef
X-Caller-13900001001: 13900001001
Subject: 13900001001
Reason: Q.850;cause=16;text="of 13900001001"
Warning: 399 192.0.2.10 "13900001001"
Max-Forwards: 70
Allow: INVITE, 13900001001
Content-Type: application/sdp;x=13900001001
"""


def _message(head: str = HEAD, body: str = BODY, caller: str = "13900001001") -> bytes:
    carried = body.replace("\n", "\r\n").encode()
    head = head.format(caller=caller).replace("\n", "\r\n")
    return f"{head}Content-Length: {len(carried)}\r\n\r\n".encode() + carried


def _aliases() -> Aliases:
    return Aliases(caller=A, callee=B, virtual=(X,))


def test_a_message_that_says_a_number_everywhere_is_shown_without_it():
    shown = tell_message(_message(), _aliases())
    plain = re.sub(r"[-._ ]", "", shown)
    for secret in ("13900001001", "3900004004", "57128000009", "Zhang", "c2Vj", "ABCDEF", "001565"):
        assert secret not in plain, shown
    for address in ("192.0.2", "198.51.100", "example.com"):
        assert address not in shown, shown


def test_what_helps_to_find_a_fault_stays():
    shown = tell_message(_message(), _aliases()).splitlines()
    for line in (
        "INVITE sip:17000002001@{host-1}:5060;user=phone SIP/2.0",
        "Via: SIP/2.0/UDP {host-2}:5062;branch=z9hG4bK{A};rport",
        'From: "…" <sip:{A}@{host-2};…>;tag={A}-9',
        "To: <sip:008617000002001@{host-1}>",
        'P-Asserted-Identity: "…" <tel:+86{A}>',
        "Diversion: <sip:{C}@{host-3}>;reason=no-answer",
        "Remote-Party-ID: <sip:{D}@{host-4}>",
        "Authorization: Digest …",
        "User-Agent: Phone/1.0 …",
        "Subject: … (11 characters)",
        'Reason: Q.850;cause=16;text="…"',
        "m=audio 40000 RTP/SAVP 8 101",
        "a=rtpmap:8 PCMA/8000",
        "a=rtcp:40001 IN IP4 {host-6}",
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:…",
        "a=sendrecv",
    ):
        assert line in shown, (line, shown)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("+8613900001001", "+86{A}"),
        ("008613900001001", "0086{A}"),
        ("9#13900001001", "9#{A}"),
        ("075528000001", "0{B}"),
        ("28000002", "{C}"),
        ("anonymous", "anonymous"),
        ("zhangsan", "{user}"),
    ],
)
def test_how_a_number_was_written_can_be_seen(written: str, shown: str):
    line = tell_message(_message(caller=written), _aliases()).splitlines()[2]
    assert line.startswith(f'From: "…" <sip:{shown}@{{host-2}}'), line


def test_addresses_of_ours_are_told_from_others():
    ours = _message("SIP/2.0 180 Wow\n" + HEAD.split("\n", 1)[1], BODY)
    aliases = _aliases()
    learn_message(ours, aliases)
    shown = tell_message(ours, aliases)
    assert shown.startswith("SIP/2.0 180 Ringing\n")
    assert "c=IN IP4 {us}" in shown
    assert "Contact: <sip:{A}@{us}:5062;transport=udp>" in shown


def test_keys_that_are_pressed_in_signalling_are_not_shown():
    head = HEAD.replace("application/sdp;x=13900001001", "application/dtmf-relay")
    shown = tell_message(_message(head, "Signal=7\nDuration=160\n"), _aliases())
    assert "Signal" not in shown
    assert shown.endswith("(24 bytes)")


def test_what_cannot_be_read_or_is_huge_is_not_shown():
    assert tell_message(b"no message\r\n\r\n", _aliases()) == ""
    assert tell_message(_message(body="a=x\n" * MAX_SHOWN_BYTES), _aliases()) == ""


def test_tokens_and_hosts_are_bounded():
    aliases = Aliases()
    shown = [aliases.user(f"1390000{number:04}") for number in range(20)]
    assert shown[:2] == ["{C}", "{D}"]
    assert set(shown[6:]) == {"{+}"}
    assert [aliases.host(f"192.0.2.{number}") for number in range(30)][-1] == "{host}"

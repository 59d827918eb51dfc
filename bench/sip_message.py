"""Print what one SIP message and its session description cost, in µs: parse, build, answer."""

import argparse
import time
from collections.abc import Callable
from functools import partial

from maskline.protocols.sdp import Codec, Direction, build_answer, choose_codecs, parse_sdp
from maskline.protocols.sip.message import Request, build_response
from maskline.protocols.sip.parse import parse_message

_SDP = (
    b"v=0\r\no=user1 53655765 2353687637 IN IP4 192.0.2.20\r\ns=-\r\nc=IN IP4 192.0.2.20\r\n"
    b"t=0 0\r\nm=audio 6000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
)
_CARRIER_SDP = (
    b"v=0\r\no=- 3875461245 3875461245 IN IP4 198.51.100.20\r\ns=SBC\r\nc=IN IP4 198.51.100.20\r\n"
    b"t=0 0\r\nm=audio 31722 RTP/AVP 8 0 18 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n"
    b"a=rtpmap:18 G729/8000\r\na=fmtp:18 annexb=no\r\na=rtpmap:101 telephone-event/8000\r\n"
    b"a=fmtp:101 0-15\r\na=ptime:20\r\na=maxptime:40\r\na=sendrecv\r\n"
)


def _message(lines: list[str], body: bytes) -> bytes:
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


SMALL = _message(
    [
        "INVITE sip:+8617012345678@192.0.2.10:5060 SIP/2.0",
        "Via: SIP/2.0/UDP 192.0.2.20:5060;branch=z9hG4bK-524287-1-0",
        'From: "Alice" <sip:+8613800000001@192.0.2.20:5060>;tag=1c1',
        "To: <sip:+8617012345678@192.0.2.10:5060>",
        "Call-ID: 1-524287@192.0.2.20",
        "CSeq: 1 INVITE",
        "Contact: <sip:+8613800000001@192.0.2.20:5060>",
        "Max-Forwards: 70",
        "Content-Type: application/sdp",
    ],
    _SDP,
)

CARRIER = _message(
    [
        "INVITE sip:+8617012345678@192.0.2.10:5060;user=phone SIP/2.0",
        "Via: SIP/2.0/UDP 198.51.100.10:5060;branch=z9hG4bKf1d2c3b4a5968778695a4b3c2d1e0f;rport",
        (
            "Via: SIP/2.0/UDP 198.51.100.11:5060;branch=z9hG4bKa0b1c2d3e4f5061728394a5b6c7d8e9f;"
            "received=198.51.100.11"
        ),
        "Record-Route: <sip:198.51.100.10:5060;lr;ftag=7f3a2b1c>",
        'From: "+8613800000001" <sip:+8613800000001@ims.example.net;user=phone>;tag=7f3a2b1c9d8e',
        "To: <sip:+8617012345678@ims.example.net;user=phone>",
        "Call-ID: 5f2c8e1a9b7d4c3e2f1a0b9c8d7e6f5a@198.51.100.11",
        "CSeq: 102 INVITE",
        "Max-Forwards: 66",
        (
            "Contact: <sip:+8613800000001@198.51.100.11:5060;transport=UDP;user=phone>;"
            '+sip.instance="<urn:uuid:00000000-0000-1000-8000-000A95A0E128>"'
        ),
        "Allow: INVITE, ACK, CANCEL, BYE, PRACK, UPDATE, INFO, OPTIONS, NOTIFY, REFER, MESSAGE",
        "Supported: 100rel, timer, replaces, histinfo, precondition, path",
        (
            "P-Asserted-Identity: <sip:+8613800000001@ims.example.net;user=phone>, "
            "<tel:+8613800000001>"
        ),
        (
            "P-Charging-Vector: icid-value=1a2b3c4d5e6f7a8b;icid-generated-at=198.51.100.11;"
            "orig-ioi=ims.example.net"
        ),
        "P-Access-Network-Info: 3GPP-E-UTRAN-FDD;utran-cell-id-3gpp=4600012345678901",
        "P-Early-Media: supported",
        "Session-Expires: 1800;refresher=uac",
        "Min-SE: 90",
        "Privacy: none",
        "User-Agent: Carrier-SBC/9.4.1 (build 20260112)",
        "Accept: application/sdp, application/isup, application/dtmf-relay",
        "Content-Disposition: session;handling=required",
        "Content-Type: application/sdp",
    ],
    _CARRIER_SDP,
)


def _cost_us(call: Callable[[], object], rounds: int) -> float:
    best = float("inf")
    for _ in range(5):
        begun = time.perf_counter()
        for _ in range(rounds):
            call()
        best = min(best, (time.perf_counter() - begun) / rounds)
    return best * 1e6


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=4000)
    rounds = arguments.parse_args().rounds
    print(f"{'':34}{'bytes':>7}{'µs':>8}")
    for name, data in (("INVITE", SMALL), ("carrier INVITE", CARRIER)):
        request = parse_message(data)
        assert isinstance(request, Request)
        rows: list[tuple[str, Callable[[], object]]] = [
            ("parse", lambda data=data: parse_message(data)),
            ("to_bytes", request.to_bytes),
            (
                "180 built and to_bytes",
                lambda r=request: build_response(r, 180, to_tag="a").to_bytes(),
            ),
        ]
        for label, call in rows:
            print(f"{name + ': ' + label:34}{len(data):7}{_cost_us(call, rounds):8.2f}")
    offer = parse_sdp(_CARRIER_SDP)
    codecs = choose_codecs(offer.require_audio().codecs, (Codec(8, "PCMA"), Codec(0, "PCMU")))
    answer = partial(
        build_answer,
        offer,
        address="192.0.2.10",
        port=20000,
        codecs=codecs,
        telephone_event=101,
        direction=Direction.SENDRECV,
        session_id=1,
        version=1,
    )
    for label, call in (("parse", partial(parse_sdp, _CARRIER_SDP)), ("answer built", answer)):
        print(f"{'carrier SDP: ' + label:34}{len(_CARRIER_SDP):7}{_cost_us(call, rounds):8.2f}")


if __name__ == "__main__":
    main()

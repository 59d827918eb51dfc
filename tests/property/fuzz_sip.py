"""Fuzz the SIP and SDP parsers: `python tests/property/fuzz_sip.py --seconds 60 [--seed N]`.

Mutates the torture messages and a few everyday ones. Only SipParseError and SdpError may escape,
and whatever parses must come back the same after it was written again.
"""

import argparse
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from maskline.protocols.sdp import (
    AudioMedia,
    Direction,
    Fingerprint,
    NoCommonCodec,
    SdpError,
    SdpParseError,
    Security,
    build_answer,
    choose_codecs,
    parse_sdp,
)
from maskline.protocols.sip.digest import parse_challenge, parse_credentials
from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.header import (
    NameAddr,
    RAck,
    Reason,
    SessionExpires,
    Via,
    parse_retry_after,
    parse_rseq,
)
from maskline.protocols.sip.message import Request, Response, build_response
from maskline.protocols.sip.parse import StreamParser, parse_message
from maskline.protocols.sip.uri import SipUri

TORTURE = Path(__file__).parents[1] / "unit" / "protocols" / "sip" / "torture"
SLOWEST_S = 0.25
"""CPU time that one input may take: more is a pattern that backtracks."""

TRIES = 3

EVERYDAY_SDP = (
    b"v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
    b"m=audio 4000 RTP/AVP 8 0 18 101\r\na=rtpmap:8 PCMA/8000\r\na=fmtp:18 annexb=no\r\n"
    b"a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=rtcp:4001\r\n"
    b"a=sendrecv\r\nm=video 0 RTP/AVP 31\r\n"
)
ENCRYPTED_SDP = (
    b"v=0\r\nc=IN IP4 192.0.2.1\r\na=setup:actpass\r\nm=audio 4000 RTP/SAVP 8 0 97\r\n"
    b"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20\r\n"
    b"a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj WSH=64\r\n"
    b"a=rtpmap:97 AMR/8000\r\na=fmtp:97 octet-align=1;mode-set=0,2,4,7\r\n"
    b"m=audio 4002 UDP/TLS/RTP/SAVPF 9 96\r\na=rtpmap:96 opus/48000/2\r\n"
    b"a=fingerprint:sha-1 " + b":".join([b"AB"] * 20) + b"\r\na=setup:active\r\n"
)
EVERYDAY_INVITE = (
    b"INVITE sip:+8617012345678@192.0.2.10:5060;user=phone SIP/2.0\r\n"
    b"Via: SIP/2.0/UDP 192.0.2.20:5060;branch=z9hG4bK1;rport\r\n"
    b'From: "A" <sip:+8613800000001@192.0.2.20>;tag=1\r\nTo: <sip:+8617012345678@192.0.2.10>\r\n'
    b"Call-ID: 1@192.0.2.20\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\nRAck: 1 1 INVITE\r\n"
    b'Contact: <sip:a@192.0.2.20:5060;transport=UDP>;+sip.instance="<urn:uuid:1>"\r\n'
    b"P-Asserted-Identity: <sip:a@h>, <tel:+8613800000001>\r\nSupported: 100rel, timer\r\n"
    b'Session-Expires: 1800;refresher=uac\r\nReason: Q.850;cause=16;text="x"\r\nRSeq: 1\r\n'
    b'WWW-Authenticate: Digest realm="r", nonce="n", algorithm=MD5, qop="auth"\r\n'
    b'Authorization: Digest username="u", realm="r", nonce="n", uri="sip:h", response="00", '
    b'qop=auth, nc=00000001, cnonce="c"\r\nRetry-After: 120;duration=60\r\n'
    b"Content-Type: application/sdp\r\nContent-Length: %d\r\n\r\n" % len(EVERYDAY_SDP)
) + EVERYDAY_SDP
ANY_SECURITY = frozenset(Security)
PIECES = (
    *(bytes([byte]) for byte in b'\r\n \t;,:=<>"\\@[]()?&%/\0\xff'),
    *(b"\r\n", b"\r\n ", b"\r\n\r\n", b";;", b",,", b"%00", b'"\\"', b"<sip:", b"SIP/2.0"),
    *(b"Via: ", b"l: 5\r\n", b"-1", b"0", b"65536", b"4294967296", b"9" * 30, b"9" * 5000),
    *(b"a" * 300, b" , ,", " \u0663\u00b2 ".encode()),
)


@dataclass(slots=True)
class Tally:
    """How many inputs were tried, and how many of them were messages or descriptions."""

    tried: int = 0
    parsed: int = 0


def mutate(data: bytes, dice: random.Random) -> bytes:
    """Change `data` in one to six places."""
    text = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        at = dice.randint(0, len(text))
        end = min(len(text), at + int(dice.expovariate(0.2)))
        choice = dice.randrange(6)
        if choice == 0:
            del text[at:end]
        elif choice == 1:
            text[at:at] = text[at:end] * dice.randint(1, 4)
        elif choice == 2:
            text[at:end] = bytes(dice.randrange(256) for _ in range(dice.randint(1, 4)))
        elif choice == 3 and text:
            text[at % len(text)] ^= 1 << dice.randrange(8)
        else:
            text[at:at] = dice.choice(PIECES)
    return bytes(text)


def check_message(data: bytes) -> bool:
    """Parse `data`, use everything of it, write and read it again."""
    try:
        message = parse_message(data)
    except SipParseError as error:
        check_refusal(error)
        return False
    read_values(message)
    wire = message.to_bytes()
    again = parse_message(wire)
    assert again.to_bytes() == wire
    assert (again.via, again.cseq, again.from_, again.to, again.call_id, again.body) == (
        message.via,
        message.cseq,
        message.from_,
        message.to,
        message.call_id,
        message.body,
    )
    if isinstance(message, Request):
        assert message.target.number is not None
        message.mark_source("192.0.2.99", 5060)
        answer = parse_message(build_response(message, 200, to_tag="t").to_bytes())
        assert answer.via == message.via
        assert answer.to_tag
    return True


def check_refusal(error: SipParseError) -> None:
    """What is refused with a request can be answered."""
    assert 400 <= error.status <= 699
    if error.request is not None:
        assert error.request.method != "ACK"
        build_response(error.request, error.status, to_tag="t").to_bytes()


def read_values(message: Request | Response) -> None:
    """Read every header that has a parser; each may refuse, none may fail otherwise."""
    assert message.max_forwards is None or message.max_forwards <= 255
    assert message.content_type is not None
    for parse, name in READERS:
        for value in message.headers.get_all(name):
            may_refuse(parse, value)
    for name in ("Via", "Contact", "Route", "P-Asserted-Identity", "Supported", "Reason"):
        may_refuse(message.headers.values, name)
        may_refuse(message.options, name)
    for address in (message.from_, message.to, message.contact):
        if address is None:
            continue
        assert NameAddr.parse(str(address)) == address
        uri = may_refuse(SipUri.parse, address.uri)
        if isinstance(uri, SipUri):
            assert SipUri.parse(str(uri)) == uri
            assert uri.number is not None
    assert Via.parse(str(message.via)) == message.via


READERS: tuple[tuple[Callable[[str], object], str], ...] = (
    (RAck.parse, "RAck"),
    (Reason.parse, "Reason"),
    (SessionExpires.parse, "Session-Expires"),
    (parse_rseq, "RSeq"),
    (parse_retry_after, "Retry-After"),
    (parse_challenge, "WWW-Authenticate"),
    (parse_credentials, "Authorization"),
    (NameAddr.parse, "P-Asserted-Identity"),
)


def may_refuse(parse: Callable[[str], object], value: str) -> object:
    """What `parse` makes of `value`; None when it refuses as it should."""
    try:
        return parse(value)
    except SipParseError:
        return None


def check_stream(data: bytes, dice: random.Random) -> None:
    """Feed `data` in pieces; the outcome must not depend on where it was cut."""
    cut = dice.randint(0, len(data))
    assert drain([data]) == drain([data[:cut], data[cut:]])


def drain(pieces: list[bytes]) -> list[object]:
    """All messages, keep-alives and refusals that a stream gives."""
    stream = StreamParser()
    seen: list[object] = []
    for piece in pieces:
        stream.receive(piece)
        while not stream.is_broken:
            try:
                message = stream.next_message()
            except SipParseError as error:
                seen.append((error.status, error.reason))
                continue
            if message is None:
                break
            seen.append(message)
    return seen


def check_sdp(data: bytes) -> bool:
    """Parse `data`, answer it, read the answer."""
    try:
        session = parse_sdp(data)
    except SdpParseError:
        return False
    try:
        audio = session.require_audio(ANY_SECURITY)
        codecs = choose_codecs(audio.codecs, audio.codecs)
    except NoCommonCodec:
        return True
    except SdpError as error:
        return error.warning("h") is not None
    answer = build_answer(
        session,
        audio=audio,
        security=audio.cryptos[0] if audio.security is Security.SDES else own_fingerprint(audio),
        address="192.0.2.10",
        port=20000,
        codecs=codecs,
        telephone_event=audio.telephone_event,
        direction=Direction.SENDRECV,
        session_id=1,
        version=1,
    )
    read = parse_sdp(answer)
    assert [media.kind for media in read.media] == [media.kind for media in session.media]
    assert read.require_audio(ANY_SECURITY).codecs == codecs
    return True


def assert_is_quick(data: bytes, sdp: bytes) -> None:
    """Refuse an input that is slow each time: once may be the collector, or a machine that stalls.

    What costs more than it should by its shape alone costs it every time.
    """
    costs_s: list[float] = []
    for _ in range(TRIES):
        begun = time.process_time()
        check_message(data)
        check_sdp(sdp)
        check_stream(data, random.Random(0))
        costs_s.append(time.process_time() - begun)
    assert min(costs_s) < SLOWEST_S


def own_fingerprint(audio: AudioMedia) -> Fingerprint | None:
    return audio.fingerprint if audio.security is Security.DTLS else None


def fuzz(seconds: float, seed: int) -> Tally:
    """Try mutated inputs for that long; an input that fails is printed and its error raised."""
    dice = random.Random(seed)
    seeds = [path.read_bytes() for path in sorted(TORTURE.glob("*.sip"))]
    seeds += [EVERYDAY_INVITE] * 20
    tally = Tally()
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        data = mutate(dice.choice(seeds), dice)
        sdp = mutate(dice.choice((EVERYDAY_SDP, ENCRYPTED_SDP)), dice)
        try:
            begun = time.process_time()
            tally.parsed += check_message(data) + check_sdp(sdp)
            check_stream(data, dice)
            if time.process_time() - begun >= SLOWEST_S:
                assert_is_quick(data, sdp)
        except Exception:
            print(f"seed {seed}, after {tally.tried}:\n{data!r}\n{sdp!r}")  # noqa: T201 # the reproduction
            raise
        tally.tried += 2
    return tally


def main() -> None:
    """Run from the command line."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=60.0)
    arguments.add_argument("--seed", type=int, default=None)
    options = arguments.parse_args()
    seed = random.randrange(2**32) if options.seed is None else options.seed
    tally = fuzz(options.seconds, seed)
    line = f"seed {seed}: {tally.tried} inputs in {options.seconds:g} s, {tally.parsed} parsed"
    print(line)  # noqa: T201 # a tool prints


if __name__ == "__main__":
    main()

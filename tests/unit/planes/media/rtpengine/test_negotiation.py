import pytest

from maskline.planes.media.engine import AudioCodec, BadMedia, MediaPeer, Protection, Side
from maskline.planes.media.rtpengine.description import read_local
from maskline.planes.media.rtpengine.negotiation import negotiate

ALAW, ULAW, G722 = AudioCodec("PCMA", 8), AudioCodec("PCMU", 0), AudioCodec("G722", 9)
PLAIN = dict.fromkeys(Side, Protection.NONE)


def peer(codec=ALAW, event=101, **changes) -> MediaPeer:
    return MediaPeer("192.0.2.1", 4000, codec, event, **changes)


def media_line(text: bytes) -> str:
    return next(line for line in text.decode().split("\r\n") if line.startswith("m="))


def test_nobody_known_is_described_as_sending_nowhere_with_all_we_do():
    made = negotiate("k", {}, PLAIN)
    for fields in (made.offer, made.answer):
        assert media_line(fields["sdp"]) == "m=audio 9 RTP/AVP 8 0 101"
    assert made.offer["codec"] == {"transcode": ["PCMA", "PCMU"]}


def test_types_of_digits_that_differ_are_renumbered():
    made = negotiate("k", {Side.CALLER: peer(), Side.CALLEE: peer(ULAW, 96)}, PLAIN)
    assert media_line(made.offer["sdp"]).endswith("8 101 96")
    assert media_line(made.answer["sdp"]).endswith("0 96")
    assert "always transcode" in made.offer["flags"]


def test_codecs_that_are_not_translated_must_be_the_same():
    made = negotiate("k", {Side.CALLER: peer(G722), Side.CALLEE: peer(G722)}, PLAIN)
    assert "codec" not in made.offer
    with pytest.raises(BadMedia):
        negotiate("k", {Side.CALLER: peer(G722), Side.CALLEE: peer(ALAW)}, PLAIN)


def test_who_is_held_without_address_is_sent_nothing():
    held = MediaPeer("0.0.0.0", 4000, ALAW, 101, sends=False, receives=False)
    made = negotiate("k", {Side.CALLER: held}, PLAIN)
    assert b"0.0.0.0" not in made.offer["sdp"]
    assert media_line(made.offer["sdp"]).startswith("m=audio 9 ")


def test_what_is_to_be_announced_is_read():
    text = (
        b"v=0\r\nc=IN IP4 192.0.2.7\r\nm=audio 30000 RTP/SAVP 8\r\n"
        b"a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:" + b"A" * 40 + b"|2^31\r\n"
    )
    local = read_local(text)
    assert (local.address, local.port) == ("192.0.2.7", 30000)
    assert local.keying.tag == 2
    assert local.keying.key == bytes(30)

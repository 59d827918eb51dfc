import secrets

import pytest

from maskline.planes.media.engine import (
    AudioCodec,
    BadMedia,
    MediaPeer,
    Protection,
    SdesKey,
    Side,
)
from maskline.planes.media.rtpengine.description import read_local
from maskline.planes.media.rtpengine.negotiation import negotiate

ALAW, ULAW, G722 = AudioCodec("PCMA", 8), AudioCodec("PCMU", 0), AudioCodec("G722", 9)
PLAIN = dict.fromkeys(Side, Protection.NONE)


def peer(codec=ALAW, event=101, **changes) -> MediaPeer:
    return MediaPeer("192.0.2.1", 4000, codec, event, **changes)


def commands(peers, protections=PLAIN):
    """The first offer and the first answer."""
    steps = negotiate("k", peers, protections)
    return steps[0].fields, steps[1].fields


def media_line(text: bytes) -> str:
    return next(line for line in text.decode().split("\r\n") if line.startswith("m="))


def test_nobody_known_is_described_as_sending_nowhere_with_all_we_do():
    offer, answer = commands({})
    for fields in (offer, answer):
        assert media_line(fields["sdp"]) == "m=audio 9 RTP/AVP 8 0 101"
    assert offer["codec"] == {"transcode": ["PCMA", "PCMU"]}


def test_types_of_digits_that_differ_are_renumbered():
    offer, answer = commands({Side.CALLER: peer(), Side.CALLEE: peer(ULAW, 96)})
    assert media_line(offer["sdp"]).endswith("8 101 96")
    assert media_line(answer["sdp"]).endswith("0 96")
    assert "always transcode" in offer["flags"]


def test_codecs_that_are_not_translated_must_be_the_same():
    offer, _ = commands({Side.CALLER: peer(G722), Side.CALLEE: peer(G722)})
    assert "codec" not in offer
    with pytest.raises(BadMedia):
        negotiate("k", {Side.CALLER: peer(G722), Side.CALLEE: peer(ALAW)}, PLAIN)


def test_who_is_held_without_address_is_sent_nothing():
    held = MediaPeer("0.0.0.0", 4000, ALAW, 101, sends=False, receives=False)
    offer, _ = commands({Side.CALLER: held})
    assert b"0.0.0.0" not in offer["sdp"]
    assert media_line(offer["sdp"]).startswith("m=audio 9 ")


@pytest.mark.parametrize("known", [{Side.CALLER}, set(Side)])
def test_a_key_is_shown_only_where_rtpengine_draws_none_for_the_other(known):
    suite, keys = "AES_CM_128_HMAC_SHA1_80", {}
    for side in known:
        keys[side] = SdesKey(1, suite, secrets.token_bytes(30))
    peers = {side: peer(keying=key) for side, key in keys.items()}
    steps = negotiate("k", peers, dict.fromkeys(Side, Protection.SDES))
    # For whom rtpengine has drawn a key, and whose it knows.
    drawn, shown = set(), set()
    for step in steps:
        text = step.fields["sdp"].decode()
        assert "RTP/SAVP" in media_line(step.fields["sdp"])
        (shown.add if "a=crypto" in text else shown.discard)(step.told.other)
        is_drawn = step.command == "offer" or step.told in shown
        if is_drawn and step.told not in drawn:
            assert step.told.other not in shown
            drawn.add(step.told)
    assert shown == known
    assert drawn == set(Side)


def test_what_is_to_be_announced_is_read():
    text = (
        b"v=0\r\nc=IN IP4 192.0.2.7\r\nm=audio 30000 RTP/SAVP 8\r\n"
        b"a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:" + b"A" * 40 + b"|2^31\r\n"
    )
    local = read_local(text)
    assert (local.address, local.port) == ("192.0.2.7", 30000)
    assert local.keying.tag == 2
    assert local.keying.key == bytes(30)

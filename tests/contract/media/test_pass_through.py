"""G.722 on the embedded engine: passed through, and nothing that would need to understand it."""

import asyncio
from pathlib import Path

import pytest
from tests.contract.media.party import ignore
from tests.contract.media.phone import PROMPT_HZ, record_rule

from maskline.planes.media.engine import (
    AudioCodec,
    BadMedia,
    DigitRule,
    MediaPeer,
    Prompt,
    Side,
    Unable,
)
from maskline.protocols.rtp.packet import RtpPacket, build_packet, parse_packet

pytestmark = pytest.mark.network

G722 = AudioCodec("G722", 9)
ALAW = AudioCodec("PCMA", 8)


def peer(codec: AudioCodec, telephone_event: int | None = 101, **changes: object) -> MediaPeer:
    return MediaPeer("127.0.0.1", 4000, codec, telephone_event, **changes)


async def test_it_passes_as_it_came(start_embedded, make_party):
    engine = await start_embedded()
    caller, callee = make_party(), make_party()
    opened = await engine.open("c", ignore)
    await engine.connect("c", Side.CALLER, caller.peer(codec=G722))
    await engine.connect("c", Side.CALLEE, callee.peer(codec=AudioCodec("G722", 9)))
    await engine.bridge("c")
    octets = bytes(range(160))
    packet = build_packet(RtpPacket(9, 1, 160, 7, octets))
    caller.rtp.sendto(packet, (opened.caller.address, opened.caller.port))
    await asyncio.sleep(0.05)
    heard = parse_packet(callee.rtp.recv(2000))
    assert (heard.payload_type, heard.payload) == (9, octets)


async def test_it_never_meets_another_codec(start_embedded):
    engine = await start_embedded()
    await engine.open("c", ignore)
    await engine.connect("c", Side.CALLER, peer(G722))
    with pytest.raises(BadMedia):
        await engine.connect("c", Side.CALLEE, peer(ALAW))
    await engine.connect("c", Side.CALLEE, peer(G722))


async def test_what_needs_to_hear_or_speak_it_is_refused(
    start_embedded, make_prompt, tmp_path: Path
):
    engine = await start_embedded()
    await engine.open("c", ignore)
    await engine.connect("c", Side.CALLER, peer(G722, None))
    with pytest.raises(Unable):
        await engine.play("c", frozenset({Side.CALLER}), Prompt(make_prompt(PROMPT_HZ, 0.1)), 1)
    with pytest.raises(Unable):
        await engine.record("c", record_rule(tmp_path / "x.rec"))
    with pytest.raises(Unable):
        await engine.collect("c", Side.CALLER, DigitRule(max_digits=1))


async def test_digits_beside_it_are_collected(start_embedded):
    engine = await start_embedded()
    await engine.open("c", ignore)
    await engine.connect("c", Side.CALLER, peer(G722))
    await engine.collect("c", Side.CALLER, DigitRule(max_digits=1))


async def test_other_codecs_are_refused(start_embedded):
    engine = await start_embedded()
    await engine.open("c", ignore)
    for codec in (AudioCodec("opus", 96, 48000, 2), AudioCodec("PCMA", 8, 8000, 2)):
        with pytest.raises(Unable):
            await engine.connect("c", Side.CALLER, peer(codec))

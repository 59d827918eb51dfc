"""Codecs that pass through a real rtpengine without being understood."""

import asyncio

import pytest
from tests.contract.media.party import ALAW, ignore

from maskline.planes.media.engine import AudioCodec, BadMedia, Prompt, Side, Unable
from maskline.protocols.rtp.packet import RtpPacket, build_packet, parse_packet

pytestmark = pytest.mark.network

CODECS = [
    AudioCodec("G722", 9),
    AudioCodec("opus", 111, 48000, 2, "useinbandfec=1"),
    AudioCodec("AMR", 97, parameters="octet-align=1"),
    AudioCodec("AMR-WB", 98, 16000, parameters="octet-align=1"),
    AudioCodec("G729", 18),
]


@pytest.mark.parametrize("codec", CODECS, ids=lambda codec: codec.name)
async def test_it_passes_unchanged_where_both_have_it(start_rtpengine, make_party, codec):
    engine = await start_rtpengine()
    caller, callee = make_party(), make_party()
    opened = await engine.open("c", ignore)
    await engine.connect("c", Side.CALLEE, callee.peer(codec=codec))
    await engine.connect("c", Side.CALLER, caller.peer(codec=codec))
    await engine.bridge("c")
    payload = bytes(range(20))
    for n in range(10):
        packet = RtpPacket(codec.payload_type, n, 160 * n, 77, payload)
        caller.rtp.sendto(build_packet(packet), (opened.caller.address, opened.caller.port))
        await asyncio.sleep(0.02)
    callee.listen()
    packets = [parse_packet(data) for data in callee.heard]
    assert len(packets) == 10
    assert {(one.payload_type, one.payload) for one in packets} == {(codec.payload_type, payload)}


async def test_what_is_not_understood_is_neither_translated_nor_played_to(
    start_rtpengine, make_party, make_prompt
):
    engine = await start_rtpengine()
    caller, callee = make_party(), make_party()
    await engine.open("c", ignore)
    await engine.connect("c", Side.CALLER, caller.peer(codec=CODECS[0]))
    with pytest.raises(BadMedia):
        await engine.connect("c", Side.CALLEE, callee.peer(codec=ALAW))
    with pytest.raises(Unable):
        await engine.play("c", frozenset({Side.CALLER}), Prompt(make_prompt(900, 0.1)), 1)
    with pytest.raises(Unable):
        await engine.connect("c", Side.CALLEE, callee.peer(codec=AudioCodec("speex", 99)))

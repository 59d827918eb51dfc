"""What the embedded engine does with real packets, and whose packets it takes."""

import asyncio

import pytest
from tests.contract.media.party import (
    ALAW,
    ULAW,
    MakeParty,
    StartEmbedded,
    bridge,
    ignore,
    open_when_free,
    talk,
    until,
)

from maskline.planes.media.engine import (
    DigitPressed,
    EngineBusy,
    MediaEvent,
    Side,
)
from maskline.protocols.rtp.packet import parse_packet
from maskline.protocols.rtp.tone import hears_tone, measure_level

pytestmark = pytest.mark.network


class TestAudio:
    async def test_each_party_hears_the_other(
        self, start_embedded: StartEmbedded, make_party: MakeParty
    ):
        engine = await start_embedded()
        caller, callee = make_party(), make_party()
        await bridge(engine, caller, callee)
        to_caller, to_callee = await talk(caller, callee)
        assert hears_tone(to_caller, 620)
        assert hears_tone(to_callee, 440)
        closed = await engine.close("c")
        assert closed.caller.received_packets == closed.callee.sent_packets == 25
        assert closed.callee.received_packets == closed.caller.sent_packets == 25
        assert (closed.caller.lost, closed.caller.late, closed.caller.strangers) == (0, 0, 0)

    async def test_laws_that_differ_are_transcoded(
        self, start_embedded: StartEmbedded, make_party: MakeParty
    ):
        engine = await start_embedded()
        caller, callee = make_party(ALAW), make_party(ULAW)
        await bridge(engine, caller, callee)
        to_caller, to_callee = await talk(caller, callee)
        assert hears_tone(to_caller, 620)
        assert hears_tone(to_callee, 440)
        assert measure_level(to_callee) == pytest.approx(-12, abs=0.5)
        assert {parse_packet(data).payload_type for data in callee.heard} == {0}
        assert {parse_packet(data).payload_type for data in caller.heard} == {8}

    async def test_numbers_of_one_party_never_reach_the_other(
        self, start_embedded: StartEmbedded, make_party: MakeParty
    ):
        engine = await start_embedded()
        caller, callee = make_party(), make_party()
        await bridge(engine, caller, callee)
        await talk(caller, callee, 0.2)
        packets = [parse_packet(data) for data in callee.heard]
        assert {packet.ssrc for packet in packets}.isdisjoint({caller.sender.ssrc})
        first = packets[0]
        steps = [(packet.sequence - first.sequence) & 0xFFFF for packet in packets]
        assert steps == list(range(10))
        assert (first.sequence, first.timestamp) != (65_500, 0xFFFFF000)

    async def test_early_media_goes_one_way(
        self, start_embedded: StartEmbedded, make_party: MakeParty
    ):
        engine = await start_embedded()
        caller, callee = make_party(), make_party()
        await bridge(engine, caller, callee)
        await engine.early("c")
        to_caller, to_callee = await talk(caller, callee, 0.2)
        assert hears_tone(to_caller, 620)
        assert len(to_callee) == 0
        await engine.bridge("c")
        _, to_callee = await talk(caller, callee, 0.2)
        assert hears_tone(to_callee, 440)

    async def test_a_blocked_party_is_not_heard(
        self, start_embedded: StartEmbedded, make_party: MakeParty
    ):
        engine = await start_embedded()
        caller, callee = make_party(), make_party()
        await bridge(engine, caller, callee)
        await engine.block("c", Side.CALLEE, blocked=True)
        to_caller, to_callee = await talk(caller, callee, 0.2)
        assert len(to_caller) == 0
        assert hears_tone(to_callee, 440)

    async def test_a_party_that_moves_is_followed(
        self, start_embedded: StartEmbedded, make_party: MakeParty
    ):
        engine = await start_embedded()
        caller, callee, other = make_party(), make_party(), make_party(ULAW)
        await bridge(engine, caller, callee)
        await talk(caller, callee, 0.1)
        other.target = callee.target
        await engine.connect("c", Side.CALLEE, other.peer())
        to_caller, to_other = await talk(caller, other)
        assert hears_tone(to_caller, 620)
        assert hears_tone(to_other, 440)
        assert len(callee.listen()) == 0
        sequences = [parse_packet(data).sequence for data in caller.heard]
        assert [(n - sequences[0]) & 0xFFFF for n in sequences] == list(range(len(sequences)))

    async def test_digits_pass_and_are_reported_once(
        self, start_embedded: StartEmbedded, make_party: MakeParty
    ):
        engine = await start_embedded()
        caller, callee = make_party(telephone_event=101), make_party(telephone_event=96)
        events: list[MediaEvent] = []
        await bridge(engine, caller, callee, events.append)
        for digit in "1#":
            await caller.press(digit)
        await callee.press("9")
        await until(lambda: len(events) == 3)
        caller.listen()
        callee.listen()
        assert (callee.keys, caller.keys) == (["1", "#"], ["9"])
        assert events == [
            DigitPressed("c", Side.CALLER, "1", 100),
            DigitPressed("c", Side.CALLER, "#", 100),
            DigitPressed("c", Side.CALLEE, "9", 100),
        ]


class TestSources:
    async def test_a_stranger_is_not_heard_and_gets_nothing(
        self, start_embedded: StartEmbedded, make_party: MakeParty
    ):
        engine = await start_embedded(learn="nowhere")
        caller, callee, stranger = make_party(), make_party(), make_party()
        opened = await bridge(engine, caller, callee)
        stranger.target = ("127.0.0.1", opened.caller.port)
        await stranger.speak(900, 0.1)
        await talk(caller, callee, 0.1)
        # Now the kernel keeps them out, uncounted.
        await stranger.speak(900, 0.1)
        _, to_callee = await talk(caller, callee, 0.1)
        assert hears_tone(to_callee, 440)
        assert len(stranger.listen()) == 0
        closed = await engine.close("c")
        assert closed.caller.strangers == 5
        assert closed.caller.received_packets == 10

    async def test_media_from_another_port_of_the_party_is_learned(
        self, start_embedded: StartEmbedded, make_party: MakeParty
    ):
        engine = await start_embedded()
        caller, callee, behind_nat = make_party(), make_party(), make_party()
        await bridge(engine, caller, callee)
        behind_nat.target = caller.target
        to_caller, to_callee = await talk(behind_nat, callee)
        assert hears_tone(to_callee, 440)
        assert hears_tone(to_caller, 620)

    async def test_a_party_that_goes_on_from_another_port_is_learned_again(
        self, start_embedded: StartEmbedded, make_party: MakeParty
    ):
        engine = await start_embedded()
        caller, callee, moved = make_party(), make_party(), make_party()
        await bridge(engine, caller, callee)
        await talk(caller, callee, 0.1)
        moved.target = caller.target
        await moved.speak(900, 0.1)
        assert not hears_tone(callee.listen(), 900)
        await asyncio.sleep(0.6)
        to_moved, to_callee = await talk(moved, callee)
        assert hears_tone(to_callee, 440)
        assert hears_tone(to_moved, 620)

    async def test_a_party_that_moves_by_signalling_is_heard_from_there_only(
        self, start_embedded: StartEmbedded, make_party: MakeParty
    ):
        engine = await start_embedded(learn="nowhere")
        caller, callee, moved = make_party(), make_party(), make_party()
        await bridge(engine, caller, callee)
        await talk(caller, callee, 0.1)
        moved.target = caller.target
        await engine.connect("c", Side.CALLER, moved.peer())
        await caller.speak(900, 0.1)
        to_moved, to_callee = await talk(moved, callee)
        assert hears_tone(to_callee, 440)
        assert not hears_tone(to_callee, 900)
        assert hears_tone(to_moved, 620)
        await engine.connect("c", Side.CALLER, caller.peer())
        to_caller, to_callee = await talk(caller, callee)
        assert hears_tone(to_callee, 440)
        assert hears_tone(to_caller, 620)

    async def test_a_party_that_refuses_packets_costs_the_other_nothing(
        self, start_embedded: StartEmbedded, make_party: MakeParty
    ):
        engine = await start_embedded()
        caller, callee = make_party(), make_party()
        await bridge(engine, caller, callee)
        await talk(caller, callee, 0.1)
        callee.rtp.close()
        await caller.speak(440, 0.3)
        again = make_party()
        again.target = callee.target
        await engine.connect("c", Side.CALLEE, again.peer())
        to_caller, to_again = await talk(caller, again)
        assert hears_tone(to_caller, 620)
        assert hears_tone(to_again, 440)
        closed = await engine.close("c")
        assert closed.caller.lost == 0

    async def test_late_packets_of_a_call_never_reach_the_next(
        self, start_embedded: StartEmbedded, make_party: MakeParty
    ):
        engine = await start_embedded(pairs=2, quarantine_s=0.4)
        caller, callee = make_party(), make_party()
        await bridge(engine, caller, callee)
        await talk(caller, callee, 0.1)
        await engine.close("c")
        # The old caller keeps sending; its port must not serve another call meanwhile.
        speaking = asyncio.create_task(caller.speak(440, 4.0))
        await asyncio.sleep(0.5)
        with pytest.raises(EngineBusy):
            await engine.open("next", ignore)
        await speaking
        await open_when_free(engine, "next")
        next_callee = make_party()
        await engine.connect("next", Side.CALLER, caller.peer())
        await engine.connect("next", Side.CALLEE, next_callee.peer())
        await engine.bridge("next")
        await asyncio.sleep(0.05)
        assert len(next_callee.listen()) == 0

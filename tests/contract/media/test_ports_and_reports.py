"""Ports, RTCP and lost media of the embedded engine."""

import asyncio
import socket
import struct

import pytest
from tests.contract.media.party import (
    MakeParty,
    StartEmbedded,
    bridge,
    free_range,
    ignore,
    open_when_free,
    talk,
    until,
)

from maskline.planes.media.embedded import EmbeddedEngine
from maskline.planes.media.engine import (
    EngineBusy,
    MediaEvent,
    MediaLost,
    MediaResumed,
    Side,
)
from maskline.planes.media.settings import EmbeddedSettings
from maskline.protocols.rtp.packet import parse_packet
from maskline.protocols.rtp.rtcp import (
    Goodbye,
    Report,
    ReportBlock,
    SenderInfo,
    build_description,
    build_report,
    ntp_time,
    parse_compound,
)

pytestmark = pytest.mark.network


class TestPorts:
    async def test_a_range_that_is_used_up_is_busy(self, start_embedded: StartEmbedded):
        engine = await start_embedded(pairs=3)
        await engine.open("a", ignore)
        with pytest.raises(EngineBusy):
            await engine.open("b", ignore)
        await engine.close("a")
        opened = await open_when_free(engine, "b")
        assert opened.caller.port % 2 == opened.callee.port % 2 == 0

    async def test_ports_that_others_use_are_passed_over(self):
        first, last = free_range(4)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
            taken.bind(("127.0.0.1", first + 1))
            engine = EmbeddedEngine(EmbeddedSettings(first_port=first, last_port=last))
            await engine.start()
            opened = await engine.open("a", ignore)
            assert first not in {opened.caller.port, opened.callee.port}
            with pytest.raises(EngineBusy):
                await engine.open("b", ignore)
            await engine.aclose()

    async def test_an_engine_without_any_port_does_not_start(self):
        first, last = free_range(1)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
            taken.bind(("127.0.0.1", first))
            engine = EmbeddedEngine(EmbeddedSettings(first_port=first, last_port=last))
            with pytest.raises(EngineBusy):
                await engine.start()
            await engine.aclose()

    async def test_another_address_can_be_announced(self, start_embedded: StartEmbedded):
        engine = await start_embedded(advertised_address="203.0.113.9")
        opened = await engine.open("a", ignore)
        assert opened.caller.address == opened.callee.address == "203.0.113.9"

    async def test_opening_that_is_given_up_leaves_nothing_open(
        self, start_embedded: StartEmbedded
    ):
        engine = await start_embedded(pairs=2)
        opening = asyncio.create_task(engine.open("a", ignore))
        await asyncio.sleep(0)
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        assert engine.calls == 0
        await open_when_free(engine, "a")


class TestReports:
    async def test_reports_are_ours_and_say_goodbye(
        self, start_embedded: StartEmbedded, make_party: MakeParty
    ):
        engine = await start_embedded()
        caller, callee = make_party(), make_party()
        opened = await bridge(engine, caller, callee)
        report = build_report(Report(7, SenderInfo(ntp_time(1.8e9), 1, 1, 1), ()))
        compound = report + build_description(7, b"alice@10.0.0.5")
        caller.rtcp.sendto(compound, ("127.0.0.1", opened.caller.port + 1))
        await talk(caller, callee, 1.5)
        await engine.close("c")
        await asyncio.sleep(0.05)
        arrived = callee.reports()
        assert len(arrived) >= 2
        assert not any(b"alice" in data or b"10.0.0.5" in data for data in arrived)
        assert struct.pack("!I", caller.sender.ssrc) not in b"".join(arrived)
        parsed = [parse_compound(data) for data in arrived]
        assert isinstance(parsed[-1][-1], Goodbye)
        senders = [packets[0].sender for packets in parsed if packets[0].sender is not None]
        assert 1 <= senders[-1].packets <= 75
        names = {data[-36:-8] for data in (caller.reports()[-1], arrived[-1])}
        assert len(names) == 2

    async def test_what_a_party_reports_is_kept(
        self, start_embedded: StartEmbedded, make_party: MakeParty
    ):
        engine = await start_embedded()
        caller, callee = make_party(), make_party()
        opened = await bridge(engine, caller, callee)
        await talk(caller, callee, 0.2)
        ours = parse_packet(callee.heard[0]).ssrc
        from_callee = build_report(Report(9, None, (make_block(ours, lost=3, jitter=16),)))
        callee.rtcp.sendto(from_callee, ("127.0.0.1", opened.callee.port + 1))
        await asyncio.sleep(0.05)
        closed = await engine.close("c")
        assert (closed.callee.remote_lost, closed.callee.remote_jitter_ms) == (3, 2.0)
        assert closed.caller.remote_lost is None


def make_block(ssrc: int, lost: int, jitter: int):
    return ReportBlock(ssrc, 0, lost, highest=10, jitter=jitter, last_report=0, delay=0)


class TestLoss:
    async def test_media_that_stops_and_returns_is_told(
        self, start_embedded: StartEmbedded, make_party: MakeParty
    ):
        engine = await start_embedded(loss_after_s=0.4)
        caller, callee = make_party(), make_party()
        events: list[MediaEvent] = []
        await bridge(engine, caller, callee, events.append)
        await caller.speak(440, 0.1)
        await until(lambda: events)
        await caller.speak(440, 0.1)
        await until(lambda: len(events) == 2)
        assert events == [MediaLost("c", Side.CALLER), MediaResumed("c", Side.CALLER)]

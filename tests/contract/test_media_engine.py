"""What every media engine promises, and what the embedded one does with real packets."""

import asyncio
import os
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from maskline.planes.media import embedded, worker_link
from maskline.planes.media.embedded import EmbeddedEngine
from maskline.planes.media.engine import (
    CALL_ID_MAX_CHARS,
    AudioCodec,
    BadMedia,
    CallExists,
    ClosedMedia,
    DigitPressed,
    DigitRule,
    EngineBusy,
    EngineFailed,
    EngineGone,
    MediaEngine,
    MediaEvent,
    MediaLost,
    MediaPeer,
    MediaResumed,
    NotSupportedYet,
    OpenedMedia,
    Prompt,
    RecordRule,
    Side,
    UnknownCall,
)
from maskline.planes.media.settings import EmbeddedSettings
from maskline.planes.media.silent import SilentEngine
from maskline.protocols.rtp.g711 import Law
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
from maskline.protocols.rtp.stream import FRAME_SAMPLES, RtpReceiver, RtpSender
from maskline.protocols.rtp.tone import hears_tone, make_tone, measure_level

pytestmark = pytest.mark.network

PACE_S = 0.004
"""Faster than speech, to keep the tests short, and well inside a side's packet budget."""

ALAW = AudioCodec("PCMA", 8)
ULAW = AudioCodec("PCMU", 0)
LAWS = {8: Law.A, 0: Law.MU}


def free_range(pairs: int) -> tuple[int, int]:
    """Find ports that nobody uses now, below those the system hands out; the first is even."""
    for first in range(10_000 + 2 * (os.getpid() % 4000), 19_900, 2 * pairs):
        ends = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2 * pairs)]
        try:
            for offset, end in enumerate(ends):
                end.bind(("127.0.0.1", first + offset))
        except OSError:
            continue
        finally:
            for end in ends:
                end.close()
        return first, first + 2 * pairs - 1
    raise AssertionError("no free ports")


def make_embedded(pairs: int = 8, **changes: object) -> EmbeddedEngine:
    first, last = free_range(pairs)
    values = {"quarantine_s": 0.1, "report_interval_s": 0.2, "max_calls": 3}
    return EmbeddedEngine(EmbeddedSettings(first_port=first, last_port=last, **values | changes))


StartEmbedded = Callable[..., Awaitable[EmbeddedEngine]]
MakeParty = Callable[..., "Party"]


@pytest.fixture(params=["silent", "embedded"])
async def engine(request: pytest.FixtureRequest) -> AsyncIterator[MediaEngine]:
    made: MediaEngine = SilentEngine(max_calls=3) if request.param == "silent" else make_embedded()
    await made.start()
    yield made
    await made.aclose()


@pytest.fixture
async def start_embedded() -> AsyncIterator[StartEmbedded]:
    started: list[EmbeddedEngine] = []

    async def start(**changes: object) -> EmbeddedEngine:
        made = make_embedded(**changes)
        started.append(made)
        await made.start()
        return made

    yield start
    for made in started:
        await made.aclose()


def ignore(event: MediaEvent) -> None:
    """Listen to a call without interest."""


async def until(condition: Callable[[], object], seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - the condition is on packets, nobody signals it
            await asyncio.sleep(0.005)


class Party:
    """A phone's media: it speaks a tone and keeps what it hears."""

    def __init__(self, codec: AudioCodec = ALAW, telephone_event: int = 101, port: int = 0) -> None:
        self.codec = codec
        self.telephone_event = telephone_event
        self.rtp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.rtp.bind(("127.0.0.1", port))
        self.rtcp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.rtcp.bind(("127.0.0.1", 0))
        for end in (self.rtp, self.rtcp):
            end.setblocking(False)
        self.sender = RtpSender(
            ssrc=0x0A0A0000 + self.rtp.getsockname()[1],
            sequence=65_500,
            timestamp=0xFFFFF000,
            law=LAWS[codec.payload_type],
            payload_type=codec.payload_type,
            telephone_event=telephone_event,
        )
        self.receiver = RtpReceiver(LAWS, telephone_event)
        self.target = ("127.0.0.1", 9)
        self.heard: list[bytes] = []
        self.keys: list[str] = []
        self.spoken = 0

    def peer(self, **changes: object) -> MediaPeer:
        values = {
            "address": "127.0.0.1",
            "port": self.rtp.getsockname()[1],
            "codec": self.codec,
            "telephone_event": self.telephone_event,
            "rtcp_port": self.rtcp.getsockname()[1],
        }
        return MediaPeer(**values | changes)

    async def speak(self, frequency: float, seconds: float = 0.5) -> None:
        for _ in range(round(seconds * 50)):
            frame = make_tone(frequency, 0.02, start=self.spoken)
            self.spoken += FRAME_SAMPLES
            for packet in self.sender.frame(frame):
                self.rtp.sendto(packet, self.target)
            await asyncio.sleep(PACE_S)

    async def press(self, digit: str) -> None:
        self.sender.press(digit, 100)
        while self.sender.is_pressing:
            await self.speak(440, 0.02)

    def listen(self):
        """Take what has arrived, in order, and return its samples."""
        with suppress(BlockingIOError):
            while True:
                data = self.rtp.recv(2000)
                self.heard.append(data)
                self.keys += [key.digit for key in self.receiver.receive(data, 0.0)]
        return self.receiver.take_all()

    def reports(self) -> list[bytes]:
        arrived = []
        with suppress(BlockingIOError):
            while True:
                arrived.append(self.rtcp.recv(2000))
        return arrived

    def close(self) -> None:
        self.rtp.close()
        self.rtcp.close()


@pytest.fixture
def make_party():
    made: list[Party] = []

    def make(*args: object, **options: object) -> Party:
        made.append(Party(*args, **options))
        return made[-1]

    yield make
    for party in made:
        party.close()


async def bridge(
    engine: MediaEngine, caller: Party, callee: Party, listener: Callable = ignore, name: str = "c"
) -> OpenedMedia:
    opened = await engine.open(name, listener)
    caller.target = (opened.caller.address, opened.caller.port)
    callee.target = (opened.callee.address, opened.callee.port)
    await engine.connect(name, Side.CALLER, caller.peer())
    await engine.connect(name, Side.CALLEE, callee.peer())
    await engine.bridge(name)
    return opened


async def talk(caller: Party, callee: Party, seconds: float = 0.5):
    """Let both speak, 440 Hz and 620 Hz; return what the caller and the callee heard."""
    await asyncio.gather(caller.speak(440, seconds), callee.speak(620, seconds))
    await asyncio.sleep(0.03)
    return caller.listen(), callee.listen()


class TestEveryEngine:
    async def test_a_call_goes_from_open_to_its_sums(self, engine: MediaEngine):
        opened = await engine.open("call", ignore)
        assert opened.caller.port > 0
        assert opened.callee.port > 0
        peer = MediaPeer("127.0.0.1", 4000, ALAW, telephone_event=101)
        await engine.connect("call", Side.CALLER, peer)
        await engine.early("call")
        await engine.connect("call", Side.CALLEE, peer)
        await engine.bridge("call")
        await engine.block("call", Side.CALLER, blocked=True)
        await engine.block("call", Side.CALLER, blocked=False)
        assert await engine.close("call") == ClosedMedia()

    async def test_a_closed_call_is_unknown_and_closing_it_again_is_no_error(
        self, engine: MediaEngine
    ):
        await engine.open("call", ignore)
        await engine.close("call")
        assert await engine.close("call") == ClosedMedia()
        with pytest.raises(UnknownCall):
            await engine.bridge("call")
        await engine.open("call", ignore)

    async def test_every_verb_wants_an_open_call(self, engine: MediaEngine):
        for verb in (
            engine.connect("no", Side.CALLER, MediaPeer("127.0.0.1", 4000, ALAW, None)),
            engine.early("no"),
            engine.bridge("no"),
            engine.block("no", Side.CALLER, blocked=True),
            engine.play("no", frozenset(Side), Prompt("/x.wav"), 1),
            engine.stop("no", "1"),
            engine.collect("no", Side.CALLER, DigitRule(max_digits=1)),
            engine.record("no", RecordRule(path="/x.wav", limit_s=1)),
            engine.stop_record("no"),
        ):
            with pytest.raises(UnknownCall):
                await verb

    async def test_an_id_is_used_once_and_has_a_bound(self, engine: MediaEngine):
        await engine.open("call", ignore)
        with pytest.raises(CallExists):
            await engine.open("call", ignore)
        for bad in ("", "x" * (CALL_ID_MAX_CHARS + 1)):
            with pytest.raises(BadMedia):
                await engine.open(bad, ignore)

    async def test_a_far_end_that_cannot_be_is_refused(self, engine: MediaEngine):
        await engine.open("call", ignore)
        for address, port in (("phone.example", 4000), ("127.0.0.1", 0), ("0.0.0.0", 4000)):
            with pytest.raises(BadMedia):
                await engine.connect(
                    "call", Side.CALLER, MediaPeer(address, port, ALAW, telephone_event=None)
                )
        held = MediaPeer("0.0.0.0", 4000, ALAW, None, sends=False, receives=False)
        await engine.connect("call", Side.CALLER, held)

    async def test_calls_have_a_bound_and_closing_one_makes_room(self, engine: MediaEngine):
        for n in range(3):
            await engine.open(str(n), ignore)
        with pytest.raises(EngineBusy):
            await engine.open("3", ignore)
        await engine.close("0")
        await engine.open("3", ignore)

    async def test_what_it_cannot_do_it_says(self, engine: MediaEngine):
        await engine.open("call", ignore)
        for verb in (
            engine.play("call", frozenset({Side.CALLER}), Prompt("/x.wav"), None),
            engine.stop("call", "1"),
            engine.collect("call", Side.CALLER, DigitRule(max_digits=4, terminator="#")),
            engine.record("call", RecordRule(path="/x.wav", limit_s=60)),
            engine.stop_record("call"),
        ):
            with pytest.raises(NotSupportedYet):
                await verb

    async def test_closing_the_engine_makes_no_events(self, engine: MediaEngine):
        events: list[MediaEvent] = []
        await engine.open("call", events.append)
        await engine.aclose()
        await asyncio.sleep(0.02)
        assert events == []

    async def test_an_engine_that_is_closed_is_gone(self, engine: MediaEngine):
        await engine.open("call", ignore)
        await engine.aclose()
        await engine.aclose()
        with pytest.raises(EngineGone):
            await engine.open("other", ignore)
        with pytest.raises(EngineGone):
            await engine.bridge("call")
        assert await engine.close("call") == ClosedMedia()


class TestSilentEngine:
    async def test_events_can_be_given_to_the_calls(self):
        engine = SilentEngine()
        await engine.start()
        heard: list[MediaEvent] = []
        await engine.open("a", heard.append)
        await engine.open("b", heard.append)
        engine.emit(MediaLost("a", Side.CALLER))
        engine.emit(EngineFailed(None))
        assert heard == [MediaLost("a", Side.CALLER), EngineFailed(None), EngineFailed(None)]
        with pytest.raises(UnknownCall):
            engine.emit(MediaLost("c", Side.CALLER))


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
        await talk(caller, callee, 0.1)
        stranger.target = ("127.0.0.1", opened.caller.port)
        await stranger.speak(900, 0.1)
        _, to_callee = await talk(caller, callee, 0.1)
        assert hears_tone(to_callee, 440)
        assert len(stranger.listen()) == 0
        closed = await engine.close("c")
        assert closed.caller.strangers == 5

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


async def open_when_free(engine: MediaEngine, name: str, seconds: float = 5.0) -> OpenedMedia:
    async with asyncio.timeout(seconds):
        while True:
            try:
                return await engine.open(name, ignore)
            except (EngineBusy, EngineGone):
                await asyncio.sleep(0.05)


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


class TestWorker:
    @pytest.fixture(autouse=True)
    def _restart_at_once(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(embedded, "FIRST_RESTART_DELAY_S", 0.05)

    async def test_a_worker_that_is_killed_fails_its_calls_and_is_replaced(
        self, start_embedded: StartEmbedded, make_party: MakeParty
    ):
        engine = await start_embedded()
        events: list[MediaEvent] = []
        for name in "ab":
            await engine.open(name, events.append)
        old = engine.worker_pid
        os.kill(old, signal.SIGKILL)
        await until(lambda: len(events) == 2)
        assert {*events} == {EngineFailed("a"), EngineFailed("b")}
        with pytest.raises((EngineGone, UnknownCall)):
            await engine.bridge("a")
        assert await engine.close("a") == ClosedMedia()
        await open_when_free(engine, "probe")
        assert engine.worker_pid != old
        caller, callee = make_party(), make_party()
        await bridge(engine, caller, callee)
        to_caller, to_callee = await talk(caller, callee, 0.3)
        assert hears_tone(to_caller, 620)
        assert hears_tone(to_callee, 440)

    async def test_a_listener_that_fails_keeps_nobody_else_from_hearing(
        self, start_embedded: StartEmbedded
    ):
        def fail(event: MediaEvent) -> None:
            raise RuntimeError(event)

        engine = await start_embedded()
        events: list[MediaEvent] = []
        await engine.open("a", fail)
        await engine.open("b", events.append)
        os.kill(engine.worker_pid, signal.SIGKILL)
        await until(lambda: events == [EngineFailed("b")])

    async def test_a_worker_that_hangs_is_killed(
        self, start_embedded: StartEmbedded, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(worker_link, "REPLY_TIMEOUT_S", 0.3)
        engine = await start_embedded()
        events: list[MediaEvent] = []
        await engine.open("a", events.append)
        old = engine.worker_pid
        os.kill(old, signal.SIGSTOP)
        with pytest.raises(EngineGone):
            await engine.bridge("a")
        await until(lambda: events == [EngineFailed("a")])
        await open_when_free(engine, "b")
        assert engine.worker_pid != old

    async def test_requests_in_flight_have_a_bound(
        self, start_embedded: StartEmbedded, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(worker_link, "MAX_IN_FLIGHT", 2)
        engine = await start_embedded()
        answers = await asyncio.gather(
            *(engine.open(str(n), ignore) for n in range(3)), return_exceptions=True
        )
        assert [type(answer) for answer in answers] == [OpenedMedia, OpenedMedia, EngineBusy]

    async def test_an_interrupt_from_the_terminal_leaves_calls_alone(
        self, start_embedded: StartEmbedded
    ):
        engine = await start_embedded()
        await engine.open("a", ignore)
        os.kill(engine.worker_pid, signal.SIGINT)
        os.kill(engine.worker_pid, signal.SIGTERM)
        await engine.bridge("a")

    async def test_no_datagram_brings_it_down(
        self, start_embedded: StartEmbedded, make_party: MakeParty
    ):
        engine = await start_embedded()
        caller, callee = make_party(), make_party()
        opened = await bridge(engine, caller, callee)
        before, random = engine.worker_pid, Random(7)
        for n in range(600):
            data = bytearray(random.randbytes(random.randint(0, 90)))
            data[:2] = (random.randint(0x80, 0xBF), random.choice([8, 101, 13, 200, 201, 203]))
            end = caller.rtp if n % 2 else caller.rtcp
            end.sendto(data, ("127.0.0.1", opened.caller.port + 1 - n % 2))
            if n % 50 == 0:
                await asyncio.sleep(0.02)
        await engine.early("c")
        assert engine.worker_pid == before

    async def test_closing_while_a_worker_is_replaced_leaves_none(
        self, start_embedded: StartEmbedded
    ):
        engine = await start_embedded()
        os.kill(engine.worker_pid, signal.SIGKILL)
        await until(lambda: engine.worker_pid is None)
        await engine.aclose()
        await asyncio.sleep(0.1)
        assert engine.worker_pid is None

    async def test_many_calls_at_once_are_told_apart(self, start_embedded: StartEmbedded):
        engine = await start_embedded(pairs=128, max_calls=64)
        opened = await asyncio.gather(*(engine.open(str(n), ignore) for n in range(64)))
        ports = [port for media in opened for port in (media.caller.port, media.callee.port)]
        assert len(set(ports)) == 128
        await asyncio.gather(*(engine.close(str(n)) for n in range(64)))
        assert engine.calls == 0

    async def test_a_worker_ends_with_its_engine(self):
        first, last = free_range(2)
        program = (
            "import asyncio\n"
            "from maskline.planes.media.embedded import EmbeddedEngine\n"
            "from maskline.planes.media.settings import EmbeddedSettings\n"
            "async def main():\n"
            f"    engine = EmbeddedEngine(EmbeddedSettings(first_port={first}, last_port={last}))\n"
            "    await engine.start()\n"
            "    print('worker', engine.worker_pid, flush=True)\n"
            "    await asyncio.sleep(60)\n"
            "asyncio.run(main())\n"
        )
        with subprocess.Popen(  # noqa: ASYNC220 - killed at once, nothing else runs meanwhile
            [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
        ) as parent:
            line = next(line for line in parent.stdout if line.startswith("worker"))
            worker = int(line.split()[1])
            parent.kill()
        await until(lambda: not is_alive(worker))


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"

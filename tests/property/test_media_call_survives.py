"""A call at the relay while everything happens at once: garbage, prompts, keys, recordings."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from tests.unit.planes.media.relay_bench import A_AT, A_PEER, ALAW, B_AT, B_PEER, ULAW
from tests.unit.planes.media.test_player import Stage, audio

from maskline.planes.media.engine import PlayEnd, Side
from maskline.planes.media.flow import Flow
from maskline.planes.media.gathering import Gathering
from maskline.planes.media.player import Play
from maskline.planes.media.tap import Tap

STEPS = 3000
SIZES = (0, 1, 11, 12, 13, 16, 20, 172, 172, 172, 252, 1499, 1500, 1501)
FIRST_OCTETS = (0x80, 0x80, 0x80, 0x90, 0xA0, 0xB5, 0x8F)
TYPES = (8, 0, 101, 96, 13, 9, 8 | 128, 101 | 128)


class Feed:
    """Counts what it is given."""

    def __init__(self) -> None:
        self.samples = 0
        self.ends = 0

    def write(self, number: int, first: bytes, second: bytes) -> bool:
        assert len(first) == len(second)
        self.samples += len(first)
        return True

    def finish(self, number: int) -> None:
        self.ends += 1


class Chaos:
    """One call, and what may happen to it."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        pick = self.chance.choice
        self.stage = Stage().bridged(
            a=replace(A_PEER, codec=pick([ALAW, ULAW]), telephone_event=pick([101, None])),
            b=replace(B_PEER, codec=pick([ALAW, ULAW]), telephone_event=pick([96, None])),
        )
        self.plays: list[Play] = []
        self.taps: list[tuple[Tap, Feed]] = []
        self.deeds: list[tuple[Callable[[Side], None], int]] = [
            (self.send_garbage, 60), (self.step, 15), (self.gather, 5), (self.play, 5),
            (self.stop, 3), (self.record, 3), (self.hold, 4), (self.block, 3), (self.flow, 2),
        ]  # fmt: skip

    def run(self) -> None:
        deeds, weights = zip(*self.deeds, strict=True)
        for deed in self.chance.choices(deeds, weights, k=STEPS):
            deed(self.chance.choice(list(Side)))

    def send_garbage(self, side: Side) -> None:
        data = bytearray(self.chance.randbytes(self.chance.choice(SIZES)))
        if len(data) >= 12:
            data[:2] = (self.chance.choice(FIRST_OCTETS), self.chance.choice(TYPES))
            if self.chance.random() < 0.7:
                data[2:4] = (round(self.stage.now * 50) & 0xFFFF).to_bytes(2, "big")
                data[4:12] = round(self.stage.now * 8000).to_bytes(4, "big") + b"abcd"
        self.stage.arrive(side, bytes(data), A_AT if side is Side.CALLER else B_AT)

    def step(self, side: Side) -> None:
        self.stage.step(self.chance.choice([0.005, 0.02, 0.02, 0.1, 0.6]), tick=0.005)
        self.stage.call.sweep(self.stage.now)
        for tap, _ in self.taps:
            if self.stage.now >= tap.next_at:
                self.stage.call.flush_tap(tap, self.stage.now)

    def gather(self, side: Side) -> None:
        wish = self.chance.choice([Gathering.NO, Gathering.OPEN, Gathering.PRIVATE])
        self.stage.call.gather(side, wish, self.stage.now)

    def play(self, side: Side) -> None:
        octets = audio(self.chance.choice([0.001, 0.02, 0.1, 0.5]))
        ears = self.chance.choice([(side,), tuple(Side)])
        times = self.chance.choice([1, 2, None])
        self.plays.append(self.stage.play(octets, *ears, times=times, name=str(len(self.plays))))

    def stop(self, side: Side) -> None:
        heard = self.stage.call.at(side).play
        if heard is not None:
            self.stage.call.end_play(heard, PlayEnd.STOPPED)

    def record(self, side: Side) -> None:
        call, now = self.stage.call, self.stage.now
        if call.tap is not None:
            call.tap.finish(now)
            call.set_tap(None)
            return
        feed = Feed()
        is_mixed = self.chance.random() < 0.5
        tap = Tap(len(self.taps), feed, now, self.chance.choice([0.5, 3, 99]), is_mixed=is_mixed)
        self.taps.append((tap, feed))
        call.set_tap(tap)

    def hold(self, side: Side) -> None:
        peer = self.stage.call.at(side).peer
        assert peer is not None
        held = replace(peer, receives=self.chance.random() < 0.6, sends=self.chance.random() < 0.6)
        self.stage.call.connect(side, held, self.stage.now)

    def block(self, side: Side) -> None:
        self.stage.call.block(side, is_blocked=self.chance.random() < 0.4)

    def flow(self, side: Side) -> None:
        self.stage.call.set_flow(self.chance.choice(list(Flow)), self.stage.now)


@pytest.mark.parametrize("seed", range(12))
def test_every_prompt_ends_once_and_every_recording_is_as_long_as_it_says(seed: int):
    chaos = Chaos(seed)
    chaos.run()
    ended = [event[1] for event in chaos.stage.events if event[0] == "ended"]
    heard = [play.play_id for play in chaos.plays if play.ears]
    assert sorted(ended + heard) == sorted(play.play_id for play in chaos.plays)
    for tap, feed in chaos.taps:
        assert (feed.samples, feed.ends) == (tap.samples, int(tap.is_over))
    for sent in chaos.stage.sent.values():
        assert len({packet.ssrc for packet, _ in sent}) <= 1

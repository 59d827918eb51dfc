import numpy as np
import pytest

from maskline.lab.phone_record import HeardPacket, TimedRecord
from maskline.protocols.rtp.g711 import Law, encode
from maskline.protocols.rtp.tone import make_tone

TONE = make_tone(440, 10.0)


class Stream:
    """Packets of 20 ms that were read at given times."""

    def __init__(self, ssrc: int = 1, timestamp: int = 0xFFFFF000) -> None:
        self.record = TimedRecord()
        self.ssrc = ssrc
        self.timestamp = timestamp
        self.at = 0

    def skip(self, count: int) -> None:
        self.timestamp = (self.timestamp + 160 * count) & 0xFFFFFFFF
        self.at += count

    def read(self, count: int, late_s: float = 0.0, *, until: float | None = None) -> None:
        for _ in range(count):
            due = self.at * 0.02
            at = due + late_s if until is None else max(until, due)
            payload = encode(Law.A, TONE[self.at * 160 : self.at * 160 + 160])
            self.record.note(HeardPacket(at, self.ssrc, self.timestamp, Law.A, payload))
            self.skip(1)


def test_what_comes_in_time_is_where_it_was_heard():
    stream = Stream()
    stream.read(50)
    samples, is_there = stream.record.between(0.0, 1.0)
    assert is_there.all()
    assert np.abs(samples - np.array(TONE[:8000])).max() < 300


def test_a_gap_stays_a_gap():
    stream = Stream()
    stream.read(50)
    stream.skip(100)
    stream.read(50)
    samples, is_there = stream.record.between(0.0, 4.0)
    assert is_there[:8000].all()
    assert not is_there[8000:24000].any()
    assert not samples[8000:24000].any()
    assert is_there[24000:].all()


def test_a_gap_stays_a_gap_when_the_sender_does_not_count_it():
    stream = Stream()
    stream.read(50)
    stream.at += 100
    stream.read(50)
    _, is_there = stream.record.between(0.0, 4.0)
    assert not is_there[8000:24000].any()
    assert is_there[24000:].all()


def test_packets_that_a_busy_machine_read_late_are_where_they_were_due():
    stream = Stream()
    stream.read(25)
    stream.read(15, until=0.8)
    stream.read(10)
    _, is_there = stream.record.between(0.0, 1.0)
    assert is_there.all()


def test_packets_that_came_in_a_burst_at_the_start_do_not_overlap():
    stream = Stream()
    stream.read(15, until=0.3)
    stream.read(35)
    _, is_there = stream.record.between(0.0, 1.0)
    assert is_there.all()


def test_another_source_has_a_time_line_of_its_own():
    stream = Stream()
    stream.read(50)
    stream.ssrc, stream.timestamp = 2, 7
    stream.read(50)
    _, is_there = stream.record.between(0.0, 2.0)
    assert is_there.all()


def test_before_and_after_the_call_there_is_nothing():
    stream = Stream()
    assert stream.record.began_at is None
    stream.read(5)
    assert stream.record.began_at == 0.0
    _, is_there = stream.record.between(-1.0, 0.0)
    assert not is_there.any()
    with pytest.raises(ValueError, match="before the beginning"):
        stream.record.between(1.0, 0.0)


def test_the_unrest_of_a_busy_machine_does_not_tear_the_sound():
    stream = Stream()
    for late_s in (0.03, 0.001, 0.02, 0.012, 0.0, 0.04, 0.008) * 10:
        stream.read(1, late_s)
    samples, is_there = stream.record.between(0.0, 1.4)
    begin = int(np.argmax(is_there))
    heard = samples[begin : begin + 10_000]
    assert is_there[begin:].all()
    assert np.abs(heard - np.array(TONE[: len(heard)])).max() < 300

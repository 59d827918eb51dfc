"""DTMF in audio against ITU-T Q.24: what must be recognised, and what must not."""

from array import array
from itertools import product
from random import Random

import numpy as np
import pytest

from maskline.planes.media.tone_detector import (
    HIGH_HZ,
    KEYS,
    LOW_HZ,
    RELEASE_AFTER_S,
    ToneDetector,
)
from maskline.protocols.rtp.g711 import Law, encode

RATE = 8000


def tone(low: float, high: float, seconds: float, *, low_db: float = -15, high_db: float = -15):
    time = np.arange(round(seconds * RATE)) / RATE
    return 32767 * (
        10 ** (low_db / 20) * np.sin(2 * np.pi * low * time)
        + 10 ** (high_db / 20) * np.sin(2 * np.pi * high * time)
    )


def silence(seconds: float):
    return np.zeros(round(seconds * RATE))


def detect(*parts, law: Law = Law.A, packet: int = 160) -> str:
    """The keys heard in audio that arrives in packets, in silence that goes on."""
    samples = np.concatenate([silence(0.033), *parts, silence(0.2)])
    audio = encode(law, array("h", samples.clip(-32768, 32767).astype(np.int16)))
    detector = ToneDetector()
    presses = []
    for at in range(0, len(audio), packet):
        presses += detector.receive(audio[at : at + packet], law, at / RATE)
    return "".join(press.digit for press in presses)


@pytest.mark.parametrize("law", Law)
@pytest.mark.parametrize(("row", "column"), list(product(range(4), range(4))))
def test_every_key_is_heard_once(row: int, column: int, law: Law):
    assert detect(tone(LOW_HZ[row], HIGH_HZ[column], 0.1), law=law) == KEYS[row][column]


@pytest.mark.parametrize("offset_ms", range(0, 20, 3))
def test_forty_milliseconds_are_enough_wherever_they_fall(offset_ms: int):
    for low, high in ((697, 1209), (941, 1633)):
        assert len(detect(silence(offset_ms / 1000), tone(low, high, 0.04))) == 1


@pytest.mark.parametrize("offset_ms", range(0, 20, 3))
def test_twenty_milliseconds_are_not_enough(offset_ms: int):
    assert detect(silence(offset_ms / 1000), tone(770, 1336, 0.02)) == ""


@pytest.mark.parametrize(("low_off", "high_off"), list(product((-0.015, 0.015), repeat=2)))
def test_frequencies_a_little_off_are_accepted(low_off: float, high_off: float):
    for low, high in product(LOW_HZ, HIGH_HZ):
        assert len(detect(tone(low * (1 + low_off), high * (1 + high_off), 0.06))) == 1


@pytest.mark.parametrize("off", [-0.035, 0.035])
def test_frequencies_far_off_are_refused(off: float):
    for low, high in product(LOW_HZ, HIGH_HZ):
        assert detect(tone(low * (1 + off), high, 0.1)) == ""
        assert detect(tone(low, high * (1 + off), 0.1)) == ""


def test_tones_may_differ_in_level_within_limits():
    assert detect(tone(770, 1336, 0.1, low_db=-16, high_db=-12)) == "5"
    assert detect(tone(770, 1336, 0.1, low_db=-12, high_db=-19)) == "5"
    assert detect(tone(770, 1336, 0.1, low_db=-22, high_db=-12)) == ""
    assert detect(tone(770, 1336, 0.1, low_db=-12, high_db=-24)) == ""


def test_quiet_and_loud_tones_are_heard_and_whispers_are_not():
    assert detect(tone(770, 1336, 0.1, low_db=-33, high_db=-33)) == "5"
    assert detect(tone(770, 1336, 0.1, low_db=-7, high_db=-7)) == "5"
    assert detect(tone(770, 1336, 0.1, low_db=-50, high_db=-50)) == ""


def test_noise_15_db_below_does_not_hide_a_key():
    random = np.random.default_rng(1)
    noise = random.normal(0, 32767 * 10 ** (-15 / 20) * 10 ** (-15 / 20), round(0.06 * RATE))
    assert detect(tone(852, 1477, 0.06) + noise) == "9"


def test_a_gap_of_ten_milliseconds_does_not_make_two_of_one():
    key = tone(770, 1336, 0.06)
    assert detect(key, silence(0.01), key) == "5"


def test_the_same_key_after_a_pause_of_forty_milliseconds_is_another_press():
    key = tone(770, 1336, 0.05)
    assert detect(key, silence(0.04), key, silence(0.04), key) == "555"


def test_fast_dialling_is_heard_digit_by_digit():
    parts = []
    for digit in "159D*0#2":
        row = next(n for n, keys in enumerate(KEYS) if digit in keys)
        parts += [tone(LOW_HZ[row], HIGH_HZ[KEYS[row].index(digit)], 0.05), silence(0.05)]
    assert detect(*parts) == "159D*0#2"


@pytest.mark.parametrize("packet", [80, 160, 240, 480, 37])
def test_the_size_of_packets_does_not_matter(packet: int):
    key = tone(770, 1336, 0.05)
    assert detect(key, silence(0.06), key, packet=packet) == "55"


def test_a_key_is_as_long_as_it_was_pressed():
    detector = ToneDetector()
    audio = encode(
        Law.A, array("h", np.concatenate([tone(770, 1336, 0.2), silence(0.2)]).astype(np.int16))
    )
    (press,) = detector.receive(audio, Law.A, 0)
    assert press.duration / RATE == pytest.approx(0.2, abs=0.03)


def test_a_key_is_released_when_the_audio_stops_with_it():
    detector = ToneDetector()
    audio = encode(Law.A, array("h", tone(770, 1336, 0.1).astype(np.int16)))
    assert detector.receive(audio, Law.A, 1.0) == []
    assert detector.expire(1.0 + RELEASE_AFTER_S / 2) == []
    assert [press.digit for press in detector.expire(1.0 + RELEASE_AFTER_S)] == ["5"]
    assert detector.expire(9.0) == []


def make_speech(seconds: float, seed: int):
    """Voiced sounds: a gliding pitch with harmonics shaped by two gliding formants, and noise."""
    random = Random(seed)
    count = round(seconds * RATE)
    samples = np.zeros(count)
    at = 0
    while at < count:
        size = min(count - at, round(random.uniform(0.08, 0.3) * RATE))
        time = np.arange(size) / RATE
        pitch = random.uniform(85, 260) * (1 + random.uniform(-0.15, 0.15) * time)
        phase = 2 * np.pi * np.cumsum(pitch) / RATE
        formants = (random.uniform(300, 950), random.uniform(900, 2300))
        for harmonic in range(1, 25):
            hz = harmonic * float(pitch[0])
            gain = sum(
                weight / (1 + ((hz - formant) / 90) ** 2)
                for formant, weight in zip(formants, (1.0, random.uniform(0.3, 1)), strict=True)
            )
            samples[at : at + size] += gain * np.sin(harmonic * phase + random.uniform(0, 6))
        samples[at : at + size] *= np.hanning(size)
        at += size
    noise = np.random.default_rng(seed).normal(0, 0.02, count)
    return (samples / np.abs(samples).max() + noise) * 12000


def test_speech_is_hardly_ever_taken_for_a_key():
    # Two minutes of nothing but vowels, whose harmonics are the worst that speech has.
    heard = "".join(detect(make_speech(10, seed)) for seed in range(12))
    assert len(heard) <= 2


def test_single_tones_noise_and_dial_tones_are_no_keys():
    random = np.random.default_rng(2)
    assert detect(random.normal(0, 6000, 4 * RATE)) == ""
    for hz in (350, 425, 440, 697, 941, 1209, 1477, 2100):
        time = np.arange(RATE // 2) / RATE
        assert detect(12000 * np.sin(2 * np.pi * hz * time)) == ""
    assert detect(tone(350, 440, 0.5)) == ""
    assert detect(tone(1100, 2100, 0.5)) == ""

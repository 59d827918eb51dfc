from random import Random

import pytest

from maskline.protocols.rtp.g711 import Law, decode, encode
from maskline.protocols.rtp.tone import (
    SILENCE_DBFS,
    hears_tone,
    make_tone,
    measure_level,
    measure_tone,
    strongest_tone,
)


def test_a_tone_has_the_level_it_was_made_with():
    tone = make_tone(440, 0.5, level_dbfs=-20)
    assert len(tone) == 4000
    assert measure_level(tone) == pytest.approx(-20, abs=0.1)
    assert measure_tone(tone, 440) == pytest.approx(-20, abs=0.1)
    assert measure_tone(tone, 1000) < -50


def test_pieces_of_a_tone_fit_together():
    whole = make_tone(440, 0.1)
    assert make_tone(440, 0.05) + make_tone(440, 0.05, start=400) == whole


def test_a_tone_is_heard_through_g711():
    tone = decode(Law.A, encode(Law.A, make_tone(700, 0.3)))
    assert hears_tone(tone, 700)
    assert not hears_tone(tone, 720)
    assert strongest_tone(tone, [500, 700, 900]) == 700


def test_silence_and_noise_are_no_tone():
    random = Random(1)
    noise = [random.randint(-8000, 8000) for _ in range(2400)]
    assert not hears_tone([0] * 2400, 440)
    assert not hears_tone(noise, 440)
    assert not hears_tone([], 440)
    assert measure_level([0] * 10) == measure_level([]) == measure_tone([], 440) == SILENCE_DBFS

from array import array

import pytest

from maskline.lab.hearing import find_tones, hears_only
from maskline.protocols.rtp.g711 import Law, decode, encode
from maskline.protocols.rtp.tone import make_tone


@pytest.mark.parametrize("law", list(Law))
@pytest.mark.parametrize("frequency", [300, 440, 697, 1000, 2600])
def test_a_tone_through_g711_is_heard_as_that_tone_and_no_other(law: Law, frequency: int):
    samples = decode(law, encode(law, make_tone(frequency, 0.5)))
    assert hears_only(find_tones(samples), frequency)


def test_two_tones_at_once_are_told_apart_with_their_levels():
    loud, soft = make_tone(440, 1.0, level_dbfs=-15), make_tone(600, 1.0, level_dbfs=-25)
    tones = find_tones(array("h", [a + b for a, b in zip(loud, soft, strict=True)]))
    assert [round(tone.frequency_hz) for tone in tones] == [440, 600]
    assert [round(tone.level_dbfs) for tone in tones] == [-15, -25]


def test_silence_holds_no_tone():
    assert find_tones([0] * 8000) == []


def test_what_is_shorter_than_one_window_is_not_judged():
    assert find_tones(make_tone(440, 0.1)) == []

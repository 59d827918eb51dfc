import pytest

from maskline.lab.hearing import find_tones
from maskline.lab.key_tone import key_frequencies, make_key_tones

KEYS = "123A456B789C*0#D"


@pytest.mark.parametrize("key", KEYS)
def test_a_key_sounds_as_its_two_tones(key: str):
    tones = find_tones(make_key_tones(key, 300, 0))
    assert len(tones) == 2
    assert all(any(tone.is_at(hertz) for tone in tones) for hertz in key_frequencies(key))


def test_no_two_keys_sound_alike():
    assert len({key_frequencies(key) for key in KEYS}) == 16


def test_keys_follow_each_other_with_a_pause():
    assert len(make_key_tones("12", 100, 80)) == 2 * 180 * 8


@pytest.mark.parametrize("key", ["", "E", "12"])
def test_what_is_no_key_is_refused(key: str):
    with pytest.raises(ValueError, match="no key"):
        key_frequencies(key)

import numpy as np

from maskline.lab.timeline import draw, listen, merged, mismatches, span
from maskline.protocols.rtp.g711 import Law, decode, encode
from maskline.protocols.rtp.tone import make_tone

VOICES = {"A": 440.0, "B": 620.0, "hint": 1150.0}


def tones(*hertz: float, seconds: float = 1.0) -> np.ndarray:
    parts = [np.array(make_tone(one, seconds), np.int32) for one in hertz]
    mixed = sum(parts, np.zeros(round(seconds * 8000), np.int32)).astype(np.int16)
    return np.frombuffer(decode(Law.A, encode(Law.A, mixed.tolist())), np.int16)


TALK = np.concatenate([tones(440), tones(), tones(440, 620), tones(1150)])


def test_each_slice_names_the_voices_in_it():
    heard = [one.heard for one in listen(TALK, VOICES)]
    assert heard == 4 * [{"A"}] + 4 * [set()] + 4 * [{"A", "B"}] + 4 * [{"hint"}]


def test_what_is_as_expected_has_no_mismatch():
    spans = [span(0, 1, "A"), span(1, 2), span(2, 3, "A", "B"), span(3, 4, "hint")]
    assert mismatches(TALK, spans, VOICES) == []


def test_a_mismatch_says_when_what_was_expected_and_what_heard():
    found = mismatches(TALK, [span(2, 3, "A")], VOICES, guard_s=0.25)
    assert found == [
        "2.25-2.50 s: expected A, heard A + B",
        "2.50-2.75 s: expected A, heard A + B",
    ]


def test_a_tone_that_nobody_plays_is_named_by_its_frequency():
    (found, *_) = mismatches(tones(900), [span(0, 1, "A")], VOICES)
    assert found.endswith("heard 900 Hz")


def test_audio_that_ends_too_early_is_a_mismatch():
    (found,) = mismatches(TALK, [span(3.5, 4.5, "hint")], VOICES)
    assert "the audio is of 0.00-4.00 s" in found


def test_an_edge_is_not_judged_nor_is_noise_below_speech():
    noise = np.random.default_rng(1).normal(0, 30, 8000).astype(np.int16)
    assert mismatches(noise, [span(0, 1)], VOICES) == []
    edge = np.concatenate([tones(440, seconds=1.1), tones(620, seconds=0.9)])
    assert mismatches(edge, [span(0, 1, "A"), span(1, 2, "B")], VOICES) == []


def test_a_time_line_is_drawn_with_a_sign_a_slice():
    slices = listen(TALK, VOICES, begin_s=10.0, slice_s=0.5)
    assert draw({"A": slices, "rec": slices[:2]}, {"A": "a", "hint": "h"}) == (
        "A    aa..++hh\nrec  aa"
    )
    assert [str(one) for one in merged(slices)][-1].split() == ["13.00-14.00", "s", "hint"]

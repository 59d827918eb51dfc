from array import array
from pathlib import Path

import numpy as np
import pytest
import soundfile

from maskline.lab.hearing import find_tones, hears_only
from maskline.lab.wav import BadWav, read_channels, read_wav, write_wav
from maskline.protocols.rtp.tone import make_tone


def test_what_was_written_is_read_back(tmp_path: Path):
    samples = make_tone(440, 0.2)
    write_wav(tmp_path / "tone.wav", samples)
    assert read_wav(tmp_path / "tone.wav") == samples


@pytest.mark.parametrize("name", ["tone.wav", "tone.flac", "tone.ogg"])
def test_any_format_and_rate_is_heard_as_the_same_tone(tmp_path: Path, name: str):
    wave = 0.2 * np.sin(2 * np.pi * 600 * np.arange(44100) / 44100)
    soundfile.write(tmp_path / name, wave, 44100)
    samples = read_wav(tmp_path / name)
    assert len(samples) == 8000
    assert hears_only(find_tones(samples), 600)


def test_an_a_law_file_in_stereo_has_two_channels(tmp_path: Path):
    left = np.frombuffer(make_tone(440, 0.5), np.int16)
    right = np.frombuffer(make_tone(660, 0.5), np.int16)
    soundfile.write(tmp_path / "two.wav", np.column_stack([left, right]), 8000, subtype="ALAW")
    with (tmp_path / "two.wav").open("rb") as file:
        channels = read_channels(file)
    assert [hears_only(find_tones(c), f) for c, f in zip(channels, (440, 660), strict=True)] == [
        True,
        True,
    ]
    both = find_tones(read_wav(tmp_path / "two.wav"))
    assert sorted(round(tone.frequency_hz, -1) for tone in both) == [440, 660]


def test_a_file_that_is_no_sound_is_refused(tmp_path: Path):
    (tmp_path / "noise.wav").write_bytes(b"no RIFF at all")
    with pytest.raises(BadWav):
        read_wav(tmp_path / "noise.wav")


def test_an_empty_record_is_a_file_without_samples(tmp_path: Path):
    write_wav(tmp_path / "empty.wav", array("h"))
    assert len(read_wav(tmp_path / "empty.wav")) == 0

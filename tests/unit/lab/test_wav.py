import wave
from pathlib import Path

import pytest

from maskline.lab.wav import BadWav, read_wav, write_wav
from maskline.protocols.rtp.tone import make_tone


def test_what_was_written_is_read_back(tmp_path: Path):
    samples = make_tone(440, 0.2)
    write_wav(tmp_path / "tone.wav", samples)
    assert read_wav(tmp_path / "tone.wav") == samples


def test_a_stereo_file_is_refused_with_what_it_should_be(tmp_path: Path):
    with wave.open(str(tmp_path / "stereo.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0" * 400)
    with pytest.raises(BadWav, match="8000 Hz, 16 bits, mono"):
        read_wav(tmp_path / "stereo.wav")


def test_a_file_that_is_no_wav_is_refused(tmp_path: Path):
    (tmp_path / "noise.wav").write_bytes(b"no RIFF at all")
    with pytest.raises(BadWav):
        read_wav(tmp_path / "noise.wav")

"""The prompts that come with the platform, listened to by numbers."""

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile
from tools.prompts import RING_BACK, RING_HZ, RING_PAUSE_S, RING_S, TEXTS

from maskline.services.prompt_audio import SAMPLE_RATE, convert_sound
from maskline.services.prompt_shelf import SHIPPED_FOLDER, shipped_prompts

FILES = sorted(SHIPPED_FOLDER.glob("*"))
VOICES = [path for path in FILES if path.name != RING_BACK]
FRAME = 160


def _samples(path: Path) -> np.ndarray:
    samples, rate = soundfile.read(path, dtype="float32")
    assert rate == SAMPLE_RATE
    return samples


def _frames(path: Path) -> np.ndarray:
    """Loudness (RMS) of each 20 ms."""
    samples = _samples(path)
    whole = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    return np.sqrt(np.mean(whole**2, axis=1))


def test_every_text_is_there_in_both_languages_and_a_ring_back_and_nothing_else():
    wanted = {f"default-{what}-{language}.wav" for what in TEXTS for language in ("zh", "en")}
    wanted.add(RING_BACK)
    assert {path.name for path in FILES} == wanted
    assert set(shipped_prompts(SHIPPED_FOLDER)) == wanted


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_it_is_in_the_form_that_calls_play(path: Path):
    content = path.read_bytes()
    sound = convert_sound(content)
    assert sound.wav == content
    info = soundfile.info(io.BytesIO(content))
    assert (info.subtype, info.samplerate, info.channels) == ("ALAW", 8000, 1)
    assert shipped_prompts(SHIPPED_FOLDER)[path.name].duration_ms == sound.audio.duration_ms


@pytest.mark.parametrize("path", VOICES, ids=lambda path: path.name)
def test_a_voice_is_heard_well_most_of_the_time(path: Path):
    samples, loudness = _samples(path), _frames(path)
    assert 1.0 <= len(samples) / SAMPLE_RATE <= 7.0
    assert 0.3 <= np.max(np.abs(samples)) <= 0.93
    assert -24 <= 20 * np.log10(np.sqrt(np.mean(samples[np.abs(samples) > 0.006] ** 2))) <= -15
    assert np.mean(loudness > 0.01) > 0.6


@pytest.mark.parametrize("path", VOICES, ids=lambda path: path.name)
def test_nowhere_is_a_long_silence(path: Path):
    longest = run = 0
    for is_quiet in _frames(path) < 0.003:
        run = run + 1 if is_quiet else 0
        longest = max(longest, run)
    assert longest * 0.02 <= 0.7


@pytest.mark.parametrize("what", sorted(TEXTS))
def test_the_languages_do_not_say_the_same(what: str):
    zh, en = (SHIPPED_FOLDER / f"default-{what}-{language}.wav" for language in ("zh", "en"))
    assert zh.read_bytes() != en.read_bytes()


@pytest.mark.parametrize("path", VOICES, ids=lambda path: path.name)
def test_it_is_speech_and_no_tone(path: Path):
    spectrum = np.abs(np.fft.rfft(_samples(path))) ** 2
    assert np.max(spectrum) / np.sum(spectrum) < 0.1


def test_the_ring_back_is_one_ring_of_a_second_and_a_pause():
    loudness = _frames(SHIPPED_FOLDER / RING_BACK)
    ring, pause = loudness[: int(RING_S * 50)], loudness[int(RING_S * 50) :]
    assert len(pause) == int(RING_PAUSE_S * 50)
    assert ring.min() > 0.05
    assert pause.max() < 0.003
    samples = _samples(SHIPPED_FOLDER / RING_BACK)[: int(RING_S * SAMPLE_RATE)]
    assert np.argmax(np.abs(np.fft.rfft(samples))) == pytest.approx(RING_HZ * RING_S, abs=1)

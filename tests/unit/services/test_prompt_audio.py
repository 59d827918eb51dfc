import io
import struct

import numpy as np
import pytest
import soundfile
from tests.unit.services.prompt_world import heard, tone

from maskline.domain.error import InvalidParameter
from maskline.domain.prompt import MAX_PROMPT_BYTES
from maskline.services.prompt_audio import HEADER_SIZE, MAX_SAMPLES, PromptSound, convert_sound


def _wav_of(samples: np.ndarray, rate: int, subtype: str = "FLOAT") -> bytes:
    written = io.BytesIO()
    soundfile.write(written, samples, rate, format="WAV", subtype=subtype)
    return written.getvalue()


def _a_law(octets: bytes) -> bytes:
    """The smallest A-law file, as other programs write it: no fact chunk."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 6, 1, 8000, 8000, 1, 8)
    data = struct.pack("<4sI", b"data", len(octets)) + octets
    return b"RIFF" + struct.pack("<I", 4 + len(form) + len(data)) + b"WAVE" + form + data


def _refusal(source: bytes) -> str:
    with pytest.raises(InvalidParameter) as refused:
        convert_sound(source)
    assert refused.value.parameter == "sound"
    return refused.value.detail


@pytest.mark.parametrize(
    ("form", "subtype", "rate"),
    [
        ("WAV", "PCM_16", 48000),
        ("WAV", "PCM_U8", 11025),
        ("WAV", "PCM_24", 44100),
        ("WAV", "FLOAT", 22050),
        ("WAV", "ULAW", 8000),
        ("WAV", "IMA_ADPCM", 16000),
        ("WAVEX", "PCM_16", 16000),
        ("MP3", None, 44100),
        ("MP3", None, 16000),
        ("FLAC", None, 96000),
        ("OGG", "VORBIS", 44100),
        ("OGG", "OPUS", 48000),
    ],
)
@pytest.mark.parametrize("channels", [1, 2])
def test_a_tone_is_the_same_tone_afterwards(
    form: str, subtype: str | None, rate: int, channels: int
):
    source = tone(750, 0.8, rate=rate, form=form, subtype=subtype, channels=channels)
    sound = convert_sound(source)
    info = soundfile.info(io.BytesIO(sound.wav))
    assert (info.format, info.subtype, info.samplerate, info.channels) == ("WAV", "ALAW", 8000, 1)
    assert abs(sound.audio.duration_ms - 800) <= 60
    assert sound.audio.size == len(sound.wav)
    hertz, share, peak = heard(sound.wav)
    assert abs(hertz - 750) < 5
    assert share > 0.95
    assert 0.4 < peak < 0.6


def test_what_a_phone_cannot_carry_is_gone_and_does_not_fold_back():
    sound = convert_sound(tone(7250, 0.8, rate=48000))
    samples, _ = soundfile.read(io.BytesIO(sound.wav))
    assert np.max(np.abs(samples[200:-200])) < 0.01


@pytest.mark.parametrize("count", [2560, 2561])
def test_octets_of_a_file_in_the_target_form_stay_as_they_are(count: int):
    octets = (bytes(range(256)) * 11)[:count]
    sound = convert_sound(_a_law(octets))
    assert sound.wav[HEADER_SIZE:][:count] == octets
    assert convert_sound(sound.wav) == sound
    assert len(sound.wav) % 2 == 0
    assert sound.audio.duration_ms == count // 8


@pytest.mark.parametrize("peak", [0.99, 1.0, 3.0])
def test_a_sound_that_is_too_loud_is_made_quieter_not_cut(peak: float):
    at = np.arange(8000) / 16000
    loud = (peak * np.sin(2 * np.pi * 500 * at)).astype(np.float32)
    _, share, heard_peak = heard(convert_sound(_wav_of(loud, 16000)).wav)
    assert share > 0.995
    assert 0.9 < heard_peak <= 0.985


def test_floats_that_are_no_numbers_do_no_harm():
    samples = np.full(8000, np.nan, np.float32)
    samples[::3], samples[1::3] = np.inf, -np.inf
    assert convert_sound(_wav_of(samples, 8000)).audio.duration_ms == 1000


def test_silence_is_a_sound():
    assert convert_sound(_wav_of(np.zeros(800), 8000)).audio.duration_ms == 100


def test_what_a_prompt_says_of_its_sound_is_true():
    sound = convert_sound(tone(seconds=1.25))
    assert sound.audio.duration_ms == 1250
    assert PromptSound(sound.wav).audio == sound.audio
    assert len(sound.audio.digest) == 64


def test_the_longest_prompt_is_taken_and_one_sample_more_is_not():
    longest = convert_sound(_wav_of(np.zeros(MAX_SAMPLES), 8000, "PCM_U8"))
    assert MAX_PROMPT_BYTES - 2 <= longest.audio.size <= MAX_PROMPT_BYTES
    refusal = _refusal(_wav_of(np.zeros(MAX_SAMPLES + 1), 8000, "PCM_U8"))
    assert refusal == "is too long: a prompt has at most 249 s; shorten it"


def test_a_small_file_of_much_silence_is_not_decoded_to_its_end():
    flac = io.BytesIO()
    with soundfile.SoundFile(flac, "w", 48000, 2, format="FLAC", subtype="PCM_16") as file:
        for _ in range(260):
            file.write(np.zeros((48000, 2), np.int16))
    assert len(flac.getvalue()) < 100_000
    assert "too long" in _refusal(flac.getvalue())


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b"", "empty"),
        (b"hello, this is no sound at all", "WAV, MP3, FLAC or OGG"),
        (b"%PDF-1.7", "WAV, MP3, FLAC or OGG"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "WAV, MP3, FLAC or OGG"),
        (b"RIFF\0\0\0\0AVI LIST", "WAV, MP3, FLAC or OGG"),
        (b"RIFF\x24\0\0\0WAVE", "WAV, MP3, FLAC or OGG"),
        (b"ID3\x04" + bytes(2000), "WAV, MP3, FLAC or OGG"),
        (b"fLaC" + bytes(200), "WAV, MP3, FLAC or OGG"),
        (b"OggS" + bytes(200), "WAV, MP3, FLAC or OGG"),
        (_wav_of(np.zeros(0), 8000), "holds no sound"),
        (_wav_of(np.zeros(100), 8000), "holds no sound"),
        (_wav_of(np.zeros(4000), 1000), "1000 samples a second"),
        (_wav_of(np.zeros((4000, 12)), 8000), "12 channels"),
        (tone(form="AIFF"), "WAV, MP3, FLAC or OGG"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_what_is_refused_says_why_and_what_to_send(source: bytes, words: str):
    assert words in _refusal(source)

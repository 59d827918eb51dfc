"""Mangled sound files end in a prompt or in a refusal, in little time."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.services.prompt_world import tone

from maskline.domain.error import InvalidParameter
from maskline.domain.prompt import MAX_PROMPT_BYTES
from maskline.services.prompt_audio import convert_sound

SOURCES = {
    "wav": tone(form="WAV", subtype="PCM_16"),
    "adpcm": tone(form="WAV", subtype="MS_ADPCM"),
    "mp3": tone(form="MP3", rate=16000),
    "flac": tone(form="FLAC"),
    "vorbis": tone(form="OGG", subtype="VORBIS"),
    "opus": tone(form="OGG", subtype="OPUS"),
}
LONGEST_S = 5.0
"""CPU time that one file may take."""

changes = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=8)), max_size=8
)


def _converted(source: bytes) -> None:
    began = time.process_time()
    try:
        sound = convert_sound(source)
    except InvalidParameter:
        pass
    else:
        assert len(sound.wav) <= MAX_PROMPT_BYTES
        assert convert_sound(sound.wav).wav == sound.wav
    assert time.process_time() - began < LONGEST_S


@pytest.mark.parametrize("kind", SOURCES)
@given(changes=changes, kept=st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_a_mangled_file_is_converted_or_refused(
    kind: str, changes: list[tuple[float, bytes]], kept: float
):
    mangled = bytearray(SOURCES[kind])
    for place, written in changes:
        # Most of what decides how a file is read stands at its start.
        at = int(place**3 * len(mangled))
        mangled[at : at + len(written)] = written
    _converted(bytes(mangled[: max(1, int(len(mangled) * kept**0.25))]))


@given(st.sampled_from([b"RIFF....WAVE", b"fLaC", b"OggS", b"\xff\xfb", b"ID3"]), st.binary())
@settings(deadline=None)
def test_noise_behind_a_promising_start_is_refused_or_converted(start: bytes, noise: bytes):
    _converted(start + noise)

import io
import struct

import numpy as np
import pytest
import soundfile
from tests.unit.protocols.recording.sealed_file import Sealed, read, seal

from maskline.planes.media.recorder_mix import join_lanes
from maskline.protocols.recording import Cipher, Damaged, SealedView, wav_size
from maskline.protocols.recording.cipher import TAG_BYTES
from maskline.protocols.recording.head import SEGMENT_FRAMES
from maskline.protocols.recording.seal import FOOTER_BYTES
from maskline.protocols.rtp.g711 import Law, decode


def read_all(sealed: Sealed, file: bytes) -> bytes:
    view = SealedView(sealed.head, sealed.key, len(file))
    return read(view, file, 0, view.size)


ONE = SEGMENT_FRAMES
SEALED = ONE + TAG_BYTES
LENGTHS = [0, 1, ONE - 1, ONE, ONE + 1, 2 * ONE, 20_001]


@pytest.mark.parametrize("cipher", Cipher)
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("frames", LENGTHS)
def test_the_whole_file_is_a_wav_file_of_the_audio(cipher: Cipher, channels: int, frames: int):
    sealed = seal(frames, channels=channels, cipher=cipher)
    wav = sealed.wav
    assert len(wav) == sealed.view.size == wav_size(sealed.head, len(sealed.file))
    assert wav[58 : 58 + frames * channels] == sealed.audio
    assert len(wav) % 2 == 0
    assert struct.unpack_from("<I", wav, 4) == (len(wav) - 8,)
    assert struct.unpack_from("<I", wav, 46) == (frames,)
    assert (sealed.view.frames, sealed.view.duration_s) == (frames, frames / 8000)


@pytest.mark.parametrize("cipher", Cipher)
@pytest.mark.parametrize("channels", [1, 2])
def test_an_older_file_of_longer_segments_is_read_as_ever(cipher: Cipher, channels: int):
    sealed = seal(20_001, channels=channels, cipher=cipher, segment_frames=8000)
    assert sealed.head.sealed_segment_bytes == 8000 * channels + TAG_BYTES
    assert sealed.wav[58 : 58 + 20_001 * channels] == sealed.audio
    assert read(sealed.view, sealed.file, 7_990, 8_020) == sealed.wav[7_990:16_010]


@pytest.mark.parametrize("channels", [1, 2])
def test_a_player_reads_it(channels: int):
    sealed = seal(20_001, channels=channels)
    samples, rate = soundfile.read(io.BytesIO(sealed.wav), dtype="int16", always_2d=True)
    assert rate == 8000
    assert samples.shape == (20_001, channels)
    expected = np.array(decode(Law.A, sealed.audio)).reshape(-1, channels)
    assert np.array_equal(samples, expected)


def test_a_range_needs_only_the_segments_it_touches():
    sealed = seal(80_000)
    start, size = sealed.view.sealed_range(58 + ONE, ONE)
    assert (start, size) == (len(sealed.head.raw) + SEALED, SEALED)


def test_the_head_alone_is_given_only_when_the_file_is_whole():
    sealed = seal(20_000)
    assert sealed.view.sealed_range(0, 58) == (len(sealed.file) - FOOTER_BYTES, FOOTER_BYTES)
    cut = sealed.file[: len(sealed.head.raw) + SEALED] + sealed.file[-FOOTER_BYTES:]
    with pytest.raises(Damaged, match="cut"):
        read(SealedView(sealed.head, sealed.key, len(cut)), cut, 0, 58)


def test_a_file_cut_anywhere_is_not_read_to_its_end():
    sealed = seal(20_000)
    for size in range(len(sealed.file) - 1, 0, -97):
        with pytest.raises(Damaged):
            read_all(sealed, sealed.file[:size])


def test_segments_cannot_change_places():
    sealed = seal(24_000)
    at = len(sealed.head.raw)
    first, second = sealed.file[at : at + SEALED], sealed.file[at + SEALED : at + 2 * SEALED]
    swapped = sealed.file[:at] + second + first + sealed.file[at + 2 * SEALED :]
    with pytest.raises(Damaged):
        read(sealed.view, swapped, 58, 10)


def test_a_head_of_another_file_opens_nothing():
    one, other = seal(20_000, seed=1), seal(20_000, seed=2)
    view = SealedView(other.head, one.key, len(one.file))
    with pytest.raises(Damaged):
        read(view, one.file, 58, 10)


def test_another_key_opens_nothing():
    sealed = seal(100)
    view = SealedView(sealed.head, bytes(32), len(sealed.file))
    with pytest.raises(Damaged):
        read(view, sealed.file, 0, view.size)


def test_fewer_bytes_than_asked_for_are_damage():
    view = seal(100).view
    with pytest.raises(Damaged, match="cut"):
        view.open(0, 100, b"")


@pytest.mark.parametrize(("start", "size"), [(-1, 2), (0, -1), (0, 159), (158, 1), (200, 0)])
def test_what_is_no_range_of_the_file_is_refused(start: int, size: int):
    view = seal(100).view
    with pytest.raises(ValueError, match="range"):
        view.sealed_range(start, size)


@pytest.mark.parametrize("channels", [1, 2])
def test_lanes_become_the_channels(channels: int):
    first, second = bytes([0xD5, 0x80, 0xAA]), bytes([0x91, 0xD5])
    joined = join_lanes(first, second, channels)
    assert joined == (b"\x91\x80\xaa" if channels == 1 else b"\xd5\x91\x80\xd5\xaa\xd5")

import io

import pytest
from tests.unit.protocols.recording.sealed_file import Sealed, read, seal

from maskline.protocols.recording import BadHead, SealedView, repair
from maskline.protocols.recording.head import SEGMENT_FRAMES
from maskline.protocols.recording.seal import FOOTER_BYTES

ONE = SEGMENT_FRAMES


def repaired(sealed: Sealed, left: bytes) -> tuple[int, bytes]:
    """The length that repairing what is left of a file gives, and the audio that is in it then."""
    file = io.BytesIO(left)
    frames = repair(file, sealed.key)
    view = SealedView(sealed.head, sealed.key, len(file.getvalue()))
    assert view.frames == frames
    return frames, read(view, file.getvalue(), 0, view.size)[58:][: frames * sealed.head.channels]


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("frames", [0, 100, ONE - 10, ONE, 20_000, 6 * ONE])
def test_a_finished_file_is_not_touched(frames: int, channels: int):
    sealed = seal(frames, channels=channels)
    file = io.BytesIO(sealed.file)
    assert repair(file, sealed.key) == frames
    assert file.getvalue() == sealed.file


@pytest.mark.parametrize("channels", [1, 2])
def test_whole_segments_stay_wherever_the_file_was_cut(channels: int):
    sealed = seal(3 * ONE + 4000, channels=channels)
    one = sealed.head.sealed_segment_bytes
    for size in range(len(sealed.head.raw), len(sealed.head.raw) + 3 * one + 40, 509):
        frames, audio = repaired(sealed, sealed.file[:size])
        assert frames == (size - len(sealed.head.raw)) // one * ONE
        assert audio == sealed.audio[: frames * channels]


@pytest.mark.parametrize("frames", [20_000, 6 * ONE - 10, 6 * ONE])
def test_only_a_torn_footer_costs_no_audio(frames: int):
    sealed = seal(frames)
    for torn in range(1, FOOTER_BYTES + 1):
        assert repaired(sealed, sealed.file[:-torn]) == (frames, sealed.audio)


def test_an_end_that_never_reached_the_disk_goes():
    # After a loss of power the file has its length, and zeros where data should be.
    sealed = seal(4 * ONE)
    one = sealed.head.sealed_segment_bytes
    whole = len(sealed.head.raw) + 2 * one
    frames, audio = repaired(sealed, sealed.file[:whole] + bytes(2 * one))
    assert (frames, audio) == (2 * ONE, sealed.audio[: 2 * ONE])


def test_damage_in_the_middle_costs_nothing_behind_it():
    sealed = seal(32_000)
    file = bytearray(sealed.file[:-FOOTER_BYTES])
    file[len(sealed.head.raw) + 100] ^= 1
    repaired_file = io.BytesIO(bytes(file))
    assert repair(repaired_file, sealed.key) == 32_000


@pytest.mark.parametrize("channels", [1, 2])
def test_an_older_file_of_longer_segments_keeps_all_of_them(channels: int):
    sealed = seal(20_000, channels=channels, segment_frames=8000)
    frames, audio = repaired(sealed, sealed.file[:-2000])
    assert frames == 16_000
    assert audio == sealed.audio[: frames * channels]


def test_nothing_but_a_head_is_empty():
    sealed = seal(100)
    assert repaired(sealed, sealed.head.raw) == (0, b"")


def test_what_has_no_head_is_refused():
    with pytest.raises(BadHead):
        repair(io.BytesIO(b"RIFF"), bytes(32))


def test_repairing_twice_changes_nothing():
    sealed = seal(20_000)
    file = io.BytesIO(sealed.file[:-1000])
    repair(file, sealed.key)
    once = file.getvalue()
    repair(file, sealed.key)
    assert file.getvalue() == once

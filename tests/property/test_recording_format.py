import io
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.protocols.recording.sealed_file import Sealed, new_head, read, seal

from maskline.protocols.recording import (
    BadHead,
    Cipher,
    Damaged,
    SealedView,
    read_head,
    repair,
)
from maskline.protocols.recording.head import SEGMENT_FRAMES

ONE = SEGMENT_FRAMES
made = cache(seal)

files = st.builds(
    made,
    st.sampled_from([0, 1, ONE - 1, ONE, ONE + 1, 3 * ONE, 25_001]),
    channels=st.sampled_from([1, 2]),
    cipher=st.sampled_from(list(Cipher)),
    segment_frames=st.sampled_from([ONE, 8000]),
)


def read_all(sealed: Sealed, file: bytes) -> bytes:
    view = SealedView(read_head(file), sealed.key, len(file))
    return read(view, file, 0, view.size)


@given(files, st.data())
def test_any_range_equals_the_slice_of_the_whole(sealed: Sealed, data: st.DataObject):
    size = sealed.view.size
    start = data.draw(st.integers(0, size))
    length = data.draw(st.integers(0, size - start))
    assert read(sealed.view, sealed.file, start, length) == sealed.wav[start : start + length]


@given(files, st.data())
def test_any_flipped_bit_is_noticed(sealed: Sealed, data: st.DataObject):
    file = bytearray(sealed.file)
    file[data.draw(st.integers(0, len(file) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((BadHead, Damaged, ValueError)):
        read_all(sealed, bytes(file))


@given(files, st.data())
def test_any_cut_file_repairs_to_all_of_its_whole_segments(sealed: Sealed, data: st.DataObject):
    begin = len(sealed.head.raw)
    size = data.draw(st.integers(begin, len(sealed.file)))
    file = io.BytesIO(sealed.file[:size])
    file.seek(0, io.SEEK_END)
    frames = repair(file, sealed.key)
    whole = (size - begin) // sealed.head.sealed_segment_bytes * sealed.head.segment_frames
    assert frames >= min(whole, sealed.view.frames)
    view = SealedView(sealed.head, sealed.key, len(file.getvalue()))
    audio = sealed.audio[: frames * sealed.head.channels]
    assert read(view, file.getvalue(), 0, view.size)[58 : 58 + len(audio)] == audio


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reading_of_heads(data: bytes):
    with pytest.raises(BadHead):
        read_head(data)


@given(st.data())
def test_no_change_of_a_head_breaks_its_reading(data: st.DataObject):
    head = bytearray(new_head())
    for at in data.draw(st.lists(st.integers(0, len(head) - 1), max_size=4)):
        head[at] = data.draw(st.integers(0, 255))
    changed = bytes(head) + data.draw(st.binary(max_size=700))
    try:
        found = read_head(changed)
    except BadHead:
        return
    assert changed.startswith(found.raw)
    assert read_head(found.raw) == found

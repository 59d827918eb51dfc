import struct

import pytest

from maskline.planes.media.engine import CannotPlay
from maskline.planes.media.sound import Sound, SoundShelf, parse_wav

FORM = struct.pack("<HHIIHH", 6, 1, 8000, 8000, 1, 8)


def wav(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(
        name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2) for name, data in chunks
    )
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body


def test_the_octets_of_the_data_chunk_are_the_sound_whatever_is_around_it():
    data = bytes(range(7))
    assert parse_wav(wav((b"fmt ", FORM), (b"data", data))) == data
    assert parse_wav(wav((b"LIST", b"abc"), (b"fmt ", FORM + b"\0\0"), (b"data", data))) == data
    assert parse_wav(wav((b"fmt ", FORM), (b"data", data), (b"LIST", b"x"))) == data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF",
        b"ID3 and so on, as an MP3 begins",
        wav(),
        wav((b"fmt ", FORM)),
        wav((b"data", b"before the format")),
        wav((b"fmt ", FORM), (b"data", b"")),
        wav((b"fmt ", FORM[:10]), (b"data", b"abc")),
        wav((b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16)), (b"data", b"abcd")),
        wav((b"fmt ", struct.pack("<HHIIHH", 6, 2, 8000, 16000, 2, 8)), (b"data", b"abcd")),
        wav((b"fmt ", struct.pack("<HHIIHH", 6, 1, 16000, 16000, 1, 8)), (b"data", b"abcd")),
    ],
)
def test_anything_but_alaw_mono_8_khz_cannot_be_played(data: bytes):
    with pytest.raises(CannotPlay):
        parse_wav(data)


@pytest.mark.parametrize("length", [1, 7, 159, 160, 161, 1000])
def test_a_frame_can_begin_anywhere_in_a_round(length: int):
    octets = bytes(n % 251 for n in range(length))
    sound = Sound(octets)
    endless = octets * (320 // length + 2)
    for start in range(0, length, 13):
        assert sound.frame(start) == endless[start : start + 160]
        assert sound.frame(start + 3 * length) == endless[start : start + 160]


def test_a_file_is_read_once_until_it_changes(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(wav((b"fmt ", FORM), (b"data", b"first")))
    shelf = SoundShelf()
    first = shelf.load(str(path))
    assert shelf.load(str(path)) is first
    path.write_bytes(wav((b"fmt ", FORM), (b"data", b"another")))
    assert shelf.load(str(path)).samples == 7


def test_what_is_kept_has_a_bound(tmp_path):
    shelf = SoundShelf(max_bytes=5000)
    for n in range(10):
        path = tmp_path / f"{n}.wav"
        path.write_bytes(wav((b"fmt ", FORM), (b"data", bytes(800))))
        shelf.load(str(path))
        assert shelf.octets <= 5000
    last = shelf.load(str(path))
    assert shelf.load(str(path)) is last


@pytest.mark.parametrize("name", ["missing.wav", "", "nul\0.wav", "."])
def test_a_file_that_is_not_there_cannot_be_played(tmp_path, name: str):
    with pytest.raises(CannotPlay):
        SoundShelf().load(str(tmp_path / name) if name != "nul\0.wav" else name)

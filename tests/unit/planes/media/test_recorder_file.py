import os
import random
from pathlib import Path

import pytest
from tests.unit.planes.media.recorder_rule import KEY, new_rule, read_audio

from maskline.planes.media.engine import CannotRecord, RecordFile
from maskline.planes.media.recorder_file import SealedFile, write_recording
from maskline.planes.media.recorder_repair import repair_file
from maskline.protocols.recording import BadHead, Damaged, SegmentSealer, read_head
from maskline.protocols.recording.head import SEGMENT_FRAMES

NONCE = b"another"
ONE = SEGMENT_FRAMES
AUDIO = random.Random(3).randbytes(20_001)


@pytest.fixture
def file(tmp_path: Path) -> RecordFile:
    return new_rule(tmp_path / "a.wav").file


def start(file: RecordFile) -> tuple[SealedFile, SegmentSealer]:
    head = read_head(file.head)
    made = SealedFile(file, head)
    made.create()
    return made, SegmentSealer(head, file.key)


def test_a_recording_is_written_at_once(file: RecordFile):
    assert write_recording(file, AUDIO, NONCE) == 20_001 / 8000
    assert read_audio(Path(file.path)) == AUDIO
    assert Path(file.path).stat().st_mode & 0o777 == 0o600


def test_a_recording_without_audio_leaves_no_file(file: RecordFile):
    assert write_recording(file, b"", NONCE) == 0.0
    assert not Path(file.path).exists()


def test_a_second_try_replaces_the_first_and_shares_no_nonce_with_it(file: RecordFile):
    write_recording(file, AUDIO[::-1], b"1234567")
    first = Path(file.path).read_bytes()
    assert write_recording(file, AUDIO, NONCE) == 20_001 / 8000
    second = Path(file.path).read_bytes()
    assert read_audio(Path(file.path)) == AUDIO
    heads = [read_head(file.head), read_head(first), read_head(second)]
    assert len({head.nonce for head in heads}) == 3
    assert {(head.object_name, head.wrapped_key) for head in heads} == {("a.wav", b"wrapped")}


def test_an_older_file_is_never_written_over_nor_removed(file: RecordFile):
    Path(file.path).write_bytes(b"older")
    made = SealedFile(file, read_head(file.head))
    with pytest.raises(FileExistsError):
        made.create()
    assert made.finish(b"", 0) == 0.0
    assert Path(file.path).read_bytes() == b"older"


def test_a_head_that_is_none_cannot_be_recorded_to(tmp_path: Path):
    with pytest.raises(CannotRecord):
        write_recording(RecordFile(str(tmp_path / "a.wav"), b"no head", KEY), AUDIO, NONCE)


def test_half_a_frame_cannot_be_recorded(tmp_path: Path):
    with pytest.raises(CannotRecord):
        write_recording(new_rule(tmp_path / "a.wav", channels=2).file, b"123", NONCE)
    assert not (tmp_path / "a.wav").exists()


def test_a_directory_that_is_not_there_is_said(tmp_path: Path):
    with pytest.raises(CannotRecord, match="No such file"):
        write_recording(new_rule(tmp_path / "gone" / "a.wav").file, AUDIO, NONCE)


def test_after_a_failed_write_the_whole_segments_before_it_stay(
    file: RecordFile, monkeypatch: pytest.MonkeyPatch
):
    made, sealer = start(file)
    made.append(sealer.seal(AUDIO[:ONE]))
    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", torn_write(os.pwrite))
        with pytest.raises(OSError, match="full"):
            made.append(sealer.seal(AUDIO[ONE : 2 * ONE]))
    assert made.finish(None, 0) == ONE / 8000
    assert read_audio(Path(file.path)) == AUDIO[:ONE]


def test_an_end_that_cannot_be_written_costs_no_more_than_itself(
    file: RecordFile, monkeypatch: pytest.MonkeyPatch
):
    made, sealer = start(file)
    made.append(sealer.seal(AUDIO[:ONE]))
    end = sealer.finish(AUDIO[ONE : ONE + 1000])
    monkeypatch.setattr(os, "pwrite", torn_write(os.pwrite, times=2))
    assert made.finish(end, sealer.frames) == ONE / 8000
    assert read_audio(Path(file.path)) == AUDIO[:ONE]


def torn_write(real, times: int = 99):
    """A disk that takes 100 bytes and is full then, for so many writes."""
    calls = 0

    def write(descriptor: int, data: memoryview, offset: int) -> int:
        nonlocal calls
        calls += 1
        if calls > times:
            return real(descriptor, data, offset)
        if calls % 2:
            return real(descriptor, data[:100], offset)
        raise OSError(28, "the disk is full")

    return write


def test_what_a_dead_writer_left_is_finished(file: RecordFile):
    write_recording(file, AUDIO, NONCE)
    os.truncate(file.path, ONE + 1000)
    assert repair_file(Path(file.path), KEY) == ONE / 8000
    assert read_audio(Path(file.path)) == AUDIO[:ONE]


def test_what_has_no_whole_segment_is_removed(file: RecordFile):
    write_recording(file, AUDIO, NONCE)
    os.truncate(file.path, ONE - 1000)
    assert repair_file(Path(file.path), KEY) == 0.0
    assert not Path(file.path).exists()
    assert repair_file(Path(file.path), KEY) == 0.0


def test_a_file_without_its_whole_head_is_removed(file: RecordFile):
    Path(file.path).write_bytes(file.head[:20])
    assert repair_file(Path(file.path), KEY) == 0.0
    assert not Path(file.path).exists()


def test_a_file_that_is_something_else_is_left_alone(file: RecordFile):
    Path(file.path).write_bytes(b"RIFF" * 1000)
    with pytest.raises(BadHead):
        repair_file(Path(file.path), KEY)
    assert Path(file.path).exists()


def test_a_file_that_is_being_written_is_not_repaired(file: RecordFile):
    made, sealer = start(file)
    made.append(sealer.seal(AUDIO[:ONE]))
    with pytest.raises(BlockingIOError):
        repair_file(Path(file.path), KEY)
    assert made.finish(sealer.finish(), sealer.frames) == ONE / 8000


def test_damage_is_an_error_when_it_is_read(file: RecordFile):
    write_recording(file, AUDIO, NONCE)
    with Path(file.path).open("r+b") as changed:
        changed.seek(500)
        changed.write(b"x")
    with pytest.raises(Damaged):
        read_audio(Path(file.path))

"""The process that turns captures into sealed recordings, away from signalling.

Jobs come on standard input, results go to standard output, each as a length of four bytes and
MessagePack. It ends when its input does.
"""

import os
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import msgspec

from maskline.planes.media.engine import CannotPlay, CannotRecord, RecordFile
from maskline.planes.media.recorder_file import write_recording
from maskline.planes.media.rtpengine.conversion import (
    RATE,
    Job,
    Samples,
    hear,
    interleave,
    mix,
    read_lanes,
    without_shared_prompts,
)
from maskline.planes.media.rtpengine.pcap import NoCapture, read_datagrams
from maskline.planes.media.rtpengine.prompt_file import read_prompt
from maskline.protocols.recording import NONCE_BYTES

LENGTH = struct.Struct(">I")

MAX_FRAME_BYTES = 16_000_000
"""Longest job or result."""


class Result(msgspec.Struct, frozen=True):
    """What became of a job: the length of the file, 0 when nothing could be kept.

    None: it could not be made now; its capture and its note are there for another try.
    """

    path: str
    duration_s: float | None
    reason: str = ""


def convert(job: Job) -> Result:
    """Make the file of a job, then remove its note and its capture, in this order.

    So a crash in between leaves a finished file with a capture that no note claims, and not a
    note that would have the file made again from nothing. A file without audio is removed.
    """
    try:
        with Path(job.pcap).open("rb") as capture:
            lanes = read_lanes(read_datagrams(capture), job)
        duration_s = _write(job, *lanes) / RATE
        _remove(job.note)
    except (FileNotFoundError, NoCapture) as error:
        return Result(job.path, _give_up(job), f"{type(error).__name__}: {error}")
    except (OSError, CannotRecord, ValueError, MemoryError) as error:
        return Result(job.path, None, f"{type(error).__name__}: {error}")
    try:
        _remove_capture(job)
    except OSError as error:
        return Result(job.path, duration_s, f"capture not removed: {error}")
    return Result(job.path, duration_s)


def _give_up(job: Job) -> float:
    """Remove what there is of a job without sound."""
    for path in (job.path, job.note):
        with suppress(OSError):
            _remove(path)
    with suppress(OSError):
        _remove_capture(job)
    return 0.0


def _remove_capture(job: Job) -> None:
    pcap = Path(job.pcap)
    _remove(job.pcap)
    _remove(str(pcap.parent.parent / "metadata" / f"rtpengine-meta-{pcap.stem}.txt"))


def _write(job: Job, caller: Samples, callee: Samples) -> int:
    """Seal what was heard; how many samples."""
    to_callee = [change for change in job.heard if change.lane == 0]
    to_caller = [change for change in job.heard if change.lane == 1]
    if job.channels == 1:
        to_caller = without_shared_prompts(to_caller, to_callee)
    sounds = {change.prompt: _sound(change.prompt) for change in job.heard if change.prompt}
    first, second = hear(caller, to_callee, sounds), hear(callee, to_caller, sounds)
    audio = mix(first, second) if job.channels == 1 else interleave(first, second)
    # A job that was cut off is done again, and may hear something else then: a nonce for each try.
    file = RecordFile(job.path, job.head, job.key)
    written_s = write_recording(file, audio, os.urandom(NONCE_BYTES))
    if round(written_s * RATE) != len(first):
        _remove(job.path)
        raise CannotRecord("the end found no room")
    return len(first)


def _sound(path: str) -> bytes:
    try:
        return read_prompt(path)
    except CannotPlay:
        return b""


def _remove(path: str) -> None:
    Path(path).unlink(missing_ok=True)


def serve(jobs: BinaryIO, results: BinaryIO) -> None:
    """Convert job after job until the input ends."""
    decoder = msgspec.msgpack.Decoder(Job)
    while len(head := jobs.read(LENGTH.size)) == LENGTH.size:
        size = LENGTH.unpack(head)[0]
        data = jobs.read(size) if size <= MAX_FRAME_BYTES else b""
        if len(data) < size or not data:
            return
        answer = msgspec.msgpack.encode(convert(decoder.decode(data)))
        results.write(LENGTH.pack(len(answer)) + answer)
        results.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)

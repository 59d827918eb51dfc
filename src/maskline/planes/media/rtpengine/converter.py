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
    """What became of a job: the length of the file, 0 when nothing could be kept."""

    path: str
    duration_s: float
    reason: str = ""


def convert(job: Job) -> Result:
    """Make the file of a job and remove its capture; a file without audio is removed, too."""
    try:
        with Path(job.pcap).open("rb") as capture:
            lanes = read_lanes(read_datagrams(capture), job)
        samples = _write(job, *lanes)
    except (OSError, NoCapture, CannotRecord, ValueError) as error:
        samples, reason = 0, f"{type(error).__name__}: {error}"
    else:
        reason = ""
    if samples == 0:
        _remove(job.path)
    _remove(job.pcap)
    metadata = Path(job.pcap).parent.parent / "metadata"
    _remove(str(metadata / f"rtpengine-meta-{Path(job.pcap).stem}.txt"))
    _remove(job.note)
    return Result(job.path, samples / RATE, reason)


def _write(job: Job, caller: bytes, callee: bytes) -> int:
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
    write_recording(file, audio, os.urandom(NONCE_BYTES))
    return len(first)


def _sound(path: str) -> bytes:
    try:
        return read_prompt(path)
    except CannotPlay:
        return b""


def _remove(path: str) -> None:
    with suppress(OSError):
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

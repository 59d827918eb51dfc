"""The recording of one call: its capture, its note on disk, and what was heard when."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Literal

import msgspec

from maskline.planes.media.engine import CannotRecord, MediaPeer, RecordRule, Side
from maskline.planes.media.rtpengine.barrier import Barrier
from maskline.planes.media.rtpengine.conversion import RATE, Heard, Job
from maskline.planes.media.rtpengine.playing import PlayBook

NOTES = "maskline"
"""Folder in the recording directory for our notes."""

NOTE_SUFFIX = ".job"

MAX_CHANGES = 20_000
"""Changes of what is heard that are kept; later ones are not in the recording."""

MAX_NOTE_BYTES = 65_536

_LANES: dict[Side, Literal[0, 1]] = {Side.CALLEE: 0, Side.CALLER: 1}
_STATIC_LAWS = {0: False, 8: True}


class CallRecording:
    """One running recording. Times of `began_at` are those of the event loop."""

    def __init__(self, job: Job, began_at: float) -> None:
        self._job = job
        self._began_at = began_at
        self._heard: list[Heard] = []
        self._last: dict[Side, Heard] = {}
        self._laws = dict(job.laws)

    def note_peers(self, peers: Mapping[Side, MediaPeer]) -> None:
        """Learn under which payload types the parties speak."""
        self._laws |= laws_of(peers)

    def note_heard(self, barrier: Barrier, plays: PlayBook, now: float) -> None:
        """Note what each party hears from now on, where that has changed."""
        at = now - self._began_at
        for side, lane in _LANES.items():
            play = plays.heard_by(side)
            peer = barrier.peers.get(side)
            if play is not None and peer is not None and peer.receives:
                since = play.began_at - self._began_at
                heard = Heard(at, lane, voice=False, prompt=play.prompt.path, since_s=since)
            else:
                heard = Heard(at, lane, voice=barrier.passes_media(side.other))
            last = self._last.get(side)
            if last is not None and _is_same(last, heard):
                continue
            self._last[side] = heard
            if len(self._heard) < MAX_CHANGES:
                self._heard.append(heard)

    def finish(self, now: float) -> Job:
        """The job to make the file, which ends now."""
        samples = min(round((now - self._began_at) * RATE), round(self._job.limit_s * RATE))
        return msgspec.structs.replace(
            self._job, samples=samples, heard=self._heard, laws=self._laws
        )


def laws_of(peers: Mapping[Side, MediaPeer]) -> dict[int, bool]:
    """The payload types of G.711 that the parties use: False for µ-law, True for A-law."""
    codecs = [codec for peer in peers.values() for codec in (peer.codec, *peer.other_codecs)]
    named = {codec.payload_type: codec.name == "PCMA" for codec in codecs}
    return _STATIC_LAWS | named


def create_file(rule: RecordRule) -> None:
    """Make the sealed file with its head. Raises `CannotRecord`."""
    path = Path(rule.file.path)
    try:
        end = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(end, "wb") as file:
            file.write(rule.file.head)
    except OSError as error:
        raise CannotRecord("the file cannot be made") from error


def find_capture(folder: Path, key: str, known: frozenset[str]) -> str:
    """The capture that a daemon has just begun for a call. Raises `CannotRecord`."""
    found = {str(path) for path in (folder / "pcaps").glob(f"{key}-*.pcap")} - known
    if len(found) != 1:
        raise CannotRecord("the capture was not found in the recording directory")
    return found.pop()


def write_note(job: Job) -> None:
    """Keep a job so that it survives us. Raises `CannotRecord`.

    The note holds the key of the file, and lies where the capture, in clear, lies as well.
    """
    try:
        Path(job.note).parent.mkdir(mode=0o700, exist_ok=True)
        end = os.open(job.note, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(end, "wb") as file:
            file.write(msgspec.msgpack.encode(job))
    except OSError as error:
        raise CannotRecord("the note cannot be written") from error


def take_notes(folder: Path) -> list[Job]:
    """The jobs that a process before us left; what cannot be read is removed."""
    jobs: list[Job] = []
    for path in sorted((folder / NOTES).glob(f"*{NOTE_SUFFIX}")):
        try:
            jobs.append(msgspec.msgpack.decode(path.read_bytes()[:MAX_NOTE_BYTES], type=Job))
        except (OSError, msgspec.DecodeError):
            with suppress(OSError):
                path.unlink(missing_ok=True)
    return jobs


def remove_strays(folder: Path, prefix: str, jobs: list[Job]) -> int:
    """Remove captures of ours that no job needs: nobody could ever listen to them lawfully."""
    needed = {job.pcap for job in jobs}
    strays = list((folder / "pcaps").glob(f"{prefix}*.pcap"))
    removed = 0
    for path in strays:
        if str(path) not in needed:
            with suppress(OSError):
                path.unlink()
                removed += 1
    return removed


def _is_same(last: Heard, now: Heard) -> bool:
    return (last.voice, last.prompt, last.since_s) == (now.voice, now.prompt, now.since_s)

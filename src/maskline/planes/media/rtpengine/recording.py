"""The recording of one call: its capture, its note on disk, and what was heard when."""

import os
import secrets
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Literal

import msgspec
import structlog

from maskline.planes.media.engine import CannotRecord, MediaPeer, RecordRule, Side
from maskline.planes.media.rtpengine.barrier import Barrier
from maskline.planes.media.rtpengine.conversion import RATE, Heard, Job
from maskline.planes.media.rtpengine.playing import PlayBook
from maskline.protocols.recording import RecordingFormatError
from maskline.protocols.recording.cipher import (
    CIPHER_NONCE_BYTES,
    TAG_BYTES,
    Cipher,
    make_aead,
    open_sealed,
)

NOTES = "maskline"
"""Folder in the recording directory for our notes."""

NOTE_SUFFIX = ".job"

META = "rtpengine-meta-"

MAX_CHANGES = 20_000
"""Changes of what is heard that are kept; later ones are not in the recording."""

MAX_NOTE_BYTES = 65_536

_log = structlog.stdlib.get_logger()

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

    @classmethod
    def of_earlier_run(cls, job: Job, began_at: float) -> "CallRecording":
        """A recording that goes on; whatever was said until now counts as heard."""
        recording = cls(job, began_at)
        for side, lane in _LANES.items():
            heard = Heard(0.0, lane, voice=True)
            recording._heard.append(heard)
            recording._last[side] = heard
        return recording

    @property
    def left_s(self) -> float:
        """How much longer it may get, by the clock of its capture."""
        return self._job.began_at + self._job.limit_s - time.time()

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


def find_captures(folder: Path, key: str, known: frozenset[str]) -> set[str]:
    """The captures of a call that are not known yet."""
    return {str(path) for path in (folder / "pcaps").glob(f"{key}-*.pcap")} - known


def remove_files(paths: Iterable[str]) -> None:
    """Remove files; one that is gone, or cannot be removed, is passed over."""
    for path in paths:
        with suppress(OSError):
            Path(path).unlink(missing_ok=True)


def find_capture(folder: Path, key: str, known: frozenset[str]) -> str:
    """The capture that a daemon has just begun for a call. Raises `CannotRecord`."""
    found = find_captures(folder, key, known)
    if len(found) != 1:
        raise CannotRecord("the capture was not found in the recording directory")
    return found.pop()


class Notes:
    """What is kept of recordings beside their captures, so that they survive us.

    A note holds the key of its file: it is sealed under `key`, 32 bytes that every run has.
    """

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder / NOTES
        self._aead = make_aead(Cipher.AES_256_GCM, key)

    def make_room(self) -> Path:
        """Make their folder and return it. Raises `OSError`."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        return self._folder

    def path(self, name: str) -> str:
        """Where a note of this name lies."""
        return str(self._folder / f"{name}{NOTE_SUFFIX}")

    def write(self, job: Job) -> None:
        """Keep a job. Raises `CannotRecord`."""
        nonce = secrets.token_bytes(CIPHER_NONCE_BYTES)
        name = Path(job.note).name.encode()
        try:
            end = os.open(job.note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(end, "wb") as file:
                file.write(nonce + self._aead.encrypt(nonce, msgspec.msgpack.encode(job), name))
        except OSError as error:
            raise CannotRecord("the note cannot be written") from error

    def take(self) -> list[Job]:
        """The jobs that a process before us left; what cannot be read is removed."""
        jobs: list[Job] = []
        for path in sorted(self._folder.glob(f"*{NOTE_SUFFIX}")):
            try:
                jobs.append(self._read(path))
            except (OSError, RecordingFormatError, msgspec.DecodeError) as error:
                _log.error("note cannot be read", note=path.name, error=type(error).__name__)
                with suppress(OSError):
                    path.unlink(missing_ok=True)
        return jobs

    def _read(self, path: Path) -> Job:
        data = path.read_bytes()[:MAX_NOTE_BYTES]
        nonce, sealed = data[:CIPHER_NONCE_BYTES], data[CIPHER_NONCE_BYTES:]
        if len(sealed) < TAG_BYTES:
            raise msgspec.DecodeError("too short")
        opened = open_sealed(self._aead, nonce, sealed, path.name.encode())
        return msgspec.msgpack.decode(opened, type=Job)


def remove_strays(folder: Path, prefix: str, jobs: list[Job]) -> int:
    """Remove captures of ours that no job needs: nobody could ever listen to them lawfully.

    No daemon may capture any more: what one that was killed was still noting goes as well.
    """
    needed = {Path(job.pcap).stem for job in jobs}
    removed = 0
    for path in [
        *folder.glob(f"pcaps/{prefix}*.pcap"),
        *folder.glob(f"metadata/{META}{prefix}*.txt"),
        *folder.glob(f"tmp/{META}{prefix}*.tmp"),
    ]:
        is_draft = path.suffix == ".tmp"
        if is_draft or path.stem.removeprefix(META) not in needed:
            with suppress(OSError):
                path.unlink()
                removed += 1
    return removed


def metadata_of(pcap: str) -> str:
    """What the daemon notes beside a capture, descriptions of the parties included."""
    path = Path(pcap)
    return str(path.parent.parent / "metadata" / f"{META}{path.stem}.txt")


def _is_same(last: Heard, now: Heard) -> bool:
    return (last.voice, last.prompt, last.since_s) == (now.voice, now.prompt, now.since_s)

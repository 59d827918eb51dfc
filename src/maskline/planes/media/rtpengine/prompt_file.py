"""Voice files as rtpengine is given them: rtpengine itself would play much more than ours."""

import asyncio
import secrets
import struct
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from maskline.planes.media.engine import CannotPlay

MAX_PROMPT_FILE_BYTES = 4_000_000
"""Largest voice file."""

MAX_BLOB_BYTES = 60_000
"""Audio that fits into one datagram: 7.5 seconds."""

MAX_SOUNDS = 256
"""Voice files that are laid down for a daemon at once."""

_ALAW_FORMAT = 6
_AU_ALAW = 27
_SUFFIX = ".au"
SAMPLES_PER_S = 8000
"""Of one octet each."""


@lru_cache(maxsize=512)
def duration_of(path: str) -> float:
    """Return the seconds of an A-law WAV of 8 kHz, mono. Raises `CannotPlay`.

    Remembered by path: a prompt's path names its content.
    """
    return len(read_prompt(path)) / SAMPLES_PER_S


def read_prompt(path: str) -> bytes:
    """Return the A-law samples of a voice file. Raises `CannotPlay`."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_PROMPT_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise CannotPlay("the voice file cannot be read") from error
    audio = _audio(data) if len(data) <= MAX_PROMPT_FILE_BYTES else b""
    if not audio:
        raise CannotPlay("no A-law WAV of 8 kHz, mono")
    return audio


def build_sound(audio: bytes) -> bytes:
    """A file of A-law samples that rtpengine plays on time (`.au`).

    It reads a WAV file by half a second at once, and sends the later part of each as much as
    0.28 s early: more than most phones keep. This one it reads by 0.13 s.
    """
    return struct.pack(">4sIIIII4x", b".snd", 28, len(audio), _AU_ALAW, SAMPLES_PER_S, 1) + audio


@lru_cache(maxsize=64)
def blob_of(path: str) -> bytes | None:
    """Return the sound of a voice file, None when it fits into no command. Raises `CannotPlay`."""
    audio = read_prompt(path)
    return build_sound(audio) if len(audio) <= MAX_BLOB_BYTES else None


class PromptSounds:
    """Voice files in the ways in which a daemon can be given them.

    In `folder` they are laid down for it, up to `MAX_SOUNDS`; without one it gets what fits into
    a command, and of longer ones the file itself.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._laid_down: dict[str, Path] = {}

    def empty(self) -> None:
        """Make the folder, without what an earlier run laid down there. Raises `OSError`."""
        if self._folder is None:
            return
        self._folder.mkdir(mode=0o755, exist_ok=True)
        for path in self._folder.glob(f"*{_SUFFIX}"):
            path.unlink(missing_ok=True)

    async def ways(self, path: str) -> list[dict[str, str | bytes]]:
        """What `play media` may be told, best first. Raises `CannotPlay`."""
        laid_down = await self._lay_down(path)
        blob = blob_of(path)
        return [
            *([{"file": str(laid_down)}] if laid_down is not None else []),
            {"blob": blob} if blob is not None else {"file": path},
        ]

    async def _lay_down(self, path: str) -> Path | None:
        known = self._laid_down.get(path)
        if known is not None or self._folder is None:
            return known
        made = self._folder / (sha256(path.encode()).hexdigest()[:32] + _SUFFIX)
        sound = build_sound(read_prompt(path))
        try:
            await asyncio.to_thread(_write, made, sound)
        except OSError:
            return None
        self._laid_down[path] = made
        if len(self._laid_down) > MAX_SOUNDS:
            oldest = self._laid_down.pop(next(iter(self._laid_down)))
            oldest.unlink(missing_ok=True)
        return made


def _write(path: Path, sound: bytes) -> None:
    draft = path.with_suffix(f".{secrets.token_hex(4)}")
    draft.write_bytes(sound)
    draft.chmod(0o644)
    draft.replace(path)


def _audio(data: bytes) -> bytes:
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return b""
    at, is_alaw = 12, False
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        if name == b"fmt " and at + 24 <= len(data):
            is_alaw = struct.unpack_from("<HHI", data, at + 8) == (_ALAW_FORMAT, 1, SAMPLES_PER_S)
        if name == b"data":
            return data[at + 8 : at + 8 + size] if is_alaw else b""
        at += 8 + size + size % 2
    return b""

"""The approved prompts at hand: which there are, and their sounds as files."""

import asyncio
import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from maskline.domain.error import StoreFailed
from maskline.domain.prompt import RESERVED_PREFIX, PromptAudio
from maskline.services.clock import Clock
from maskline.services.prompt import PromptFile
from maskline.services.prompt_audio import PromptSound
from maskline.services.store import PromptStore

MAX_AGE_S = 1.0  # how long an approval by another process may go unnoticed
MAX_PROMPTS = 10_000
SHIPPED_FOLDER = Path(__file__).parent.parent / "prompts"
DRAFT_BYTES = 8

_LAID_DOWN = re.compile(r"[0-9a-f]{64}\.wav|[0-9a-f]{16}\.part")


@dataclass(frozen=True, slots=True)
class Modes:
    """Who may read."""

    folder: int
    file: int


OWNER = Modes(0o700, 0o600)
EVERYBODY = Modes(0o755, 0o644)


@dataclass(frozen=True, slots=True)
class _Entry:
    audio: PromptAudio
    good_until: float


class PromptShelf:
    """`PromptCatalogue` over a store, for one process; knows the shipped prompts besides.

    Sounds are laid down in `folder`, each under its hash, when a call first wants them; a
    `is_shared` one may be read by every user of the machine, such as a media daemon's. Whoever
    changes a prompt calls `forget` after the write. Unknown names are not kept.
    """

    def __init__(
        self,
        store: PromptStore,
        clock: Clock,
        folder: Path,
        *,
        is_shared: bool = False,
        shipped_folder: Path = SHIPPED_FOLDER,
        max_age_s: float = MAX_AGE_S,
        max_prompts: int = MAX_PROMPTS,
    ) -> None:
        self._store = store
        self._clock = clock
        self._folder = folder
        self._modes = EVERYBODY if is_shared else OWNER
        self._shipped = shipped_prompts(shipped_folder)
        self._max_age_s = max_age_s
        self._max_prompts = max_prompts
        self._entries: dict[tuple[str, str], _Entry] = {}
        self._laid_down: dict[str, PromptFile] = {}
        self._writing = asyncio.Lock()
        # A read that began before a local write must not bring the old value back after it.
        self._generation = 0

    async def start(self) -> None:
        """Make the folder and empty it: what was removed elsewhere does not stay here.

        Raises StoreFailed.
        """
        try:
            await asyncio.to_thread(_make_empty, self._folder, self._modes.folder)
        except OSError as error:
            raise StoreFailed(f"{self._folder} cannot be used for prompts") from error

    def shipped(self) -> tuple[str, ...]:
        """Names of the prompts that every application may use."""
        return tuple(self._shipped)

    async def is_approved(self, app_key: str, name: str) -> bool:
        """See the seam."""
        if name.startswith(RESERVED_PREFIX):
            return name in self._shipped
        return await self._audio(app_key, name) is not None

    async def find(self, app_key: str, name: str) -> PromptFile | None:
        """See the seam."""
        if name.startswith(RESERVED_PREFIX):
            return self._shipped.get(name)
        for _ in range(2):
            audio = await self._audio(app_key, name)
            if audio is None:
                return None
            file = self._laid_down.get(audio.digest)
            if file is not None and _is_there(file.path, audio.size):
                return file
            file = await self._lay_down(audio)
            if file is not None:
                return file
            # What we remembered was replaced meanwhile, and its sound is gone.
            self._entries.pop((app_key, name), None)
        return None

    def forget(self, app_key: str, name: str) -> None:
        """Read this prompt anew next time."""
        self._generation += 1
        self._entries.pop((app_key, name), None)

    async def _audio(self, app_key: str, name: str) -> PromptAudio | None:
        key = app_key, name
        now = self._clock.monotonic()
        entry = self._entries.get(key)
        if entry is not None and now < entry.good_until:
            return entry.audio
        generation = self._generation
        try:
            prompt = await self._store.prompt(app_key, name)
        except StoreFailed:
            if entry is None:
                raise
            return entry.audio  # what it was when the store last answered
        audio = None if prompt is None else prompt.approved
        if generation == self._generation:
            # Taken out first, so that the dict's order is by age and the oldest goes when full.
            self._entries.pop(key, None)
            if audio is not None:
                self._make_room()
                self._entries[key] = _Entry(audio, now + self._max_age_s)
        return audio

    def _make_room(self) -> None:
        if len(self._entries) >= self._max_prompts:
            del self._entries[next(iter(self._entries))]

    async def _lay_down(self, audio: PromptAudio) -> PromptFile | None:
        """The sound as a file; None when no prompt has it any more."""
        async with self._writing:
            path = self._folder / f"{audio.digest}.wav"
            if audio.digest not in self._laid_down or not _is_there(path, audio.size):
                sound = await self._store.prompt_sound(audio.digest)
                if sound is None:
                    return None
                await asyncio.to_thread(_write, path, sound, audio.digest, self._modes.file)
            file = PromptFile(path=path, duration_ms=audio.duration_ms)
            self._laid_down[audio.digest] = file
            if len(self._laid_down) > self._max_prompts:
                oldest = self._laid_down.pop(next(iter(self._laid_down)))
                await asyncio.to_thread(oldest.path.unlink, missing_ok=True)
            return file


def shipped_prompts(folder: Path) -> dict[str, PromptFile]:
    """The prompts that come with the platform, by name."""
    return {
        path.name: PromptFile(
            path=path,
            duration_ms=PromptSound(path.read_bytes()).audio.duration_ms,
        )
        for path in sorted(folder.glob(f"{RESERVED_PREFIX}*.wav"))
    }


def _is_there(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False


def _make_empty(folder: Path, mode: int) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(mode)
    for path in folder.iterdir():
        # Nobody's sounds but ours, whatever else an operator keeps in the folder.
        if _LAID_DOWN.fullmatch(path.name):
            path.unlink(missing_ok=True)


def _write(path: Path, sound: bytes, digest: str, mode: int) -> None:
    """The whole file or nothing. Raises StoreFailed."""
    if sha256(sound).hexdigest() != digest:
        raise StoreFailed("the sound of a prompt is damaged")
    draft = path.with_name(f"{secrets.token_hex(DRAFT_BYTES)}.part")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(sound)
            os.fchmod(handle, mode)
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise StoreFailed(f"{path} cannot be written") from error

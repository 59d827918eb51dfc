"""What operators do with prompts: upload, listen, approve, reject, remove."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Protocol
from weakref import WeakValueDictionary

from maskline.domain.application import Application, ApplicationPrompts
from maskline.domain.error import CustomerError, InvalidParameter, UnknownRecord
from maskline.domain.prompt import RESERVED_PREFIX, Prompt, PromptState, is_prompt_name
from maskline.services.clock import Clock
from maskline.services.list_filter import PromptFilter
from maskline.services.page import Page
from maskline.services.prompt_converter import SoundConverter
from maskline.services.store import PromptStore

MAX_PROMPTS_PER_APPLICATION = 1_000
URGE_PAUSE = timedelta(hours=1)
MAX_DESCRIPTION = 256  # characters
MAX_REASON = 256  # characters
MAX_UPLOAD_BYTES = 20_000_000


class PromptInUse(CustomerError):
    """An application still plays the prompt."""


class PromptTableFull(CustomerError):
    """The application has as many prompts as it may have."""


class UrgedAlready(CustomerError):
    """The review was asked for a short time ago."""


class ReviewOutdated(CustomerError):
    """What was reviewed is not what waits now."""


class PromptDeskStore(PromptStore, Protocol):
    """What the desk reads and writes."""

    async def application(self, app_key: str) -> Application | None:
        """One application with its secret."""
        ...


class PromptDesk:
    """The prompts of all applications.

    `forget(app_key, name)` is called after each change. Without `needs_review` a prompt may be
    heard as soon as it is there. All verbs raise StoreBusy and StoreFailed.
    """

    def __init__(
        self,
        store: PromptDeskStore,
        converter: SoundConverter,
        forget: Callable[[str, str], None],
        clock: Clock,
        *,
        needs_review: bool = True,
        max_upload_bytes: int = MAX_UPLOAD_BYTES,
    ) -> None:
        self._store = store
        self._converter = converter
        self._forget = forget
        self._clock = clock
        self._needs_review = needs_review
        self.max_upload_bytes = max_upload_bytes
        # A change writes back all that it read, and counts: those of one application take turns.
        self._changing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def submit(
        self, app_key: str, name: str, source: bytes, description: str | None = None
    ) -> Prompt:
        """Convert a file and keep it as the prompt `name`, for its review.

        An approved prompt of that name is played until this one is approved. Without
        `description` the old one stays. Raises UnknownRecord (the application),
        InvalidParameter (`name`, `description`, `sound`), PromptTableFull, BusyError.
        """
        check_name(name)
        if description is not None and len(description) > MAX_DESCRIPTION:
            raise InvalidParameter("description", f"at most {MAX_DESCRIPTION} characters")
        if len(source) > self.max_upload_bytes:
            raise InvalidParameter(
                "sound", f"is over {self.max_upload_bytes} bytes; shorten it or send MP3"
            )
        if await self._store.application(app_key) is None:
            raise UnknownRecord(f"there is no application {app_key}")
        await self._check_room(app_key, name)
        sound = await self._converter.convert(source)
        async with self._turn(app_key):
            await self._check_room(app_key, name)
            now = self._clock.now()
            prompt = await self._store.prompt(app_key, name)
            if prompt is None:
                prompt = Prompt(app_key=app_key, name=name, created_at=now, modified_at=now)
            prompt = prompt.submit(sound.audio, now)
            if description is not None:
                prompt = replace(prompt, description=description)
            if not self._needs_review:
                prompt = prompt.approve(now)
            await self._save(prompt, sound.wav)
        return prompt

    async def approve(self, app_key: str, name: str, digest: str | None = None) -> Prompt:
        """Let what was submitted be heard; with `digest`, only if it is that sound.

        Raises UnknownRecord, ReviewOutdated.
        """
        async with self._turn(app_key):
            prompt = await self._reviewed(app_key, name, digest)
            prompt = prompt.approve(self._clock.now())
            await self._save(prompt)
        return prompt

    async def urge(self, app_key: str, name: str) -> Prompt:
        """Ask for the review of what waits. Raises UnknownRecord, ReviewOutdated, UrgedAlready."""
        async with self._turn(app_key):
            prompt = await self.find(app_key, name)
            if prompt.state is not PromptState.WAITING:
                raise ReviewOutdated(f"nothing of {name} waits for a review")
            now = self._clock.now()
            if prompt.urged_at is not None and now - prompt.urged_at < URGE_PAUSE:
                raise UrgedAlready("its review was asked for already; once an hour will do")
            prompt = prompt.urge(now)
            await self._save(prompt)
        return prompt

    async def reject(
        self, app_key: str, name: str, reason: str, digest: str | None = None
    ) -> Prompt:
        """Refuse what was submitted; one that was approved before stays in use.

        Raises UnknownRecord, ReviewOutdated, InvalidParameter (`reason`).
        """
        if not reason.strip() or len(reason) > MAX_REASON:
            raise InvalidParameter("reason", f"1 to {MAX_REASON} characters")
        async with self._turn(app_key):
            prompt = await self._reviewed(app_key, name, digest)
            prompt = prompt.reject(reason, self._clock.now())
            await self._save(prompt)
        return prompt

    async def remove(self, app_key: str, name: str) -> None:
        """Forget a prompt. Calls of bindings that name it end with 7507.

        Raises UnknownRecord, PromptInUse.
        """
        async with self._turn(app_key):
            application = await self._store.application(app_key)
            if application is not None and (uses := uses_of(application.prompts, name)):
                raise PromptInUse(
                    f"the application plays {name} as {', '.join(uses)}; set another there first"
                )
            if await self._store.prompt(app_key, name) is None:
                raise UnknownRecord(f"there is no prompt {name} of {app_key}")
            await self._store.remove_prompt(app_key, name)
            self._forget(app_key, name)

    async def find(self, app_key: str, name: str) -> Prompt:
        """One prompt. Raises UnknownRecord."""
        prompt = await self._store.prompt(app_key, name)
        if prompt is None:
            raise UnknownRecord(f"there is no prompt {name} of {app_key}")
        return prompt

    async def sound(self, app_key: str, name: str, *, is_approved: bool = False) -> bytes:
        """The WAV file of what was submitted last, or of what calls play. Raises UnknownRecord."""
        prompt = await self.find(app_key, name)
        audio = prompt.approved if is_approved else prompt.latest
        sound = None if audio is None else await self._store.prompt_sound(audio.digest)
        if sound is None:
            raise UnknownRecord(f"no sound of {name} was approved")
        return sound

    def _turn(self, app_key: str) -> asyncio.Lock:
        return self._changing.setdefault(app_key, asyncio.Lock())

    async def _check_room(self, app_key: str, name: str) -> None:
        if await self._store.prompt(app_key, name) is not None:
            return
        wanted = PromptFilter(app_key=app_key)
        kept = await self._store.prompts(wanted, Page(limit=MAX_PROMPTS_PER_APPLICATION))
        if len(kept.rows) >= MAX_PROMPTS_PER_APPLICATION:
            raise PromptTableFull(
                f"an application has at most {MAX_PROMPTS_PER_APPLICATION} prompts; remove some"
            )

    async def _reviewed(self, app_key: str, name: str, digest: str | None) -> Prompt:
        prompt = await self.find(app_key, name)
        if prompt.submitted is None:
            raise ReviewOutdated(f"nothing of {name} waits for a review")
        if digest is not None and digest != prompt.submitted.digest:
            raise ReviewOutdated(f"{name} was replaced meanwhile; listen to it again")
        return prompt

    async def _save(self, prompt: Prompt, sound: bytes | None = None) -> None:
        await self._store.save_prompt(prompt, sound)
        self._forget(prompt.app_key, prompt.name)


def check_name(name: str) -> None:
    """Whether a prompt may be uploaded under this name. Raises InvalidParameter."""
    if not is_prompt_name(name) or not any(letter.isalnum() for letter in name):
        raise InvalidParameter(
            "name", "1 to 128 letters, digits and - _ . @, such as wait_voice1.wav"
        )
    if name.startswith(RESERVED_PREFIX):
        raise InvalidParameter("name", f"names with {RESERVED_PREFIX} are the platform's own")


def uses_of(prompts: ApplicationPrompts, name: str) -> tuple[str, ...]:
    """For what an application plays the prompt."""
    return tuple(
        field
        for field in ApplicationPrompts.__dataclass_fields__
        if getattr(prompts, field) == name
    )

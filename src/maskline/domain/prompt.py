"""Prompts: voice files of an application, heard only once they were approved."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

MAX_PROMPT_BYTES = 2_000_000
"""Largest converted prompt, about four minutes (`spec/console.md` 7)."""

MAX_PROMPT_NAME = 128  # characters

RESERVED_PREFIX = "default-"
"""Names of the prompts that come with the platform: every application may use them."""

_NAME = re.compile(r"[0-9A-Za-z_.@-]{1,128}")


class PromptState(StrEnum):
    """Where a prompt's latest submission stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class PromptAudio:
    """One converted sound: the SHA-256 of its WAV file in hexadecimal, its size and length."""

    digest: str
    size: int
    duration_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A named prompt of an application.

    `approved` is what calls play, also while a replacement is `submitted` and waits for its review
    or was rejected. `rejection` is the reviewer's reason. `urged_at` is when its owner last asked
    for the review of what waits.
    """

    app_key: str
    name: str
    description: str = ""
    approved: PromptAudio | None = None
    submitted: PromptAudio | None = None
    rejection: str | None = None
    created_at: datetime
    modified_at: datetime
    urged_at: datetime | None = None

    @property
    def state(self) -> PromptState:
        """Where the latest submission stands."""
        if self.submitted is None:
            return PromptState.APPROVED
        return PromptState.WAITING if self.rejection is None else PromptState.REJECTED

    @property
    def latest(self) -> PromptAudio | None:
        """What was submitted last, reviewed or not."""
        return self.submitted or self.approved

    def submit(self, audio: PromptAudio, at: datetime) -> "Prompt":
        """The prompt with a sound that waits for its review."""
        return replace(self, submitted=audio, rejection=None, modified_at=at, urged_at=None)

    def urge(self, at: datetime) -> "Prompt":
        """The prompt once its owner has asked for the review."""
        return replace(self, urged_at=at)

    def approve(self, at: datetime) -> "Prompt":
        """The prompt once its submission may be heard; without one it is as it was."""
        if self.submitted is None:
            return self
        return replace(
            self, approved=self.submitted, submitted=None, rejection=None, modified_at=at
        )

    def reject(self, reason: str, at: datetime) -> "Prompt":
        """The prompt once its submission was refused; without one it is as it was."""
        if self.submitted is None:
            return self
        return replace(self, rejection=reason, modified_at=at)


def is_prompt_name(text: str) -> bool:
    """Whether a prompt may be called so (`spec/console.md` 7)."""
    return _NAME.fullmatch(text) is not None

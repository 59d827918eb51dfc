"""Which prompts an application may name, and where a call finds their sound."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PromptFile:
    """An approved prompt as a file that a media engine can open: A-law WAV, 8 kHz, mono."""

    path: Path
    duration_ms: int


class PromptCatalogue(Protocol):
    """The approved prompts of each application."""

    async def is_approved(self, app_key: str, name: str) -> bool:
        """Whether the file `name` was uploaded for this application and approved."""
        ...

    async def find(self, app_key: str, name: str) -> PromptFile | None:
        """The file of an approved prompt; None when there is none. Raises StoreFailed."""
        ...


class FixedPrompts:
    """Prompts that were all approved beforehand, by (app_key, name); by default there are none."""

    def __init__(
        self,
        approved: Iterable[tuple[str, str]] = (),
        files: dict[tuple[str, str], PromptFile] | None = None,
    ) -> None:
        self._files = files or {}
        self._approved = frozenset(approved) | self._files.keys()

    async def is_approved(self, app_key: str, name: str) -> bool:
        """Whether the pair is among them."""
        return (app_key, name) in self._approved

    async def find(self, app_key: str, name: str) -> PromptFile | None:
        """The file of the pair."""
        return self._files.get((app_key, name))

"""Which prompt files an application may name."""

from collections.abc import Iterable
from typing import Protocol


class PromptCatalogue(Protocol):
    """The approved prompts of each application."""

    def is_approved(self, app_key: str, name: str) -> bool:
        """Whether the file `name` was uploaded for this application and approved."""
        ...


class FixedPrompts:
    """Prompts that were all approved beforehand, as (app_key, name); by default there are none."""

    def __init__(self, approved: Iterable[tuple[str, str]] = ()) -> None:
        self._approved = frozenset(approved)

    def is_approved(self, app_key: str, name: str) -> bool:
        """Whether the pair is among them."""
        return (app_key, name) in self._approved

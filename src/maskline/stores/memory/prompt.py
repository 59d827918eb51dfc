from maskline.domain.error import UnknownRecord
from maskline.domain.prompt import Prompt
from maskline.services.list_filter import PromptFilter
from maskline.services.list_order import PROMPTS
from maskline.services.page import Listing, Page, page_of
from maskline.stores.memory.table import Tables, is_of


class MemoryPrompts:
    """`maskline.services.store.PromptStore` on dicts."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def save_prompt(self, prompt: Prompt, sound: bytes | None) -> None:
        """See the seam."""
        if prompt.app_key not in self._tables.applications:
            raise UnknownRecord(prompt.app_key)
        new = prompt.latest.digest if sound is not None and prompt.latest is not None else None
        for audio in (prompt.approved, prompt.submitted):
            if audio is not None and audio.digest not in {new, *self._tables.sounds}:
                raise UnknownRecord(f"the sound of {prompt.name}")
        if sound is not None and new is not None:
            self._tables.sounds[new] = sound
        self._tables.prompts[prompt.app_key, prompt.name] = prompt
        self._drop_sounds()

    async def remove_prompt(self, app_key: str, name: str) -> None:
        """See the seam."""
        if self._tables.prompts.pop((app_key, name), None) is None:
            raise UnknownRecord(name)
        self._drop_sounds()

    async def prompt(self, app_key: str, name: str) -> Prompt | None:
        """See the seam."""
        return self._tables.prompts.get((app_key, name))

    async def prompts(self, wanted: PromptFilter, page: Page) -> Listing[Prompt]:
        """See the seam."""
        rows = [
            prompt
            for prompt in self._tables.prompts.values()
            if is_of(prompt.app_key, wanted.app_key, wanted.app_keys)
            and wanted.state in {None, prompt.state}
        ]
        return page_of(rows, PROMPTS, lambda prompt: (prompt.app_key, prompt.name), page)

    async def prompt_sound(self, digest: str) -> bytes | None:
        """See the seam."""
        return self._tables.sounds.get(digest)

    def _drop_sounds(self) -> None:
        used = {
            audio.digest
            for prompt in self._tables.prompts.values()
            for audio in (prompt.approved, prompt.submitted)
            if audio is not None
        }
        for digest in self._tables.sounds.keys() - used:
            del self._tables.sounds[digest]

from functools import partial

from maskline.domain.error import UnknownRecord
from maskline.domain.prompt import Prompt, PromptAudio
from maskline.services.list_filter import PromptFilter
from maskline.services.page import Listing, Page
from maskline.stores.blob import pack_prompt, unpack_prompt
from maskline.stores.list_filter import wanted_prompts
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import DIRECTORY, LISTS, PROMPT, Database


class SqlitePrompts:
    """`maskline.services.store.PromptStore` in SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save_prompt(self, prompt: Prompt, sound: bytes | None) -> None:
        """See the seam."""
        context = _context(prompt.app_key, prompt.name)
        row = (
            prompt.app_key,
            prompt.name,
            prompt.state,
            _digest(prompt.approved),
            _digest(prompt.submitted),
            self._database.sealer.seal(prompt.app_key, pack_prompt(prompt), context),
        )
        new = None if sound is None else (_digest(prompt.latest), sound)
        await self._database.writer.submit(partial(_save, row, new))

    async def remove_prompt(self, app_key: str, name: str) -> None:
        """See the seam."""
        await self._database.writer.submit(partial(_remove, (app_key, name)))

    async def prompt(self, app_key: str, name: str) -> Prompt | None:
        """See the seam."""
        row = self._database.point(PROMPT.prompt_get, (app_key, name))
        return None if row is None else self._prompt(row)

    async def prompts(self, wanted: PromptFilter, page: Page) -> Listing[Prompt]:
        """See the seam."""
        found = wanted_prompts(wanted)
        return await self._database.listing(LISTS.prompts, found, page, self._prompt)

    async def prompt_sound(self, digest: str) -> bytes | None:
        """See the seam."""
        rows = await self._database.lists.run(
            lambda cursor: cursor.execute(PROMPT.sound_get, (digest,)).fetchall()
        )
        return rows[0][0] if rows else None

    def _prompt(self, row: Cells) -> Prompt:
        app_key, name, sealed = row
        packed = self._database.sealer.open(app_key, sealed, _context(app_key, name))
        return unpack_prompt(packed, app_key=app_key, name=name)


def _context(app_key: str, name: str) -> bytes:
    return f"prompt:{app_key}:{name}".encode()


def _digest(audio: PromptAudio | None) -> str | None:
    return None if audio is None else audio.digest


def _save(row: Cells, new: Cells | None, cursor: Cursor) -> None:
    app_key, name, _, *wanted, _ = row
    if not cursor.execute(DIRECTORY.application_get, (app_key,)).fetchall():
        raise UnknownRecord(app_key)
    for digest in wanted:
        is_new = new is not None and digest == new[0]
        if digest is None or is_new:
            continue
        if not cursor.execute(PROMPT.sound_is_there, (digest,)).fetchall():
            raise UnknownRecord(f"the sound of {name}")
    before = cursor.execute(PROMPT.prompt_digests, row[:2]).fetchall()
    if new is not None:
        cursor.execute(PROMPT.sound_add, new)
    cursor.execute(PROMPT.prompt_save, row)
    _drop_sounds(before, cursor)


def _remove(key: Cells, cursor: Cursor) -> None:
    before = cursor.execute(PROMPT.prompt_digests, key).fetchall()
    if not before:
        raise UnknownRecord(key[1])
    cursor.execute(PROMPT.prompt_remove, key)
    _drop_sounds(before, cursor)


def _drop_sounds(rows: list[Cells], cursor: Cursor) -> None:
    for row in rows:
        for digest in row:
            if digest is not None:
                cursor.execute(PROMPT.sound_drop, (digest,))

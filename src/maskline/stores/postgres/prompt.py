from maskline.domain.error import UnknownRecord
from maskline.domain.prompt import Prompt, PromptAudio
from maskline.services.list_filter import PromptFilter
from maskline.services.page import Listing, Page
from maskline.stores.blob import pack_prompt, unpack_prompt
from maskline.stores.list_filter import wanted_prompts
from maskline.stores.named_sql import load_postgres_sql
from maskline.stores.postgres.connection import Cells, Cursor
from maskline.stores.postgres.database import DIRECTORY, LISTS, Database, Isolation

PROMPT = load_postgres_sql("prompt")


class PostgresPrompts:
    """`maskline.services.store.PromptStore` in PostgreSQL.

    Its units are serializable: whether a sound may go hangs on what all prompts refer to.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save_prompt(self, prompt: Prompt, sound: bytes | None) -> None:
        """See the seam."""
        context = _context(prompt.app_key, prompt.name)
        sealer = await self._database.sealer_of((prompt.app_key,))
        row = (
            prompt.app_key,
            prompt.name,
            prompt.state,
            _digest(prompt.approved),
            _digest(prompt.submitted),
            sealer.seal(prompt.app_key, pack_prompt(prompt), context),
        )
        new = None if sound is None else (_digest(prompt.latest), sound)

        async def save(cursor: Cursor) -> None:
            await _check(cursor, row, new)
            before = await _rows(cursor, PROMPT.prompt_digests, row[:2])
            if new is not None:
                await cursor.execute(PROMPT.sound_add, new)
            await cursor.execute(PROMPT.prompt_save, row)
            await _drop_sounds(cursor, before)

        await self._database.transaction(save, Isolation.SERIALIZABLE)

    async def remove_prompt(self, app_key: str, name: str) -> None:
        """See the seam."""
        key = (app_key, name)

        async def remove(cursor: Cursor) -> None:
            before = await _rows(cursor, PROMPT.prompt_digests, key)
            if not before:
                raise UnknownRecord(name)
            await cursor.execute(PROMPT.prompt_remove, key)
            await _drop_sounds(cursor, before)

        await self._database.transaction(remove, Isolation.SERIALIZABLE)

    async def prompt(self, app_key: str, name: str) -> Prompt | None:
        """See the seam."""
        row = await self._database.point(PROMPT.prompt_get, (app_key, name))
        if row is None:
            return None
        await self._database.sealer_of((app_key,))
        return self._prompt(row)

    async def prompts(self, wanted: PromptFilter, page: Page) -> Listing[Prompt]:
        """See the seam."""
        found = wanted_prompts(wanted)
        return await self._database.listing(LISTS.prompts, found, page, self._prompt, keys_in=0)

    async def prompt_sound(self, digest: str) -> bytes | None:
        """See the seam."""
        row = await self._database.point(PROMPT.sound_get, (digest,))
        return None if row is None else row[0]

    def _prompt(self, row: Cells) -> Prompt:
        app_key, name, sealed = row
        packed = self._database.sealer.open(app_key, sealed, _context(app_key, name))
        return unpack_prompt(packed, app_key=app_key, name=name)


def _context(app_key: str, name: str) -> bytes:
    return f"prompt:{app_key}:{name}".encode()


def _digest(audio: PromptAudio | None) -> str | None:
    return None if audio is None else audio.digest


async def _rows(cursor: Cursor, statement: str, key: Cells) -> list[Cells]:
    return await (await cursor.execute(statement, key)).fetchall()


async def _check(cursor: Cursor, row: Cells, new: Cells | None) -> None:
    app_key, name, _, *wanted, _ = row
    if not await _rows(cursor, DIRECTORY.application_get, (app_key,)):
        raise UnknownRecord(app_key)
    for digest in wanted:
        is_new = new is not None and digest == new[0]
        if digest is None or is_new:
            continue
        if not await _rows(cursor, PROMPT.sound_is_there, (digest,)):
            raise UnknownRecord(f"the sound of {name}")


async def _drop_sounds(cursor: Cursor, rows: list[Cells]) -> None:
    for row in rows:
        for digest in row:
            if digest is not None:
                await cursor.execute(PROMPT.sound_drop, (digest,))

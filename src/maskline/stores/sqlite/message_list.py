from datetime import datetime
from functools import partial

from maskline.domain.error import UnknownRecord
from maskline.domain.message import BlockKind, MessageBlock, Standing
from maskline.domain.sms_link import SmsLink
from maskline.services.message_store import MAX_REPLY_TAG, BlockFilter
from maskline.services.page import Listing, Page
from maskline.stores.list_filter import wanted_blocks
from maskline.stores.message_row import (
    block_of,
    block_row,
    link_of,
    link_row,
    standing_of,
    standing_row,
    tag_number,
    tag_row,
)
from maskline.stores.moment import to_us
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import LISTS, MESSAGE_LIST, Database


class SqliteMessageLists:
    """Lists, tags and links of `maskline.services.message_store.MessageStore` in SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def standing(
        self, app_key: str, sender: str, receiver: str | None, now: datetime
    ) -> Standing:
        """See the seam."""
        row = standing_row(app_key, sender, receiver, now, self._database.sealer)
        [found] = self._database.points(MESSAGE_LIST.standing, row)
        return standing_of(found)

    async def save_block(self, block: MessageBlock) -> None:
        """See the seam."""
        row = block_row(block, self._database.sealer)
        await self._change_list(MESSAGE_LIST.block_save, row, block.app_key)

    async def remove_block(self, kind: BlockKind, app_key: str, number: str) -> None:
        """See the seam."""
        row = (self._database.sealer.lookup(number), kind.value, app_key)
        await self._change_list(MESSAGE_LIST.block_remove, row, kind)

    async def blocks(self, wanted: BlockFilter, page: Page) -> Listing[MessageBlock]:
        """See the seam."""
        sealer = self._database.sealer
        return await self._database.listing(
            LISTS.blocks,
            wanted_blocks(wanted, sealer),
            page,
            lambda found: block_of(found, sealer),
        )

    async def allot_reply_tag(self, binding_id: str, number: str, now: datetime) -> int:
        """See the seam."""
        row = tag_row(binding_id, number, now, self._database.sealer)
        return await self._database.writer.submit(partial(_allot, row))

    async def reply_tag_number(self, binding_id: str, tag: int) -> str | None:
        """See the seam."""
        row = self._database.point(MESSAGE_LIST.tag_get, (binding_id, tag))
        return None if row is None else tag_number(binding_id, row, self._database.sealer)

    async def remove_reply_tags(self, before: datetime, limit: int) -> int:
        """See the seam."""
        row = (to_us(before), limit)
        return await self._database.writer.submit(partial(_run, MESSAGE_LIST.tags_sweep, row))

    async def save_sms_link(self, link: SmsLink) -> None:
        """See the seam."""
        row = link_row(link, self._database.sealer)
        await self._change_list(MESSAGE_LIST.link_save, row, link.name)

    async def remove_sms_link(self, name: str) -> None:
        """See the seam."""
        await self._change_list(MESSAGE_LIST.link_remove, (name,), name)

    async def sms_links(self) -> tuple[SmsLink, ...]:
        """See the seam."""
        rows = await self._database.rows(MESSAGE_LIST.link_list, ())
        return tuple(link_of(row, self._database.sealer) for row in rows)

    async def _change_list(self, statement: str, row: Cells, key: str) -> None:
        if not await self._database.writer.submit(partial(_run, statement, row)):
            raise UnknownRecord(key)


def _run(statement: str, row: Cells, cursor: Cursor) -> int:
    return cursor.execute(statement, row).connection.changes()


def _allot(row: Cells, cursor: Cursor) -> int:
    binding_id, number, now, sealed = row
    known = cursor.execute(MESSAGE_LIST.tag_renew, (binding_id, number, now)).fetchall()
    if known:
        return known[0][0]
    tag = _free_tag((binding_id,), cursor)
    cursor.execute(MESSAGE_LIST.tag_save, (binding_id, tag, number, now, sealed))
    return tag


def _free_tag(binding: Cells, cursor: Cursor) -> int:
    """The next one; when it would be too high one that is free again, or the oldest."""
    for statement in (MESSAGE_LIST.tag_next, MESSAGE_LIST.tag_free, MESSAGE_LIST.tag_oldest):
        [[tag]] = cursor.execute(statement, binding).fetchall()
        if tag <= MAX_REPLY_TAG:
            break
    return tag

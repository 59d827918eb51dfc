from dataclasses import replace
from datetime import UTC, datetime

from maskline.domain.error import UnknownRecord
from maskline.domain.message import BlockKind, MessageBlock, Standing
from maskline.domain.sms_link import SmsLink
from maskline.services.list_order import BLOCKS
from maskline.services.message_store import MAX_REPLY_TAG, BlockFilter
from maskline.services.page import Listing, Page, page_of
from maskline.stores.memory.table import Tables, is_of
from maskline.stores.moment import to_us


class MemoryMessageLists:
    """Lists, tags and links of `maskline.services.message_store.MessageStore` on dicts."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def standing(
        self, app_key: str, sender: str, receiver: str | None, now: datetime
    ) -> Standing:
        """See the seam."""
        blocks, numbers = self._tables.blocks, self._tables.numbers
        day = (app_key, now.astimezone(UTC).date())
        return Standing(
            is_blocked=any((BlockKind.BLOCKED, whose, sender) in blocks for whose in (app_key, "")),
            has_opted_out=receiver is not None
            and any((BlockKind.OPTED_OUT, whose, receiver) in blocks for whose in (app_key, "")),
            is_between_ours=sender in numbers and receiver in numbers,
            today=self._tables.message_days.get(day, 0),
        )

    async def save_block(self, block: MessageBlock) -> None:
        """See the seam."""
        if block.app_key and block.app_key not in self._tables.applications:
            raise UnknownRecord(block.app_key)
        key = (block.kind, block.app_key, block.number)
        known = self._tables.blocks.get(key)
        created_at = block.created_at if known is None else known.created_at
        self._tables.blocks[key] = replace(block, created_at=created_at)

    async def remove_block(self, kind: BlockKind, app_key: str, number: str) -> None:
        """See the seam."""
        if self._tables.blocks.pop((kind, app_key, number), None) is None:
            raise UnknownRecord(kind)

    async def blocks(self, wanted: BlockFilter, page: Page) -> Listing[MessageBlock]:
        """See the seam."""
        rows = [
            (place, block)
            for place, block in enumerate(self._tables.blocks.values())
            if wanted.kind in {None, block.kind}
            and is_of(block.app_key, wanted.app_key, wanted.app_keys)
            and wanted.number in {None, block.number}
        ]
        found = page_of(rows, BLOCKS, lambda row: (to_us(row[1].created_at), row[0]), page)
        return Listing(rows=tuple(block for _, block in found.rows), next=found.next)

    async def allot_reply_tag(self, binding_id: str, number: str, now: datetime) -> int:
        """See the seam."""
        tags = self._tables.reply_tags.setdefault(binding_id, {})
        if number in tags:
            tag = tags[number][0]
        else:
            tag = _free_tag(tags)
            for whose in [whose for whose, (taken, _) in tags.items() if taken == tag]:
                del tags[whose]
        tags[number] = (tag, now)
        return tag

    async def reply_tag_number(self, binding_id: str, tag: int) -> str | None:
        """See the seam."""
        tags = self._tables.reply_tags.get(binding_id, {})
        return next((number for number, (taken, _) in tags.items() if taken == tag), None)

    async def remove_reply_tags(self, before: datetime, limit: int) -> int:
        """See the seam."""
        old = [
            (allotted_at, binding_id, number)
            for binding_id, tags in self._tables.reply_tags.items()
            for number, (_, allotted_at) in tags.items()
            if allotted_at < before
        ]
        old.sort()
        for _, binding_id, number in old[:limit]:
            del self._tables.reply_tags[binding_id][number]
        return len(old[:limit])

    async def save_sms_link(self, link: SmsLink) -> None:
        """See the seam."""
        self._tables.sms_links[link.name] = link

    async def remove_sms_link(self, name: str) -> None:
        """See the seam."""
        if self._tables.sms_links.pop(name, None) is None:
            raise UnknownRecord(name)

    async def sms_links(self) -> tuple[SmsLink, ...]:
        """See the seam."""
        return tuple(self._tables.sms_links[name] for name in sorted(self._tables.sms_links))


def _free_tag(tags: dict[str, tuple[int, datetime]]) -> int:
    """The next one; when it would be too high one that is free again, or the oldest."""
    taken = {tag for tag, _ in tags.values()}
    behind = max(taken, default=0) + 1
    if behind <= MAX_REPLY_TAG:
        return behind
    free = next((tag for tag in range(1, MAX_REPLY_TAG + 1) if tag not in taken), None)
    if free is not None:
        return free
    return min((allotted_at, tag) for tag, allotted_at in tags.values())[1]

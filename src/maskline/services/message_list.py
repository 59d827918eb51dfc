"""The lists of numbers whose messages are not forwarded."""

from typing import Protocol

from maskline.domain.application import Application
from maskline.domain.error import InvalidParameter
from maskline.domain.message import BlockKind, MessageBlock
from maskline.services.administration_rule import check_number
from maskline.services.clock import Clock
from maskline.services.page import Listing, Page


class MessageListStore(Protocol):
    """What the lists read and write."""

    async def application(self, app_key: str) -> Application | None:
        """One application."""
        ...

    async def save_block(self, block: MessageBlock) -> None:
        """Put a number on a list, or say anew why."""
        ...

    async def remove_block(self, kind: BlockKind, app_key: str, number: str) -> None:
        """Take a number off. Raises UnknownRecord."""
        ...

    async def blocks(
        self, kind: BlockKind | None, app_key: str | None, number: str | None, page: Page
    ) -> Listing[MessageBlock]:
        """Numbers on the lists, newest first."""
        ...


class MessageLists:
    """Who may not send, and who wants none. All verbs raise StoreBusy, StoreFailed."""

    def __init__(self, store: MessageListStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def block(self, kind: BlockKind, app_key: str, number: str, reason: str) -> MessageBlock:
        """Put a number on a list, of one application or with "" of all.

        Raises InvalidParameter.
        """
        check_number("number", number)
        if app_key and await self._store.application(app_key) is None:
            raise InvalidParameter("app_key", f"there is no application {app_key}")
        block = MessageBlock(
            kind=kind,
            app_key=app_key,
            number=number,
            reason=reason,
            created_at=self._clock.now(),
        )
        await self._store.save_block(block)
        return block

    async def unblock(self, kind: BlockKind, app_key: str, number: str) -> None:
        """Take a number off. Raises InvalidParameter, UnknownRecord."""
        check_number("number", number)
        await self._store.remove_block(kind, app_key, number)

    async def blocks(
        self, kind: BlockKind | None, app_key: str | None, number: str | None, page: Page
    ) -> Listing[MessageBlock]:
        """Numbers on the lists, newest first; None does not restrict."""
        return await self._store.blocks(kind, app_key, number, page)

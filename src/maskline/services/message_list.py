"""The lists of numbers whose messages are not forwarded."""

from maskline.domain.error import InvalidParameter, UnknownRecord
from maskline.domain.message import BlockKind, MessageBlock
from maskline.services.administration_rule import check_number
from maskline.services.clock import Clock
from maskline.services.message_store import BlockFilter, MessageStore
from maskline.services.page import Listing, Page


class MessageLists:
    """Who may not send, and who wants none. All verbs raise StoreBusy, StoreFailed."""

    def __init__(self, store: MessageStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def block(self, kind: BlockKind, app_key: str, number: str, reason: str) -> MessageBlock:
        """Put a number on a list, of one application or with "" of all.

        Raises InvalidParameter.
        """
        check_number("number", number)
        block = MessageBlock(
            kind=kind,
            app_key=app_key,
            number=number,
            reason=reason,
            created_at=self._clock.now(),
        )
        try:
            await self._store.save_block(block)
        except UnknownRecord:
            raise InvalidParameter("app_key", f"there is no application {app_key}") from None
        return block

    async def unblock(self, kind: BlockKind, app_key: str, number: str) -> None:
        """Take a number off. Raises InvalidParameter, UnknownRecord."""
        check_number("number", number)
        try:
            await self._store.remove_block(kind, app_key, number)
        except UnknownRecord:
            whose = f"of application {app_key}" if app_key else "of all applications"
            raise UnknownRecord(
                f"the number is not on the list {kind.value} {whose}; "
                "`maskline message blocks` shows the lists"
            ) from None

    async def blocks(self, wanted: BlockFilter, page: Page) -> Listing[MessageBlock]:
        """Numbers on the lists, newest first."""
        return await self._store.blocks(wanted, page)

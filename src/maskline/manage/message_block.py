"""Endpoints of the lists of numbers whose messages are not forwarded."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from maskline.domain.access import Right
from maskline.domain.masking import mask
from maskline.domain.message import BlockKind, MessageBlock
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.query import ListQuery, read_party
from maskline.manage.view import Items, copied, view_items
from maskline.services.message_list import MessageLists
from maskline.services.message_store import BlockFilter

MAX_REASON = 200


class BlockQuery(ListQuery, frozen=True, kw_only=True):
    """Numbers on the lists, newest first; an `app_key` of "" asks for those of all applications."""

    kind: BlockKind | None = None
    app_key: str | None = None
    number: str | None = None
    who: str | None = None
    reveal: bool = False


class BlockForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number to put on a list; without `app_key` of all applications."""

    number: str
    kind: BlockKind = BlockKind.BLOCKED
    app_key: str = ""
    reason: Annotated[str, Meta(max_length=MAX_REASON)] = ""


class BlockRemoval(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number to take off a list. In the body, as a number has no place in logs of addresses."""

    number: str
    kind: BlockKind = BlockKind.BLOCKED
    app_key: str = ""


class BlockView(Struct, frozen=True, kw_only=True):
    """A number on a list: `blocked` may not send, `opted_out` gets nothing.

    It is masked unless the request reveals.
    """

    kind: BlockKind
    app_key: str
    number: str
    reason: str
    created_at: datetime


class MessageBlockEndpoints:
    """Acts through the lists."""

    def __init__(self, lists: MessageLists) -> None:
        self._lists = lists

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="GET",
                path="/message-blocks",
                summary="Numbers whose messages are not forwarded, newest first",
                run=self.list_message_blocks,
                right=Right.GUARD_WRITE,
                query=BlockQuery,
                answer=Items[BlockView],
            ),
            Endpoint(
                method="POST",
                path="/message-blocks",
                summary="Put a number on a list, or say anew why",
                run=self.add_message_block,
                right=Right.GUARD_WRITE,
                body=BlockForm,
                answer=BlockView,
                status=201,
            ),
            Endpoint(
                method="POST",
                path="/message-blocks/remove",
                summary="Take a number off a list",
                run=self.remove_message_block,
                right=Right.GUARD_WRITE,
                body=BlockRemoval,
                status=204,
                refusals=(404,),
            ),
        )

    async def list_message_blocks(self, asked: Asked) -> Items[BlockView]:
        """Numbers on the lists."""
        query: BlockQuery = asked.query
        wanted = BlockFilter(
            kind=query.kind,
            app_key=query.app_key,
            app_keys=asked.app_keys,
            number=read_party("number", query.number),
        )
        found = await self._lists.blocks(wanted, query.page)
        return view_items(found, lambda block: _view(block, reveal=query.reveal))

    async def add_message_block(self, asked: Asked) -> BlockView:
        """Put a number on a list."""
        form: BlockForm = asked.body
        block = await self._lists.block(form.kind, form.app_key, form.number, form.reason)
        return _view(block, reveal=True)

    async def remove_message_block(self, asked: Asked) -> None:
        """Take a number off."""
        form: BlockRemoval = asked.body
        await self._lists.unblock(form.kind, form.app_key, form.number)


def _view(block: MessageBlock, *, reveal: bool) -> BlockView:
    return copied(BlockView, block, number=block.number if reveal else mask(block.number))

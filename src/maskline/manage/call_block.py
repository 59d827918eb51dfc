"""Endpoints of numbers whose calls are refused."""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from maskline.domain.access import Caller, Right
from maskline.domain.call_rule import BlockDirection, CallBlock, RuleScope
from maskline.domain.masking import mask
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.query import ListQuery, read_party
from maskline.manage.view import Items, copied, view_items
from maskline.services.call_rule_desk import CallRuleDesk
from maskline.services.call_rule_request import CallBlockChange, NewCallBlock
from maskline.services.call_rule_store import CallBlockFilter, CallRuleStore

PATH = "/call-blocks"


class CallBlockQuery(ListQuery, frozen=True, kw_only=True):
    """Blocked numbers, newest first; `tenant_id` is whose calls they are for."""

    scope: RuleScope | None = None
    tenant_id: str | None = None
    direction: BlockDirection | None = None
    number: str | None = None
    who: str | None = None
    reveal: bool = False


class CallBlockView(Struct, frozen=True, kw_only=True):
    """A number whose calls are refused; it is masked unless the request reveals.

    `scope` says whose calls are meant, with its `tenant_id`, `app_key` or `x`. `by_tenant`: the
    tenant made it, else the platform, which alone ends it then. `is_over`: `until` has passed.
    `hits` are the calls that were refused because of it.
    """

    block_id: str
    scope: RuleScope
    tenant_id: str | None
    app_key: str | None
    x: str | None
    number: str
    direction: BlockDirection
    reason: str
    evidence: str
    until: datetime | None
    is_over: bool
    by_tenant: bool
    created_by: str
    created_at: datetime
    hits: int
    last_hit_at: datetime | None


class CallBlockEndpoints:
    """Acts through the desk."""

    def __init__(
        self, store: CallRuleStore, desk: CallRuleDesk, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._desk = desk
        self._now = now

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="GET",
                path=PATH,
                summary="Numbers whose calls are refused, newest first",
                run=self.list_call_blocks,
                right=Right.CALL_RULE_READ,
                query=CallBlockQuery,
                answer=Items[CallBlockView],
            ),
            Endpoint(
                method="POST",
                path=PATH,
                summary="Refuse the calls of a number",
                run=self.add_call_block,
                right=Right.CALL_RULE_WRITE,
                body=NewCallBlock,
                answer=CallBlockView,
                status=201,
                refusals=(409,),
            ),
            Endpoint(
                method="GET",
                path=f"{PATH}/{{block_id}}",
                summary="One number whose calls are refused",
                run=self.show_call_block,
                right=Right.CALL_RULE_READ,
                answer=CallBlockView,
                refusals=(404,),
            ),
            Endpoint(
                method="PATCH",
                path=f"{PATH}/{{block_id}}",
                summary="Say anew why calls are refused, and until when",
                run=self.change_call_block,
                right=Right.CALL_RULE_WRITE,
                body=CallBlockChange,
                answer=CallBlockView,
                refusals=(404,),
            ),
            Endpoint(
                method="DELETE",
                path=f"{PATH}/{{block_id}}",
                summary="Let a number call again",
                run=self.end_call_block,
                right=Right.CALL_RULE_WRITE,
                status=204,
                refusals=(404,),
            ),
        )

    async def list_call_blocks(self, asked: Asked) -> Items[CallBlockView]:
        """Numbers whose calls are refused."""
        query: CallBlockQuery = asked.query
        wanted = CallBlockFilter(
            scope=query.scope,
            tenant_id=query.tenant_id,
            by_tenant=own_only(asked.caller),
            direction=query.direction,
            number=read_party("number", query.number),
        )
        found = await self._store.call_blocks(wanted, query.page)
        return view_items(found, lambda block: self._view(block, reveal=query.reveal))

    async def add_call_block(self, asked: Asked) -> CallBlockView:
        """Refuse the calls of a number."""
        return self._view(await self._desk.block(asked.body, asked.caller))

    async def show_call_block(self, asked: Asked) -> CallBlockView:
        """One number whose calls are refused."""
        return self._view(await self._desk.find_block(asked.path["block_id"], asked.caller))

    async def change_call_block(self, asked: Asked) -> CallBlockView:
        """Say anew why, and until when."""
        block_id = asked.path["block_id"]
        return self._view(await self._desk.change_block(block_id, asked.body, asked.caller))

    async def end_call_block(self, asked: Asked) -> None:
        """Let a number call again."""
        await self._desk.end_block(asked.path["block_id"], asked.caller)

    def _view(self, block: CallBlock, *, reveal: bool = False) -> CallBlockView:
        place = block.place
        return copied(
            CallBlockView,
            block,
            scope=place.scope,
            tenant_id=place.tenant_id or None,
            app_key=place.app_key or None,
            x=place.x or None,
            number=block.number if reveal else mask(block.number),
            is_over=block.is_over(self._now()),
        )


def own_only(caller: Caller) -> bool | None:
    """People of a tenant see what they made; the platform's see all."""
    return None if caller.tenant_id is None else True

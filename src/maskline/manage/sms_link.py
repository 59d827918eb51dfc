"""Endpoints of SMS links."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from msgspec import Struct

from maskline.domain.access import Right
from maskline.domain.number import NumberFormat
from maskline.domain.sms_link import (
    BindKind,
    DefaultAlphabet,
    LongMessages,
    ReceiptIds,
    SmsLink,
)
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.query import ListQuery
from maskline.manage.view import Items, copied, view_items
from maskline.services.list_order import SMS_LINKS
from maskline.services.page import page_of
from maskline.services.sms_link_desk import SmsLinkDesk
from maskline.services.sms_link_request import SmsLinkChange, SmsLinkForm
from maskline.services.sms_link_state import LinkCondition, SmsLinkState

LinkStates = Callable[[], Awaitable[Sequence[tuple[str, SmsLinkState]]]]
"""How links stand with each worker that has told of them lately: the worker's name, and how."""

_BEST_FIRST = (
    LinkCondition.BOUND,
    LinkCondition.PARTLY,
    LinkCondition.CONNECTING,
    LinkCondition.DOWN,
    LinkCondition.DISABLED,
)


class SmsConnectionView(Struct, frozen=True, kw_only=True):
    """How a link stands with one worker.

    `waiting` parts were not sent yet, `in_flight` wait for their answers. `reason` says why it was
    lost last, or cannot be made.
    """

    worker: str
    condition: LinkCondition
    reason: str
    waiting: int
    in_flight: int


class SmsLinkView(Struct, frozen=True, kw_only=True):
    """A link; of its password only whether it is set.

    `state` is the best that a worker tells, null when none has told of it; `detail` what is wrong
    with it otherwise.
    """

    name: str
    host: str
    port: int
    is_tls: bool
    system_id: str
    has_password: bool
    system_type: str
    bind: BindKind
    owns: tuple[str, ...]
    prefixes: tuple[str, ...]
    priority: int
    window: int
    per_s: int
    enquire_s: int
    number_format: NumberFormat
    ton: int
    npi: int
    default_alphabet: DefaultAlphabet
    sends_latin1: bool
    ucs2_code: int
    long_messages: LongMessages
    receipt_ids: ReceiptIds
    is_enabled: bool
    state: LinkCondition | None
    detail: str
    connections: tuple[SmsConnectionView, ...]


class SmsLinkEndpoints:
    """Acts through the desk; `states` tells how links stand."""

    def __init__(self, desk: SmsLinkDesk, states: LinkStates) -> None:
        self._desk = desk
        self._states = states

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="GET",
                path="/sms-links",
                summary="SMS links by name, and how they stand",
                run=self.list_sms_links,
                right=Right.SMS_LINK_WRITE,
                query=ListQuery,
                answer=Items[SmsLinkView],
            ),
            Endpoint(
                method="POST",
                path="/sms-links",
                summary="Add an SMS link; it binds at once",
                run=self.add_sms_link,
                right=Right.SMS_LINK_WRITE,
                body=SmsLinkForm,
                answer=SmsLinkView,
                status=201,
                refusals=(409,),
            ),
            Endpoint(
                method="GET",
                path="/sms-links/{name}",
                summary="One SMS link",
                run=self.show_sms_link,
                right=Right.SMS_LINK_WRITE,
                answer=SmsLinkView,
                refusals=(404,),
            ),
            Endpoint(
                method="PATCH",
                path="/sms-links/{name}",
                summary="Set fields of an SMS link; it binds anew where that is needed",
                run=self.change_sms_link,
                right=Right.SMS_LINK_WRITE,
                body=SmsLinkChange,
                answer=SmsLinkView,
                refusals=(404,),
            ),
            Endpoint(
                method="DELETE",
                path="/sms-links/{name}",
                summary="Forget an SMS link; messages that wait for it take another",
                run=self.remove_sms_link,
                right=Right.SMS_LINK_WRITE,
                status=204,
                refusals=(404,),
            ),
        )

    async def list_sms_links(self, asked: Asked) -> Items[SmsLinkView]:
        """Links by name."""
        query: ListQuery = asked.query
        links, states = await self._desk.links(), await self._by_link()
        found = page_of(links, SMS_LINKS, lambda link: (link.name,), query.page)
        return view_items(found, lambda link: _view(link, states.get(link.name, ())))

    async def add_sms_link(self, asked: Asked) -> SmsLinkView:
        """Add a link."""
        return _view(await self._desk.add(asked.body), ())

    async def show_sms_link(self, asked: Asked) -> SmsLinkView:
        """One link."""
        link = await self._desk.link(asked.path["name"])
        return _view(link, (await self._by_link()).get(link.name, ()))

    async def change_sms_link(self, asked: Asked) -> SmsLinkView:
        """Set fields of a link."""
        return _view(await self._desk.change(asked.path["name"], asked.body), ())

    async def remove_sms_link(self, asked: Asked) -> None:
        """Forget a link."""
        await self._desk.remove(asked.path["name"])

    async def _by_link(self) -> Mapping[str, Sequence[tuple[str, SmsLinkState]]]:
        found: dict[str, list[tuple[str, SmsLinkState]]] = {}
        for worker, state in await self._states():
            found.setdefault(state.name, []).append((worker, state))
        return found


def _view(link: SmsLink, states: Sequence[tuple[str, SmsLinkState]]) -> SmsLinkView:
    ranked = sorted(states, key=lambda told: _BEST_FIRST.index(told[1].condition))
    best = ranked[0][1] if ranked else None
    return copied(
        SmsLinkView,
        link,
        has_password=bool(link.password),
        state=None if best is None else best.condition,
        detail="" if best is None else best.reason,
        connections=tuple(
            copied(SmsConnectionView, state, worker=worker) for worker, state in ranked
        ),
    )

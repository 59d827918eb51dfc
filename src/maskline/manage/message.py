"""Endpoints of short messages."""

from datetime import datetime

from msgspec import UNSET, Struct, UnsetType

from maskline.domain.access import Right
from maskline.domain.application import Mode
from maskline.domain.binding import Role
from maskline.domain.error import InvalidParameter, UnknownRecord
from maskline.domain.masking import mask
from maskline.domain.message import Message, MessageState, PartState, SendResult
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.query import ListQuery, RevealQuery, read_moment, read_party
from maskline.manage.view import BoundedCountView, Items, copied, view_count, view_items
from maskline.services.message_store import MessageFilter, MessageStore

RESULT_NAMES = {result.name.lower(): result for result in SendResult}


class MessageQuery(ListQuery, frozen=True, kw_only=True):
    """Messages, newest first. `since` and `until` bound when they came.

    `party`, or the `who` of a look-up, is a real number that sent or got it; `result` is the name
    of a `sendResult`.
    """

    app_key: str | None = None
    x: str | None = None
    party: str | None = None
    who: str | None = None
    state: MessageState | None = None
    result: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    reveal: bool = False


class MessagePartView(Struct, frozen=True, kw_only=True):
    """An outgoing part. `status` is the answer of the message centre, or a receipt's error.

    `tries` over 1 says that it may have arrived twice.
    """

    number: int
    link: str
    state: PartState
    centre_id: str
    status: int
    tries: int
    changed_at: datetime


class MessageView(Struct, frozen=True, kw_only=True):
    """A message. Numbers are masked, and texts left out, unless the request reveals.

    `text` is what was written, `outgoing` what was forwarded; both are empty once their time is
    over. `sent` of `total` parts were taken by a message centre, `delivered` of them have a
    receipt that says so. `result` is the name of the `sendResult`, `result_code` its number.
    """

    message_id: str
    app_key: str
    mode: Mode
    x: str
    sender: str
    receiver: str | None
    sender_role: Role | None
    binding_id: str | None
    link: str
    state: MessageState
    result: str | None
    result_code: int | None
    sent: int
    total: int
    delivered: int
    is_repeated: bool
    expects: int
    has: int
    tries: int
    came_at: datetime
    due_at: datetime | None
    done_at: datetime | None
    user_data: str | UnsetType | None = UNSET
    text: str | UnsetType = UNSET
    outgoing: str | UnsetType | None = UNSET
    parts: tuple[MessagePartView, ...] | UnsetType = UNSET


class MessageEndpoints:
    """Reads from the store."""

    def __init__(self, store: MessageStore) -> None:
        self._store = store

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="GET",
                path="/messages",
                summary="Short messages, newest first, without their texts",
                run=self.list_messages,
                right=Right.MESSAGE_READ,
                query=MessageQuery,
                answer=Items[MessageView],
            ),
            Endpoint(
                method="GET",
                path="/messages/count",
                summary="How many messages there are",
                run=self.count_messages,
                right=Right.MESSAGE_READ,
                query=MessageQuery,
                answer=BoundedCountView,
            ),
            Endpoint(
                method="GET",
                path="/messages/{message_id}",
                summary="One short message with its parts",
                run=self.show_message,
                right=Right.MESSAGE_READ,
                query=RevealQuery,
                answer=MessageView,
                refusals=(404,),
            ),
        )

    async def list_messages(self, asked: Asked) -> Items[MessageView]:
        """Messages, newest first."""
        query: MessageQuery = asked.query
        wanted = wanted_messages(asked)
        found = await self._store.messages(wanted, query.page)
        return view_items(found, lambda message: _view(message, reveal=query.reveal))

    async def count_messages(self, asked: Asked) -> BoundedCountView:
        """How many messages there are."""
        return view_count(await self._store.count_messages(wanted_messages(asked)))

    async def show_message(self, asked: Asked) -> MessageView:
        """One message."""
        query: RevealQuery = asked.query
        message_id = asked.path["message_id"]
        message = await self._store.message(message_id)
        if message is None:
            raise UnknownRecord(f"there is no message {message_id}")
        return _view(message, reveal=query.reveal, is_whole=True)


def _result(name: str | None) -> SendResult | None:
    if name is None:
        return None
    result = RESULT_NAMES.get(name.lower())
    if result is None:
        raise InvalidParameter("result", f"is one of {', '.join(RESULT_NAMES)}")
    return result


def _view(message: Message, *, reveal: bool, is_whole: bool = False) -> MessageView:
    def show(number: str) -> str:
        return number if reveal else mask(number)

    result = message.result
    return copied(
        MessageView,
        message,
        sender=show(message.sender),
        receiver=show(message.receiver) if message.receiver else None,
        sender_role=message.role,
        result=None if result is None else result.name.lower(),
        result_code=None if result is None else int(result),
        delivered=sum(part.state is PartState.DELIVERED for part in message.parts),
        user_data=message.user_data if reveal else UNSET,
        text=message.text if reveal and is_whole else UNSET,
        outgoing=message.outgoing if reveal and is_whole else UNSET,
        parts=tuple(copied(MessagePartView, part) for part in message.parts) if is_whole else UNSET,
    )


def wanted_messages(asked: Asked) -> MessageFilter:
    """Which messages a MessageQuery means. Raises InvalidParameter."""
    query: MessageQuery = asked.query
    return MessageFilter(
        app_keys=asked.app_keys,
        app_key=query.app_key,
        x=read_party("x", query.x),
        party=read_party("party", query.party),
        state=query.state,
        result=_result(query.result),
        since=read_moment("since", query.since),
        until=read_moment("until", query.until),
    )

"""Texts without numbers of people: `{A}` or `{B}` stands in their place, the same for the same."""

import re
from collections.abc import Collection, Mapping
from typing import Protocol

from maskline.domain.binding import Role
from maskline.domain.call import Call, CallRecord
from maskline.domain.masking import replace_numbers
from maskline.domain.message import Message
from maskline.domain.number import numbers_in
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.page import Listing, Page
from maskline.services.store import RecordFilter

MAX_LOOKED_UP = 50
"""Numbers of one text that are looked up in the inventory; those beyond are taken for people's."""

HIDDEN = "{text}"
"""What stands for something that somebody wrote."""


class NameStore(Protocol):
    """What is read."""

    async def number(self, number: str) -> VirtualNumber | None:
        """One virtual number."""
        ...

    async def live_call(self, session_id: str) -> Call | None:
        """One call without a record."""
        ...

    async def call_records(self, wanted: RecordFilter, page: Page) -> Listing[CallRecord]:
        """Records, newest first."""
        ...

    async def message(self, message_id: str) -> Message | None:
        """One message."""
        ...


class NumberNames:
    """Names the numbers of texts. All verbs raise StoreFailed.

    `private` are names of JSON strings that hold what people or customers wrote.
    """

    def __init__(self, store: NameStore, private: Collection[str] = ()) -> None:
        self._store = store
        names = "|".join(map(re.escape, private))
        self._private = re.compile(rf'("(?:{names})"\s*:\s*)"(?:[^"\\]|\\.)*"') if names else None

    async def hide(self, text: str, about: str | None = None) -> str:
        """The text with `{A}` and `{B}` in place of the parties, virtual numbers in full.

        What is private is `{text}`.

        `about` is the call or the message that tells which is which; without it, or where it is
        not there any more, they are named in the order in which they come.
        """
        if self._private is not None:
            text = self._private.sub(rf'\1"{HIDDEN}"', text)
        shown = dict(await self._parties(about)) if about else {}
        strange = [number for number in numbers_in(text) if number not in shown]
        for number in list(dict.fromkeys(strange))[:MAX_LOOKED_UP]:
            if await self._store.number(number) is not None:
                shown[number] = number
        return replace_numbers(text, shown)

    async def _parties(self, about: str) -> Mapping[str, str]:
        call = await self._store.live_call(about)
        if call is None:
            records = await self._store.call_records(RecordFilter(session_id=about), Page(limit=1))
            call = records.rows[0].call if records.rows else None
        if call is not None:
            return _named(call.caller, call.callee, call.role)
        message = await self._store.message(about)
        return {} if message is None else _named(message.sender, message.receiver, message.role)


def _named(one: str, other: str | None, role: Role | None) -> Mapping[str, str]:
    names = ("{B}", "{A}") if role is Role.B else ("{A}", "{B}")
    return {number: name for number, name in zip((one, other), names, strict=True) if number}

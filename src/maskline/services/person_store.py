"""The store seam of what is found and erased by a person's number.

The rules of `maskline.services.store` hold here too. What these verbs replace or remove is
overwritten on disk as well, as far as the database can.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from maskline.domain.binding import Onward, OnwardKind
from maskline.domain.call import CallRecord
from maskline.domain.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """That somebody's data was erased; never whose. `counts` says how much of what.

    `place` counts from 1 and orders erasures; `seal` is a keyed hash over the rest and over the
    `seal` of the erasure before.
    """

    place: int
    erasure_id: str
    tenant_id: str
    erased_at: datetime
    counts: Mapping[str, int]
    seal: bytes


@dataclass(frozen=True, slots=True)
class OnwardPlace:
    """Where calls of a binding's A go next; `place` orders the bindings."""

    place: int
    binding_id: str
    onward: Mapping[OnwardKind, Onward]


@dataclass(frozen=True, slots=True)
class ReplyTag:
    """By which tag A of a binding answers a number, and when it was last allotted."""

    binding_id: str
    tag: int
    allotted_at: datetime


class PersonStore(Protocol):
    """Rare work, done in portions that leave others their turn."""

    async def rewrite_records(self, records: Sequence[CallRecord]) -> int:
        """Replace kept records, which are then found by their new parties only.

        What is still to be pushed of these calls is forgotten, and their traces. A record that is
        not kept any more is ignored. Returns how many notices were forgotten.
        """
        ...

    async def rewrite_messages(self, messages: Sequence[Message]) -> int:
        """Replace messages that are over, which are then found by their new parties only.

        Their texts are forgotten, and what is still to be pushed of them. One that is not over, or
        not kept any more, is ignored. Returns how many notices were forgotten.
        """
        ...

    async def reply_tags_of(self, app_key: str, number: str, limit: int) -> tuple[ReplyTag, ...]:
        """Tags of a number, at most `limit`, in bindings of an application.

        A binding that is gone is as one of any application.
        """
        ...

    async def remove_reply_tags_of(self, app_key: str, number: str) -> int:
        """Forget all that `reply_tags_of` finds; returns how many went."""
        ...

    async def remove_blocks_of(self, app_key: str, number: str) -> int:
        """Take a number off the lists of an application; returns off how many."""
        ...

    async def onward_after(self, app_key: str, after: int, limit: int) -> tuple[OnwardPlace, ...]:
        """Up to `limit` AX and AXE bindings of an application behind a place, in their order."""
        ...

    async def remove_onward(self, binding_id: str, kind: OnwardKind) -> None:
        """Forget where A's next call goes; what is not there is ignored."""
        ...

    async def remove_failures(self, tenant_id: str, number: str) -> None:
        """Forget the failed verifications of a number without a registrant."""
        ...

    async def remove_keys_of(self, app_key: str, binding_ids: Sequence[str]) -> int:
        """Forget the keyed binds that made these bindings; returns how many went."""
        ...

    async def remove_ended_of(self, app_key: str, number: str, binding_ids: Sequence[str]) -> int:
        """Forget of these bindings the ends that have a number as A or B; returns how many."""
        ...

    async def add_erasure(self, erasure: Erasure) -> None:
        """Keep an erasure. Raises DuplicateRecord: its place, or its id, is taken."""
        ...

    async def erasures(self) -> tuple[Erasure, ...]:
        """All erasures in their order: there are few, and none is ever removed."""
        ...

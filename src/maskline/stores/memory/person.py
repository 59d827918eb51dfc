from collections.abc import Sequence
from dataclasses import replace

from maskline.domain.binding import AxBinding, AxeBinding, OnwardKind
from maskline.domain.call import CallRecord
from maskline.domain.error import DuplicateRecord
from maskline.domain.message import BlockKind, Message, MessageState
from maskline.services.person_store import Erasure, OnwardPlace, ReplyTag
from maskline.stores.memory.ended_binding import forget, was_party
from maskline.stores.memory.outbox import forget_stream
from maskline.stores.memory.table import Tables


class MemoryPersons:
    """`maskline.services.person_store.PersonStore` on dicts."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def rewrite_records(self, records: Sequence[CallRecord]) -> int:
        """See the seam."""
        forgotten = 0
        for record in records:
            session_id = record.call.session_id
            if session_id in self._tables.records:
                self._tables.records[session_id] = record
                self._tables.traces.pop(session_id, None)
                forgotten += forget_stream(self._tables, session_id)
        return forgotten

    async def rewrite_messages(self, messages: Sequence[Message]) -> int:
        """See the seam."""
        forgotten = 0
        for message in messages:
            known = self._tables.messages.get(message.message_id)
            if known is not None and known.state is MessageState.DONE:
                outgoing = None if message.receiver is None else ""
                rewritten = replace(message, text="", outgoing=outgoing, parts=known.parts)
                self._tables.messages[message.message_id] = rewritten
                forgotten += forget_stream(self._tables, message.message_id)
        return forgotten

    async def reply_tags_of(self, app_key: str, number: str, limit: int) -> tuple[ReplyTag, ...]:
        """See the seam."""
        found = [
            ReplyTag(binding_id, *tags[number])
            for binding_id, tags in sorted(self._tables.reply_tags.items())
            if number in tags and self._is_of(app_key, binding_id)
        ]
        return tuple(found[:limit])

    async def remove_reply_tags_of(self, app_key: str, number: str) -> int:
        """See the seam."""
        gone = await self.reply_tags_of(app_key, number, len(self._tables.reply_tags))
        for tag in gone:
            del self._tables.reply_tags[tag.binding_id][number]
        return len(gone)

    async def remove_blocks_of(self, app_key: str, number: str) -> int:
        """See the seam."""
        gone = [self._tables.blocks.pop((kind, app_key, number), None) for kind in BlockKind]
        return sum(block is not None for block in gone)

    async def onward_after(self, app_key: str, after: int, limit: int) -> tuple[OnwardPlace, ...]:
        """See the seam."""
        places = sorted(
            (self._tables.places[binding.binding_id], binding.binding_id)
            for binding in self._tables.bindings.values()
            if binding.app_key == app_key and isinstance(binding, AxBinding | AxeBinding)
        )
        behind = [entry for entry in places if entry[0] > after]
        return tuple(
            OnwardPlace(
                place,
                binding_id,
                {
                    kind: onward
                    for (owner, kind), onward in self._tables.onward.items()
                    if owner == binding_id
                },
            )
            for place, binding_id in behind[:limit]
        )

    async def remove_onward(self, binding_id: str, kind: OnwardKind) -> None:
        """See the seam."""
        self._tables.onward.pop((binding_id, kind), None)

    async def remove_failures(self, tenant_id: str, number: str) -> None:
        """See the seam."""
        self._tables.failures.pop((tenant_id, number), None)

    async def remove_keys_of(self, app_key: str, binding_ids: Sequence[str]) -> int:
        """See the seam."""
        own = self._tables.keyed_binds.get(app_key, {})
        gone = [key for key, bind in own.items() if bind.binding_id in binding_ids]
        for key in gone:
            del own[key]
        return len(gone)

    async def remove_ended_of(self, app_key: str, number: str, binding_ids: Sequence[str]) -> int:
        """See the seam."""
        own = [
            one
            for one in self._tables.ended_bindings
            if one.binding.app_key == app_key
            and one.binding.binding_id in binding_ids
            and was_party(one, number)
        ]
        return forget(self._tables, own)

    async def add_erasure(self, erasure: Erasure) -> None:
        """See the seam."""
        if any(
            known.erasure_id == erasure.erasure_id or known.place == erasure.place
            for known in self._tables.erasures
        ):
            raise DuplicateRecord(erasure.erasure_id)
        self._tables.erasures.append(erasure)

    async def erasures(self) -> tuple[Erasure, ...]:
        """See the seam."""
        return tuple(self._tables.erasures)

    def _is_of(self, app_key: str, binding_id: str) -> bool:
        binding = self._tables.bindings.get(binding_id)
        return binding is None or binding.app_key == app_key

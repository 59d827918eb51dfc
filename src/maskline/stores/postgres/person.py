from collections.abc import Sequence

from maskline.domain.binding import OnwardKind
from maskline.domain.call import CallRecord
from maskline.domain.error import DuplicateRecord
from maskline.domain.message import Message
from maskline.services.person_store import Erasure, OnwardPlace, ReplyTag
from maskline.stores.message_row import rewritten_row
from maskline.stores.named_sql import load_postgres_sql
from maskline.stores.person_row import (
    erasure_of,
    erasure_row,
    onward_places,
    record_row,
    reply_tag_of,
)
from maskline.stores.postgres.binding_removal import ENDED
from maskline.stores.postgres.database import Database

PERSON = load_postgres_sql("person")


class PostgresPersons:
    """`maskline.services.person_store.PersonStore` in PostgreSQL.

    What is replaced or removed stays in the files of the server until it vacuums them, and in its
    log of changes until that is recycled.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def rewrite_records(self, records: Sequence[CallRecord]) -> int:
        """See the seam."""
        if not records:
            return 0
        sealer = await self._database.sealer_of(record.call.app_key for record in records)
        rows = [record_row(record, sealer) for record in records]
        columns = tuple(map(list, zip(*rows, strict=True)))
        return (await self._database.execute(PERSON.records_rewrite, columns))[0][0]

    async def rewrite_messages(self, messages: Sequence[Message]) -> int:
        """See the seam."""
        if not messages:
            return 0
        sealer = await self._database.sealer_of(message.app_key for message in messages)
        rows = [rewritten_row(message, sealer) for message in messages]
        columns = tuple(map(list, zip(*rows, strict=True)))
        return (await self._database.execute(PERSON.messages_rewrite, columns))[0][0]

    async def reply_tags_of(self, app_key: str, number: str, limit: int) -> tuple[ReplyTag, ...]:
        """See the seam."""
        row = (app_key, self._database.sealer.lookup(number), limit)
        return tuple(map(reply_tag_of, await self._database.rows(PERSON.tag_list, row)))

    async def remove_reply_tags_of(self, app_key: str, number: str) -> int:
        """See the seam."""
        row = (app_key, self._database.sealer.lookup(number))
        return await self._database.change(PERSON.tags_remove, row)

    async def remove_blocks_of(self, app_key: str, number: str) -> int:
        """See the seam."""
        row = (app_key, self._database.sealer.lookup(number))
        return await self._database.change(PERSON.blocks_remove, row)

    async def onward_after(self, app_key: str, after: int, limit: int) -> tuple[OnwardPlace, ...]:
        """See the seam."""
        rows = await self._database.rows(PERSON.onward_after, (app_key, after, limit))
        return onward_places(app_key, rows, await self._database.sealer_of((app_key,)))

    async def remove_onward(self, binding_id: str, kind: OnwardKind) -> None:
        """See the seam."""
        await self._database.change(PERSON.onward_remove, (binding_id, kind.value))

    async def remove_failures(self, tenant_id: str, number: str) -> None:
        """See the seam."""
        lookup = self._database.sealer.lookup(f"registrant:{tenant_id}:{number}")
        await self._database.change(PERSON.failures_remove, (tenant_id, lookup))

    async def remove_keys_of(self, app_key: str, binding_ids: Sequence[str]) -> int:
        """See the seam."""
        row = (app_key, list(binding_ids))
        return (await self._database.execute(PERSON.keys_remove, row))[0][0]

    async def remove_ended_of(self, app_key: str, number: str, binding_ids: Sequence[str]) -> int:
        """See the seam."""
        row = (app_key, self._database.sealer.lookup(number), list(binding_ids))
        return await self._database.change(ENDED.ended_forget_party, row)

    async def add_erasure(self, erasure: Erasure) -> None:
        """See the seam."""
        if not await self._database.change(PERSON.erasure_add, erasure_row(erasure)):
            raise DuplicateRecord(erasure.erasure_id)

    async def erasures(self) -> tuple[Erasure, ...]:
        """See the seam."""
        return tuple(map(erasure_of, await self._database.rows(PERSON.erasure_list, ())))

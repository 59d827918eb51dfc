from dataclasses import replace
from datetime import datetime

from maskline.domain.error import TooManyKeys
from maskline.services.idempotency_store import KeyedBind, KeyedChange
from maskline.stores.memory.table import Tables


class MemoryIdempotency:
    """`maskline.services.idempotency_store.IdempotencyStore` on dicts."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def reserve_key(self, wanted: KeyedBind, since: datetime, limit: int) -> KeyedBind:
        """See the seam."""
        own = self._tables.keyed_binds.setdefault(wanted.app_key, {})
        found = own.get(wanted.key)
        if found is not None and found.created_at >= since:
            return found
        if found is None and len(own) >= limit:
            raise TooManyKeys(wanted.app_key)
        own[wanted.key] = wanted
        return wanted

    async def keep_answer(self, bind: KeyedBind) -> None:
        """See the seam."""
        found = self._found(bind)
        if found is not None:
            answered = replace(found, status=bind.status, answer=bind.answer)
            self._tables.keyed_binds[bind.app_key][bind.key] = answered

    async def release_key(self, bind: KeyedBind) -> None:
        """See the seam."""
        if self._found(bind) is not None:
            del self._tables.keyed_binds[bind.app_key][bind.key]

    async def remove_old_keys(self, before: datetime, limit: int) -> int:
        """See the seam."""
        old = [
            bind
            for own in self._tables.keyed_binds.values()
            for bind in own.values()
            if bind.created_at < before
        ]
        old.sort(key=lambda bind: bind.created_at)
        for bind in old[:limit]:
            del self._tables.keyed_binds[bind.app_key][bind.key]
        return len(old[:limit])

    async def reserve_change(self, wanted: KeyedChange, since: datetime, limit: int) -> KeyedChange:
        """See the seam."""
        own = self._tables.keyed_changes.setdefault(wanted.caller, {})
        found = own.get(wanted.key)
        if found is not None and found.created_at >= since:
            return found
        if found is None and len(own) >= limit:
            raise TooManyKeys
        own[wanted.key] = wanted
        return wanted

    async def keep_change_answer(self, change: KeyedChange) -> None:
        """See the seam."""
        own = self._tables.keyed_changes.get(change.caller, {})
        found = own.get(change.key)
        if found is not None and found.attempt == change.attempt:
            own[change.key] = replace(found, status=change.status, answer=change.answer)

    async def release_change(self, change: KeyedChange) -> None:
        """See the seam."""
        own = self._tables.keyed_changes.get(change.caller, {})
        found = own.get(change.key)
        if found is not None and found.attempt == change.attempt:
            del own[change.key]

    async def remove_old_changes(self, before: datetime, limit: int) -> int:
        """See the seam."""
        changes = [one for own in self._tables.keyed_changes.values() for one in own.values()]
        changes.sort(key=lambda change: change.created_at)
        gone = [change for change in changes if change.created_at < before][:limit]
        for change in gone:
            del self._tables.keyed_changes[change.caller][change.key]
        return len(gone)

    def _found(self, bind: KeyedBind) -> KeyedBind | None:
        found = self._tables.keyed_binds.get(bind.app_key, {}).get(bind.key)
        return found if found is not None and found.binding_id == bind.binding_id else None

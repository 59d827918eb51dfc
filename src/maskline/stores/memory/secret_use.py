from collections.abc import Sequence

from maskline.domain.application_secret import SecretUse
from maskline.stores.memory.table import Tables


class MemorySecretUses:
    """`maskline.services.secret_use.SecretUseStore` on a dict."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def save_secret_uses(self, uses: Sequence[SecretUse]) -> None:
        """See the seam."""
        kept = self._tables.secret_uses
        for use in uses:
            before = kept.get((use.app_key, use.secret_id))
            if before is None or before.used_at < use.used_at:
                kept[use.app_key, use.secret_id] = use

    async def forget_secret_use(self, app_key: str, secret_id: str) -> None:
        """See the seam."""
        self._tables.secret_uses.pop((app_key, secret_id), None)

    async def secret_uses(self, app_key: str) -> tuple[SecretUse, ...]:
        """See the seam."""
        rows = [one for one in self._tables.secret_uses.values() if one.app_key == app_key]
        return tuple(sorted(rows, key=lambda one: one.secret_id))

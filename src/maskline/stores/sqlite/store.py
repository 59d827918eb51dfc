from pathlib import Path

from maskline.services.clock import Clock, SystemClock
from maskline.stores.keys import Keys
from maskline.stores.sqlite.account import SqliteAccounts
from maskline.stores.sqlite.audit import SqliteApiTokens, SqliteAudit
from maskline.stores.sqlite.billing import SqliteBilling
from maskline.stores.sqlite.binding import SqliteBindings
from maskline.stores.sqlite.bulletin import SqliteBulletins
from maskline.stores.sqlite.call import SqliteCalls
from maskline.stores.sqlite.call_rule import SqliteCallRules
from maskline.stores.sqlite.database import Database, SqliteLimits
from maskline.stores.sqlite.directory import SqliteDirectory
from maskline.stores.sqlite.dossier import SqliteDossiers
from maskline.stores.sqlite.ended_binding import SqliteEndedBindings
from maskline.stores.sqlite.happening import SqliteHappenings
from maskline.stores.sqlite.idempotency import SqliteIdempotency
from maskline.stores.sqlite.job import SqliteJobs
from maskline.stores.sqlite.message import SqliteMessages
from maskline.stores.sqlite.message_list import SqliteMessageLists
from maskline.stores.sqlite.message_segment import SqliteMessageSegments
from maskline.stores.sqlite.notice import SqliteNotices
from maskline.stores.sqlite.number_life import SqliteNumberLives
from maskline.stores.sqlite.number_pool import SqliteNumberPools
from maskline.stores.sqlite.outbox import SqliteOutbox
from maskline.stores.sqlite.person import SqlitePersons
from maskline.stores.sqlite.problem import SqliteProblems
from maskline.stores.sqlite.prompt import SqlitePrompts
from maskline.stores.sqlite.push import SqlitePushes
from maskline.stores.sqlite.recording import SqliteRecordings
from maskline.stores.sqlite.registrant import SqliteRegistrants
from maskline.stores.sqlite.report import SqliteReports
from maskline.stores.sqlite.secret_use import SqliteSecretUses
from maskline.stores.sqlite.session import SqliteSessions
from maskline.stores.sqlite.tally import SqliteTallies
from maskline.stores.sqlite.tenant_token import SqliteTenantTokens
from maskline.stores.sqlite.trace import SqliteTraces


class SqliteStore(
    SqliteDirectory,
    SqliteBindings,
    SqliteEndedBindings,
    SqliteCalls,
    SqlitePrompts,
    SqliteRecordings,
    SqliteRegistrants,
    SqliteTenantTokens,
    SqliteSecretUses,
    SqliteNumberPools,
    SqliteNumberLives,
    SqliteOutbox,
    SqliteNotices,
    SqliteIdempotency,
    SqliteMessages,
    SqliteMessageSegments,
    SqliteMessageLists,
    SqliteBulletins,
    SqliteCallRules,
    SqliteBilling,
    SqliteDossiers,
    SqliteReports,
    SqliteTraces,
    SqlitePersons,
    SqliteAccounts,
    SqliteSessions,
    SqliteAudit,
    SqliteApiTokens,
    SqliteJobs,
    SqlitePushes,
    SqliteProblems,
    SqliteHappenings,
    SqliteTallies,
):
    """`maskline.services.store.Store` in one SQLite file, for one process.

    `path` and its folder are made when missing. `keys` must be the same for the life of the
    file. `clock` only dates migrations. Used from one event loop. `counters` tell what it did.
    """

    def __init__(
        self,
        path: Path,
        keys: Keys,
        *,
        clock: Clock | None = None,
        limits: SqliteLimits | None = None,
    ) -> None:
        database = Database(path, keys, clock or SystemClock(), limits or SqliteLimits())
        super().__init__(database)
        self.counters = database.counters

    @property
    def is_shared(self) -> bool:
        """One process claims the file."""
        return False

    async def open(self) -> None:
        """Connect and bring the schema up to date.

        Raises StoreFailed: the file is held by another process, was written by a newer release
        or under another master key, or cannot be opened.
        """
        await self._database.open()

    async def close(self) -> None:
        """Finish what was accepted, then let go of the file."""
        await self._database.close()

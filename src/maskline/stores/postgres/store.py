from maskline.services.clock import Clock, SystemClock
from maskline.stores.keys import Keys
from maskline.stores.postgres.account import PostgresAccounts
from maskline.stores.postgres.audit import PostgresApiTokens, PostgresAudit
from maskline.stores.postgres.billing import PostgresBilling
from maskline.stores.postgres.binding import PostgresBindings
from maskline.stores.postgres.bulletin import PostgresBulletins
from maskline.stores.postgres.call import PostgresCalls
from maskline.stores.postgres.call_rule import PostgresCallRules
from maskline.stores.postgres.connection import PostgresLimits
from maskline.stores.postgres.database import Database
from maskline.stores.postgres.directory import PostgresDirectory
from maskline.stores.postgres.dossier import PostgresDossiers
from maskline.stores.postgres.ended_binding import PostgresEndedBindings
from maskline.stores.postgres.happening import PostgresHappenings
from maskline.stores.postgres.idempotency import PostgresIdempotency
from maskline.stores.postgres.job import PostgresJobs
from maskline.stores.postgres.message import PostgresMessages
from maskline.stores.postgres.message_list import PostgresMessageLists
from maskline.stores.postgres.message_segment import PostgresMessageSegments
from maskline.stores.postgres.notice import PostgresNotices
from maskline.stores.postgres.number_life import PostgresNumberLives
from maskline.stores.postgres.number_pool import PostgresNumberPools
from maskline.stores.postgres.outbox import PostgresOutbox
from maskline.stores.postgres.person import PostgresPersons
from maskline.stores.postgres.problem import PostgresProblems
from maskline.stores.postgres.prompt import PostgresPrompts
from maskline.stores.postgres.push import PostgresPushes
from maskline.stores.postgres.recording import PostgresRecordings
from maskline.stores.postgres.registrant import PostgresRegistrants
from maskline.stores.postgres.report import PostgresReports
from maskline.stores.postgres.secret_use import PostgresSecretUses
from maskline.stores.postgres.session import PostgresSessions
from maskline.stores.postgres.tally import PostgresTallies
from maskline.stores.postgres.tenant_token import PostgresTenantTokens
from maskline.stores.postgres.trace import PostgresTraces


class PostgresStore(
    PostgresDirectory,
    PostgresBindings,
    PostgresEndedBindings,
    PostgresCalls,
    PostgresPrompts,
    PostgresRecordings,
    PostgresRegistrants,
    PostgresTenantTokens,
    PostgresSecretUses,
    PostgresNumberPools,
    PostgresNumberLives,
    PostgresOutbox,
    PostgresNotices,
    PostgresIdempotency,
    PostgresMessages,
    PostgresMessageSegments,
    PostgresMessageLists,
    PostgresBulletins,
    PostgresCallRules,
    PostgresBilling,
    PostgresDossiers,
    PostgresReports,
    PostgresTraces,
    PostgresPersons,
    PostgresAccounts,
    PostgresSessions,
    PostgresAudit,
    PostgresApiTokens,
    PostgresJobs,
    PostgresPushes,
    PostgresProblems,
    PostgresHappenings,
    PostgresTallies,
):
    """`maskline.services.store.Store` in PostgreSQL, for any number of processes.

    `dsn` is a connection URL or string of libpq. `keys` must be the same for the life of the
    database. `clock` only dates migrations. Used from one event loop.
    `counters` tell what this process did.
    """

    def __init__(
        self,
        dsn: str,
        keys: Keys,
        *,
        clock: Clock | None = None,
        limits: PostgresLimits | None = None,
    ) -> None:
        database = Database(dsn, keys, clock or SystemClock(), limits or PostgresLimits())
        super().__init__(database)
        self.counters = database.counters

    @property
    def is_shared(self) -> bool:
        """Any number of processes may connect."""
        return True

    async def open(self) -> None:
        """Connect and apply the `pre` steps of the schema that are missing.

        Raises StoreFailed: the server cannot be reached, the schema was left to a newer release,
        or the database was written under another master key.
        """
        await self._database.open()

    async def close(self) -> None:
        """Finish what was accepted, then let go of the connections."""
        await self._database.close()

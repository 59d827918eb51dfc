from maskline.services.measure import StoreCounters
from maskline.stores.memory.account import MemoryAccounts, MemorySessions
from maskline.stores.memory.audit import MemoryApiTokens, MemoryAudit
from maskline.stores.memory.billing import MemoryBilling
from maskline.stores.memory.binding import MemoryBindings
from maskline.stores.memory.bulletin import MemoryBulletins
from maskline.stores.memory.call import MemoryCalls
from maskline.stores.memory.call_rule import MemoryCallRules
from maskline.stores.memory.directory import MemoryDirectory
from maskline.stores.memory.dossier import MemoryDossiers
from maskline.stores.memory.ended_binding import MemoryEndedBindings
from maskline.stores.memory.happening import MemoryHappenings
from maskline.stores.memory.idempotency import MemoryIdempotency
from maskline.stores.memory.job import MemoryJobs
from maskline.stores.memory.message import MemoryMessages
from maskline.stores.memory.message_list import MemoryMessageLists
from maskline.stores.memory.message_segment import MemoryMessageSegments
from maskline.stores.memory.notice import MemoryNotices
from maskline.stores.memory.number_life import MemoryNumberLives
from maskline.stores.memory.number_pool import MemoryNumberPools
from maskline.stores.memory.outbox import MemoryOutbox
from maskline.stores.memory.person import MemoryPersons
from maskline.stores.memory.problem import MemoryProblems
from maskline.stores.memory.prompt import MemoryPrompts
from maskline.stores.memory.push import MemoryPushes
from maskline.stores.memory.recording import MemoryRecordings
from maskline.stores.memory.registrant import MemoryRegistrants
from maskline.stores.memory.report import MemoryReports
from maskline.stores.memory.secret_use import MemorySecretUses
from maskline.stores.memory.table import Tables
from maskline.stores.memory.tally import MemoryTallies
from maskline.stores.memory.tenant_token import MemoryTenantTokens
from maskline.stores.memory.trace import MemoryTraces


class MemoryStore(
    MemoryDirectory,
    MemoryBindings,
    MemoryEndedBindings,
    MemoryCalls,
    MemoryPrompts,
    MemoryRecordings,
    MemoryRegistrants,
    MemoryTenantTokens,
    MemorySecretUses,
    MemoryNumberPools,
    MemoryNumberLives,
    MemoryOutbox,
    MemoryNotices,
    MemoryIdempotency,
    MemoryMessages,
    MemoryMessageSegments,
    MemoryMessageLists,
    MemoryBulletins,
    MemoryCallRules,
    MemoryBilling,
    MemoryDossiers,
    MemoryReports,
    MemoryTraces,
    MemoryPersons,
    MemoryAccounts,
    MemorySessions,
    MemoryAudit,
    MemoryApiTokens,
    MemoryJobs,
    MemoryPushes,
    MemoryProblems,
    MemoryHappenings,
    MemoryTallies,
):
    """`maskline.services.store.Store` without durability; one object is one database."""

    def __init__(self) -> None:
        super().__init__(Tables())
        self.counters = StoreCounters()

    @property
    def is_shared(self) -> bool:
        """No process has the memory of another."""
        return False

    async def open(self) -> None:
        """Nothing to connect to."""

    async def close(self) -> None:
        """Nothing to let go; what was stored stays while the object lives."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from typing import TypeAlias, TypeVar

from maskline.domain.account import AccountLink, Session, User
from maskline.domain.api_token import ApiToken
from maskline.domain.application import Application, Tenant
from maskline.domain.application_secret import SecretUse
from maskline.domain.audit import KeptEvent
from maskline.domain.binding import Binding, Onward, OnwardKind, Role
from maskline.domain.call import Call, CallRecord
from maskline.domain.call_rule import CallBlock, FrequencyRule
from maskline.domain.charge_run import ChargeRun, RunKind
from maskline.domain.dossier import Contact, Dossier
from maskline.domain.ended_binding import EndedBinding
from maskline.domain.happening import Happening
from maskline.domain.job import Job, JobRow, JobWish
from maskline.domain.ledger import MoneyAccount, Posting
from maskline.domain.message import BlockKind, CameSegment, Message, MessageBlock
from maskline.domain.notice import AcceptedTry, Endpoint, Notice, Trouble
from maskline.domain.number_life import NumberEvent, NumberLife, StockNumber
from maskline.domain.package import PackageOffer, PackagePurchase
from maskline.domain.problem import ProblemMark
from maskline.domain.prompt import Prompt
from maskline.domain.recording import Recording
from maskline.domain.registrant import Failures, Registrant, ReportFile
from maskline.domain.report import ReportRow
from maskline.domain.sms_link import SmsLink
from maskline.domain.tally import Tally
from maskline.domain.tariff import Tariff
from maskline.domain.tenant_token import TenantToken
from maskline.domain.trace import Trace
from maskline.domain.trunk import Trunk
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.billing.store import HeldNumber
from maskline.services.bulletin_store import Bulletin
from maskline.services.idempotency_store import KeyedBind, KeyedChange
from maskline.services.job_store import JobLease
from maskline.services.message_store import Lease as MessageLease
from maskline.services.page import Numbered, Slice
from maskline.services.person_store import Erasure
from maskline.services.store import NumberHold
from maskline.stores.bucket_share import Lease

Row = TypeVar("Row")


@dataclass(slots=True, kw_only=True)
class OutboxRow:
    """A notice in the queue, or delivered; `error` is None until a try has failed."""

    sequence: int
    notice: Notice
    due_at: datetime
    attempts: int = 0
    batch_id: str | None = None
    error: str | None = None
    is_dead: bool = False
    is_held: bool = False
    delivered_at: datetime | None = None
    accepted: AcceptedTry | None = None

    @property
    def endpoint(self) -> Endpoint:
        """The queue this notice stands in."""
        return Endpoint(app_key=self.notice.app_key, purpose=self.notice.purpose)


@dataclass(slots=True)
class SegmentRow:
    """A part of a message that came in several, and whether that message is accepted."""

    segment: CameSegment
    is_used: bool = False


NOBODYS = JobLease(holder="", until=datetime.min.replace(tzinfo=UTC))


@dataclass(slots=True)
class JobEntry:
    """A job, who works on it, and its rows by number."""

    job: Job
    wish: JobWish = JobWish.GO_ON
    lease: JobLease = NOBODYS
    rows: dict[int, JobRow] = field(default_factory=dict[int, JobRow])


SegmentPlace: TypeAlias = tuple[str, str, int, int]
"""What the parts of one message have in common: sender, X, reference, total."""


@dataclass(slots=True)
class Tables:
    """Everything a memory store holds; dicts keep the order of writing.

    `routes` is keyed by (virtual number, real number or what stands in its place). `bound_today`
    holds a day and its count. `free_extensions` holds, by X and extension, when each was freed,
    None for one never used. `places` numbers the bindings in their order. `prompts` is keyed by
    (app_key, name), `secret_uses` by application and secret, `holds` by X, `sounds` by digest,
    `report_files` by (tenant, name), `registrants` and `failures` by (tenant, number),
    `keyed_binds` by application and key, `keyed_changes` by caller and key.
    `keyed_binds` by application and key, `call_counts` (moments in microseconds) by rule and key,
    `postings` by source, `held_numbers` (with their tenant) by number, `dossiers` by what they are
    and id, `contacts` by tenant and id.
    `message_marks` has the connection and time of what came last, by link and digest, and
    `message_connections` what is known to be heard, by connection; `segments`
    are keyed by place and number, `blocks` by (kind, app_key, number), `reply_tags` by binding and
    number. Live notices stand by sequence in `outbox`, and again in the `queues` of their endpoint
    and the `streams` of their call.
    """

    tenants: dict[str, Tenant] = field(default_factory=dict[str, Tenant])
    applications: dict[str, Application] = field(default_factory=dict[str, Application])
    numbers: dict[str, VirtualNumber] = field(default_factory=dict[str, VirtualNumber])
    number_lives: dict[str, NumberLife] = field(default_factory=dict[str, NumberLife])
    number_events: dict[int, NumberEvent] = field(default_factory=dict[int, NumberEvent])
    stock: dict[str, StockNumber] = field(default_factory=dict[str, StockNumber])
    trunks: dict[str, Trunk] = field(default_factory=dict[str, Trunk])
    bindings: dict[str, Binding] = field(default_factory=dict[str, Binding])
    ended_bindings: list[EndedBinding] = field(default_factory=list[EndedBinding])
    places: dict[str, int] = field(default_factory=dict[str, int])
    onward: dict[tuple[str, OnwardKind], Onward] = field(
        default_factory=dict[tuple[str, OnwardKind], Onward]
    )
    bound_today: dict[str, tuple[date, int]] = field(default_factory=dict[str, tuple[date, int]])
    free_extensions: dict[str, dict[int, datetime | None]] = field(
        default_factory=dict[str, dict[int, datetime | None]]
    )
    routes: dict[tuple[str, str], tuple[str, Role]] = field(
        default_factory=dict[tuple[str, str], tuple[str, Role]]
    )
    live_calls: dict[str, Call] = field(default_factory=dict[str, Call])
    records: dict[str, CallRecord] = field(default_factory=dict[str, CallRecord])
    holds: dict[str, NumberHold] = field(default_factory=dict[str, NumberHold])
    traces: dict[str, Trace] = field(default_factory=dict[str, Trace])
    erasures: list[Erasure] = field(default_factory=list[Erasure])
    secret_uses: dict[tuple[str, str], SecretUse] = field(
        default_factory=dict[tuple[str, str], SecretUse]
    )
    prompts: dict[tuple[str, str], Prompt] = field(default_factory=dict[tuple[str, str], Prompt])
    sounds: dict[str, bytes] = field(default_factory=dict[str, bytes])
    recordings: dict[str, Recording] = field(default_factory=dict[str, Recording])
    report_files: dict[tuple[str, str], tuple[ReportFile, bytes]] = field(
        default_factory=dict[tuple[str, str], tuple[ReportFile, bytes]]
    )
    registrants: dict[tuple[str, str], Registrant] = field(
        default_factory=dict[tuple[str, str], Registrant]
    )
    failures: dict[tuple[str, str], Failures] = field(
        default_factory=dict[tuple[str, str], Failures]
    )
    tenant_tokens: dict[bytes, TenantToken] = field(default_factory=dict[bytes, TenantToken])
    keyed_binds: dict[str, dict[str, KeyedBind]] = field(
        default_factory=dict[str, dict[str, KeyedBind]]
    )
    keyed_changes: dict[str, dict[str, KeyedChange]] = field(
        default_factory=dict[str, dict[str, KeyedChange]]
    )
    outbox: dict[int, OutboxRow] = field(default_factory=dict[int, OutboxRow])
    queues: dict[Endpoint, dict[int, OutboxRow]] = field(
        default_factory=dict[Endpoint, dict[int, OutboxRow]]
    )
    streams: dict[str, dict[int, OutboxRow]] = field(
        default_factory=dict[str, dict[int, OutboxRow]]
    )
    dead: dict[int, OutboxRow] = field(default_factory=dict[int, OutboxRow])
    bucket_leases: dict[int, Lease] = field(default_factory=dict[int, Lease])
    bucket_holders: dict[str, int] = field(default_factory=dict[str, int])
    troubles: dict[Endpoint, Trouble] = field(default_factory=dict[Endpoint, Trouble])
    messages: dict[str, Message] = field(default_factory=dict[str, Message])
    message_leases: dict[str, MessageLease] = field(default_factory=dict[str, MessageLease])
    message_connections: dict[str, datetime] = field(default_factory=dict[str, datetime])
    message_marks: dict[tuple[str, bytes], tuple[str, datetime]] = field(
        default_factory=dict[tuple[str, bytes], tuple[str, datetime]]
    )
    message_days: dict[tuple[str, date], int] = field(default_factory=dict[tuple[str, date], int])
    segments: dict[SegmentPlace, dict[int, SegmentRow]] = field(
        default_factory=dict[SegmentPlace, dict[int, SegmentRow]]
    )
    blocks: dict[tuple[BlockKind, str, str], MessageBlock] = field(
        default_factory=dict[tuple[BlockKind, str, str], MessageBlock]
    )
    reply_tags: dict[str, dict[str, tuple[int, datetime]]] = field(
        default_factory=dict[str, dict[str, tuple[int, datetime]]]
    )
    sms_links: dict[str, SmsLink] = field(default_factory=dict[str, SmsLink])
    audit_events: list[KeptEvent] = field(default_factory=list[KeptEvent])
    api_tokens: dict[bytes, ApiToken] = field(default_factory=dict[bytes, ApiToken])
    users: dict[str, User] = field(default_factory=dict[str, User])
    account_links: dict[bytes, AccountLink] = field(default_factory=dict[bytes, AccountLink])
    sessions: dict[bytes, Session] = field(default_factory=dict[bytes, Session])
    jobs: dict[str, JobEntry] = field(default_factory=dict[str, JobEntry])
    bulletins: dict[int, Bulletin] = field(default_factory=dict[int, Bulletin])
    call_blocks: dict[str, CallBlock] = field(default_factory=dict[str, CallBlock])
    frequency_rules: dict[str, FrequencyRule] = field(default_factory=dict[str, FrequencyRule])
    call_counts: dict[tuple[str, str], list[int]] = field(
        default_factory=dict[tuple[str, str], list[int]]
    )
    tariffs: dict[str, Tariff] = field(default_factory=dict[str, Tariff])
    package_offers: dict[str, PackageOffer] = field(default_factory=dict[str, PackageOffer])
    purchases: dict[str, PackagePurchase] = field(default_factory=dict[str, PackagePurchase])
    postings: dict[str, Posting] = field(default_factory=dict[str, Posting])
    money_accounts: dict[str, MoneyAccount] = field(default_factory=dict[str, MoneyAccount])
    held_numbers: dict[str, tuple[str, HeldNumber]] = field(
        default_factory=dict[str, tuple[str, HeldNumber]]
    )
    charge_runs: dict[tuple[RunKind, str], ChargeRun] = field(
        default_factory=dict[tuple[RunKind, str], ChargeRun]
    )
    dossiers: dict[tuple[type[Dossier], str], Dossier] = field(
        default_factory=dict[tuple[type[Dossier], str], Dossier]
    )
    contacts: dict[tuple[str, str], Contact] = field(default_factory=dict[tuple[str, str], Contact])
    reports: dict[date, tuple[ReportRow, ...]] = field(
        default_factory=dict[date, tuple[ReportRow, ...]]
    )
    happenings: dict[int, Happening] = field(default_factory=dict[int, Happening])
    tallies: dict[tuple[str, datetime, str, str], Tally] = field(
        default_factory=dict[tuple[str, datetime, str, str], Tally]
    )
    delivered: dict[int, OutboxRow] = field(default_factory=dict[int, OutboxRow])
    marks: dict[str, ProblemMark] = field(default_factory=dict[str, ProblemMark])
    counted_records: set[str] = field(default_factory=set[str])
    registrant_places: dict[tuple[str, str], int] = field(
        default_factory=dict[tuple[str, str], int]
    )
    sequences: Iterator[int] = field(default_factory=lambda: count(1))


def numbered(rows: Sequence[Row], part: Slice) -> Numbered[Row]:
    """The slice of all rows that is asked for."""
    return Numbered(rows=tuple(rows[part.offset : part.offset + part.limit]), total=len(rows))


def is_of(app_key: str, wanted: str | None, among: tuple[str, ...] | None) -> bool:
    """Whether an application is the wanted one, and among those of whoever asks."""
    return wanted in {None, app_key} and (among is None or app_key in among)

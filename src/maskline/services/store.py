"""The store seam: named units of work and reads, grouped by subject.

Every implementation passes `tests/contract/store`. Rules that hold for all of them:

- A unit of work is atomic and durable when its awaitable is done; before that, nothing is promised.
- A full write queue raises `StoreBusy` at once; a unit that fails raises `StoreFailed` and
  nothing of it is kept.
- Real numbers, secrets and notice bodies are sealed at rest and looked up by a keyed hash;
  values passed in and out are plain.
- Reads by key return None when nothing is there; lists are bounded by their page, in the order of
  `maskline.services.list_order`. The cursor of another list raises InvalidParameter ("after").
"""

from asyncio import Future
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from maskline.domain.application import Application, Tenant
from maskline.domain.binding import Binding, Onward, OnwardKind, YbBinding
from maskline.domain.call import Call, CallRecord
from maskline.domain.notice import AcceptedTry, Endpoint, FailedTry, Notice, QueuedNotice
from maskline.domain.number_choice import AS_EVER, ChoiceRules, Repeat
from maskline.domain.number_life import NumberEvent
from maskline.domain.prompt import Prompt
from maskline.domain.recording import Recording
from maskline.domain.route import RouteFound
from maskline.domain.trunk import Trunk
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.account_store import AccountStore, SessionStore
from maskline.services.audit_store import ApiTokenStore, AuditStore
from maskline.services.billing.store import BillingStore
from maskline.services.bulletin_store import BulletinStore
from maskline.services.call_rule_store import CallRuleStore
from maskline.services.dossier_store import DossierStore
from maskline.services.ended_binding_store import EndedBindingStore
from maskline.services.happening_store import HappeningStore
from maskline.services.idempotency_store import IdempotencyStore
from maskline.services.job_store import JobStore
from maskline.services.list_filter import (
    BindingFilter,
    CallFilter,
    NumberFilter,
    PromptFilter,
    RecordFilter,
    RecordingFilter,
)
from maskline.services.measure import StoreCounters
from maskline.services.message_store import MessageStore
from maskline.services.notice_store import NoticeStore
from maskline.services.number_life_store import NumberLifeStore
from maskline.services.number_pool import NumberPoolStore
from maskline.services.page import Count, Listing, Numbered, Page, Slice
from maskline.services.person_store import PersonStore
from maskline.services.problem_store import ProblemStore
from maskline.services.push_store import PushStore
from maskline.services.registrant_store import RegistrantStore
from maskline.services.report_store import ReportStore
from maskline.services.secret_use import SecretUseStore
from maskline.services.tally_store import TallyStore
from maskline.services.tenant_token_store import TenantTokenStore
from maskline.services.trace_store import TraceStore

Bound = TypeVar("Bound", bound=Binding)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberChoice:
    """How the store picks X for a binding: city by city, best first.

    Each entry of `area_codes` is tried in order; with `any_area` every number of the application
    follows. Candidates are in a state that may bind, are not held, keep to the limits of the bind,
    and hold no binding with A or B, or, where one takes every caller, none at all. `rules` narrow
    that, and may prefer one of them; of those that are as good the least used one is taken.
    """

    area_codes: tuple[str, ...]
    any_area: bool
    rules: ChoiceRules = AS_EVER

    @property
    def is_plain(self) -> bool:
        """Whether nothing but the cities decides."""
        rules = self.rules
        return rules.pool is None and rules.repeat is Repeat.ANY and not rules.cool_off_h


@dataclass(frozen=True, slots=True, kw_only=True)
class BindLimits:
    """What a new binding has to keep to.

    `pairs` bindings on one number; `numbers_of_a` numbers that one A may hold in the application,
    0 is no limit; `binds_a_day` new bindings on one number in a day (UTC), 0 is no limit.
    `extension_digits` is the length of an extension that is to be allotted, or was chosen.
    """

    pairs: int
    numbers_of_a: int = 0
    binds_a_day: int = 0
    extension_digits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberHold:
    """A virtual number that carries one call at a time, in the hands of one.

    `host` is the worker that has the call, `taken_at` when it took the number.
    """

    x: str
    session_id: str
    host: str
    taken_at: datetime


class DirectoryStore(Protocol):
    """Tenants, applications, numbers and trunks: written seldom, read often."""

    async def add_tenant(self, tenant: Tenant) -> None:
        """Keep a new tenant. Raises DuplicateRecord."""
        ...

    async def save_tenant(self, tenant: Tenant) -> None:
        """Replace a tenant; its creation time stays. Raises UnknownRecord."""
        ...

    async def tenant(self, tenant_id: str) -> Tenant | None:
        """One tenant."""
        ...

    async def tenants(self, page: Page) -> Listing[Tenant]:
        """Tenants by id."""
        ...

    async def add_application(self, application: Application) -> None:
        """Keep a new application. Raises DuplicateRecord, UnknownRecord (tenant)."""
        ...

    async def save_application(self, application: Application) -> None:
        """Replace an application; mode, tenant, creation time stay. Raises UnknownRecord."""
        ...

    async def application(self, app_key: str) -> Application | None:
        """One application with its secret."""
        ...

    async def applications(self, tenant_id: str | None, page: Page) -> Listing[Application]:
        """Applications by creation time."""
        ...

    async def add_numbers(
        self, numbers: Sequence[VirtualNumber], events: Sequence[NumberEvent] = ()
    ) -> None:
        """Keep new virtual numbers, and what their history says of it, all or none.

        Raises DuplicateRecord (it is in stock as well), UnknownRecord (application).
        """
        ...

    async def save_number(
        self,
        number: VirtualNumber,
        notices: Sequence[Notice] = (),
        events: Sequence[NumberEvent] = (),
    ) -> None:
        """Replace what may change of a number, keep and queue what is told of it, in one unit.

        Owner, pairs, creation time stay. Raises UnknownRecord.
        """
        ...

    async def number(self, number: str) -> VirtualNumber | None:
        """One virtual number."""
        ...

    async def numbers(self, wanted: NumberFilter, page: Page) -> Listing[VirtualNumber]:
        """Virtual numbers by number."""
        ...

    async def count_numbers_in(self, wanted: NumberFilter) -> Count:
        """How many they are."""
        ...

    async def numbers_after(
        self, app_key: str, after: str, limit: int
    ) -> tuple[VirtualNumber, ...]:
        """Up to `limit` virtual numbers of an application, by number, that come behind `after`."""
        ...

    async def numbers_named(self, numbers: Sequence[str]) -> tuple[VirtualNumber, ...]:
        """Those of up to 1,000 virtual numbers that are there, in no order."""
        ...

    async def count_numbers(self, tenant_id: str) -> int:
        """How many virtual numbers the applications of a tenant have and have not returned."""
        ...

    async def move_number(
        self, number: str, app_key: str, to: str, events: Sequence[NumberEvent] = ()
    ) -> None:
        """Give a virtual number of `app_key` to the application `to`, which is there.

        Raises UnknownRecord: no such number of that application, or it holds bindings.
        """
        ...

    async def save_trunk(self, trunk: Trunk) -> None:
        """Add or replace a trunk by name."""
        ...

    async def remove_trunk(self, name: str) -> None:
        """Forget a trunk. Raises UnknownRecord."""
        ...

    async def trunks(self) -> tuple[Trunk, ...]:
        """All trunks by name; there are few."""
        ...


class BindingStore(Protocol):
    """Bindings and the routes that make them dialable: they appear and vanish together.

    `on_bound` hears of every binding, part or relation that was made here, once it is durable.
    """

    on_bound: Callable[[Binding], None] | None

    async def bind(
        self, binding: Bound, limits: BindLimits, now: datetime, choice: NumberChoice | None
    ) -> Bound:
        """Bind, in one unit. With `choice`, X is picked and `binding.x` ignored.

        Among candidates the one with the fewest pairs wins, then the lowest number. Expired
        bindings in the way are removed. An AXE binding without an extension is given one: such as
        were never used on X first, then those that have been free for longest. Returns the binding
        as it stands. Not for YB parts. Raises UnknownRecord (no such X), NumberNotOwned,
        NumberUnavailable, NumberFull, AlreadyBound (A or B on that X, or A is B),
        NumberPoolExhausted (no candidate), TooManyNumbers (of A), DailyLimitReached (X),
        ExtensionTaken (the chosen one, or all), DuplicateRecord (the binding id).
        """
        ...

    async def bind_yb(
        self, binding: YbBinding, limits: BindLimits, now: datetime, choice: NumberChoice
    ) -> YbBinding:
        """Add a YB part to its live relation: Y is picked, and returned with it.

        A candidate is no X of a relation, holds no YB part of the same A, and fewer than
        `limits.pairs`; such as hold some already come first. Raises UnknownRecord (the relation),
        AlreadyBound (B has a Y in it), NumberPoolExhausted, DuplicateRecord.
        """
        ...

    async def modify(
        self, binding: Binding, limits: BindLimits, now: datetime, *, recounts: bool = False
    ) -> None:
        """Replace a live binding of the same id and app; X, Y and extension stay.

        Only with `recounts` its close rule counts anew: else the calls that are left stay, and so
        does the time it is open for want of calls while the deadline is the same.

        Raises UnknownRecord (missing, expired, other app), NumberUnavailable (X may neither
        bind nor call), AlreadyBound, TooManyNumbers (of a new A).
        """
        ...

    async def unbind(self, app_key: str, binding_id: str, now: datetime) -> None:
        """Remove one binding with its routes; a relation goes with its YB parts.

        Raises UnknownRecord (also when expired).
        """
        ...

    async def unbind_number(self, app_key: str, x: str, now: datetime) -> int:
        """Remove all bindings of X. Returns how many were live.

        Raises UnknownRecord (no such X), NumberNotOwned.
        """
        ...

    async def binding(self, app_key: str | None, binding_id: str) -> Binding | None:
        """One binding, of this application unless None; expired ones are still found."""
        ...

    async def bindings(self, wanted: BindingFilter, now: datetime, page: Page) -> Listing[Binding]:
        """Live bindings, oldest first unless asked otherwise."""
        ...

    async def count_bindings(self, wanted: BindingFilter, now: datetime) -> Count:
        """How many they are."""
        ...

    async def bindings_of_number(
        self, wanted: BindingFilter, now: datetime, part: Slice
    ) -> Numbered[Binding]:
        """Live bindings of `wanted.x`, oldest first, and how many: a number holds so many only.

        Looks at `app_key`, `x`, `a` and `b`.
        """
        ...

    async def bindings_after(
        self, app_key: str, x: str, after: int, now: datetime, limit: int
    ) -> tuple[tuple[int, Binding], ...]:
        """Up to `limit` live bindings of X, each with its place in the order of binding.

        Only those behind place `after` (from 0); the cost does not grow with what is before it.
        """
        ...

    async def extension(self, app_key: str, x: str, extension: str) -> Binding | None:
        """The AXE binding that has this extension on X; an expired one is still found."""
        ...

    async def holds_y(self, y: str, b: str, now: datetime) -> bool:
        """Whether this B is bound to this Y in any live relation."""
        ...

    async def remove_expired(self, now: datetime, limit: int) -> int:
        """Sweep at most `limit` expired bindings, longest expired first; returns how many."""
        ...

    async def route(self, x: str, caller: str) -> RouteFound:
        """The one read of a call: X and the binding that counts for the caller on it."""
        ...

    async def route_extension(self, x: str, extension: str) -> RouteFound:
        """The same for a caller who keyed in an extension, as B."""
        ...

    async def set_onward(
        self, app_key: str, binding_id: str, kind: OnwardKind, onward: Onward, now: datetime
    ) -> None:
        """Set where A's next call goes, in place of an earlier one of this kind.

        Raises UnknownRecord (missing, expired, other app).
        """
        ...


class CallStore(Protocol):
    """Live calls and their records.

    `save_call` and `finish_call` take the work at the moment they are called, in that order,
    and return a future that is done when it is durable: a call may go on meanwhile.
    """

    def save_call(self, call: Call, notices: Sequence[Notice]) -> Future[None]:
        """Keep the snapshot of a live call and its notices. Raises StoreBusy at once.

        After the record of the session it is ignored together with its notices.
        """
        ...

    def finish_call(self, record: CallRecord, notices: Sequence[Notice]) -> Future[None]:
        """Keep the record and its notices, forget the live call. Raises StoreBusy at once.

        What the call's close rule asks of its binding happens in the same unit: an answered call is
        counted, and the binding removed with the last one; the idle time of a binding begins anew.
        A number that the call has taken is free again.
        A second record of the same session is ignored together with its notices.
        """
        ...

    async def take_number(self, hold: NumberHold, abandoned_before: datetime) -> bool:
        """Let one call of all workers have a number; False while another has it.

        A call of the same host gives it up: its worker knows that it has hung up. So does one that
        took it before `abandoned_before` and is not live: its worker died with it. Only calls of
        mode AX may take one.
        """
        ...

    async def live_call(self, session_id: str) -> Call | None:
        """One call without a record."""
        ...

    async def live_calls(self, wanted: CallFilter, page: Page) -> Listing[Call]:
        """Calls without a record, oldest first."""
        ...

    async def call_records(self, wanted: RecordFilter, page: Page) -> Listing[CallRecord]:
        """Records, newest first."""
        ...

    async def count_call_records(self, wanted: RecordFilter) -> Count:
        """How many they are."""
        ...

    async def remove_old_records(self, app_key: str, before: datetime, limit: int) -> int:
        """Forget at most `limit` records of calls that ended before a moment, oldest first.

        What was still to be pushed of these calls, or was given up, goes too. Returns how many
        records went.
        """
        ...


class PromptStore(Protocol):
    """Prompts, and their sounds by content hash: a sound that several prompts have is kept once."""

    async def save_prompt(self, prompt: Prompt, sound: bytes | None) -> None:
        """Add or replace a prompt; `sound` is the WAV file of its submission when that is new.

        A sound that no prompt refers to any more goes. Raises UnknownRecord (the application, or
        an audio of the prompt without its sound).
        """
        ...

    async def remove_prompt(self, app_key: str, name: str) -> None:
        """Forget a prompt and what only it refers to. Raises UnknownRecord."""
        ...

    async def prompt(self, app_key: str, name: str) -> Prompt | None:
        """One prompt."""
        ...

    async def prompts(self, wanted: PromptFilter, page: Page) -> Listing[Prompt]:
        """Prompts by application and name."""
        ...

    async def prompt_sound(self, digest: str) -> bytes | None:
        """The WAV file with this SHA-256."""
        ...


class RecordingStore(Protocol):
    """Where recordings are and how long they are kept; the audio itself is elsewhere."""

    def save_recording(self, recording: Recording) -> Future[None]:
        """Add or replace a recording; taken at once, in order, as `CallStore` does.

        Raises StoreBusy at once.
        """
        ...

    async def recording(self, object_name: str) -> Recording | None:
        """One recording; expired ones are still found."""
        ...

    async def recordings(self, wanted: RecordingFilter, page: Page) -> Listing[Recording]:
        """Recordings, newest start first."""
        ...

    async def expired_recordings(
        self, now: datetime, limit: int, skip: int = 0
    ) -> tuple[Recording, ...]:
        """Kept recordings past their time, longest first, without the first `skip` of them."""
        ...

    async def remove_recording(self, object_name: str) -> None:
        """Forget a recording; an unknown one is ignored."""
        ...


class OutboxStore(Protocol):
    """The queue of notices, leased by `due_at`.

    A notice is due from its creation. It is claimable when it is due, not dead, and no earlier
    live notice of its stream is waiting or leased, except those for another origin that have failed
    before or stand behind one that has: a dead receiver of events must not hold back the records of
    another one. A call record does not wait for those of its own origin either, once they, or one
    that they stand behind, failed at the `RECORD_PATIENCE`th try. What was let go stays so. One
    claim holds at most one notice of a stream for each origin, but for such records. A dead notice
    is kept and counted, and holds nothing back.
    """

    async def due_endpoints(
        self, now: datetime, limit: int, buckets: Collection[int] | None = None
    ) -> tuple[Endpoint, ...]:
        """Endpoints with something claimable, longest due first; of these buckets unless None.

        The cost grows with endpoints, not with their backlog.
        """
        ...

    async def claim(
        self, endpoint: Endpoint, now: datetime, lease_until: datetime, limit: int
    ) -> tuple[QueuedNotice, ...]:
        """Lease up to `limit` single notices, longest due first.

        They come in the order they were written. A lease that is not settled runs out at
        `lease_until`: the notice is then claimable again.
        """
        ...

    async def claim_batch(
        self,
        endpoint: Endpoint,
        now: datetime,
        lease_until: datetime,
        limit: int,
        batch_id: str,
    ) -> tuple[QueuedNotice, ...]:
        """Lease notices that are pushed together.

        An earlier batch that is due again comes back as it was; else up to `limit` unbatched
        ones become the batch `batch_id`.
        """
        ...

    async def settle(
        self,
        delivered: Sequence[int],
        failed: Sequence[FailedTry],
        kept: Mapping[int, AcceptedTry] | None = None,
    ) -> frozenset[Endpoint]:
        """Take out what was delivered; make failed tries due later or dead. By sequence.

        What was delivered is kept for people to look at where `kept` says how it was accepted.
        A try without an error was not made: its notice has one try less, and the error it had.

        A sequence that is not live is ignored; none is used twice. Returns the endpoints of which
        something is let go that was held back.
        """
        ...

    async def next_due(
        self, now: datetime, buckets: Collection[int] | None = None
    ) -> datetime | None:
        """When the next notice or lease that nothing holds back is due; may be past. Else None.

        Of these buckets unless None.
        """
        ...

    async def lease_buckets(
        self, holder: str, now: datetime, until: datetime, want: int
    ) -> tuple[int, ...]:
        """The buckets that `holder` serves until `until`, in order.

        Everybody who asks has a fair share until its `until` has passed: so many buckets that
        all together have all, and no more than `want`. What it holds is renewed up to that share
        and given back beyond it; what is free or has run out is taken. No bucket is leased to two
        at once, as far as their clocks agree: ask again well before `until`.
        """
        ...

    async def return_buckets(self, holder: str) -> None:
        """Give back all that `holder` leases, and ask for no share any more."""
        ...

    async def outbox_depth(self) -> tuple[int, int]:
        """How many notices wait, and how many are dead."""
        ...


class DeliveryStore(OutboxStore, NoticeStore, PushStore, HappeningStore, Protocol):
    """What the delivery plane works on."""


class Store(
    DirectoryStore,
    BindingStore,
    EndedBindingStore,
    CallStore,
    PromptStore,
    RecordingStore,
    RegistrantStore,
    TenantTokenStore,
    SecretUseStore,
    NumberPoolStore,
    NumberLifeStore,
    DeliveryStore,
    IdempotencyStore,
    MessageStore,
    BulletinStore,
    CallRuleStore,
    BillingStore,
    DossierStore,
    ReportStore,
    TraceStore,
    PersonStore,
    AccountStore,
    SessionStore,
    AuditStore,
    ApiTokenStore,
    JobStore,
    HappeningStore,
    TallyStore,
    ProblemStore,
    Protocol,
):
    """All of it; `open` runs migrations before anything else. `counters` tell what it did."""

    counters: StoreCounters

    @property
    def is_shared(self) -> bool:
        """Whether several processes may have it open at the same time."""
        ...

    async def open(self) -> None:
        """Connect and bring the schema up to date. Raises StoreFailed."""
        ...

    async def close(self) -> None:
        """Finish what was accepted, then let go."""
        ...

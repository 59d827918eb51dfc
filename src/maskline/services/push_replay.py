"""Jobs that have many dead pushes made again, at a rate; and what they would do beforehand."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Protocol

import msgspec
from msgspec import Meta, Struct

from maskline.domain.access import Caller
from maskline.domain.error import InvalidParameter, StepUpNeeded, UnknownRecord
from maskline.domain.job import JobRow, JobState, RowOutcome
from maskline.domain.notice import Endpoint, NoticeState, Purpose
from maskline.services.clock import Clock
from maskline.services.job_run import JobRun
from maskline.services.job_store import JobStore
from maskline.services.notice_desk import TroubleStore, troubled_receivers
from maskline.services.notice_store import NoticeFilter
from maskline.services.number_import import all_applications
from maskline.services.page import Count, Page

PROVED_ABOVE = 1_000
"""Pushes beyond which whoever has them made again has to prove once more who it is."""

MAX_WEIGHED = 10_000
"""Pushes that a preview looks at."""

MAX_LOOKS = 60
"""Pages that a preview reads; most of them may be without a match."""

LOOK = 500
MAX_RATE = 500
MAX_RECEIVERS = 50_000
"""Receivers of one job."""

NONE = Count(0)
HEADER = ("app_key", "purpose", "replayed")


class ReplayOrder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which dead pushes are made again, all that match: of an application, a call, one push.

    None does not restrict. `per_second` is how many wait again each second, so that a receiver that
    has come back is not buried.
    """

    app_key: str | None = None
    push_id: str | None = None
    session_id: str | None = None
    purpose: Purpose | None = None
    since: datetime | None = None
    until: datetime | None = None
    per_second: Annotated[int, Meta(ge=1, le=MAX_RATE)] = 20


class ReplayedEndpoint(Struct, frozen=True, kw_only=True):
    """A receiver of an application and its dead pushes; a disabled one gets none."""

    app_key: str
    purpose: Purpose
    pushes: int
    is_disabled: bool


class ReplayEffects(Struct, frozen=True, kw_only=True):
    """What an order would do, in `takes_s` seconds or more; those of disabled receivers stay dead.

    `is_bounded` says that there are more than were looked at, the newest of them.
    """

    pushes: int
    is_bounded: bool
    applications: int
    endpoints: tuple[ReplayedEndpoint, ...]
    oldest_at: datetime | None
    takes_s: int


class ReplayStore(TroubleStore, JobStore, Protocol):
    """What such jobs read and write."""


_order = msgspec.json.Decoder(ReplayOrder).decode


class PushReplays:
    """Weighs orders, and does them as jobs. `hint` wakes the delivery plane of this process."""

    def __init__(
        self,
        store: ReplayStore,
        clock: Clock,
        hint: Callable[[], None],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._clock = clock
        self._hint = hint
        self._pause = pause

    async def preview(self, order: ReplayOrder, tenant_id: str | None) -> ReplayEffects:
        """What it would do to what is a tenant's, None for all. Raises InvalidParameter."""
        wanted = _wanted(order, await self._own(tenant_id) if tenant_id is not None else None)
        counts, oldest_at, looks = Counter[Endpoint](), None, 0
        page: Page | None = Page(limit=LOOK)
        while page is not None and counts.total() < MAX_WEIGHED and looks < MAX_LOOKS:
            found = await self._store.notices(wanted, page)
            for row in found.rows:
                notice, oldest_at = row.notice, row.notice.created_at
                counts[Endpoint(app_key=notice.app_key, purpose=notice.purpose)] += 1
            page = None if found.next is None else Page(limit=LOOK, after=found.next)
            looks += 1
        disabled = await self._disabled(None)
        endpoints = [
            ReplayedEndpoint(
                app_key=one.app_key,
                purpose=one.purpose,
                pushes=count,
                is_disabled=one in disabled,
            )
            for one, count in counts.most_common()
        ]
        total = sum(one.pushes for one in endpoints if not one.is_disabled)
        return ReplayEffects(
            pushes=total,
            is_bounded=page is not None,
            applications=len({one.app_key for one in endpoints}),
            endpoints=tuple(endpoints),
            oldest_at=oldest_at,
            takes_s=-(-total // order.per_second),
        )

    async def check(self, order: ReplayOrder, caller: Caller) -> None:
        """Whether somebody may have this. Raises UnknownRecord, StepUpNeeded, InvalidParameter."""
        effects = await self.preview(order, caller.tenant_id)
        if effects.pushes == 0 and not effects.is_bounded:
            raise UnknownRecord("no dead push matches whose receiver is not disabled")
        is_much = effects.is_bounded or effects.pushes > PROVED_ABOVE
        if is_much and not caller.is_stepped_up:
            raise StepUpNeeded

    async def run(self, run: JobRun) -> JobState:
        """Put them back receiver by receiver, oldest first, none twice that dies again meanwhile.

        A row is a receiver; its plan is the sequence up to which it is done.
        """
        order = _order(run.job.order)
        await run.tell(header=HEADER)
        kept = await self._store.job_rows(run.job.job_id, None, 0, MAX_RECEIVERS)
        rows = {row.cells[:2]: row for row in kept}
        for app_key in await self._applications(order, run.job.tenant_id):
            disabled = await self._disabled(app_key)
            for purpose in Purpose:
                wanted = _of_receiver(order, app_key, purpose, run.job.created_at)
                dead = await self._store.count_notices(wanted) if wanted is not None else NONE
                if wanted is None or dead.count == 0:
                    continue
                row = rows.setdefault((app_key, purpose), _row(len(rows) + 1, app_key, purpose))
                handled = run.job.done + run.job.failed
                await run.tell(total=max(run.job.total, handled + dead.count))
                if Endpoint(app_key=app_key, purpose=purpose) in disabled:
                    await _refuse(run, row, dead.count)
                else:
                    await self._replay(run, row, wanted, order.per_second)
        return JobState.DONE

    async def _replay(
        self, run: JobRun, row: JobRow, wanted: NoticeFilter, per_second: int
    ) -> None:
        above, replayed = int(row.plan), int(row.cells[2])
        while back := await self._store.revive(wanted, self._clock.now(), per_second, above):
            self._hint()
            # what came back with its batch may stand before what was not chosen yet
            above = [one for one in back if one > above][:per_second][-1]
            replayed += len(back)
            cells = (*row.cells[:2], str(replayed))
            row = replace(row, outcome=RowOutcome.DONE, cells=cells, plan=b"%d" % above)
            done = run.job.done + len(back)
            await run.tell([row], done=done, total=max(run.job.total, done + run.job.failed))
            await self._pause(len(back) / per_second)

    async def _applications(self, order: ReplayOrder, tenant_id: str | None) -> Sequence[str]:
        own = await self._own(tenant_id)
        if order.app_key is not None:
            return [app_key for app_key in own if app_key == order.app_key]
        if order.push_id is None and order.session_id is None:
            return own
        found = await self._store.notices(_wanted(order, own), Page(limit=1))
        return [row.notice.app_key for row in found.rows]

    async def _own(self, tenant_id: str | None) -> tuple[str, ...]:
        return tuple(one.app_key for one in await all_applications(self._store, tenant_id))

    async def _disabled(self, app_key: str | None) -> frozenset[Endpoint]:
        troubled = await troubled_receivers(self._store, app_key)
        return frozenset(
            one.trouble.endpoint for one in troubled if one.trouble.disabled_at is not None
        )


def _wanted(order: ReplayOrder, app_keys: tuple[str, ...] | None) -> NoticeFilter:
    for name, moment in (("since", order.since), ("until", order.until)):
        if moment is not None and moment.tzinfo is None:
            raise InvalidParameter(name, "needs an offset, such as Z")
    return NoticeFilter(
        app_key=order.app_key,
        app_keys=app_keys,
        purpose=order.purpose,
        state=NoticeState.DEAD,
        stream=order.session_id,
        push_id=order.push_id,
        since=order.since,
        until=order.until,
    )


def _of_receiver(
    order: ReplayOrder, app_key: str, purpose: Purpose, ordered_at: datetime
) -> NoticeFilter | None:
    """Its notices that were written before the order; None for a receiver that is not meant."""
    if order.purpose not in {None, purpose}:
        return None
    until = ordered_at if order.until is None else min(order.until, ordered_at)
    return replace(_wanted(order, None), app_key=app_key, purpose=purpose, until=until)


def _row(number: int, app_key: str, purpose: Purpose) -> JobRow:
    cells = (app_key, purpose.value, "0")
    return JobRow(number=number, outcome=RowOutcome.CHANGE, cells=cells, plan=b"0")


async def _refuse(run: JobRun, row: JobRow, dead: int) -> None:
    if row.outcome is RowOutcome.FAILED:
        return
    row = replace(
        row,
        outcome=RowOutcome.FAILED,
        column="purpose",
        value=row.cells[1],
        code="disabled",
        message="the receiver is disabled: its pushes would be dead at once",
        hint="enable it, or change its address, and replay again",
    )
    await run.tell([row], failed=run.job.failed + dead)

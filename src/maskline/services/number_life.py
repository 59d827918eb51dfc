"""What becomes of one virtual number: it is transferred, returned, and its real name is asked for.

Each verb may be cut off at any moment and begun again: it finds how far it was.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Protocol

import structlog

from maskline.domain.application import Application, ApplicationState
from maskline.domain.error import InvalidParameter, UnknownRecord
from maskline.domain.job import RowOutcome
from maskline.domain.notice import Notice
from maskline.domain.number_life import (
    LifeStep,
    NumberEvent,
    NumberLife,
    RealName,
    StockNumber,
    may_become,
    rent_until,
    state_when_late,
    state_when_named,
)
from maskline.domain.virtual_number import NumberCause, NumberState, VirtualNumber
from maskline.services.clock import Clock
from maskline.services.number_life_store import LifeChange, NumberLifeStore
from maskline.services.number_state import NumberNews
from maskline.services.row_problem import RowCode, RowProblem
from maskline.services.store import BindingStore, DirectoryStore

SWEPT_AT_ONCE = 500

log = structlog.get_logger("numbers")


class LifeStore(DirectoryStore, BindingStore, NumberLifeStore, Protocol):
    """What the verbs read and write."""


class NumberLives:
    """The verbs. All raise StoreBusy, StoreFailed.

    `zone` is whose calendar says when a month ends, `rest` how long a returned number belongs to
    nobody before it may be issued again.
    """

    def __init__(
        self, store: LifeStore, news: NumberNews, clock: Clock, zone: tzinfo, rest: timedelta
    ) -> None:
        self._store = store
        self._news = news
        self._clock = clock
        self._zone = zone
        self._rest = rest

    async def find(self, number: str) -> VirtualNumber:
        """A number as it is. Raises UnknownRecord."""
        found = await self._store.number(number)
        if found is None:
            raise UnknownRecord(f"there is no virtual number {number}")
        return found

    async def life(self, number: str) -> NumberLife:
        """What is known of a number."""
        found = await self._store.number_lives([number])
        return found[0] if found else NumberLife(number=number)

    def rent_until(self) -> datetime:
        """When the rent of a number ends that is returned now."""
        return rent_until(self._clock.now(), self._zone)

    def weigh_transfer(
        self, number: VirtualNumber, owner: Application, to: Application
    ) -> RowOutcome:
        """What a transfer would do: CHANGE or UNCHANGED. Raises RowProblem."""
        if owner.app_key == to.app_key:
            return RowOutcome.UNCHANGED
        if owner.tenant_id != to.tenant_id:
            raise _problem(RowCode.UNKNOWN_APPLICATION, number, "would go to another tenant")
        if to.state is not ApplicationState.NORMAL:
            raise _problem(RowCode.APPLICATION_NOT_NORMAL, number, f"{to.name} is {to.state}")
        if not may_become(number.state, NumberState.IN_TRANSFER):
            raise _problem(
                RowCode.STATE_FORBIDS, number, f"is {number.state}: it stays where it is"
            )
        return RowOutcome.CHANGE

    async def transfer(
        self, number: VirtualNumber, owner: Application, to: Application, by: str
    ) -> RowOutcome:
        """Give a number to another application, without its bindings. Raises RowProblem."""
        if self.weigh_transfer(number, owner, to) is RowOutcome.UNCHANGED:
            return RowOutcome.UNCHANGED
        life = await self.life(number.number)
        if number.state is not NumberState.IN_TRANSFER:
            life = replace(life, state_before=number.state)
            number = await self._step(
                number, life, LifeStep.TRANSFER_BEGUN, by, state=NumberState.IN_TRANSFER
            )
        await self._store.unbind_number(number.app_key, number.number, self._clock.now())
        state = life.state_before or NumberState.NORMAL
        arrived = replace(life, state_before=None)
        try:
            await self._step(
                number, arrived, LifeStep.TRANSFERRED, by, state=state, app_key=to.app_key
            )
        except RowProblem:
            await self._step(number, arrived, LifeStep.STATE_CHANGED, by, state=state)
            raise
        return RowOutcome.DONE

    async def weigh_return(self, number: VirtualNumber, *, by_tenant: bool) -> RowOutcome:
        """What a return would do: CHANGE or UNCHANGED. Raises RowProblem."""
        if number.state is NumberState.RETURNED:
            return RowOutcome.UNCHANGED
        if not may_become(number.state, NumberState.RETURNED):
            raise _problem(
                RowCode.STATE_FORBIDS, number, f"is {number.state}; wait until it is not"
            )
        if by_tenant and number.is_held_by_platform and not await self._is_leaving(number):
            message = f"is {number.state} by the platform, which alone changes that"
            raise _problem(RowCode.STATE_FORBIDS, number, message)
        return RowOutcome.CHANGE

    async def give_back(self, number: VirtualNumber, by: str, *, by_tenant: bool) -> RowOutcome:
        """Unsubscribe a number: it serves no more from now on, and belongs to nobody.

        Its application is told that it is deleted. Raises RowProblem.
        """
        if await self.weigh_return(number, by_tenant=by_tenant) is RowOutcome.UNCHANGED:
            return RowOutcome.UNCHANGED
        life = await self.life(number.number)
        if not await self._is_leaving(number):
            # Kept from the first moment on: to be cut off must not cost another month.
            life = replace(life, state_before=number.state, rent_until=self.rent_until())
            number = await self._step(
                number,
                life,
                LifeStep.STATE_CHANGED,
                by,
                state=NumberState.UNAVAILABLE,
                cause=NumberCause.DELETED,
            )
        await self._store.unbind_number(number.app_key, number.number, self._clock.now())
        try:
            await self._return(number, life, by)
        except RowProblem:
            stays = replace(life, state_before=None, rent_until=None)
            state = life.state_before or NumberState.NORMAL
            await self._step(number, stays, LifeStep.STATE_CHANGED, by, state=state)
            raise
        return RowOutcome.DONE

    async def ask_real_name(
        self, number: str, scheme: int, due_at: datetime | None, by: str
    ) -> NumberLife:
        """Say that a carrier wants to know whose a number is, how, and until when.

        A number that was registered has to be so again. Raises UnknownRecord, InvalidParameter.
        """
        found = await self._serving(number)
        if due_at is not None and due_at <= self._clock.now():
            raise InvalidParameter("due_at", "has passed: a number without a name is late then")
        life = await self.life(number)
        old = life.real_name
        frozen_at = old.frozen_at if old is not None and old.done_at is None else None
        name = RealName(scheme=scheme, due_at=due_at, frozen_at=frozen_at)
        life = replace(life, real_name=name)
        note = "" if due_at is None else f"due {due_at:%Y-%m-%dT%H:%M:%SZ}"
        event = self._event(found, found, LifeStep.REAL_NAME_ASKED, by, note)
        await self._store.save_life(life, event)
        return life

    async def note_real_name(self, number: str, by: str) -> NumberLife:
        """A carrier knows by now whose a number is: it serves.

        Raises UnknownRecord, InvalidParameter: nobody wants to know.
        """
        found = await self._serving(number)
        life = await self.life(number)
        name = life.real_name
        if name is None:
            raise InvalidParameter("number", "nobody asks for the real name of this number")
        if name.done_at is not None:
            return life
        state = state_when_named(found.state, name)
        before = life.state_before
        if before is not None:
            before = state_when_named(before, name)
        done = replace(name, done_at=self._clock.now())
        life = replace(life, real_name=done, state_before=before)
        await self._step(found, life, LifeStep.REAL_NAME_DONE, by, state=state)
        return life

    async def sweep(self) -> int:
        """Let numbers take no new bindings that had to be registered by now; how many."""
        now = self._clock.now()
        frozen = 0
        for number in await self._store.late_numbers(now, SWEPT_AT_ONCE):
            life = await self.life(number.number)
            if life.real_name is None:
                continue
            life = replace(life, real_name=replace(life.real_name, frozen_at=now))
            state = state_when_late(number.state)
            try:
                await self._step(number, life, LifeStep.REAL_NAME_LATE, "", state=state)
            except RowProblem:
                # Somebody else has changed it meanwhile; what is still late is looked at again.
                log.info("late_number_changed", x=number.number)
            else:
                frozen += 1
        return frozen

    async def _is_leaving(self, number: VirtualNumber) -> bool:
        """Whether somebody began to give a number back and did not come to the end."""
        if (number.state, number.cause) != (NumberState.UNAVAILABLE, NumberCause.DELETED):
            return False
        return (await self.life(number.number)).state_before is not None

    async def _return(self, number: VirtualNumber, life: NumberLife, by: str) -> None:
        now = self._clock.now()
        ends_at = life.rent_until or self.rent_until()
        name = life.real_name
        stock = StockNumber(
            number=number.number,
            area_code=number.area_code,
            kind=number.kind,
            may_message=number.may_message,
            supplier=life.supplier,
            cost=life.cost,
            scheme=None if name is None else name.scheme,
            free_from=max(now + self._rest, ends_at),
            added_at=now,
        )
        gone = NumberLife(number=number.number, rent_until=ends_at, reference=life.reference)
        after = replace(number, state=NumberState.RETURNED, cause=None)
        note = f"rent until {ends_at.astimezone(self._zone):%Y-%m-%d}"
        event = self._event(number, after, LifeStep.RETURNED, by, note)
        change = LifeChange(before=number, after=after, life=gone, event=event, stock=stock)
        await self._make(change)

    async def _step(
        self, number: VirtualNumber, life: NumberLife, step: LifeStep, by: str, **changes: object
    ) -> VirtualNumber:
        """Change a number and tell its application. Raises RowProblem: somebody else has it."""
        changes = {"cause": None, **changes}
        after = replace(number, **changes)  # pyright: ignore[reportArgumentType]
        application = await self._store.application(after.app_key)
        notices: Sequence[Notice] = self._news.notices(application, number, after)
        event = self._event(number, after, step, by)
        change = LifeChange(before=number, after=after, life=life, event=event, notices=notices)
        await self._make(change)
        if notices:
            self._news.hint()
        return after

    async def _make(self, change: LifeChange) -> None:
        try:
            await self._store.change_life(change)
        except UnknownRecord:
            message = "holds bindings, or was changed meanwhile"
            raise _problem(RowCode.HAS_BINDINGS, change.before, message) from None

    async def _serving(self, number: str) -> VirtualNumber:
        found = await self.find(number)
        if found.state is NumberState.RETURNED:
            raise UnknownRecord(f"{number} was given back")
        return found

    def _event(
        self, before: VirtualNumber, after: VirtualNumber, step: LifeStep, by: str, note: str = ""
    ) -> NumberEvent:
        is_moved = before.app_key != after.app_key
        return NumberEvent(
            number=before.number,
            at=self._clock.now(),
            step=step,
            app_key=before.app_key,
            was=before.state,
            now=after.state,
            to=after.app_key if is_moved else "",
            by=by,
            note=note or (after.cause or ""),
        )


def _problem(code: RowCode, number: VirtualNumber, message: str) -> RowProblem:
    return RowProblem(code, "number", number.number, message)

"""What is done to many virtual numbers at once, told number by number."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from maskline.domain.application import Application, ApplicationState
from maskline.domain.binding import AxbBinding, AxBinding
from maskline.domain.error import NumberUnavailable, UnknownRecord
from maskline.domain.job import RowOutcome
from maskline.domain.number_life import BY_HAND, LifeStep, NumberEvent
from maskline.domain.virtual_number import LOCKED, MAX_TAGS, NumberState, VirtualNumber
from maskline.services.administration import Administration
from maskline.services.administration_request import NumberChange
from maskline.services.clock import Clock
from maskline.services.page import Cursor, Page
from maskline.services.row_problem import RowCode, RowProblem
from maskline.services.store import BindingFilter, BindingStore, BindLimits, DirectoryStore

BINDINGS_AT_ONCE = 200


class NumberAction(StrEnum):
    """One thing that may be done to a virtual number."""

    PAUSE = "pause"
    RESUME = "resume"
    FREEZE = "freeze"
    UNFREEZE = "unfreeze"
    BLACKLIST = "blacklist"
    UNBLACKLIST = "unblacklist"
    SMS_ON = "sms_on"
    SMS_OFF = "sms_off"
    ASSIGN = "assign"
    TAG = "tag"
    UNTAG = "untag"
    NOTE = "note"
    RESERVE = "reserve"
    LOCK = "lock"
    UNLOCK = "unlock"


_NORMAL, _FROZEN = NumberState.NORMAL, NumberState.BINDING_FROZEN
_PAUSED, _BLACKLISTED = NumberState.PAUSED, NumberState.BLACKLISTED

# A carrier changes nothing of a number of which it does not know whose it is.
_SERVING = BY_HAND - {NumberState.UNAVAILABLE}

STEPS: dict[NumberAction, tuple[frozenset[NumberState], NumberState]] = {
    NumberAction.PAUSE: (frozenset({_NORMAL, _FROZEN}), _PAUSED),
    NumberAction.RESUME: (frozenset({_PAUSED}), _NORMAL),
    NumberAction.FREEZE: (frozenset({_NORMAL}), _FROZEN),
    NumberAction.UNFREEZE: (frozenset({_FROZEN}), _NORMAL),
    NumberAction.BLACKLIST: (frozenset({_NORMAL, _FROZEN, _PAUSED}), _BLACKLISTED),
    NumberAction.UNBLACKLIST: (frozenset({_BLACKLISTED}), _NORMAL),
}
"""From which states an action leads, and where to; one that is there already is unchanged."""

TOUCHES_BINDINGS = frozenset(
    {
        NumberAction.PAUSE,
        NumberAction.BLACKLIST,
        NumberAction.SMS_OFF,
        NumberAction.ASSIGN,
    }
)
"""What changes what the bindings of a number do."""


class NumberDeed(Struct, frozen=True, kw_only=True):
    """An action with what it needs: `app_key` for ASSIGN, `tag`, `note`, `until` for RESERVE.

    `by_tenant` says who wants it, the number's tenant or the platform; `by` is for its history.
    """

    action: NumberAction
    app_key: str | None = None
    tag: str | None = None
    note: str | None = None
    until: datetime | None = None
    by_tenant: bool = False
    by: str = ""


class NumberStore(DirectoryStore, BindingStore, Protocol):
    """What the verbs read and write."""


class NumberVerbs:
    """Does deeds to numbers. Doing one again that is done already changes nothing."""

    def __init__(self, store: NumberStore, administration: Administration, clock: Clock) -> None:
        self._store = store
        self._administration = administration
        self._clock = clock

    def weigh(
        self, deed: NumberDeed, number: VirtualNumber, own: Sequence[Application]
    ) -> RowOutcome:
        """What a deed would do: CHANGE or UNCHANGED. `own` has who it is of, and who gets it.

        Raises RowProblem.
        """
        step = STEPS.get(deed.action)
        if step is not None:
            return _weigh_step(deed, number, *step)
        match deed.action:
            case NumberAction.SMS_ON | NumberAction.SMS_OFF:
                return _weigh_sms(deed, number, own[0])
            case NumberAction.ASSIGN:
                return _weigh_assignment(number, own)
            case _:
                return _changed_if(_noted(deed, number) != number)

    async def do(
        self, deed: NumberDeed, number: VirtualNumber, own: Sequence[Application]
    ) -> RowOutcome:
        """Do it: DONE or UNCHANGED. Raises RowProblem, StoreBusy, StoreFailed."""
        if self.weigh(deed, number, own) is RowOutcome.UNCHANGED:
            return RowOutcome.UNCHANGED
        try:
            await self._change(deed, number, own)
        except UnknownRecord:
            raise _problem(RowCode.NOT_THERE, number, "is not there any more") from None
        except NumberUnavailable:
            raise _problem(
                RowCode.STATE_FORBIDS, number, f"is {number.state}: its bindings cannot change"
            ) from None
        return RowOutcome.DONE

    async def _change(
        self, deed: NumberDeed, number: VirtualNumber, own: Sequence[Application]
    ) -> None:
        step = STEPS.get(deed.action)
        if step is not None:
            change = NumberChange(state=step[1])
        elif deed.action is NumberAction.ASSIGN:
            await self._assign(number, own[1], deed.by)
            return
        elif deed.action in {NumberAction.SMS_ON, NumberAction.SMS_OFF}:
            is_on = deed.action is NumberAction.SMS_ON
            if not is_on:
                # First: whoever is cut off in between finds the switch still on, and goes on.
                await self._silence_bindings(number, own[0])
            change = NumberChange(may_message=is_on)
        else:
            noted = _noted(deed, number)
            held_until = noted.held_until
            change = NumberChange(note=noted.note, tags=noted.tags, held_until=held_until)
        await self._administration.change_number(
            number.number, change, by_tenant=deed.by_tenant, by=deed.by
        )

    async def _assign(self, number: VirtualNumber, to: Application, by: str) -> None:
        """Give it away without its bindings, which belong to the application it leaves."""
        now = self._clock.now()
        await self._store.unbind_number(number.app_key, number.number, now)
        event = NumberEvent(
            number=number.number,
            at=now,
            step=LifeStep.ASSIGNED,
            app_key=number.app_key,
            was=number.state,
            now=number.state,
            to=to.app_key,
            by=by,
        )
        await self._store.move_number(number.number, number.app_key, to.app_key, (event,))

    async def _silence_bindings(self, number: VirtualNumber, application: Application) -> None:
        """Bindings stay without messages when the number has them again (`spec/console.md` 6.2)."""
        limits, now = BindLimits(pairs=application.pairs_per_number), self._clock.now()
        wanted = BindingFilter(app_key=number.app_key, x=number.number)
        after: Cursor | None = None
        while True:
            page = Page(after=after, limit=BINDINGS_AT_ONCE)
            found = await self._store.bindings(wanted, now, page)
            for binding in found.rows:
                # The other modes have no messages of their own.
                if isinstance(binding, AxBinding | AxbBinding) and binding.may_message is not False:
                    silent = replace(binding, may_message=False, modified_at=now)
                    await self._store.modify(silent, limits, now)
            after = found.next
            if after is None:
                return


def _weigh_step(
    deed: NumberDeed, number: VirtualNumber, states: frozenset[NumberState], to: NumberState
) -> RowOutcome:
    if number.state is to:
        # The platform makes its own what a tenant might undo.
        is_taken_over = number.blacklisted_by_tenant and not deed.by_tenant
        return _changed_if(is_taken_over)
    if deed.by_tenant and number.is_held_by_platform:
        message = f"is {number.state} by the platform, which alone changes that"
        raise _problem(RowCode.STATE_FORBIDS, number, message)
    if number.state not in states:
        raise _problem(RowCode.STATE_FORBIDS, number, f"is {number.state}, not to become {to}")
    return RowOutcome.CHANGE


def _weigh_sms(deed: NumberDeed, number: VirtualNumber, owner: Application) -> RowOutcome:
    is_on = deed.action is NumberAction.SMS_ON
    if is_on and not owner.may_message:
        raise _problem(RowCode.NO_SMS, number, f"{owner.name} has no short messages")
    if number.may_message is is_on:
        return RowOutcome.UNCHANGED
    if number.state not in _SERVING:
        raise _problem(RowCode.STATE_FORBIDS, number, f"is {number.state}")
    return RowOutcome.CHANGE


def _weigh_assignment(number: VirtualNumber, own: Sequence[Application]) -> RowOutcome:
    owner, to = own
    if owner.app_key == to.app_key:
        return RowOutcome.UNCHANGED
    if owner.tenant_id != to.tenant_id:
        raise _problem(RowCode.UNKNOWN_APPLICATION, number, "the application is another tenant's")
    if number.state not in BY_HAND:
        raise _problem(RowCode.STATE_FORBIDS, number, f"is {number.state}: it stays where it is")
    if to.state is not ApplicationState.NORMAL:
        raise _problem(RowCode.APPLICATION_NOT_NORMAL, number, f"{to.name} is {to.state}")
    return RowOutcome.CHANGE


def _noted(deed: NumberDeed, number: VirtualNumber) -> VirtualNumber:
    """The number with another note or tag, held or not."""
    tag = deed.tag or ""
    match deed.action:
        case NumberAction.TAG:
            tags = tuple(dict.fromkeys((*number.tags, tag)))
            if len(tags) > MAX_TAGS:
                raise _problem(RowCode.TOO_LONG, number, f"has {MAX_TAGS} tags already")
            return replace(number, tags=tags)
        case NumberAction.UNTAG:
            return replace(number, tags=tuple(one for one in number.tags if one != tag))
        case NumberAction.RESERVE:
            return replace(number, held_until=deed.until)
        case NumberAction.LOCK:
            return replace(number, held_until=LOCKED)
        case NumberAction.UNLOCK:
            return replace(number, held_until=None)
        case _:
            return replace(number, note=deed.note or "")


def _changed_if(is_so: bool) -> RowOutcome:  # noqa: FBT001 - a condition, named by the function
    return RowOutcome.CHANGE if is_so else RowOutcome.UNCHANGED


def _problem(code: RowCode, number: VirtualNumber, message: str) -> RowProblem:
    return RowProblem(code, "number", number.number, message)

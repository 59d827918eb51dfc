"""What changes of a virtual number's state mean, and who is told of them (`spec/common.md` 4)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from maskline.domain.application import Application
from maskline.domain.error import InvalidParameter
from maskline.domain.notice import Notice, Purpose
from maskline.domain.number_life import may_set
from maskline.domain.virtual_number import NumberCause, NumberState, VirtualNumber
from maskline.services.clock import Clock
from maskline.services.ids import Ids
from maskline.services.notification import origin_of

NumberStateMessage = Callable[[Sequence[VirtualNumber]], bytes]
"""A whole message about the state that 1 to 100 numbers are in; none of them is blacklisted."""


class NumberNews:
    """Writes the notices that tell an application of its numbers.

    `hint` is to be called once they are durable, to wake the delivery plane.
    """

    def __init__(
        self, message: NumberStateMessage, clock: Clock, ids: Ids, hint: Callable[[], None]
    ) -> None:
        self._message = message
        self._clock = clock
        self._ids = ids
        self.hint = hint

    def notices(
        self, application: Application | None, before: VirtualNumber, after: VirtualNumber
    ) -> tuple[Notice, ...]:
        """What the application is told of a change, in the order it happened number by number."""
        url = None if application is None else application.number_state_receiver
        origin = origin_of(url)
        is_news = (before.state, before.cause) != (after.state, after.cause)
        if origin is None or not is_news or not after.state.is_told:
            return ()
        notice = Notice(
            notice_id=self._ids.uuid(),
            stream=f"number {after.number}",
            app_key=after.app_key,
            purpose=Purpose.NUMBER_STATE,
            origin=origin,
            body=self._message((after,)),
            created_at=self._clock.now(),
        )
        return (notice,)


def changed_number(
    number: VirtualNumber, wanted: Mapping[str, Any], *, by_tenant: bool = False
) -> VirtualNumber:
    """The number with the fields that were given; a cause goes with unavailability.

    A number that becomes unavailable needs one. Whose a blacklisting is stays with it, until the
    platform makes it its own. Raises InvalidParameter.
    """
    changed = replace(number, **wanted)
    if number.state is NumberState.RETURNED:
        raise InvalidParameter("number", "was returned: nothing of it changes")
    if not may_set(number.state, changed.state):
        raise InvalidParameter("state", f"is {number.state}: no hand makes it {changed.state}")
    if "state" in wanted:
        is_own = by_tenant and not (
            number.state is NumberState.BLACKLISTED and number.is_held_by_platform
        )
        is_blacklisted = changed.state is NumberState.BLACKLISTED
        changed = replace(changed, blacklisted_by_tenant=is_blacklisted and is_own)
    if changed.state is not NumberState.UNAVAILABLE:
        if wanted.get("cause") is not None:
            raise InvalidParameter("cause", "goes with state unavailable only")
        return replace(changed, cause=None)
    if changed.cause is None and not wanted.keys().isdisjoint({"state", "cause"}):
        causes = ", ".join(NumberCause)
        raise InvalidParameter("cause", f"is needed with state unavailable: one of {causes}")
    return changed

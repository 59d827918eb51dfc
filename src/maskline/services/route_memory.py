"""Whose the virtual numbers are that were called lately: enough to refuse a call politely."""

from typing import Protocol

from maskline.domain.application import Application, Tenant
from maskline.domain.plan import Refuse
from maskline.domain.release import ReleaseCode
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.routing import RoutedCall

MAX_NUMBERS = 20_000


class Backlog(Protocol):
    """Facts of calls that the store has not taken yet; `JournaledCalls` is one."""

    @property
    def is_failing(self) -> bool:
        """Whether new calls are to be refused, as the store does not keep up."""
        ...

    @property
    def has_room(self) -> bool:
        """Whether even the record of a refused call can be kept."""
        ...


class NoBacklog:
    """A store that never fails."""

    is_failing = False
    has_room = True


class RouteMemory:
    """Owners of virtual numbers, for the time when the store does not answer.

    Never used while it does. Holds the `max_numbers` that were called last.
    """

    def __init__(self, max_numbers: int = MAX_NUMBERS) -> None:
        self._max_numbers = max_numbers
        self._owners: dict[str, tuple[VirtualNumber, Application, Tenant]] = {}

    def remember(self, routed: RoutedCall) -> bool:
        """Note whose number was called; whether that is news."""
        x = routed.number.number
        # Taken out first, so that the dict's order is by last call and the oldest goes when full.
        known = self._owners.pop(x, None)
        if len(self._owners) >= self._max_numbers:
            del self._owners[next(iter(self._owners))]
        self._owners[x] = (routed.number, routed.application, routed.tenant)
        return known is None or known[1].prompts != routed.application.prompts

    def refusal(self, x: str) -> RoutedCall | None:
        """A call to this number, refused as our fault; None when its owner is not known."""
        known = self._owners.get(x)
        if known is None:
            return None
        number, application, tenant = known
        plan = Refuse(release=ReleaseCode.SERVICE_ABNORMAL)
        return RoutedCall(number=number, application=application, tenant=tenant, plan=plan)

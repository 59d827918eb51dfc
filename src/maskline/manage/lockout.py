"""Endpoints of addresses that are locked out of the customers' interfaces."""

from collections.abc import Mapping
from datetime import timedelta

from maskline.domain.access import Right
from maskline.domain.error import UnknownRecord
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.query import ListQuery
from maskline.manage.view import Items, LockoutView, view_items
from maskline.services.clock import Clock
from maskline.services.list_order import LOCKOUTS
from maskline.services.lockout import LockedOut, Lockout
from maskline.services.page import page_of


class LockoutEndpoints:
    """Shows and releases the addresses that interfaces of this process refuse, by their names."""

    def __init__(self, lockouts: Mapping[str, Lockout], clock: Clock) -> None:
        self._lockouts = lockouts
        self._clock = clock

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="GET",
                path="/lockouts",
                summary="Addresses that are locked out, by address",
                run=self.list_lockouts,
                right=Right.GUARD_WRITE,
                query=ListQuery,
                answer=Items[LockoutView],
            ),
            Endpoint(
                method="DELETE",
                path="/lockouts/{address}",
                summary="Let an address in again",
                run=self.release_lockout,
                right=Right.GUARD_WRITE,
                status=204,
                refusals=(404,),
            ),
        )

    async def list_lockouts(self, asked: Asked) -> Items[LockoutView]:
        """Addresses that are locked out."""
        query: ListQuery = asked.query
        locked = [
            (name, entry) for name, lockout in self._lockouts.items() for entry in lockout.locked()
        ]
        found = page_of(locked, LOCKOUTS, lambda one: (one[1].address, one[0]), query.page)
        return view_items(found, lambda one: self._view(*one))

    async def release_lockout(self, asked: Asked) -> None:
        """Let an address in again, everywhere."""
        address = asked.path["address"]
        released = [lockout.release(address) for lockout in self._lockouts.values()]
        if not any(released):
            raise UnknownRecord(f"{address} is not locked out")

    def _view(self, interface: str, entry: LockedOut) -> LockoutView:
        until = self._clock.now() + timedelta(seconds=entry.left_s)
        return LockoutView(
            address=entry.address, interface=interface, failures=entry.failures, until=until
        )

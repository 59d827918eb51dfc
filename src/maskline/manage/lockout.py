"""Endpoints of addresses that are locked out of the REST interface."""

from datetime import timedelta

from maskline.domain.error import UnknownRecord
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.query import ListQuery
from maskline.manage.view import Items, LockoutView
from maskline.services.clock import Clock
from maskline.services.lockout import LockedOut, Lockout


class LockoutEndpoints:
    """Shows and releases the addresses that the REST interface of this process refuses."""

    def __init__(self, lockout: Lockout, clock: Clock) -> None:
        self._lockout = lockout
        self._clock = clock

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="GET",
                path="/lockouts",
                summary="Addresses that are locked out, the longest first",
                run=self.list_lockouts,
                query=ListQuery,
                answer=Items[LockoutView],
            ),
            Endpoint(
                method="DELETE",
                path="/lockouts/{address}",
                summary="Let an address in again",
                run=self.release_lockout,
                status=204,
                refusals=(404,),
            ),
        )

    async def list_lockouts(self, asked: Asked) -> Items[LockoutView]:
        """Addresses that are locked out."""
        query: ListQuery = asked.query
        locked = self._lockout.locked()
        return Items(
            items=tuple(map(self._view, locked[query.offset : query.offset + query.limit])),
            total=len(locked),
            offset=query.offset,
            limit=query.limit,
        )

    async def release_lockout(self, asked: Asked) -> None:
        """Let an address in again."""
        address = asked.path["address"]
        if not self._lockout.release(address):
            raise UnknownRecord(f"{address} is not locked out")

    def _view(self, entry: LockedOut) -> LockoutView:
        until = self._clock.now() + timedelta(seconds=entry.left_s)
        return LockoutView(address=entry.address, failures=entry.failures, until=until)

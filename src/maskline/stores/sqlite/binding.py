from datetime import datetime
from functools import partial

from maskline.domain.binding import AxbBinding, Role
from maskline.domain.route import RouteFound
from maskline.domain.virtual_number import NumberState, VirtualNumber
from maskline.services.store import BindingFilter, Listing, NumberChoice, Page
from maskline.stores.blob import pack_binding, unpack_binding
from maskline.stores.moment import from_us, to_us, to_us_or_none
from maskline.stores.sqlite import binding_unit as unit
from maskline.stores.sqlite.binding_unit import Pair
from maskline.stores.sqlite.connection import Cells
from maskline.stores.sqlite.database import BINDING, Database


class SqliteBindings:
    """`maskline.services.store.BindingStore` in SQLite.

    Hashing and sealing happen on the calling side: they are refused with the call when they
    fail, and the writing thread, which all calls share, only runs SQL.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def bind_axb(
        self, binding: AxbBinding, pair_limit: int, now: datetime, choice: NumberChoice | None
    ) -> AxbBinding:
        """See the seam."""
        work = partial(
            unit.bind,
            self._pair(binding),
            sequences=self._database.binding_sequences,
            pair_limit=pair_limit,
            now=to_us(now),
            choice=choice,
        )
        x = await self._database.writer.submit(work)
        return binding if x == binding.x else unit.with_x(binding, x)

    async def modify_axb(self, binding: AxbBinding, now: datetime) -> None:
        """See the seam."""
        work = partial(unit.modify, self._pair(binding), to_us(now))
        await self._database.writer.submit(work)

    async def unbind(self, app_key: str, binding_id: str, now: datetime) -> None:
        """See the seam."""
        work = partial(unit.unbind, app_key, binding_id, to_us(now))
        await self._database.writer.submit(work)

    async def unbind_number(self, app_key: str, x: str, now: datetime) -> int:
        """See the seam."""
        work = partial(unit.unbind_number, app_key, x, to_us(now))
        return await self._database.writer.submit(work)

    async def binding(self, app_key: str | None, binding_id: str) -> AxbBinding | None:
        """See the seam."""
        row = self._database.point(BINDING.binding_get, (binding_id,))
        if row is None or app_key not in {None, row[1]}:
            return None
        return self._binding(row)

    async def bindings(
        self, wanted: BindingFilter, now: datetime, page: Page
    ) -> Listing[AxbBinding]:
        """See the seam."""
        statement, parameters = self._narrowest(wanted, to_us(now))
        return await self._database.listing(statement, parameters, page, self._binding)

    async def remove_expired(self, now: datetime, limit: int) -> int:
        """See the seam."""
        work = partial(unit.remove_expired, to_us(now), limit)
        return await self._database.writer.submit(work)

    async def route(self, x: str, caller: str) -> RouteFound:
        """See the seam."""
        lookup = self._database.sealer.lookup(caller)
        row = self._database.point(BINDING.route_of_call, (x, lookup))
        if row is None:
            return RouteFound(number=None)
        app_key, area_code, state, may_message, pairs, created_at, role = row[:7]
        number = VirtualNumber(
            number=x,
            app_key=app_key,
            area_code=area_code,
            state=NumberState(state),
            may_message=bool(may_message),
            pairs=pairs,
            created_at=from_us(created_at),
        )
        if role is None:
            return RouteFound(number=number)
        binding_id, app_key, expires_at, sealed = row[7:]
        binding = self._binding((binding_id, app_key, x, expires_at, sealed))
        return RouteFound(number=number, binding=binding, role=Role(role))

    def _pair(self, binding: AxbBinding) -> Pair:
        sealer = self._database.sealer
        context = b"binding:" + binding.binding_id.encode()
        return Pair(
            binding.binding_id,
            binding.app_key,
            binding.x,
            binding.a,
            binding.b,
            sealer.lookup(binding.a),
            sealer.lookup(binding.b),
            to_us_or_none(binding.expires_at),
            sealer.seal(binding.app_key, pack_binding(binding), context),
        )

    def _binding(self, row: Cells) -> AxbBinding:
        binding_id, app_key, x, expires_at, sealed = row
        context = b"binding:" + binding_id.encode()
        packed = self._database.sealer.open(app_key, sealed, context)
        return unpack_binding(
            packed, binding_id=binding_id, app_key=app_key, x=x, expires_at=expires_at
        )

    def _narrowest(self, wanted: BindingFilter, now_us: int) -> tuple[str, Cells]:
        """The statement whose index narrows the list most, and its parameters."""
        a, b, party = (
            None if number is None else self._database.sealer.lookup(number)
            for number in (wanted.a, wanted.b, wanted.party)
        )
        one = party or a or b
        if one is not None:
            return BINDING.list_of_party, (now_us, wanted.app_key, wanted.x, one, a, b)
        if wanted.x is not None:
            return BINDING.list_of_number, (now_us, wanted.app_key, wanted.x)
        if wanted.app_key is not None:
            return BINDING.list_of_application, (now_us, wanted.app_key)
        return BINDING.list_all, (now_us,)

"""Endpoints of what became of a virtual number, and of the real names that carriers ask for."""

from datetime import datetime

from msgspec import Struct

from maskline.domain.access import Right
from maskline.domain.number_life import LifeStep, NumberEvent, NumberLife
from maskline.domain.virtual_number import NumberState, VirtualNumber
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.query import ListQuery, read_moment
from maskline.manage.view import Items, copied, view_items
from maskline.services.number_life import LifeStore, NumberLives
from maskline.services.number_life_store import UnnamedFilter, UnnamedNumber
from maskline.services.stock_request import Scheme

PATH = "/numbers/{number}"


class RealNameForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a carrier wants to learn whose a number is, 1 to 6, and until when, if it says."""

    scheme: Scheme
    due_at: datetime | None = None


class UnnamedQuery(ListQuery, frozen=True, kw_only=True):
    """Numbers that wait for a real name, by number; `due_before` leaves those without a day."""

    app_key: str | None = None
    state: NumberState | None = None
    due_before: datetime | None = None


class RealNameView(Struct, frozen=True, kw_only=True):
    """Whether a carrier knows whose a number is.

    `scheme` is its way, 1 to 6. From `due_at` on the number takes no new bindings without a name:
    `frozen_at` says since when it is so, `done_at` when it was registered.
    """

    scheme: int
    due_at: datetime | None
    frozen_at: datetime | None
    done_at: datetime | None


class NumberLifeView(Struct, frozen=True, kw_only=True):
    """What is known of a virtual number beside what calls need of it.

    `state_before` is how a transfer found it, `rent_until` when the rent of a number ends that was
    given back, `reference` what it was issued for. Of `supplier` and `cost`, a month in the minor
    unit of the currency, only the platform is told.
    """

    number: str
    app_key: str
    state: NumberState
    state_before: NumberState | None
    rent_until: datetime | None
    real_name: RealNameView | None
    reference: str
    supplier: str | None
    cost: int | None


class UnnamedView(Struct, frozen=True, kw_only=True):
    """A number that waits for a real name; `is_late`: it takes no new bindings for that."""

    number: str
    app_key: str
    area_code: str
    state: NumberState
    scheme: int
    due_at: datetime | None
    is_late: bool


class NumberEventView(Struct, frozen=True, kw_only=True):
    """What happened to a virtual number.

    `app_key` is whose it was then, `to` the application that got it, `was` and `now` its states
    before and after. `by` is who did it, "" the platform itself.
    """

    at: datetime
    step: LifeStep
    app_key: str
    was: NumberState | None
    now: NumberState | None
    to: str
    by: str
    note: str


class RealNameEndpoints:
    """Acts through the verbs of a number's life."""

    def __init__(self, store: LifeStore, lives: NumberLives) -> None:
        self._store = store
        self._lives = lives

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (*self._reading(), *self._changing())

    def _reading(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="GET",
                path=f"{PATH}/life",
                summary="Whether the real name of a number is known, and what it was issued for",
                run=self.show_number_life,
                answer=NumberLifeView,
                right=Right.NUMBER_READ,
                refusals=(404,),
            ),
            Endpoint(
                method="GET",
                path=f"{PATH}/history",
                summary="What happened to a virtual number, newest first",
                run=self.list_number_events,
                query=ListQuery,
                answer=Items[NumberEventView],
                right=Right.NUMBER_READ,
                refusals=(404,),
            ),
            Endpoint(
                method="GET",
                path="/real-names",
                summary="Numbers of which carriers do not know yet whose they are",
                run=self.list_unnamed_numbers,
                query=UnnamedQuery,
                answer=Items[UnnamedView],
                right=Right.NUMBER_READ,
            ),
        )

    def _changing(self) -> tuple[Endpoint, ...]:
        # Who says that a carrier wants to know, or knows, is who speaks with the carrier.
        return (
            Endpoint(
                method="PUT",
                path=f"{PATH}/real-name",
                summary="Say that a carrier wants to know whose a number is, how and until when",
                run=self.ask_real_name,
                body=RealNameForm,
                answer=NumberLifeView,
                right=Right.STOCK_WRITE,
                refusals=(404,),
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/real-name/done",
                summary="A carrier knows by now whose a number is: it serves",
                run=self.note_real_name,
                answer=NumberLifeView,
                right=Right.STOCK_WRITE,
                refusals=(404,),
            ),
        )

    async def show_number_life(self, asked: Asked) -> NumberLifeView:
        """What is known of a number."""
        number = asked.path["number"]
        return _view(asked, await self._lives.find(number), await self._lives.life(number))

    async def list_number_events(self, asked: Asked) -> Items[NumberEventView]:
        """What happened to a number."""
        query: ListQuery = asked.query
        number = (await self._lives.find(asked.path["number"])).number
        found = await self._store.number_events(number, asked.app_keys, query.page)
        return view_items(found, _view_event)

    async def list_unnamed_numbers(self, asked: Asked) -> Items[UnnamedView]:
        """Numbers that wait for a real name."""
        query: UnnamedQuery = asked.query
        wanted = UnnamedFilter(
            app_key=query.app_key,
            app_keys=asked.app_keys,
            state=query.state,
            due_before=read_moment("due_before", query.due_before),
        )
        return view_items(await self._store.unnamed_numbers(wanted, query.page), _view_unnamed)

    async def ask_real_name(self, asked: Asked) -> NumberLifeView:
        """Ask for the real name of a number."""
        form: RealNameForm = asked.body
        number = asked.path["number"]
        due_at = read_moment("due_at", form.due_at)
        life = await self._lives.ask_real_name(number, form.scheme, due_at, asked.caller.name)
        return _view(asked, await self._lives.find(number), life)

    async def note_real_name(self, asked: Asked) -> NumberLifeView:
        """Note that the real name of a number is known."""
        number = asked.path["number"]
        life = await self._lives.note_real_name(number, asked.caller.name)
        return _view(asked, await self._lives.find(number), life)


def _view(asked: Asked, number: VirtualNumber, life: NumberLife) -> NumberLifeView:
    name, is_platform = life.real_name, asked.caller.tenant_id is None
    return NumberLifeView(
        number=number.number,
        app_key=number.app_key,
        state=number.state,
        state_before=life.state_before,
        rent_until=life.rent_until,
        real_name=None if name is None else copied(RealNameView, name),
        reference=life.reference,
        supplier=life.supplier if is_platform else None,
        cost=life.cost if is_platform else None,
    )


def _view_event(event: NumberEvent) -> NumberEventView:
    return copied(NumberEventView, event)


def _view_unnamed(found: UnnamedNumber) -> UnnamedView:
    number, name = found.number, found.real_name
    return UnnamedView(
        number=number.number,
        app_key=number.app_key,
        area_code=number.area_code,
        state=number.state,
        scheme=name.scheme,
        due_at=name.due_at,
        is_late=name.frozen_at is not None,
    )

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from maskline.api.number_state import number_state_message
from maskline.domain.application import Application, ApplicationState, Mode, Tenant
from maskline.domain.binding import AxbBinding
from maskline.domain.error import InvalidParameter, StoreFailed, UnknownRecord
from maskline.domain.job import RowOutcome
from maskline.domain.number_life import LifeStep
from maskline.domain.virtual_number import NumberCause, NumberState, VirtualNumber
from maskline.services.clock import SteppedClock
from maskline.services.ids import CountedIds
from maskline.services.number_life import NumberLives
from maskline.services.number_life_store import LifeChange, StockWish
from maskline.services.number_state import NumberNews
from maskline.services.page import Page
from maskline.services.row_problem import RowCode, RowProblem
from maskline.services.stock import StockDesk
from maskline.services.stock_request import NewStock, NewStockNumber, StockChange
from maskline.services.store import BindLimits
from maskline.stores.memory import MemoryStore

ZONE = ZoneInfo("Asia/Shanghai")
LAST_OF_25TH = datetime(2026, 11, 25, 23, 59, 59, tzinfo=ZONE)
NOW = LAST_OF_25TH
X, SECOND, DAY = "+8617000002001", timedelta(seconds=1), timedelta(days=1)
NORMAL, FROZEN = NumberState.NORMAL, NumberState.BINDING_FROZEN
AWAITING, RETURNED = NumberState.AWAITING_REAL_NAME, NumberState.RETURNED
DONE, UNCHANGED = RowOutcome.DONE, RowOutcome.UNCHANGED


class CutOff(MemoryStore):
    """Fails at one of its changes of a number, as a process that is killed there."""

    fails_at = 0

    async def change_life(self, change: LifeChange) -> None:
        self.fails_at -= 1
        if self.fails_at == 0:
            raise StoreFailed("killed")
        await super().change_life(change)


@dataclass
class World:
    """One number with a binding, of the first of two applications of a tenant."""

    store: CutOff = field(default_factory=CutOff)
    clock: SteppedClock = field(default_factory=lambda: SteppedClock(NOW))

    async def open(self) -> None:
        news = NumberNews(number_state_message, self.clock, CountedIds(), lambda: None)
        self.lives = NumberLives(self.store, news, self.clock, ZONE, 90 * DAY)
        self.desk = StockDesk(self.store, self.clock)
        for tenant_id in ("t1", "t2"):
            await self.store.add_tenant(Tenant(tenant_id=tenant_id, name="T", created_at=NOW))
        self.one = await self.application("one")
        self.two = await self.application("two")
        self.number = VirtualNumber(number=X, app_key="one", area_code="0755", created_at=NOW)
        await self.store.add_numbers([self.number])
        binding = AxbBinding(
            binding_id="b1",
            app_key="one",
            x=X,
            a="+8613900001001",
            b="+8613900002002",
            created_at=NOW,
            modified_at=NOW,
        )
        await self.store.bind(binding, BindLimits(pairs=10), NOW, None)
        self.number = await self.now()

    async def application(self, app_key: str, **changes: Any) -> Application:
        plain = Application(
            app_key=app_key,
            tenant_id="t1",
            name=app_key,
            mode=Mode.AXB,
            secret="s",
            pushes_number_state=True,
            number_state_url=f"https://{app_key}.example/x",
            created_at=NOW,
        )
        application = replace(plain, **changes)
        await self.store.add_application(application)
        return application

    async def now(self, number: str = X) -> VirtualNumber:
        found = await self.store.number(number)
        assert found is not None
        return found

    async def set(self, **changes: Any) -> VirtualNumber:
        await self.store.save_number(replace(await self.now(), **changes))
        return await self.now()

    async def steps(self) -> list[LifeStep]:
        """What the history says, the oldest first."""
        found = await self.store.number_events(X, None, Page(limit=50))
        return [event.step for event in reversed(found.rows)]

    async def told(self) -> list[tuple[str, str]]:
        """Whom was told which status, and cause."""
        told: list[tuple[str, str]] = []
        while due := await self.store.due_endpoints(NOW + 400 * DAY, 1):
            for row in await self.store.claim(due[0], NOW + 400 * DAY, NOW + 500 * DAY, 9):
                (info,) = json.loads(row.notice.body)["numInfo"]
                told.append((row.notice.app_key, info["status"] + info.get("cause", "")))
                await self.store.settle([row.sequence], [])
        return told


@pytest.fixture
async def world() -> World:
    world = World()
    await world.open()
    return world


async def test_a_number_changes_hands_without_its_bindings(world: World):
    assert await world.lives.transfer(world.number, world.one, world.two, "ann") is DONE
    moved = await world.now()
    assert (moved.app_key, moved.state, moved.pairs) == ("two", NORMAL, 0)
    assert await world.store.binding("one", "b1") is None
    assert await world.steps() == [LifeStep.TRANSFER_BEGUN, LifeStep.TRANSFERRED]
    assert await world.told() == [("two", "5")]
    assert await world.lives.transfer(moved, world.two, world.two, "ann") is UNCHANGED


@pytest.mark.parametrize("state", [NumberState.PAUSED, FROZEN, AWAITING])
async def test_a_number_arrives_as_it_was(world: World, state: NumberState):
    number = await world.set(state=state)
    await world.lives.transfer(number, world.one, world.two, "ann")
    assert (await world.now()).state is state


@pytest.mark.parametrize("state", [RETURNED, NumberState.UNAVAILABLE, NumberState.BLACKLISTED])
async def test_a_number_that_nobody_may_use_stays_where_it_is(world: World, state: NumberState):
    number = await world.set(state=state)
    with pytest.raises(RowProblem) as refused:
        await world.lives.transfer(number, world.one, world.two, "ann")
    assert refused.value.code is RowCode.STATE_FORBIDS


async def test_a_number_goes_to_an_application_of_the_tenant_that_serves(world: World):
    others = await world.application("others", tenant_id="t2")
    stopped = await world.application("stopped", state=ApplicationState.SUSPENDED)
    for to, code in (
        (others, RowCode.UNKNOWN_APPLICATION),
        (stopped, RowCode.APPLICATION_NOT_NORMAL),
    ):
        with pytest.raises(RowProblem) as refused:
            await world.lives.transfer(world.number, world.one, to, "ann")
        assert refused.value.code is code


@pytest.mark.parametrize("fails_at", [1, 2])
async def test_a_transfer_that_was_cut_off_is_brought_to_its_end(world: World, fails_at: int):
    world.store.fails_at = fails_at
    with pytest.raises(StoreFailed):
        await world.lives.transfer(world.number, world.one, world.two, "ann")
    assert await world.lives.transfer(await world.now(), world.one, world.two, "ann") is DONE
    moved = await world.now()
    assert (moved.app_key, moved.state) == ("two", NORMAL)
    assert (await world.lives.life(X)).state_before is None


@pytest.mark.parametrize(
    ("after", "until"),
    [
        (timedelta(), datetime(2026, 12, 1, tzinfo=ZONE)),
        (SECOND, datetime(2027, 1, 1, tzinfo=ZONE)),
    ],
)
async def test_a_number_that_is_given_back_serves_no_more_and_is_paid_until(
    world: World, after: timedelta, until: datetime
):
    world.clock.step(after.total_seconds())
    assert await world.lives.give_back(world.number, "ann", by_tenant=True) is DONE
    gone = await world.now()
    assert (gone.state, gone.pairs, gone.app_key) == (RETURNED, 0, "one")
    assert (await world.lives.life(X)).rent_until == until
    assert await world.told() == [("one", "101")]
    assert await world.steps() == [LifeStep.STATE_CHANGED, LifeStep.RETURNED]
    stock = await world.store.stock_number(X)
    assert stock is not None
    assert stock.free_from == NOW + after + 90 * DAY
    assert await world.lives.give_back(gone, "ann", by_tenant=True) is UNCHANGED


@pytest.mark.parametrize("fails_at", [1, 2])
async def test_a_return_that_was_cut_off_costs_no_other_month(world: World, fails_at: int):
    world.store.fails_at = fails_at
    with pytest.raises(StoreFailed):
        await world.lives.give_back(world.number, "ann", by_tenant=True)
    if fails_at == 2:
        world.clock.step(60)
    assert await world.lives.give_back(await world.now(), "ann", by_tenant=True) is DONE
    life = await world.lives.life(X)
    assert (life.rent_until, life.state_before) == (datetime(2026, 12, 1, tzinfo=ZONE), None)


async def test_rent_is_paid_to_its_end_before_a_number_is_issued_again(world: World):
    lives = replace_rest(world)
    world.clock.step(1)
    await lives.give_back(world.number, "ann", by_tenant=True)
    stock = await world.store.stock_number(X)
    assert stock is not None
    assert stock.free_from == datetime(2027, 1, 1, tzinfo=ZONE)


def replace_rest(world: World) -> NumberLives:
    """Without a rest."""
    news = NumberNews(number_state_message, world.clock, CountedIds(), lambda: None)
    return NumberLives(world.store, news, world.clock, ZONE, timedelta())


async def test_what_the_platform_has_stopped_only_the_platform_takes_back(world: World):
    number = await world.set(state=NumberState.UNAVAILABLE, cause=NumberCause.ARREARS)
    with pytest.raises(RowProblem, match="by the platform"):
        await world.lives.give_back(number, "ann", by_tenant=True)
    assert await world.lives.give_back(number, "", by_tenant=False) is DONE


async def test_a_number_waits_for_its_transfer_before_it_is_given_back(world: World):
    number = await world.set(state=NumberState.IN_TRANSFER)
    with pytest.raises(RowProblem, match="wait"):
        await world.lives.give_back(number, "ann", by_tenant=True)


async def test_a_number_without_a_real_name_takes_no_new_bindings_from_its_day_on(world: World):
    due = NOW + DAY
    await world.lives.ask_real_name(X, 3, due, "ann")
    world.clock.step(DAY.total_seconds() - 1)
    assert await world.lives.sweep() == 0
    world.clock.step(1)
    assert await world.lives.sweep() == 1
    assert await world.lives.sweep() == 0
    assert (await world.now()).state is FROZEN
    assert await world.store.binding("one", "b1") is not None
    await world.lives.note_real_name(X, "ann")
    assert (await world.now()).state is NORMAL
    again = await world.lives.note_real_name(X, "ann")
    assert again.real_name is not None
    assert again.real_name.done_at == due
    assert await world.told() == [("one", "11"), ("one", "5")]
    assert await world.steps() == [
        LifeStep.REAL_NAME_ASKED,
        LifeStep.REAL_NAME_LATE,
        LifeStep.REAL_NAME_DONE,
    ]


async def test_a_paused_number_is_frozen_when_it_is_no_longer_paused(world: World):
    await world.lives.ask_real_name(X, 1, NOW + SECOND, "ann")
    world.clock.step(1)
    await world.set(state=NumberState.PAUSED)
    assert await world.lives.sweep() == 0
    await world.set(state=NORMAL)
    assert await world.lives.sweep() == 1


async def test_what_was_frozen_for_another_reason_stays_frozen(world: World):
    await world.lives.ask_real_name(X, 1, None, "ann")
    await world.set(state=FROZEN)
    await world.lives.note_real_name(X, "ann")
    assert (await world.now()).state is FROZEN


async def test_a_real_name_is_noted_where_one_is_asked_for(world: World):
    with pytest.raises(InvalidParameter):
        await world.lives.note_real_name(X, "ann")
    for number in ("+8617000002099", X):
        await world.set(state=RETURNED)
        with pytest.raises(UnknownRecord):
            await world.lives.ask_real_name(number, 1, None, "ann")


async def test_an_issued_number_awaits_its_real_name_and_then_serves(world: World):
    y = "+8617000002002"
    new = NewStockNumber(number=y, area_code="0755", scheme=2, supplier="north", cost=500)
    await world.desk.add(NewStock(numbers=(new,)))
    kind = (await world.desk.find(y)).kind
    wish = StockWish(quantity=1, kind=kind, area_code="0755", reference="order-1:1")
    (number,) = await world.desk.issue(wish, "one", "ann")
    assert number.state is AWAITING
    await world.lives.note_real_name(y, "ann")
    assert (await world.now(y)).state is NORMAL
    assert await world.told() == [("one", "5")]
    # What it cost is known again when it comes back.
    await world.lives.give_back(await world.now(y), "ann", by_tenant=True)
    stock = await world.desk.find(y)
    assert (stock.supplier, stock.cost, stock.scheme) == ("north", 500, 2)


@pytest.mark.parametrize(
    ("quantity", "reference", "field"), [(1, "", "reference"), (0, "o", "quantity")]
)
async def test_a_wish_says_how_many_and_what_for(
    world: World, quantity: int, reference: str, field: str
):
    wish = StockWish(quantity=quantity, kind=world.number.kind, reference=reference)
    with pytest.raises(InvalidParameter) as refused:
        await world.desk.issue(wish, "one", "ann")
    assert refused.value.parameter == field


async def test_the_stock_has_numbers_of_known_cities(world: World):
    new = NewStockNumber(number="+8617000002002", area_code="0755")
    await world.desk.add(NewStock(numbers=(new,)))
    with pytest.raises(InvalidParameter) as refused:
        await world.desk.change(new.number, StockChange(area_code="755"))
    assert refused.value.parameter == "area_code"
    changed = await world.desk.change(new.number, StockChange(note="shelf 3"))
    assert changed.note == "shelf 3"
    await world.desk.remove(new.number)
    with pytest.raises(UnknownRecord):
        await world.desk.find(new.number)

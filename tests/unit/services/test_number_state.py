from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from maskline.domain.application import Mode
from maskline.domain.error import InvalidParameter
from maskline.domain.notice import Purpose, QueuedNotice
from maskline.domain.virtual_number import NumberCause, NumberState
from maskline.services.administration import Administration
from maskline.services.administration_request import (
    ApplicationChange,
    NewApplication,
    NewNumber,
    NewNumbers,
    NumberChange,
)
from maskline.services.clock import SteppedClock
from maskline.services.directory import Directory
from maskline.services.ids import CountedIds
from maskline.services.number_state import NumberNews
from maskline.stores.memory import MemoryStore

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
X = "+8617000002001"
ARREARS = NumberChange(state=NumberState.UNAVAILABLE, cause=NumberCause.ARREARS)
PAUSED = NumberChange(state=NumberState.PAUSED)
NORMAL = NumberChange(state=NumberState.NORMAL)
BLACKLISTED = NumberChange(state=NumberState.BLACKLISTED)
FROZEN = NumberChange(state=NumberState.BINDING_FROZEN)


@dataclass
class World:
    """An operator, one number, and what its application is told, as `state cause`."""

    store: MemoryStore = field(default_factory=MemoryStore)
    hints: int = 0

    async def open(self) -> None:
        clock = SteppedClock(NOW)
        news = NumberNews(
            lambda numbers: " ".join(
                f"{n.number} {n.state}" + (f" {n.cause}" if n.cause else "") for n in numbers
            ).encode(),
            clock,
            CountedIds(),
            self.hint,
        )
        self.administration = Administration(
            self.store, Directory(self.store, clock), clock, CountedIds(), news=news
        )
        made = await self.administration.create_application(
            NewApplication(
                name="n",
                mode=Mode.AXB,
                pushes_number_state=True,
                status_url="https://One.example/status",
                number_state_url="https://two.example:8443/x",
            )
        )
        self.app_key = made.app_key
        await self.administration.add_numbers(
            NewNumbers(app_key=self.app_key, numbers=(NewNumber(number=X, area_code="0755"),))
        )

    def hint(self) -> None:
        self.hints += 1

    async def change(self, *changes: NumberChange) -> None:
        for change in changes:
            await self.administration.change_number(X, change)

    async def set(self, **fields: object) -> None:
        await self.administration.change_application(self.app_key, ApplicationChange(**fields))

    async def queued(self) -> list[QueuedNotice]:
        queued: list[QueuedNotice] = []
        while due := await self.store.due_endpoints(NOW, 1):
            claimed = await self.store.claim(due[0], NOW, NOW, 9)
            await self.store.settle([one.sequence for one in claimed], [])
            queued += claimed
        return queued

    async def told(self) -> list[str]:
        return [one.notice.body.decode().removeprefix(f"{X} ") for one in await self.queued()]


@pytest.fixture
async def world() -> World:
    world = World()
    await world.open()
    return world


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param((ARREARS,), ["unavailable arrears"], id="becomes unavailable"),
        pytest.param(
            (ARREARS, NORMAL), ["unavailable arrears", "normal"], id="becomes available again"
        ),
        pytest.param(
            (ARREARS, NumberChange(cause=NumberCause.STOPPED)),
            ["unavailable arrears", "unavailable stopped"],
            id="the cause changes",
        ),
        pytest.param(
            (ARREARS, NumberChange(state=NumberState.UNAVAILABLE)),
            ["unavailable arrears"],
            id="unavailable as it was",
        ),
        pytest.param((PAUSED,), ["paused"], id="paused"),
        pytest.param((FROZEN,), ["binding_frozen"], id="frozen for new bindings"),
        pytest.param((ARREARS, PAUSED), ["unavailable arrears", "paused"], id="the cause goes"),
        pytest.param((NORMAL,), [], id="nothing changes"),
        pytest.param((NumberChange(area_code="010"),), [], id="something else changes"),
        pytest.param((BLACKLISTED,), [], id="blacklisted has no value"),
        pytest.param((BLACKLISTED, NORMAL), ["normal"], id="no longer blacklisted"),
    ],
)
async def test_a_change_that_customers_should_know_is_told(world: World, changes, told):
    await world.change(*changes)

    assert await world.told() == told
    assert world.hints == len(told)


async def test_a_notice_goes_to_the_receiver_of_number_states(world: World):
    await world.change(PAUSED)

    (queued,) = await world.queued()
    notice = queued.notice
    assert (notice.purpose, notice.app_key) == (Purpose.NUMBER_STATE, world.app_key)
    assert (notice.origin, notice.created_at) == ("https://two.example:8443", NOW)


async def test_without_a_receiver_of_its_own_it_goes_to_that_of_events(world: World):
    await world.set(number_state_url=None)
    await world.change(PAUSED)

    (queued,) = await world.queued()
    assert queued.notice.origin == "https://one.example"


@pytest.mark.parametrize(
    "fields",
    [{"pushes_number_state": False}, {"number_state_url": None, "status_url": None}],
    ids=["switched off", "no receiver"],
)
async def test_who_wants_no_states_is_told_none(world: World, fields):
    await world.set(**fields)
    await world.change(ARREARS)

    assert await world.told() == []
    found = await world.store.number(X)
    assert found is not None
    assert (found.state, found.cause) == (NumberState.UNAVAILABLE, NumberCause.ARREARS)


async def test_the_states_of_one_number_keep_their_order(world: World):
    await world.change(PAUSED, NORMAL)
    (due,) = await world.store.due_endpoints(NOW, 9)
    claimed = await world.store.claim(due, NOW, NOW.replace(hour=9), 9)

    assert [one.notice.body for one in claimed] == [f"{X} paused".encode()]


@pytest.mark.parametrize(
    ("before", "change", "reason"),
    [
        ((), NumberChange(state=NumberState.UNAVAILABLE), "is needed"),
        ((ARREARS,), NumberChange(cause=None), "is needed"),
        ((), NumberChange(cause=NumberCause.ARREARS), "unavailable only"),
        ((), NumberChange(state=NumberState.PAUSED, cause=NumberCause.ARREARS), "unavailable only"),
    ],
)
async def test_a_cause_goes_with_unavailability(world: World, before, change, reason):
    await world.change(*before)

    with pytest.raises(InvalidParameter, match=reason) as refused:
        await world.change(change)
    assert refused.value.parameter == "cause"


async def test_a_number_that_was_unavailable_without_a_cause_may_be_changed_otherwise(
    world: World,
):
    found = await world.store.number(X)
    assert found is not None
    unexplained = type(found)(
        number=X,
        app_key=found.app_key,
        area_code="0755",
        state=NumberState.UNAVAILABLE,
        created_at=NOW,
    )
    await world.store.save_number(unexplained)

    await world.change(NumberChange(area_code="010"))
    assert await world.told() == []


@pytest.mark.parametrize(
    "state", [NumberState.IN_TRANSFER, NumberState.AWAITING_REAL_NAME, NumberState.RETURNED]
)
async def test_no_hand_sets_a_state_that_something_has_to_lead_to(world: World, state: NumberState):
    with pytest.raises(InvalidParameter) as refused:
        await world.change(NumberChange(state=state))
    assert refused.value.parameter == "state"

"""A number's way through all its states, by the management API, on a clock that steps."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.unit.manage.job_world import SwitchedDoor
from tests.unit.manage.operating import Answer, Operator
from tests.unit.services.message_world import A, MessageWorld

from maskline.bootstrap.manage import manage_endpoints
from maskline.bootstrap.platform import Platform
from maskline.domain.axb_table import AXB_TABLE
from maskline.domain.notice import Purpose
from maskline.domain.outcome_table import Situation, decide
from maskline.domain.plan import Refuse
from maskline.domain.virtual_number import NumberState
from maskline.manage.app import create_manage
from maskline.manage.guard import Guard
from maskline.manage.reach import Reach
from maskline.settings import Settings, StoreSection

V1 = "/manage/v1"
X, NEW = "+8617000002001", "+8617000000011"
OTHERS = {"a": "+8613900008008", "b": "+8613900009009"}
DUE = "2026-11-22T16:00:00Z"


class World:
    """A process that was not started, asked by its operator; calls and messages as they come."""

    second = ""

    def __init__(self, folder: Path, messages: MessageWorld) -> None:
        self.messages, self.store, self.clock = messages, messages.store, messages.clock
        settings = Settings(store=StoreSection(data=str(folder)))
        self.platform = Platform(settings, store=self.store, clock=self.clock)
        app = create_manage(
            door=SwitchedDoor(),
            endpoints=manage_endpoints(self.platform),
            watched=(),
            version="1",
            look=Guard(Reach(self.store), self.platform.number_tokens).admit,
        )
        self.operator = Operator(app, self.store, None, self.clock, {})  # type: ignore[arg-type]

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = await self.operator.ask(method, f"{V1}{path}", body)
        assert answer.status < 300, answer.content
        return answer.json if answer.content else None

    async def do(self, path: str, **order: Any) -> str:
        """Where a task stands when it is over."""
        job = await self.ask("POST", path, order)
        async with asyncio.timeout(10):
            while job["finished_at"] is None:
                job = await self.ask("GET", f"/jobs/{job['job_id']}")
                await asyncio.sleep(0)
        return job["task"]

    def until(self, moment: str) -> None:
        self.clock.step((datetime.fromisoformat(moment) - self.clock.now()).total_seconds())

    async def state(self, number: str = X) -> str:
        return (await self.ask("GET", f"/numbers/{number}"))["state"]

    async def set(self, **change: Any) -> None:
        await self.ask("PATCH", f"/numbers/{X}", change)

    async def bind(self, number: str = X) -> Answer:
        form = {"app_key": "k", "x": number, **OTHERS}
        return await self.operator.ask("POST", f"{V1}/bindings", form)

    async def call(self) -> int:
        """The release of a call of A through X, 0 where it is connected."""
        tenant = await self.store.tenant("t")
        assert tenant is not None
        situation = Situation(
            route=await self.store.route(X, A),
            caller=A,
            application=self.messages.application,
            tenant=tenant,
            now=self.clock.now(),
            is_registered=True,
        )
        plan = decide(AXB_TABLE, situation)
        return plan.release if isinstance(plan, Refuse) else 0

    def told(self) -> list[str]:
        """The status, and the cause, of each push about X."""
        rows = sorted(self.store._tables.outbox.values(), key=lambda row: row.sequence)
        bodies = [
            json.loads(row.notice.body)["numInfo"]
            for row in rows
            if row.notice.purpose is Purpose.NUMBER_STATE
        ]
        return [one["status"] + one.get("cause", "") for (one,) in bodies]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """An application with a number that has a binding, and a second application."""
    messages = await MessageWorld().open()
    await messages.change(pushes_number_state=True, number_state_url="https://k.example/x")
    world = World(tmp_path, messages)
    form = {"name": "second", "mode": "axb", "tenant_id": "t"}
    world.second = (await world.ask("POST", "/applications", form))["app_key"]
    running = asyncio.create_task(world.platform.jobs.runner.run())
    yield world
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def _paused(world: World) -> None:
    await world.set(state="paused")


async def _normal(world: World) -> None:
    await world.set(state="paused")
    await world.set(state="normal")


async def _unavailable(world: World) -> None:
    await world.set(state="unavailable", cause="stopped")


async def _frozen(world: World) -> None:
    """Nobody has told the carrier in time whose it is."""
    await world.ask("PUT", f"/numbers/{X}/real-name", {"scheme": 1, "due_at": DUE})
    world.until(DUE)
    await world.platform.number_lives.sweep()


async def _blacklisted(world: World) -> None:
    await world.set(state="blacklisted")


async def _in_transfer(world: World) -> None:
    """On its way to the second application, until the world is closed."""
    arrived = asyncio.Event()

    async def stay(*_: object) -> int:
        arrived.set()
        return await asyncio.Event().wait()

    world.store.unbind_number = stay  # type: ignore[method-assign]
    await world.ask("POST", "/number-transfers", {"numbers": [X], "app_key": world.second})
    await arrived.wait()


async def _awaiting(world: World) -> None:
    """It came back, and was issued again by a carrier that wants to know whose it is."""
    await _returned(world)
    world.until("2027-03-01T00:00:00Z")
    await world.ask("PATCH", f"/stock/{X}", {"scheme": 2})
    wish = {"app_key": "k", "quantity": 1, "kind": "carrier", "reference": "order 8"}
    await world.ask("POST", "/stock/issues", wish)


async def _returned(world: World) -> None:
    assert await world.do("/number-returns", numbers=[X]) == "done"


@dataclass(frozen=True)
class Effects:
    """What becomes of a new binding (a result code), of the calls and messages of A, who is told.

    8055 and `sendResult` 3: X does not serve; 8: it is blacklisted. `told` has status and cause.
    """

    bind: str
    call: int
    message: int
    told: tuple[str, ...]


CLOSED = "1012102"
STATES: dict[NumberState, tuple[Callable[[World], Awaitable[None]], Effects]] = {
    NumberState.NORMAL: (_normal, Effects("", 0, 0, ("9", "5"))),
    NumberState.PAUSED: (_paused, Effects(CLOSED, 8055, 3, ("9",))),
    NumberState.UNAVAILABLE: (_unavailable, Effects(CLOSED, 8055, 3, ("103",))),
    NumberState.BINDING_FROZEN: (_frozen, Effects(CLOSED, 0, 0, ("11",))),
    NumberState.BLACKLISTED: (_blacklisted, Effects(CLOSED, 8055, 8, ())),
    NumberState.IN_TRANSFER: (_in_transfer, Effects(CLOSED, 8055, 3, ())),
    NumberState.AWAITING_REAL_NAME: (_awaiting, Effects(CLOSED, 8055, 3, ("101",))),
    NumberState.RETURNED: (_returned, Effects(CLOSED, 8055, 3, ("101",))),
}


@pytest.mark.parametrize("state", list(NumberState))
async def test_every_state_is_reached_shown_and_has_its_effects(world: World, state: NumberState):
    reach, effects = STATES[state]
    await reach(world)
    assert await world.state() == state
    listed = await world.ask("GET", f"/numbers?state={state}")
    assert [one["number"] for one in listed["items"]] == [X]
    assert await world.call() == effects.call
    await world.messages.receive()
    counted = world.messages.desk.counters.done
    assert (list(counted) or [0]) == [effects.message]
    bound = await world.bind()
    assert (bound.error["code"] if bound.status >= 400 else "") == effects.bind
    assert tuple(world.told()) == effects.told


async def test_a_number_goes_the_whole_way_from_the_stock_back_into_it(world: World):
    stock = {"number": NEW, "area_code": "0755", "kind": "carrier", "scheme": 3}
    await world.ask("POST", "/stock", {"numbers": [stock]})
    wish = {"app_key": "k", "quantity": 1, "kind": "carrier", "reference": "order 7"}
    issued = await world.ask("POST", "/stock/issues", wish)
    assert [one["state"] for one in issued["numbers"]] == ["awaiting_real_name"]
    assert (await world.bind(NEW)).error["code"] == CLOSED
    await world.ask("PUT", f"/numbers/{NEW}/real-name", {"scheme": 3, "due_at": DUE})
    done = await world.ask("POST", f"/numbers/{NEW}/real-name/done")
    assert done["state"] == "normal"
    assert (await world.bind(NEW)).status == 201

    weighed = {"numbers": [NEW], "app_key": world.second}
    told = await world.ask("POST", "/number-transfers/preview", weighed)
    assert (told["changes"], told["bindings"]) == (1, 1)
    assert await world.do("/number-transfers", **weighed) == "done"
    moved = await world.ask("GET", f"/numbers/{NEW}")
    assert (moved["app_key"], moved["state"], moved["pairs"]) == (world.second, "normal", 0)

    world.until("2026-11-26T00:00:00+08:00")
    told = await world.ask("POST", "/number-returns/preview", {"numbers": [NEW]})
    assert told["rent_until"] == "2026-12-31T16:00:00Z"
    assert await world.do("/number-returns", numbers=[NEW]) == "done"
    resting = await world.ask("GET", f"/stock/{NEW}")
    assert (resting["scheme"], resting["free_from"]) == (3, "2027-02-23T16:00:00Z")
    world.until("2027-02-24T00:00:00+08:00")
    world.clock.step(-1)
    assert await _counted(world) == (0, 1)
    again = {**wish, "reference": "order 8"}
    assert (await world.ask("POST", "/stock/issues", again))["missing"] == 1
    world.clock.step(1)
    assert await _counted(world) == (1, 0)
    assert (await world.ask("POST", "/stock/issues", again))["missing"] == 0

    history = (await world.ask("GET", f"/numbers/{NEW}/history"))["items"]
    assert [(one["step"], one["now"]) for one in reversed(history)] == [
        ("issued", "awaiting_real_name"),
        ("real_name_asked", "awaiting_real_name"),
        ("real_name_done", "normal"),
        ("transfer_begun", "in_transfer"),
        ("transferred", "normal"),
        ("state_changed", "unavailable"),
        ("returned", "returned"),
        ("issued", "awaiting_real_name"),
    ]


async def _counted(world: World) -> tuple[int, int]:
    """How much of the stock is free, and how much rests."""
    (one,) = (await world.ask("GET", "/stock/counts"))["items"]
    return one["free"], one["resting"]

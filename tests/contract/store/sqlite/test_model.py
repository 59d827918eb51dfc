"""Random histories of bindings: both stores answer alike, and the tables stay sound."""

import asyncio
import tempfile
from collections.abc import Awaitable
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.contract.store.making import Make
from tests.contract.store.sqlite.soundness import assert_sound

from maskline.domain.binding import AxbBinding
from maskline.domain.error import MasklineError
from maskline.domain.virtual_number import NumberState
from maskline.services.store import BindingFilter, BindLimits, NumberChoice, Page, Store
from maskline.stores.keys import FixedKeys
from maskline.stores.memory import MemoryStore
from maskline.stores.sqlite import SqliteStore

PARTIES = [f"+861390000000{index}" for index in range(6)]
NUMBERS = {"+8617000000001": "0755", "+8617000000002": "0755", "+8617000000003": "020"}
PAIR_LIMIT = BindLimits(pairs=2)
EVERYTHING = Page(limit=100)
parties = st.sampled_from(PARTIES)
numbers = st.sampled_from(sorted(NUMBERS))
lives = st.sampled_from([0, 0, 5, 10, 20])
areas = st.lists(st.sampled_from(["0755", "020", "010"]), unique=True, max_size=3)


class Bindings(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "maskline.db"
        self.stores: list[Store] = [MemoryStore(), SqliteStore(self.path, FixedKeys())]
        self.make = Make()
        self.seconds = 0.0
        self.made: list[AxbBinding] = []
        for store in self.stores:
            self.runner.run(self._prepare(store))

    async def _prepare(self, store: Store) -> None:
        await store.open()
        await store.add_tenant(self.make.tenant())
        await store.add_application(self.make.application())
        await store.add_numbers(
            [self.make.number(number, area_code=area) for number, area in NUMBERS.items()]
        )

    def teardown(self) -> None:
        for store in self.stores:
            self.runner.run(store.close())
        assert_sound(self.path)
        self.runner.close()
        self.folder.cleanup()

    @property
    def now(self):
        return self.make.after(self.seconds)

    def both(self, operation: str, *arguments: Any) -> Any:
        """What both stores answer, which must be the same, errors included."""

        async def outcome(store: Store) -> Any:
            work: Awaitable[Any] = getattr(store, operation)(*arguments)
            try:
                return await work
            except MasklineError as error:
                return type(error), vars(error)

        first, second = (self.runner.run(outcome(store)) for store in self.stores)
        assert first == second
        return first

    def binding(self, a: str, b: str, x: str, life: int) -> AxbBinding:
        binding = self.make.binding(a, b, x=x, duration_s=life)
        if life:
            binding = replace(binding, expires_at=self.make.after(self.seconds + life))
        return binding

    @rule(a=parties, b=parties, x=numbers, life=lives)
    def bind(self, a: str, b: str, x: str, life: int):
        made = self.both("bind", self.binding(a, b, x, life), PAIR_LIMIT, self.now, None)
        if isinstance(made, AxbBinding):
            self.made.append(made)

    @rule(a=parties, b=parties, life=lives, area_codes=areas, any_area=st.booleans())
    def bind_somewhere(self, a: str, b: str, life: int, *, area_codes: list[str], any_area: bool):
        choice = NumberChoice(area_codes=tuple(area_codes), any_area=any_area)
        made = self.both("bind", self.binding(a, b, "", life), PAIR_LIMIT, self.now, choice)
        if isinstance(made, AxbBinding):
            self.made.append(made)

    @precondition(lambda self: self.made)
    @rule(data=st.data(), a=parties, b=parties, life=lives)
    def modify(self, data: st.DataObject, a: str, b: str, life: int):
        old = data.draw(st.sampled_from(self.made))
        new = replace(self.binding(a, b, old.x, life), binding_id=old.binding_id)
        self.both("modify", new, PAIR_LIMIT, self.now)

    @precondition(lambda self: self.made)
    @rule(data=st.data())
    def unbind(self, data: st.DataObject):
        old = data.draw(st.sampled_from(self.made))
        self.both("unbind", self.make.app_key, old.binding_id, self.now)

    @rule(x=numbers)
    def unbind_number(self, x: str):
        self.both("unbind_number", self.make.app_key, x, self.now)

    @rule(limit=st.integers(1, 3))
    def sweep(self, limit: int):
        self.both("remove_expired", self.now, limit)

    @rule(x=numbers, state=st.sampled_from([NumberState.NORMAL, NumberState.NORMAL, *NumberState]))
    def change_number(self, x: str, state: NumberState):
        self.both("save_number", self.make.number(x, area_code=NUMBERS[x], state=state))

    @rule(seconds=st.sampled_from([1, 5, 5, 30]))
    def wait(self, seconds: int):
        self.seconds += seconds

    @invariant()
    def both_tell_the_same(self):
        self.both("numbers", None, EVERYTHING)
        self.both("bindings", BindingFilter(), self.now, EVERYTHING)
        for x in NUMBERS:
            for party in PARTIES[:3]:
                self.both("route", x, party)


TestBindings = Bindings.TestCase
TestBindings.settings = settings(
    max_examples=25,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

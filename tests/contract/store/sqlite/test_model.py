"""Random histories of bindings: both stores answer alike, and the tables stay sound.

One machine a mode, as an application has one mode and its numbers serve in that one only.
"""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Awaitable
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.contract.store.making import Make
from tests.contract.store.sqlite.soundness import assert_sound

from maskline.domain.binding import AxbBinding, AxBinding, AxeBinding, Binding, XyRelation
from maskline.domain.error import MasklineError
from maskline.domain.virtual_number import NumberState
from maskline.services.ended_binding_store import EndedFilter
from maskline.services.list_filter import NumberFilter
from maskline.services.store import BindingFilter, BindLimits, NumberChoice, Page, Store
from maskline.stores.keys import FixedKeys
from maskline.stores.memory import MemoryStore
from maskline.stores.sqlite import SqliteStore

PARTIES = [f"+861390000000{index}" for index in range(6)]
NUMBERS = {"+8617000000001": "0755", "+8617000000002": "0755", "+8617000000003": "020"}
EVERYTHING = Page(limit=100)
parties = st.sampled_from(PARTIES)
numbers = st.sampled_from(sorted(NUMBERS))
lives = st.sampled_from([0, 0, 5, 10, 20])
areas = st.lists(st.sampled_from(["0755", "020", "010"]), unique=True, max_size=3)
choices = st.builds(
    lambda codes, any_area: NumberChoice(area_codes=tuple(codes), any_area=any_area),
    areas,
    st.booleans(),
)


class Bindings(RuleBasedStateMachine):
    """What bindings of every mode go through; those of one mode add how they are made."""

    limits = BindLimits(pairs=2)

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "maskline.db"
        self.stores: list[Store] = [MemoryStore(), SqliteStore(self.path, FixedKeys())]
        self.make = Make()
        self.seconds = 0.0
        self.made: list[Binding] = []
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
        everything = Page(limit=1_000)
        ends = [
            Counter(self.runner.run(store.ended_bindings(EndedFilter(), everything)).rows)
            for store in self.stores
        ]
        assert ends[0] == ends[1]
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

    def keep(self, made: Any) -> None:
        if isinstance(made, Binding):
            self.made.append(made)

    def expiry(self, life: int):
        return self.make.after(self.seconds + life) if life else None

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
        self.both("numbers", NumberFilter(), EVERYTHING)
        self.both("bindings", BindingFilter(), self.now, EVERYTHING)
        for x in NUMBERS:
            for party in PARTIES[:3]:
                self.both("route", x, party)


class AxbBindings(Bindings):
    def binding(self, a: str, b: str, x: str, life: int) -> AxbBinding:
        binding = self.make.binding(a, b, x=x, duration_s=life)
        return replace(binding, expires_at=self.expiry(life))

    @rule(a=parties, b=parties, x=numbers, life=lives)
    def bind(self, a: str, b: str, x: str, life: int):
        self.keep(self.both("bind", self.binding(a, b, x, life), self.limits, self.now, None))

    @rule(a=parties, b=parties, life=lives, choice=choices)
    def bind_somewhere(self, a: str, b: str, life: int, choice: NumberChoice):
        self.keep(self.both("bind", self.binding(a, b, "", life), self.limits, self.now, choice))

    @precondition(lambda self: self.made)
    @rule(data=st.data(), a=parties, b=parties, life=lives)
    def modify(self, data: st.DataObject, a: str, b: str, life: int):
        old = data.draw(st.sampled_from(self.made))
        new = replace(self.binding(a, b, old.x, life), binding_id=old.binding_id)
        self.both("modify", new, self.limits, self.now)


class AxBindings(Bindings):
    limits = BindLimits(pairs=1, numbers_of_a=2)

    def binding(self, a: str, x: str, life: int) -> AxBinding:
        return AxBinding(**self.make.shared(a, x=x, expires_at=self.expiry(life)))

    @rule(a=parties, x=numbers, life=lives)
    def bind(self, a: str, x: str, life: int):
        self.keep(self.both("bind", self.binding(a, x, life), self.limits, self.now, None))

    @rule(a=parties, life=lives, choice=choices)
    def bind_somewhere(self, a: str, life: int, choice: NumberChoice):
        self.keep(self.both("bind", self.binding(a, "", life), self.limits, self.now, choice))

    @precondition(lambda self: self.made)
    @rule(data=st.data(), a=parties, life=lives)
    def modify(self, data: st.DataObject, a: str, life: int):
        old = data.draw(st.sampled_from(self.made))
        new = replace(self.binding(a, old.x, life), binding_id=old.binding_id)
        self.both("modify", new, self.limits, self.now)


class AxeBindings(Bindings):
    limits = BindLimits(pairs=5, extension_digits=1)

    def binding(self, a: str, x: str, life: int, extension: str = "") -> AxeBinding:
        shared = self.make.shared(a, x=x, expires_at=self.expiry(life))
        return AxeBinding(**shared, extension=extension)

    @rule(a=parties, x=numbers, life=lives, extension=st.sampled_from(["", "", "", "1", "4"]))
    def bind(self, a: str, x: str, life: int, extension: str):
        wanted = self.binding(a, x, life, extension)
        self.keep(self.both("bind", wanted, self.limits, self.now, None))

    @rule(a=parties, life=lives, choice=choices)
    def bind_somewhere(self, a: str, life: int, choice: NumberChoice):
        self.keep(self.both("bind", self.binding(a, "", life), self.limits, self.now, choice))

    @invariant()
    def both_know_the_same_extensions(self):
        for x in NUMBERS:
            for extension in ("1", "2", "4"):
                self.both("route_extension", x, extension)


class AxybBindings(Bindings):
    limits = BindLimits(pairs=1, numbers_of_a=2)
    of_y = BindLimits(pairs=2)

    @rule(a=parties, life=lives, choice=choices)
    def bind(self, a: str, life: int, choice: NumberChoice):
        relation = self.make.relation(a, life=life, since=self.seconds)
        self.keep(self.both("bind", relation, self.limits, self.now, choice))

    @precondition(lambda self: any(isinstance(one, XyRelation) for one in self.made))
    @rule(data=st.data(), b=parties, life=lives, choice=choices)
    def join(self, data: st.DataObject, b: str, life: int, choice: NumberChoice):
        relations = [one for one in self.made if isinstance(one, XyRelation)]
        relation = data.draw(st.sampled_from(relations))
        ends = [at for at in (self.expiry(life), relation.expires_at) if at is not None]
        part = replace(self.make.part(relation, b), expires_at=min(ends, default=None))
        self.keep(self.both("bind_yb", part, self.of_y, self.now, choice))

    @invariant()
    def both_know_the_same_b(self):
        for y in NUMBERS:
            self.both("holds_y", y, PARTIES[0], self.now)


def _examples(count: int) -> settings:
    return settings(
        max_examples=count,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )


TestAxb, TestAx = AxbBindings.TestCase, AxBindings.TestCase
TestAxe, TestAxyb = AxeBindings.TestCase, AxybBindings.TestCase
TestAxb.settings = _examples(25)
TestAx.settings = TestAxe.settings = TestAxyb.settings = _examples(15)

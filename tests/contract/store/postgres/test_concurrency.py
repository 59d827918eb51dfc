"""Several processes bind, change and remove beside each other on one database."""

import asyncio
import random
from collections.abc import Awaitable, Iterable
from dataclasses import replace
from typing import Any

import pytest
from tests.contract.store.making import Make
from tests.contract.store.postgres.soundness import assert_sound

from maskline.domain.binding import AxBinding, AxeBinding, Binding, CloseRule, XyRelation
from maskline.domain.error import (
    AlreadyBound,
    DuplicateRecord,
    ExtensionTaken,
    MasklineError,
    NumberFull,
    NumberPoolExhausted,
    StoreBusy,
    StoreFailed,
    TooManyNumbers,
    UnknownRecord,
)
from maskline.services.list_filter import NumberFilter
from maskline.services.store import BindingFilter, BindLimits, NumberChoice, Page
from maskline.stores.postgres import PostgresStore

Workers = tuple[PostgresStore, PostgresStore]
LIMITS = BindLimits(pairs=5000)
SHENZHEN = NumberChoice(area_codes=("0755",), any_area=False)
ANYWHERE = NumberChoice(area_codes=(), any_area=True)


async def _outcomes(work: Iterable[Awaitable[Any]]) -> list[Any]:
    """What came of each, all at once; whatever no seam promises is raised."""
    outcomes = await asyncio.gather(*work, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException) and (
            not isinstance(outcome, MasklineError) or isinstance(outcome, StoreFailed | StoreBusy)
        ):
            raise outcome
    return outcomes


def _won(outcomes: Iterable[Any]) -> list[Any]:
    return [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]


def _count(outcomes: Iterable[Any], kind: type[Exception]) -> int:
    return sum(isinstance(outcome, kind) for outcome in outcomes)


async def test_of_overlapping_binds_as_many_win_as_fit(workers: Workers, url: str, make: Make):
    parties = [f"+86139{index:08}" for index in range(12)]
    chance = random.Random(1)
    tries = [make.binding(*chance.sample(parties, 2)) for _ in range(64)]
    outcomes = await _outcomes(
        workers[index % 2].bind(one, LIMITS, make.now, None) for index, one in enumerate(tries)
    )
    won = _won(outcomes)
    bound = [party for one in won for party in (one.a, one.b)]
    assert len(bound) == len(set(bound))
    assert all({one.a, one.b} & set(bound) for one in tries)
    assert _count(outcomes, AlreadyBound) == len(tries) - len(won)
    listed = await workers[0].bindings(BindingFilter(), make.now, Page(limit=100))
    assert sorted(map(repr, listed.rows)) == sorted(map(repr, won))
    assert_sound(url)


@pytest.mark.parametrize("choice", [None, SHENZHEN, ANYWHERE])
async def test_binds_that_come_at_once_share_a_statement(
    workers: Workers, url: str, make: Make, monkeypatch: pytest.MonkeyPatch, choice: NumberChoice
):
    numbers = [f"+861700{index}" for index in range(32)]
    await workers[0].add_numbers([make.number(number) for number in numbers])
    await workers[0].bind(make.binding(), LIMITS, make.now, None)  # it knows the key of the tenant
    database, rows = workers[0]._database, []
    execute = database.execute

    async def counted(statement: str, parameters: tuple[Any, ...]) -> list[Any]:
        rows.append(await execute(statement, parameters))
        return rows[-1]

    monkeypatch.setattr(database, "execute", counted)
    binds = (workers[0].bind(make.binding(x=x), LIMITS, make.now, choice) for x in numbers)
    won = _won(await _outcomes(binds))
    assert len({one.x for one in won}) == 32
    assert [len(some) for some in rows] == [32]
    assert_sound(url)


async def test_a_number_takes_no_pair_more_than_it_may(workers: Workers, url: str, make: Make):
    expired = [make.expiring(5) for _ in range(3)]
    await _outcomes(workers[0].bind(one, LIMITS, make.now, None) for one in expired)
    outcomes = await _outcomes(
        workers[index % 2].bind(make.binding(), BindLimits(pairs=5), make.after(5), None)
        for index in range(32)
    )
    assert len(_won(outcomes)) == 5
    assert _count(outcomes, NumberFull) == 27
    assert_sound(url)


async def test_a_pool_is_filled_to_the_last_pair(workers: Workers, url: str, make: Make):
    await workers[0].add_numbers([make.number(f"+861700{index}") for index in range(7)])
    limits = BindLimits(pairs=6)
    outcomes = await _outcomes(
        workers[index % 2].bind(make.binding(), limits, make.now, SHENZHEN) for index in range(64)
    )
    assert len(_won(outcomes)) == 48
    assert _count(outcomes, NumberPoolExhausted) == 16
    numbers = await workers[0].numbers(NumberFilter(), Page())
    assert {number.pairs for number in numbers.rows} == {6}
    assert_sound(url)


async def test_one_customer_who_is_bound_many_times_at_once_gets_a_number_each(
    workers: Workers, url: str, make: Make
):
    await workers[0].add_numbers([make.number(f"+861700{index}") for index in range(15)])
    a = "+8613900000001"
    outcomes = await _outcomes(
        workers[index % 2].bind(make.binding(a), LIMITS, make.now, ANYWHERE) for index in range(20)
    )
    assert len({one.x for one in _won(outcomes)}) == 16
    assert _count(outcomes, NumberPoolExhausted) == 4
    assert_sound(url)


async def test_a_binding_id_is_used_once_wherever_it_is_bound(
    workers: Workers, url: str, make: Make
):
    await workers[0].add_numbers([make.number(f"+861700{index}") for index in range(7)])
    outcomes = await _outcomes(
        workers[index % 2].bind(make.binding(binding_id="one"), LIMITS, make.now, SHENZHEN)
        for index in range(16)
    )
    assert len(_won(outcomes)) == 1
    assert _count(outcomes, DuplicateRecord) == 15
    assert_sound(url)


async def test_an_a_holds_no_number_more_than_it_may(workers: Workers, url: str, make: Make):
    numbers = [f"+861700{index}" for index in range(16)]
    await workers[0].add_numbers([make.number(number) for number in numbers])
    limits = BindLimits(pairs=1, numbers_of_a=2)
    a = "+8613900000001"
    outcomes = await _outcomes(
        workers[index % 2].bind(AxBinding(**make.shared(a, x=x)), limits, make.now, None)
        for index, x in enumerate(numbers)
    )
    assert len(_won(outcomes)) == 2
    assert _count(outcomes, TooManyNumbers) == 14
    assert_sound(url)


async def test_no_extension_is_given_twice(workers: Workers, url: str, make: Make):
    limits = BindLimits(pairs=50, extension_digits=1)
    gone = [
        await workers[0].bind(AxeBinding(**make.shared()), limits, make.now, None) for _ in range(3)
    ]
    new = [AxeBinding(**make.shared()) for _ in range(16)]
    outcomes = await _outcomes(
        [workers[index % 2].bind(one, limits, make.now, None) for index, one in enumerate(new)]
        + [workers[1].unbind(make.app_key, one.binding_id, make.now) for one in gone]
    )
    given = [one.extension for one in _won(outcomes) if isinstance(one, AxeBinding)]
    assert len(given) == len(set(given)) >= 6
    assert _count(outcomes, ExtensionTaken) == 16 - len(given)
    assert_sound(url)


async def test_a_relation_that_goes_takes_along_the_parts_that_come(
    workers: Workers, url: str, make: Make
):
    await workers[0].add_numbers([make.number(f"+861700{index}") for index in range(15)])
    limits = BindLimits(pairs=1, numbers_of_a=9)
    relations: list[XyRelation] = [
        await workers[0].bind(make.relation(), limits, make.now, ANYWHERE) for _ in range(4)
    ]
    work: list[Awaitable[Any]] = []
    for index in range(48):
        part = make.part(relations[index % 4])
        work.append(workers[index % 2].bind_yb(part, LIMITS, make.now, ANYWHERE))
        if index in {20, 33}:
            gone = relations[index % 4].binding_id
            work.append(workers[1].unbind(make.app_key, gone, make.now))
            work.append(workers[0].bind(make.relation(), limits, make.now, ANYWHERE))
    await _outcomes(work)
    left = await workers[0].bindings(BindingFilter(), make.now, Page(limit=100))
    assert {getattr(one, "relation_id", one.binding_id) for one in left.rows} >= {
        relations[2].binding_id,
        relations[3].binding_id,
    }
    assert_sound(url)


class _Crowd:
    """Everything that happens to bindings, on few numbers and parties, in a random order."""

    def __init__(self, workers: Workers, make: Make, seed: int) -> None:
        self._workers = workers
        self._make = make
        self._chance = random.Random(seed)
        self._parties = [f"+86139{index:08}" for index in range(10)]
        self._numbers = [make.x, *(f"+861700{index}" for index in range(3))]
        self._made: list[Binding] = []

    def acts(self, number: int) -> list[Awaitable[Any]]:
        kinds = (self._bind, self._bind, self._pick, self._modify, self._unbind, self._call)
        acts = [self._chance.choice(kinds)() for _ in range(number)]
        store = self._chance.choice(self._workers)
        return [*acts, store.remove_expired(self._now, 5)]

    @property
    def _now(self):
        return self._make.after(self._chance.randint(0, 20))

    def _store(self) -> PostgresStore:
        return self._chance.choice(self._workers)

    def _binding(self):
        a, b = self._chance.sample(self._parties, 2)
        life = self._chance.choice([0, 5, 10])
        new = self._make.binding(a, b, x=self._chance.choice(self._numbers))
        if life:
            new = replace(new, close=CloseRule(idle_s=life), expires_at=self._make.after(life))
        self._made.append(new)
        return new

    def _bind(self) -> Awaitable[Any]:
        return self._store().bind(self._binding(), BindLimits(pairs=3), self._now, None)

    def _pick(self) -> Awaitable[Any]:
        return self._store().bind(self._binding(), BindLimits(pairs=3), self._now, SHENZHEN)

    def _modify(self) -> Awaitable[Any]:
        if not self._made:
            return self._bind()
        old = self._chance.choice(self._made)
        a, b = self._chance.sample(self._parties, 2)
        return self._store().modify(replace(old, a=a, b=b), LIMITS, self._now)

    def _unbind(self) -> Awaitable[Any]:
        if not self._made:
            return self._bind()
        gone = self._chance.choice(self._made)
        return self._store().unbind(gone.app_key, gone.binding_id, self._now)

    def _call(self) -> Awaitable[Any]:
        if not self._made:
            return self._bind()
        used = self._chance.choice(self._made)
        call = self._make.call(binding_id=used.binding_id, close=CloseRule(idle_s=5))
        answered = call.answered(self._make.after(1))
        if self._chance.random() < 0.5:
            return self._store().save_call(answered, [])
        return self._store().finish_call(self._make.record(answered, self._now), [])


async def test_whatever_happens_at_once_the_tables_stay_sound(
    workers: Workers, url: str, make: Make
):
    await workers[0].add_numbers([make.number(f"+861700{index}") for index in range(3)])
    for seed in range(6):
        crowd = _Crowd(workers, make, seed)
        for _ in range(4):
            outcomes = await _outcomes(crowd.acts(24))
            assert _count(outcomes, UnknownRecord) < len(outcomes)
        assert_sound(url)
        await workers[0].unbind_number(make.app_key, make.x, make.now)
    assert_sound(url)

"""Runs that charge are killed anywhere and gone on with: nobody is charged twice, nobody not."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.services.billing.billing_world import Shop

from maskline.domain.access import OPERATOR
from maskline.domain.application import TenantState
from maskline.domain.ledger import Account
from maskline.domain.package import Quota
from maskline.domain.tariff import started_minutes
from maskline.domain.virtual_number import NumberState
from maskline.services.billing.request import NewPackage, NewPurchase
from maskline.services.store import Store
from maskline.stores.keys import FixedKeys
from maskline.stores.memory import MemoryStore
from maskline.stores.sqlite import SqliteStore

PRICE = 10


class _Killed(Exception):
    """The process is gone."""


class _Mortal:
    """A store whose process is killed at its n-th request, before or after that was done."""

    def __init__(self, store: Store, at: int, *, is_done: bool) -> None:
        self._store = store
        self._left = at
        self._is_done = is_done

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        if not callable(found):
            return found
        ask = cast("Callable[..., Awaitable[Any]]", found)

        async def asked(*args: Any, **named: Any) -> Any:
            self._left -= 1
            if self._left < 0 or (self._left == 0 and not self._is_done):
                raise _Killed
            answer = await ask(*args, **named)
            if self._left == 0:
                raise _Killed
            return answer

        return asked


KILLS = st.lists(st.tuples(st.integers(1, 40), st.booleans()), max_size=6)
CALLS = st.lists(st.integers(0, 400), min_size=1, max_size=8)


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(kills=KILLS, calls=CALLS, minutes=st.integers(1, 9), money=st.integers(100, 400))
def test_whatever_is_killed_charges_nobody_twice(
    kind: str, kills: list[tuple[int, bool]], calls: list[int], minutes: int, money: int
):
    asyncio.run(_charged(kind, kills, (calls, minutes, money)))


async def _charged(
    kind: str, kills: list[tuple[int, bool]], used: tuple[list[int], int, int]
) -> None:
    if kind == "memory":
        await _story(MemoryStore(), kills, *used)
        return
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "maskline.db", FixedKeys())
        await store.open()
        try:
            await _story(store, kills, *used)
        finally:
            await store.close()


async def _story(
    store: Store, kills: list[tuple[int, bool]], calls: list[int], minutes: int, money: int
) -> None:
    shop = await Shop(store).open()
    await shop.price(call_minute=PRICE)
    offer = await shop.desk.add_package(NewPackage(name="Small", price=100, minutes=minutes))
    await shop.pay(money)
    await shop.desk.buy(NewPurchase(package_id=offer.offer_id), "shop", OPERATOR)
    shop.clock.step(3600)
    records = [await shop.talk(seconds) for seconds in calls]
    shop.clock.step(3600)
    for place, (at, is_done) in enumerate(kills):
        mortal = cast("Store", _Mortal(store, at, is_done=is_done))
        with suppress(_Killed):
            await shop.worker(mortal, f"killed-{place}").work()
        shop.clock.step(601)
    await shop.worker(store, "last").work()
    shop.clock.step(3600)
    await shop.runner.work()

    used = sum(started_minutes(record) for record in records)
    covered = 0
    for record in records:
        posting = await store.posting_of(f"call:{record.call.session_id}")
        assert posting is not None
        assert posting.units == started_minutes(record)
        covered += posting.covered
    [package] = await store.purchases("shop", shop.clock.now())
    assert covered == min(used, minutes) == minutes - package.left(Quota.MINUTES)
    balance = money - 100 - (used - covered) * PRICE
    sums = await store.ledger_sums(None)
    assert sum(sums.values()) == 0
    assert await shop.balance() == sums[Account.PREPAID] == balance
    tenant = await store.tenant("shop")
    assert tenant is not None
    is_frozen = balance < 0
    assert (tenant.state is TenantState.IN_ARREARS) is is_frozen
    assert await shop.states() == [NumberState.PAUSED if is_frozen else NumberState.NORMAL] * 2
    runs = await store.charge_runs(100)
    assert sum(run.amount for run in runs) == (used - covered) * PRICE

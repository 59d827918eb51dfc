"""Where calls go, with what is looked up beside the route."""

from dataclasses import replace

import pytest
from tests.contract.store.making import NOW, Make

from maskline.domain.plan import Connect, Refuse
from maskline.domain.release import ReleaseCode
from maskline.services.clock import SteppedClock
from maskline.services.directory import Directory
from maskline.services.routing import route_call
from maskline.services.store import BindLimits
from maskline.stores.memory import MemoryStore

A, B = "+8613900001001", "+8613900003003"


@pytest.fixture
def make() -> Make:
    return Make()


@pytest.fixture
async def store(make: Make) -> MemoryStore:
    store = MemoryStore()
    await store.add_tenant(make.tenant())
    await store.add_application(make.application(intercepts_unregistered=True))
    await store.add_numbers([make.number()])
    await store.bind(make.binding(A, B), BindLimits(pairs=9), NOW, None)
    return store


async def planned(store: MemoryStore, make: Make, caller: str):
    clock = SteppedClock(NOW)
    routed = await route_call(store, Directory(store, clock), clock, x=make.x, caller=caller)
    assert routed is not None
    return routed.plan


@pytest.mark.parametrize("caller", [A, B])
async def test_calls_of_an_a_who_is_not_registered_are_intercepted_either_way(store, make, caller):
    plan = await planned(store, make, caller)
    assert isinstance(plan, Refuse)
    assert (plan.release, plan.binding_id) == (ReleaseCode.NOT_REGISTERED, "binding-1")


async def test_a_registered_a_calls_and_is_called(store, make):
    await store.save_registrants([make.registrant(A).accept(NOW)], 9)
    assert isinstance(await planned(store, make, A), Connect)
    assert isinstance(await planned(store, make, B), Connect)


async def test_b_need_not_be_registered(store, make):
    await store.save_registrants([make.registrant(B).accept(NOW)], 9)
    assert isinstance(await planned(store, make, B), Refuse)


async def test_nobody_is_asked_for_where_the_application_does_not_want_it(store, make):
    application = make.application()
    await store.save_application(replace(application, intercepts_unregistered=False))
    assert isinstance(await planned(store, make, A), Connect)


async def test_a_number_that_is_not_ours_has_no_plan(store):
    clock = SteppedClock(NOW)
    directory = Directory(store, clock)
    assert await route_call(store, directory, clock, x="+861709", caller=A) is None

from tests.contract.store.making import Make

from maskline.domain.binding import Role
from maskline.domain.route import RouteFound
from maskline.services.store import BindLimits, Store

A, B, C = "+8613900000001", "+8613800000002", "+8613700000003"


async def test_a_number_that_is_not_ours_is_told(store: Store):
    assert await store.route("+8617099999999", A) == RouteFound(number=None)


async def test_a_caller_without_binding_finds_only_the_number(store: Store, make: Make):
    await store.bind(make.binding(A, B), BindLimits(pairs=5), make.now, None)
    found = await store.route(make.x, C)
    assert found == RouteFound(number=make.number(pairs=1))


async def test_each_party_finds_the_binding_and_its_role(store: Store, make: Make):
    binding = make.binding(A, B)
    await store.bind(binding, BindLimits(pairs=5), make.now, None)
    number = make.number(pairs=1)
    assert await store.route(make.x, A) == RouteFound(number=number, binding=binding, role=Role.A)
    assert await store.route(make.x, B) == RouteFound(number=number, binding=binding, role=Role.B)


async def test_an_expired_binding_is_still_found_for_the_plan_to_judge(store: Store, make: Make):
    binding = make.expiring(10, A, B)
    await store.bind(binding, BindLimits(pairs=5), make.now, None)
    found = await store.route(make.x, A)
    assert found.binding == binding
    assert not found.binding.is_live(make.after(10))

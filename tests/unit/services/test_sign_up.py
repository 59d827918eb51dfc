from pathlib import Path

import pytest
from tests.unit.services.order_world import OrderWorld

from maskline.domain.access import Role
from maskline.domain.activation import ActivationState
from maskline.domain.error import DuplicateRecord, InvalidParameter
from maskline.services.accounts import Accounts
from maskline.services.administration import Administration
from maskline.services.directory import Directory
from maskline.services.ids import SystemIds
from maskline.services.page import Page
from maskline.services.password import PasswordCost, Passwords
from maskline.services.sign_up import SignUp, SignUpDesk, TooManySignUps

NEW = SignUp(company="Shop", login="ann", name="Ann", password="correct horse battery")


async def _desk(world: OrderWorld, an_hour: int = 9) -> SignUpDesk:
    store, clock, ids = world.store, world.clock, SystemIds()
    cheap = Passwords(PasswordCost(memory_kib=8, passes=1))
    return SignUpDesk(
        store,
        Administration(store, Directory(store, clock), clock, ids),
        Accounts(store, cheap, clock, ids, changed=lambda: None),
        world.activations,
        clock=clock,
        an_hour=an_hour,
    )


@pytest.fixture
async def world(tmp_path: Path) -> OrderWorld:
    return await OrderWorld(tmp_path).open()


async def test_who_signs_up_owns_a_tenant_that_waits_for_its_activation(world: OrderWorld):
    user = await (await _desk(world)).sign_up(NEW, "192.0.2.1")
    assert (user.login, user.role) == ("ann", Role.OWNER)
    assert user.tenant_id is not None
    activation = await world.activations.find(user.tenant_id)
    assert activation.state is ActivationState.NEEDED
    tenant = await world.store.tenant(user.tenant_id)
    assert tenant is not None
    assert tenant.name == "Shop"


async def test_a_sign_up_that_is_refused_leaves_no_tenant(world: OrderWorld):
    desk = await _desk(world)
    await desk.sign_up(NEW, "192.0.2.1")
    before = (await world.store.tenants(Page())).rows
    weak = SignUp(company="Shop", login="bob", name="Bob", password="short")
    with pytest.raises(InvalidParameter):
        await desk.sign_up(weak, "192.0.2.1")
    with pytest.raises(DuplicateRecord):
        await desk.sign_up(NEW, "192.0.2.1")
    assert (await world.store.tenants(Page())).rows == before


async def test_an_address_signs_up_so_often_an_hour(world: OrderWorld):
    desk = await _desk(world, an_hour=1)
    await desk.sign_up(NEW, "192.0.2.1")
    other = SignUp(company="Shop", login="bob", name="Bob", password=NEW.password)
    with pytest.raises(TooManySignUps):
        await desk.sign_up(other, "192.0.2.1")
    world.clock.step(3_600)
    await desk.sign_up(other, "192.0.2.1")

from datetime import timedelta

import pytest
from tests.unit.services.billing.billing_world import NOW, Shop, X, Y

from maskline.domain.access import OPERATOR
from maskline.domain.application import Tenant, TenantState
from maskline.domain.error import (
    DuplicateRecord,
    InvalidParameter,
    UnknownRecord,
)
from maskline.domain.virtual_number import NumberCause, NumberState
from maskline.services.administration_request import NumberChange, TenantChange
from maskline.services.billing.request import (
    Adjustment,
    MoneyTerms,
    NewPackage,
    NewPurchase,
    PackageChange,
    TopUp,
)
from maskline.services.problem_desk import BALANCE, ProblemDesk

DAY_S = 86_400.0
NORMAL, PAUSED = NumberState.NORMAL, NumberState.PAUSED


async def _in_arrears() -> Shop:
    shop = await Shop().open()
    await shop.price()
    await shop.talk()
    await shop.charge()
    assert await shop.arrears.settle("shop")
    return shop


async def _tenant_state(shop: Shop) -> TenantState:
    tenant = await shop.store.tenant("shop")
    assert tenant is not None
    return tenant.state


async def test_who_owes_more_than_its_credit_is_frozen_and_its_numbers_are_paused():
    shop = await Shop().open()
    await shop.price()
    await shop.desk.set_terms("shop", MoneyTerms(credit=20))
    await shop.talk()
    await shop.charge()
    assert not await shop.arrears.settle("shop")
    await shop.talk()
    await shop.charge()
    assert await _tenant_state(shop) is TenantState.NORMAL
    assert await shop.arrears.settle("shop")
    assert not await shop.arrears.settle("shop")
    assert await _tenant_state(shop) is TenantState.IN_ARREARS
    assert await shop.states() == [PAUSED, PAUSED]
    assert await shop.told() == [f"{X} paused None".encode(), f"{Y} paused None".encode()]


async def test_whoever_pays_is_back_at_once_exactly_as_before():
    shop = await Shop().open()
    await shop.administration.change_number(X, NumberChange(state=NumberState.BINDING_FROZEN))
    await shop.administration.change_number(Y, NumberChange(state=PAUSED))
    await shop.price()
    await shop.talk()
    await shop.charge()
    await shop.arrears.settle("shop")
    assert await shop.states() == [PAUSED, PAUSED]
    await shop.pay(19, "a part")
    assert await _tenant_state(shop) is TenantState.IN_ARREARS
    await shop.pay(1, "the rest")
    assert await _tenant_state(shop) is TenantState.NORMAL
    assert await shop.states() == [NumberState.BINDING_FROZEN, PAUSED]
    account = await shop.store.money_account("shop")
    assert (account.balance, account.arrears_since) == (0, None)


async def test_who_was_frozen_for_another_reason_stays_frozen():
    shop = await Shop().open()
    await shop.administration.change_tenant("shop", TenantChange(state=TenantState.FROZEN))
    await shop.price()
    await shop.talk()
    await shop.charge()
    await shop.arrears.settle("shop")
    await shop.pay(500)
    assert await _tenant_state(shop) is TenantState.FROZEN
    assert await shop.states() == [NORMAL, NORMAL]


async def test_who_is_frozen_by_hand_during_arrears_stays_so_when_he_has_paid():
    shop = await _in_arrears()
    with pytest.raises(InvalidParameter, match="balance"):
        await shop.administration.change_tenant("shop", TenantChange(state=TenantState.IN_ARREARS))
    await shop.administration.change_tenant("shop", TenantChange(state=TenantState.FROZEN))
    await shop.arrears.settle("shop")
    await shop.pay(500)
    assert await _tenant_state(shop) is TenantState.FROZEN
    assert await shop.states() == [NORMAL, NORMAL]
    await shop.administration.change_tenant("shop", TenantChange(state=TenantState.NORMAL))
    await shop.arrears.settle("shop")
    assert await _tenant_state(shop) is TenantState.NORMAL


async def test_who_is_thawed_by_hand_during_arrears_is_frozen_by_the_next_run():
    shop = await _in_arrears()
    await shop.administration.change_tenant("shop", TenantChange(state=TenantState.NORMAL))
    assert await shop.arrears.settle("shop")
    assert await _tenant_state(shop) is TenantState.IN_ARREARS


async def test_who_was_frozen_by_one_who_did_not_know_that_he_had_paid_is_thawed():
    shop = await Shop().open()
    await shop.administration.set_arrears("shop", is_in_arrears=True)
    await shop.arrears.settle("shop")
    assert await _tenant_state(shop) is TenantState.NORMAL


async def test_numbers_that_are_resumed_by_hand_meanwhile_are_paused_again():
    shop = await _in_arrears()
    await shop.administration.change_number(X, NumberChange(state=NORMAL))
    await shop.arrears.settle("shop")
    assert await shop.states() == [PAUSED, PAUSED]
    await shop.pay(500)
    assert await shop.states() == [NORMAL, NORMAL]


async def test_after_thirty_days_the_numbers_are_lost():
    shop = await _in_arrears()
    shop.clock.step(30 * DAY_S - 0.001)
    await shop.arrears.settle("shop")
    assert await shop.states() == [PAUSED, PAUSED]
    shop.clock.step(0.001)
    assert await shop.arrears.settle("shop")
    assert not await shop.arrears.settle("shop")
    found = await shop.store.numbers_after("app", "", 9)
    assert {(one.state, one.cause) for one in found} == {
        (NumberState.UNAVAILABLE, NumberCause.ARREARS)
    }
    await shop.pay(500)
    assert await _tenant_state(shop) is TenantState.NORMAL
    assert await shop.states() == [NumberState.UNAVAILABLE] * 2


async def test_a_low_balance_is_told_once_until_it_was_higher():
    shop = await Shop().open()
    await shop.pay(100)
    await shop.desk.set_terms("shop", MoneyTerms(alert_below=100))
    assert not await shop.arrears.settle("shop")
    await shop.desk.set_terms("shop", MoneyTerms(alert_below=101))
    account = await shop.store.money_account("shop")
    assert account.alerted_at == shop.clock.now()
    assert not await shop.arrears.settle("shop")
    assert await _problems(shop) == {"low": 1}
    await shop.pay(1, "r2")
    assert (await shop.store.money_account("shop")).alerted_at is None
    await shop.desk.set_terms("shop", MoneyTerms(alert_below=102))
    assert await _problems(shop) == {"low": 2}


async def test_arrears_and_lost_numbers_are_problems_of_those_who_see_the_money():
    shop = await _in_arrears()
    shop.clock.step(30 * DAY_S)
    await shop.arrears.settle("shop")
    assert await _problems(shop) == {"released": 1, "arrears": 1}
    desk, since = ProblemDesk(shop.store, shop.clock), NOW - timedelta(days=1)
    assert await desk.problems(["app"], since) == ()
    assert await desk.problems(["other"], since, known=[BALANCE]) == ()


async def _problems(shop: Shop) -> dict[str, int]:
    """How often each was told."""
    desk = ProblemDesk(shop.store, shop.clock)
    found = await desk.problems(["app"], NOW - timedelta(days=1), known=[BALANCE])
    return {one.cause: one.count for one in found}


async def test_a_payment_is_booked_once_whoever_tells_of_it():
    shop = await Shop().open()
    for _ in range(2):
        await shop.pay(100)
    assert await shop.balance() == 100
    with pytest.raises(DuplicateRecord):
        await shop.pay(101)
    with pytest.raises(UnknownRecord):
        await shop.desk.top_up(TopUp(tenant_id="nobody", amount=1, reference="x"), OPERATOR)


async def test_a_balance_is_corrected_with_a_reason():
    shop = await Shop().open()
    form = Adjustment(tenant_id="shop", amount=-5, reference="c1", note="a call of a test")
    posting = await shop.desk.adjust(form, OPERATOR)
    assert (posting.amount, posting.note, posting.created_by) == (-5, form.note, OPERATOR.name)
    nothing = Adjustment(tenant_id="shop", amount=0, reference="c2", note="n")
    with pytest.raises(InvalidParameter):
        await shop.desk.adjust(nothing, OPERATOR)


async def test_prices_do_not_begin_in_the_past():
    shop = await Shop().open()
    with pytest.raises(InvalidParameter):
        await shop.price(valid_from=shop.clock.now() - timedelta(microseconds=1))
    tariff = await shop.price(valid_from=shop.clock.now())
    assert await shop.store.tariffs() == (tariff,)


async def test_a_package_needs_money_a_number_and_to_be_sold():
    shop = await Shop().open()
    offer = await shop.desk.add_package(NewPackage(name="Small", price=100, minutes=3))
    wanted = NewPurchase(package_id=offer.offer_id)
    with pytest.raises(InvalidParameter, match="top it up"):
        await shop.desk.buy(wanted, "shop", OPERATOR)
    await shop.pay(100)
    await shop.desk.buy(wanted, "shop", OPERATOR)
    assert await shop.balance() == 0
    await shop.pay(100, "r2")
    await shop.desk.change_package(offer.offer_id, PackageChange(is_sold=False))
    with pytest.raises(InvalidParameter, match="not sold"):
        await shop.desk.buy(wanted, "shop", OPERATOR)
    await shop.desk.change_package(offer.offer_id, PackageChange(is_sold=True))
    await shop.store.add_tenant(Tenant(tenant_id="taxi", name="Taxi", created_at=NOW))
    with pytest.raises(InvalidParameter, match="number"):
        await shop.desk.buy(wanted, "taxi", OPERATOR)

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.unit.services.order_world import PHONE, VIRTUAL, OrderWorld

from maskline.domain.activation import BearerKind, Industry, Nature
from maskline.domain.application import ApplicationState, TenantState
from maskline.domain.dossier import RecordChanged, StateForbids
from maskline.domain.error import DuplicateRecord, InvalidParameter, UnknownRecord
from maskline.domain.order import NumberOrder, OrderState
from maskline.domain.virtual_number import NumberState
from maskline.services.activation import NotActivated
from maskline.services.enterprise_request import ActivationSurvey, NewContact
from maskline.services.order_request import (
    HandIssue,
    IssuedByHand,
    LineForm,
    NewOrder,
    OrderChange,
)

IN_SHENZHEN = LineForm(area_code="0755", kind=VIRTUAL, quantity=2)


@pytest.fixture
async def world(tmp_path: Path) -> OrderWorld:
    return await OrderWorld(tmp_path).open()


async def _taken(world: OrderWorld, *lines: LineForm) -> NumberOrder:
    return await world.orders.approve((await world.ordered(*lines)).dossier_id)


async def test_an_order_is_issued_from_stock_as_far_as_it_reaches_and_then_the_rest(
    world: OrderWorld,
):
    await world.fill_stock(1)
    order = await _taken(world)
    partly = await world.orders.issue(order.dossier_id, "op")
    assert (partly.state, partly.issued, partly.quantity) == (OrderState.PROCESSING, 1, 2)
    assert await world.orders.issue(order.dossier_id, "op") == partly
    await world.fill_stock(2, 3)
    done = await world.orders.issue(order.dossier_id, "op")
    assert (done.state, done.issued) == (OrderState.ISSUED, 2)
    numbers = await world.orders.numbers(order.dossier_id, 0, "left")
    assert [number.number for number in numbers] == ["+8617000000001", "+8617000000002"]
    with pytest.raises(StateForbids):
        await world.orders.issue(order.dossier_id, "op")


async def test_numbers_whose_scheme_wants_it_await_their_real_name(world: OrderWorld):
    await world.fill_stock(1, scheme=2)
    order = await _taken(world)
    await world.orders.issue(order.dossier_id, "op")
    by_hand = IssuedByHand(number="+8617000000009", scheme=3)
    issue = HandIssue(line=0, numbers=(by_hand,))
    done = await world.orders.issue_by_hand(order.dossier_id, issue, "op")
    assert done.state is OrderState.ISSUED
    numbers = await world.orders.numbers(order.dossier_id, 0, None)
    assert {number.state for number in numbers} == {NumberState.AWAITING_REAL_NAME}


async def test_numbers_by_hand_are_issued_once_and_no_more_than_are_missing(world: OrderWorld):
    order = await _taken(world)
    first, second, third = (IssuedByHand(number=f"+861700000001{one}") for one in range(3))
    too_many = HandIssue(line=0, numbers=(first, second, third))
    with pytest.raises(InvalidParameter):
        await world.orders.issue_by_hand(order.dossier_id, too_many, "op")
    one = HandIssue(line=0, numbers=(first,))
    partly = await world.orders.issue_by_hand(order.dossier_id, one, "op")
    assert await world.orders.issue_by_hand(order.dossier_id, one, "op") == partly
    elsewhere = HandIssue(line=0, numbers=(IssuedByHand(number=second.number, area_code="010"),))
    with pytest.raises(InvalidParameter):
        await world.orders.issue_by_hand(order.dossier_id, elsewhere, "op")
    await world.fill_stock(11)  # the second one is in stock
    in_stock = HandIssue(line=0, numbers=(IssuedByHand(number="+8617000000011"),))
    with pytest.raises(DuplicateRecord):
        await world.orders.issue_by_hand(order.dossier_id, in_stock, "op")


async def test_who_may_not_order_is_told_why(world: OrderWorld):
    enterprise = await world.approved()
    new = NewOrder(app_key="app-left", enterprise_id=enterprise.dossier_id, lines=(IN_SHENZHEN,))
    application = await world.store.application("app-left")
    assert application is not None
    await world.store.save_application(replace(application, state=ApplicationState.SUSPENDED))
    with pytest.raises(InvalidParameter, match="suspended"):
        await world.orders.place("left", new)
    await world.store.save_application(application)
    sms = LineForm(kind=VIRTUAL, quantity=1, may_message=True)
    other = await world.approved("right")
    for wrong in (
        NewOrder(app_key="app-right", enterprise_id=enterprise.dossier_id, lines=(IN_SHENZHEN,)),
        NewOrder(app_key="app-left", enterprise_id=other.dossier_id, lines=(IN_SHENZHEN,)),
        NewOrder(app_key="app-left", enterprise_id=enterprise.dossier_id, lines=(sms,)),
        NewOrder(
            app_key="app-left",
            enterprise_id=enterprise.dossier_id,
            contact_id="nobody",
            lines=(IN_SHENZHEN,),
        ),
    ):
        with pytest.raises(InvalidParameter):
            await world.orders.place("left", wrong)
    tenant = await world.store.tenant("left")
    assert tenant is not None
    await world.store.save_tenant(replace(tenant, state=TenantState.FROZEN))
    with pytest.raises(NotActivated):
        await world.orders.place("left", new)


async def test_an_enterprise_is_ordered_for_until_its_letter_of_authority_ends(world: OrderWorld):
    enterprise = await world.approved()
    new = NewOrder(app_key="app-left", enterprise_id=enterprise.dossier_id, lines=(IN_SHENZHEN,))
    ends = enterprise.expires_at(world.enterprises.zone)
    assert ends is not None
    world.clock.step((ends - world.clock.now() - timedelta(seconds=1)).total_seconds())
    await world.orders.place("left", new)
    world.clock.step(1)
    with pytest.raises(InvalidParameter, match="letter of authority"):
        await world.orders.place("left", new)


async def test_a_tenant_that_signed_up_orders_once_its_form_is_approved(world: OrderWorld):
    order = await world.ordered()
    await world.activations.begin("left")
    again = NewOrder(
        app_key="app-left", enterprise_id=order.wish.enterprise_id, lines=(IN_SHENZHEN,)
    )
    with pytest.raises(NotActivated):
        await world.orders.place("left", again)
    survey = ActivationSurvey(
        company="T",
        nature=Nature.SAAS,
        industry=Industry.DELIVERY,
        bearer_kind=BearerKind.APP,
        bearer_name="app",
        scene="rides",
        script="hello",
        accepts_rules=True,
    )
    await world.activations.submit("left", survey)
    await world.activations.approve("left")
    assert (await world.orders.place("left", again)).state is OrderState.SUBMITTED


async def test_an_order_waits_to_be_changed_and_reviewed_as_it_was_looked_at(world: OrderWorld):
    order = await world.ordered()
    contact = await world.contacts.add("left", NewContact(name="Ann", phone=PHONE))
    change = OrderChange(contact_id=contact.contact_id, lines=(IN_SHENZHEN, IN_SHENZHEN))
    changed = await world.orders.change(order.dossier_id, change, "left")
    assert (changed.quantity, len(changed.wish.lines)) == (4, 1)
    with pytest.raises(RecordChanged):
        await world.orders.approve(order.dossier_id, order.revision)
    await world.orders.reject(order.dossier_id, "vanity numbers are not sold", changed.revision)
    again = await world.orders.change(order.dossier_id, OrderChange(note="any number"), "left")
    assert (again.state, again.reason) == (OrderState.SUBMITTED, "")
    with pytest.raises(UnknownRecord):
        await world.orders.cancel(order.dossier_id, "right")
    assert (await world.orders.cancel(order.dossier_id, "left")).state is OrderState.CANCELLED


async def test_what_is_not_from_stock_takes_as_long_as_its_suppliers(world: OrderWorld):
    fast = await world.ordered()
    assert fast.expected_on == date(2026, 11, 27)
    slow = await world.orders.change(fast.dossier_id, OrderChange(is_fast=False), "left")
    assert slow.expected_on == date(2026, 11, 30)

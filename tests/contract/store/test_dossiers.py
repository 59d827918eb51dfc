from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.contract.store.making import NOW, Make

from maskline.domain.activation import Activation, ActivationForm, ActivationState, Nature
from maskline.domain.complaint import (
    Complaint,
    ComplaintCause,
    Measure,
    Rule,
    Violation,
    ViolationState,
)
from maskline.domain.dossier import Contact, ContactTopic, Dossier, RecordChanged
from maskline.domain.enterprise import (
    Enterprise,
    EnterpriseForm,
    EnterpriseState,
    Paper,
    PaperKind,
)
from maskline.domain.error import DuplicateRecord, UnknownRecord
from maskline.domain.order import NumberOrder, OrderLine, OrderState, OrderWish
from maskline.domain.virtual_number import NumberKind
from maskline.services.dossier_store import DossierFilter
from maskline.services.page import Page
from maskline.services.store import Store

WISH = OrderWish(
    app_key="app-1",
    enterprise_id="e1",
    wanted_on=date(2026, 4, 1),
    lines=(OrderLine(area_code="0755", kind=NumberKind.CARRIER, quantity=3, issued=1),),
)
PAPER = Paper(
    kind=PaperKind.LICENCE,
    object_name="paper1",
    name="licence.pdf",
    media_type="application/pdf",
    size=10,
    uploaded_at=NOW,
)


def _order(order_id: str, **changes: Any) -> NumberOrder:
    plain = NumberOrder(
        dossier_id=order_id,
        tenant_id="tenant-1",
        created_at=NOW,
        since=NOW,
        state=OrderState.SUBMITTED,
        wish=WISH,
        expected_on=date(2026, 3, 6),
    )
    return replace(plain, **changes)


async def test_each_kind_of_dossier_is_kept_as_it_was(store: Store, make: Make):
    own: dict[str, Any] = {"tenant_id": make.tenant_id, "created_at": NOW, "since": NOW}
    form = EnterpriseForm(name="Taxi", agent_name="安", authority_until=date(2026, 12, 31))
    kept: tuple[Dossier, ...] = (
        Activation(
            dossier_id="same",
            state=ActivationState.WAITING,
            form=ActivationForm(company="Taxi", nature=Nature.DIRECT),
            urged_at=make.after(1),
            **own,
        ),
        Enterprise(
            dossier_id="same",
            state=EnterpriseState.DRAFT,
            form=form,
            papers=(PAPER,),
            reason="seal",
            **own,
        ),
        _order("same"),
        Complaint(
            dossier_id="same",
            cause=ComplaintCause.FRAUD,
            app_key="app-1",
            x=make.x,
            complainant="+8613900001001",
            **own,
        ),
        Violation(
            dossier_id="same",
            state=ViolationState.LIFTED,
            rule=Rule.FRAUD,
            measure=Measure.FREEZE_TENANT,
            complaint_id="same",
            **own,
        ),
    )
    for one in kept:
        await store.add_dossier(one)
    for one in kept:
        assert await store.dossier(type(one), "same") == one
        with pytest.raises(DuplicateRecord):
            await store.add_dossier(one)
    assert await store.dossier(NumberOrder, "other") is None


async def test_a_dossier_of_no_tenant_is_not_kept(store: Store):
    with pytest.raises(UnknownRecord):
        await store.add_dossier(_order("o1", tenant_id="nobody"))


async def test_who_changes_a_dossier_that_another_has_changed_is_told_so(store: Store, make: Make):
    order = _order("o1")
    await store.add_dossier(order)
    taken, cancelled = order.take(make.after(1)), order.cancel(make.after(1))
    await store.save_dossier(taken)
    for late in (cancelled, order, _order("none", revision=2)):
        with pytest.raises(RecordChanged):
            await store.save_dossier(late)
    assert await store.dossier(NumberOrder, "o1") == taken


async def test_dossiers_are_listed_newest_first_and_as_a_queue(store: Store, make: Make):
    await store.add_tenant(make.tenant("tenant-2"))
    first, second = _order("o1"), _order("o2", since=make.after(1))
    other = _order("o3", tenant_id="tenant-2", since=make.after(2), state=OrderState.ISSUED)
    for one in (second, other, first):
        await store.add_dossier(one)

    async def listed(**wanted: Any) -> list[str]:
        found = await store.dossiers(NumberOrder, DossierFilter(**wanted), Page())
        return [one.dossier_id for one in found.rows]

    assert await listed() == ["o3", "o2", "o1"]
    assert await listed(tenant_id=make.tenant_id) == ["o2", "o1"]
    assert await listed(state="submitted", oldest_first=True) == ["o1", "o2"]
    assert await listed(tenant_id="tenant-2", state="submitted") == []
    wanted = DossierFilter(oldest_first=True)
    page = await store.dossiers(NumberOrder, wanted, Page(limit=2))
    assert page.rows == (first, second)
    rest = await store.dossiers(NumberOrder, wanted, Page(limit=2, after=page.next))
    assert (rest.rows, rest.next) == ((other,), None)
    submitted = DossierFilter(state="submitted")
    assert (await store.count_dossiers(NumberOrder, submitted)).count == 2
    assert (await store.dossiers(Enterprise, DossierFilter(), Page())).rows == ()


async def test_contacts_are_kept_and_changed_and_forgotten(store: Store, make: Make):
    plain = Contact(
        contact_id="c1",
        tenant_id=make.tenant_id,
        name="Ann",
        phone="+8613800000001",
        topics=frozenset({ContactTopic.ORDER}),
        created_at=NOW,
    )
    later = replace(plain, contact_id="c0", created_at=make.after(1))
    for contact in (later, plain):
        await store.save_contact(contact)
    assert await store.contacts(make.tenant_id) == (plain, later)
    changed = replace(plain, email="ann@example.com", topics=frozenset[ContactTopic]())
    await store.save_contact(changed)
    await store.remove_contact(make.tenant_id, "c0")
    assert await store.contacts(make.tenant_id) == (changed,)
    with pytest.raises(UnknownRecord):
        await store.remove_contact("tenant-2", "c1")
    with pytest.raises(UnknownRecord):
        await store.save_contact(replace(plain, tenant_id="nobody"))
    assert await store.contacts("nobody") == ()

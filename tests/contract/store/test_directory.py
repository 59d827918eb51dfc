from dataclasses import replace

import pytest
from tests.contract.store.making import Make
from tests.contract.store.paging import pages

from maskline.domain.application import ApplicationState, Mode, TenantState
from maskline.domain.error import DuplicateRecord, UnknownRecord
from maskline.domain.notice import Purpose
from maskline.domain.trunk import Transport, Trunk
from maskline.domain.use_limit import UseLimits
from maskline.domain.virtual_number import NumberCause, NumberKind, NumberState
from maskline.services.list_filter import NumberFilter
from maskline.services.page import Count
from maskline.services.store import BindLimits, Page, Store


async def test_a_tenant_is_found_as_it_was_added(empty_store: Store, make: Make):
    tenant = make.tenant(
        "t",
        name="某公司",
        state=TenantState.FROZEN,
        recording_retention_days=365,
        record_retention_days=90,
        binding_retention_days=45,
        message_retention_days=91,
        text_retention_days=2,
        may_message=False,
        max_applications=7,
        limits=UseLimits(destinations=("+8610", "+852"), spend_per_day=7),
    )
    await empty_store.add_tenant(tenant)
    assert await empty_store.tenant("t") == tenant
    assert await empty_store.tenant("T") is None


async def test_a_second_tenant_of_the_same_id_is_refused(empty_store: Store, make: Make):
    await empty_store.add_tenant(make.tenant("t"))
    with pytest.raises(DuplicateRecord) as caught:
        await empty_store.add_tenant(make.tenant("t", name="other"))
    assert caught.value.key == "t"
    assert (await empty_store.tenant("t")).name == "Taxi"


async def test_a_tenant_is_replaced_but_keeps_its_birthday(empty_store: Store, make: Make):
    await empty_store.add_tenant(make.tenant("t"))
    await empty_store.save_tenant(
        make.tenant(
            "t",
            name="New",
            state=TenantState.FROZEN,
            recording_retention_days=30,
            record_retention_days=60,
            binding_retention_days=20,
            message_retention_days=61,
            text_retention_days=1,
            may_message=False,
            max_applications=9,
            limits=UseLimits(spend_per_day=10**12),
            created_at=make.after(9),
        )
    )
    expected = make.tenant(
        "t",
        name="New",
        state=TenantState.FROZEN,
        recording_retention_days=30,
        record_retention_days=60,
        binding_retention_days=20,
        message_retention_days=61,
        text_retention_days=1,
        may_message=False,
        max_applications=9,
        limits=UseLimits(spend_per_day=10**12),
    )
    assert await empty_store.tenant("t") == expected
    with pytest.raises(UnknownRecord):
        await empty_store.save_tenant(make.tenant("other"))


async def test_tenants_are_listed_by_id_a_page_at_a_time(empty_store: Store, make: Make):
    for tenant_id in ("c", "a", "b"):
        await empty_store.add_tenant(make.tenant(tenant_id))
    found = await pages(empty_store.tenants, 2)
    assert [[tenant.tenant_id for tenant in page] for page in found] == [["a", "b"], ["c"]]


async def test_an_application_is_found_with_every_field(store: Store, make: Make):
    application = make.application(
        "full",
        name="名称",
        mode=Mode.AXB,
        state=ApplicationState.SUSPENDED,
        status_url="https://one.example/status?token=1",
        cdr_url="https://one.example/cdr",
        sms_url="https://one.example/sms",
        sms_control_url="https://one.example/control",
        may_call=False,
        may_record=True,
        may_message=True,
        allowed_addresses=("192.0.2.0/24", "2001:db8::1"),
        request_limit_per_s=7,
        pairs_per_number=3,
        description="rides at night",
        has_voice_check=True,
        is_sandbox=True,
        labels={"team": "a", "环境": ""},
    )
    await store.add_application(application)
    assert await store.application("full") == application
    assert await store.application("none") is None


async def test_an_application_needs_its_tenant_and_a_key_of_its_own(store: Store, make: Make):
    with pytest.raises(UnknownRecord):
        await store.add_application(make.application("new", tenant_id="nobody"))
    with pytest.raises(DuplicateRecord) as caught:
        await store.add_application(make.application(name="again"))
    assert caught.value.key == make.app_key


async def test_a_replaced_application_keeps_mode_tenant_and_birthday(store: Store, make: Make):
    await store.add_tenant(make.tenant("other"))
    changed = make.application(
        secret="new", mode=Mode.AX, tenant_id="other", created_at=make.after(5), may_record=True
    )
    await store.save_application(changed)
    assert await store.application(make.app_key) == make.application(secret="new", may_record=True)
    with pytest.raises(UnknownRecord):
        await store.save_application(make.application("none"))


async def test_applications_are_listed_by_creation_of_one_tenant_or_all(store: Store, make: Make):
    await store.add_tenant(make.tenant("other"))
    await store.add_application(make.application("late", created_at=make.after(9)))
    await store.add_application(
        make.application("early", tenant_id="other", created_at=make.after(-9))
    )
    everyone = await store.applications(None, Page())
    assert [row.app_key for row in everyone.rows] == ["early", make.app_key, "late"]
    own = await store.applications(make.tenant_id, Page(limit=1))
    assert [row.app_key for row in own.rows] == [make.app_key]
    assert own.next is not None


async def test_numbers_start_without_pairs(store: Store, make: Make):
    long = make.number("+86170000000000012", pairs=9, may_message=False, area_code="010")
    await store.add_numbers([long])
    assert await store.number(long.number) == replace(long, pairs=0)
    assert await store.number("+8617099999999") is None


async def test_numbers_are_added_all_or_none(store: Store, make: Make):
    with pytest.raises(DuplicateRecord) as caught:
        await store.add_numbers([make.number("+861701"), make.number()])
    assert caught.value.key == make.x
    with pytest.raises(DuplicateRecord):
        await store.add_numbers([make.number("+861701"), make.number("+861701")])
    with pytest.raises(UnknownRecord):
        await store.add_numbers([make.number("+861701"), make.number("+861702", app_key="none")])
    assert await store.number("+861701") is None
    await store.add_numbers([])


async def test_a_saved_number_keeps_owner_pairs_and_birthday(store: Store, make: Make):
    await store.bind(make.binding(), BindLimits(pairs=5), make.now, None)
    await store.save_number(
        make.number(
            state=NumberState.PAUSED,
            area_code="010",
            may_message=False,
            pairs=77,
            app_key="other",
            created_at=make.after(1),
        )
    )
    expected = make.number(state=NumberState.PAUSED, area_code="010", may_message=False, pairs=1)
    assert await store.number(make.x) == expected
    with pytest.raises(UnknownRecord):
        await store.save_number(make.number("+861709"))


@pytest.mark.parametrize("cause", [None, *NumberCause])
async def test_a_number_keeps_why_it_is_unavailable(
    store: Store, make: Make, cause: NumberCause | None
):
    gone = make.number(state=NumberState.UNAVAILABLE, cause=cause)
    await store.save_number(gone)
    assert await store.number(make.x) == gone
    assert (await store.route(make.x, "+8613900000001")).number == gone
    await store.save_number(make.number())
    assert await store.number(make.x) == make.number()


async def test_a_saved_number_and_what_is_told_of_it_are_kept_together(store: Store, make: Make):
    told = make.notice("number", purpose=Purpose.NUMBER_STATE)
    with pytest.raises(UnknownRecord):
        await store.save_number(make.number("+861709"), [told])
    assert await store.outbox_depth() == (0, 0)

    await store.save_number(make.number(state=NumberState.PAUSED), [told])
    endpoint = make.endpoint(purpose=Purpose.NUMBER_STATE)
    assert await store.due_endpoints(make.now, 9) == (endpoint,)
    (queued,) = await store.claim(endpoint, make.now, make.after(9), 9)
    assert queued.notice == told


async def test_numbers_are_listed_by_number_of_one_application_or_all(store: Store, make: Make):
    await store.add_application(make.application("second"))
    await store.add_numbers(
        [make.number("+861703", app_key="second"), make.number("+861702"), make.number("+861701")]
    )
    own = await store.numbers(NumberFilter(app_key=make.app_key), Page(limit=2))
    assert [row.number for row in own.rows] == [make.x, "+861701"]
    assert await store.count_numbers_in(NumberFilter(app_key=make.app_key)) == Count(3)
    both = NumberFilter(app_keys=("second", "none", make.app_key))
    for wanted in (NumberFilter(), both):
        found = await pages(lambda page, by=wanted: store.numbers(by, page), 2)
        assert [row.number for row in found[1]] == ["+861702", "+861703"]
    assert (await store.numbers(NumberFilter(app_keys=()), Page())).rows == ()


async def test_trunks_are_saved_replaced_listed_by_name_and_removed(empty_store: Store):
    carrier = Trunk(
        name="carrier",
        host="192.0.2.1",
        transport=Transport.TLS,
        prefixes=("+861", "+8675"),
        username="u",
        password="p",
        inbound_password="q",
    )
    await empty_store.save_trunk(carrier)
    await empty_store.save_trunk(Trunk(name="backup", host="192.0.2.2"))
    changed = replace(carrier, port=5070, is_enabled=False)
    await empty_store.save_trunk(changed)
    assert await empty_store.trunks() == (Trunk(name="backup", host="192.0.2.2"), changed)
    await empty_store.remove_trunk("backup")
    assert await empty_store.trunks() == (changed,)
    with pytest.raises(UnknownRecord):
        await empty_store.remove_trunk("backup")


async def test_a_number_has_a_kind_a_note_and_tags(store: Store, make: Make):
    noted = make.number(
        "+8617000000009", kind=NumberKind.VIRTUAL_OPERATOR, note="for 深圳", tags=("a", "b")
    )
    await store.add_numbers([noted])
    assert await store.number(noted.number) == noted
    changed = replace(noted, kind=NumberKind.CARRIER, note="", tags=("c",))
    await store.save_number(changed)
    assert await store.number(noted.number) == changed


async def test_a_number_knows_whose_blacklisting_it_is(store: Store, make: Make):
    kept = make.number(state=NumberState.BLACKLISTED, blacklisted_by_tenant=True)
    await store.save_number(kept)
    assert await store.number(kept.number) == kept
    assert await store.numbers_named([kept.number]) == (kept,)


async def test_numbers_are_found_by_a_list_of_them(store: Store, make: Make):
    other = make.number("+8617000000009")
    await store.add_numbers([other])
    asked = [other.number, "+8617000000008", make.x]
    assert {one.number for one in await store.numbers_named(asked)} == {make.x, other.number}
    assert await store.numbers_named([]) == ()


async def test_a_tenant_has_so_many_numbers(store: Store, make: Make):
    await store.add_tenant(make.tenant("second"))
    assert await store.count_numbers(make.tenant_id) == 1
    assert await store.count_numbers("second") == 0


async def test_a_number_without_bindings_is_given_to_another_application(store: Store, make: Make):
    await store.add_application(make.application("app-2"))
    await store.move_number(make.x, make.app_key, "app-2")
    assert (await store.number(make.x) or make.number()).app_key == "app-2"
    with pytest.raises(UnknownRecord):
        await store.move_number(make.x, make.app_key, "app-2")

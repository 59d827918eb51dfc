import asyncio
from dataclasses import replace

import pytest
from tests.contract.store.making import Make

from maskline.domain.access import Role
from maskline.domain.account import LinkPurpose, UserState
from maskline.domain.error import (
    DuplicateRecord,
    LastOfItsKind,
    LinkNotGood,
    TenantFull,
    UnknownRecord,
)
from maskline.services.store import Store

LIMIT = 9


async def test_an_account_is_found_by_id_and_by_login(store: Store, make: Make):
    user = make.user(totp_secret="GEZDGNBV", language="en", last_seen_at=make.after(1))
    await store.add_user(user, LIMIT)
    assert await store.user(user.user_id) == user
    assert await store.user_of_login(user.login) == user
    assert await store.user_of_login("nobody@shop.example") is None


async def test_a_login_is_there_once_on_the_platform(store: Store, make: Make):
    user = make.user()
    await store.add_user(user, LIMIT)
    with pytest.raises(DuplicateRecord, match="this login"):
        await store.add_user(make.user(tenant_id=None, login=user.login), LIMIT)


async def test_an_account_needs_its_tenant_and_room_in_it(store: Store, make: Make):
    with pytest.raises(UnknownRecord):
        await store.add_user(make.user(tenant_id="nobody"), LIMIT)
    await store.add_user(make.user(), 1)
    with pytest.raises(TenantFull):
        await store.add_user(make.user(), 1)
    await store.add_user(make.user(tenant_id=None, role=Role.REVIEWER), 1)


async def test_accounts_are_listed_oldest_first_behind_a_place(store: Store, make: Make):
    late = make.user(created_at=make.after(5))
    early, staff = make.user(), make.user(tenant_id=None, created_at=make.after(1))
    for user in (late, early, staff):
        await store.add_user(user, LIMIT)
    assert await store.users(None, None, 9) == (early, staff, late)
    assert await store.users(make.tenant_id, None, 1) == (early,)
    assert await store.users("", None, 9) == (staff,)
    place = (early.created_at, early.user_id)
    assert await store.users(make.tenant_id, place, 9) == (late,)


async def test_a_change_keeps_what_belongs_to_the_account_for_good(store: Store, make: Make):
    user = make.user()
    await store.add_user(user, LIMIT)
    await store.note_sign_in(user.user_id, make.after(3), 7)
    changed = replace(user, role=Role.SUPPORT, name="韩梅梅", password="other", zone="UTC")
    other = replace(changed, created_at=make.after(9), totp_counter=99)
    await store.save_user(other)
    assert await store.user(user.user_id) == replace(
        changed, last_seen_at=make.after(3), totp_counter=7
    )
    with pytest.raises(UnknownRecord):
        await store.save_user(make.user())


async def test_somebody_in_charge_has_to_stay(store: Store, make: Make):
    owner, second = make.user(role=Role.OWNER), make.user(role=Role.OWNER)
    for user in (owner, second, make.user(tenant_id=None, role=Role.OPERATOR)):
        await store.add_user(user, LIMIT)
    await store.save_user(replace(second, state=UserState.DISABLED))
    with pytest.raises(LastOfItsKind, match="last owner"):
        await store.save_user(replace(owner, role=Role.ADMINISTRATOR))
    await store.save_user(second)
    await store.save_user(replace(owner, role=Role.ADMINISTRATOR))


async def test_two_owners_cannot_leave_at_once(store: Store, make: Make):
    owners = [make.user(role=Role.OWNER) for _ in range(2)]
    for owner in owners:
        await store.add_user(owner, LIMIT)
    left = await asyncio.gather(
        *(store.save_user(replace(owner, role=Role.SUPPORT)) for owner in owners),
        return_exceptions=True,
    )
    assert [type(error) for error in left if error is not None] == [LastOfItsKind]


async def test_a_code_is_good_once_and_later_ones_only(store: Store, make: Make):
    user = make.user()
    await store.add_user(user, LIMIT)
    tried = (5, 5, 4, None, 6)
    noted = [await store.note_sign_in(user.user_id, make.now, counter) for counter in tried]
    assert noted == [True, False, False, True, True]
    assert await store.note_sign_in("nobody", make.now, None) is False


async def test_whether_anybody_active_has_a_role(store: Store, make: Make):
    assert not await store.has_role(Role.OPERATOR)
    gone = make.user(tenant_id=None, role=Role.OPERATOR, state=UserState.DISABLED)
    await store.add_user(gone, LIMIT)
    assert not await store.has_role(Role.OPERATOR)
    await store.add_user(make.user(tenant_id=None, role=Role.OPERATOR), LIMIT)
    assert await store.has_role(Role.OPERATOR)


async def test_a_link_is_good_once(store: Store, make: Make):
    link = make.account_link()
    await store.add_link(link, LIMIT)
    assert await store.link(link.digest) == link
    user = make.user(login=link.login)
    await store.add_user(user, LIMIT, link.digest)
    assert await store.link(link.digest) is None
    for use in (store.add_user(make.user(), LIMIT, link.digest), store.save_user(user, b"none")):
        with pytest.raises(LinkNotGood):
            await use
    assert len(await store.users(None, None, 9)) == 1


async def test_a_link_stays_when_the_account_is_refused(store: Store, make: Make):
    user, link = make.user(), make.account_link()
    await store.add_user(user, LIMIT)
    await store.add_link(link, LIMIT)
    with pytest.raises(DuplicateRecord):
        await store.add_user(make.user(login=user.login), LIMIT, link.digest)
    assert await store.link(link.digest) == link


async def test_a_newer_link_takes_the_place_of_an_older_one(store: Store, make: Make):
    old = make.account_link()
    new = make.account_link(login=old.login)
    reset = make.account_link(login=old.login, purpose=LinkPurpose.RESET, user_id="user-1")
    foreign = make.account_link(tenant_id=None, role=Role.REVIEWER)
    for link in (old, new, reset, foreign):
        await store.add_link(link, LIMIT)
    assert await store.links(None) == (new, reset, foreign)
    assert await store.links(make.tenant_id) == (new, reset)
    assert await store.links("") == (foreign,)
    await store.remove_link(new.link_id)
    with pytest.raises(UnknownRecord):
        await store.remove_link(new.link_id)


async def test_links_are_bounded_and_expired_ones_go(store: Store, make: Make):
    await store.add_link(make.account_link(), 1)
    with pytest.raises(TenantFull):
        await store.add_link(make.account_link(), 1)
    await store.add_link(make.account_link(created_at=make.after(3600)), 1)
    assert len(await store.links(None)) == 1
    with pytest.raises(UnknownRecord):
        await store.add_link(make.account_link(tenant_id="nobody"), 1)


async def test_the_first_operator_uses_up_all_links_for_that(store: Store, make: Make):
    first, second = (
        make.account_link(purpose=LinkPurpose.SETUP, tenant_id=None, login="", name="")
        for _ in range(2)
    )
    for link in (first, second):
        await store.add_link(link, LIMIT)
    operator = make.user(tenant_id=None, role=Role.OPERATOR)
    await store.add_user(operator, LIMIT, second.digest)
    assert await store.links(None) == ()


async def test_a_session_is_found_with_its_person(store: Store, make: Make):
    user = make.user()
    await store.add_user(user, LIMIT)
    session = make.session(user.user_id)
    await store.add_session(session, 5)
    assert await store.session(session.digest) == (session, user)
    assert await store.session(b"of nobody") is None
    await store.use_session(session.digest, make.after(60))
    await store.step_up_session(session.digest, make.after(1000))
    kept = replace(session, used_at=make.after(60), stepped_up_until=make.after(1000))
    assert await store.sessions(user.user_id) == (kept,)


async def test_the_longest_unused_session_goes_for_a_new_one(store: Store, make: Make):
    user = make.user()
    await store.add_user(user, LIMIT)
    sessions = [make.session(user.user_id, used_at=make.after(at)) for at in (2, 1, 3)]
    for session in sessions:
        await store.add_session(session, 2)
    assert await store.sessions(user.user_id) == (sessions[2], sessions[0])


async def test_sessions_end_one_by_one_and_all_but_one(store: Store, make: Make):
    user = make.user()
    await store.add_user(user, LIMIT)
    one, two, three = (make.session(user.user_id) for _ in range(3))
    for session in (one, two, three):
        await store.add_session(session, 5)
    await store.remove_session(user.user_id, one.session_id)
    with pytest.raises(UnknownRecord):
        await store.remove_session("another", two.session_id)
    assert await store.remove_sessions(user.user_id, two.digest) == 1
    assert await store.sessions(user.user_id) == (two,)
    assert await store.remove_sessions(user.user_id) == 1


async def test_old_sessions_are_swept_in_portions(store: Store, make: Make):
    user = make.user()
    await store.add_user(user, LIMIT)
    unused = make.session(user.user_id)
    expired = make.session(user.user_id, used_at=make.after(90), expires_at=make.after(100))
    good = make.session(user.user_id, used_at=make.after(90))
    for session in (unused, expired, good):
        await store.add_session(session, 5)
    sweeps = [await store.remove_old_sessions(make.after(50), make.after(100), 1) for _ in "123"]
    assert sweeps == [1, 1, 0]
    assert await store.sessions(user.user_id) == (good,)

import asyncio
from importlib import import_module

import pytest
from tests.contract.store.making import Make
from tests.contract.store.paging import pages

from maskline.domain.error import UnknownRecord
from maskline.domain.message import BlockKind, MessageBlock, Standing
from maskline.services.message_store import BlockFilter
from maskline.services.store import Page, Store

ONE, TWO = "+8613900000001", "+8613900000002"
STORES = ("memory", "sqlite", "postgres")


def _block(make: Make, number: str, kind: BlockKind = BlockKind.BLOCKED, **changes):
    values = {"app_key": make.app_key, "reason": "because", "created_at": make.now} | changes
    return MessageBlock(kind=kind, number=number, **values)


async def test_who_is_on_no_list_has_nothing_against_him(store: Store, make: Make):
    assert await store.standing(make.app_key, ONE, TWO, make.now) == Standing()


async def test_a_block_is_of_senders_and_an_opt_out_of_receivers(store: Store, make: Make):
    await store.save_block(_block(make, ONE))
    await store.save_block(_block(make, TWO, BlockKind.OPTED_OUT))
    both = Standing(is_blocked=True, has_opted_out=True)
    assert await store.standing(make.app_key, ONE, TWO, make.now) == both
    assert await store.standing(make.app_key, TWO, ONE, make.now) == Standing()
    assert await store.standing(make.app_key, ONE, None, make.now) == Standing(is_blocked=True)
    assert await store.standing("app-2", ONE, TWO, make.now) == Standing()


async def test_a_block_without_application_is_of_all(store: Store, make: Make):
    await store.save_block(_block(make, ONE, app_key=""))
    await store.save_block(_block(make, TWO, BlockKind.OPTED_OUT, app_key=""))
    both = Standing(is_blocked=True, has_opted_out=True)
    assert await store.standing("whichever", ONE, TWO, make.now) == both


async def test_both_parties_may_be_virtual_numbers_of_any_application(store: Store, make: Make):
    await store.add_numbers([make.number(ONE), make.number(TWO)])
    between = Standing(is_between_ours=True)
    assert await store.standing("whichever", ONE, TWO, make.now) == between
    for sender, receiver in ((ONE, "+861"), ("+861", TWO), (ONE, None)):
        assert await store.standing(make.app_key, sender, receiver, make.now) == Standing()


async def test_a_number_is_taken_off_one_list(store: Store, make: Make):
    for kind in BlockKind:
        await store.save_block(_block(make, ONE, kind))
    await store.remove_block(BlockKind.BLOCKED, make.app_key, ONE)
    with pytest.raises(UnknownRecord):
        await store.remove_block(BlockKind.BLOCKED, make.app_key, ONE)
    standing = await store.standing(make.app_key, ONE, ONE, make.now)
    assert standing == Standing(has_opted_out=True)


async def test_an_application_that_is_not_there_has_no_list(store: Store, make: Make):
    with pytest.raises(UnknownRecord):
        await store.save_block(_block(make, ONE, app_key="unknown"))


async def test_a_block_says_why_as_it_was_said_last(store: Store, make: Make):
    await store.save_block(_block(make, ONE))
    await store.save_block(_block(make, ONE, reason="投诉", created_at=make.after(9)))
    listed = await store.blocks(BlockFilter(), Page())
    assert listed.rows == (_block(make, ONE, reason="投诉"),)


async def test_lists_are_shown_newest_first_by_any_filter(store: Store, make: Make):
    await store.add_application(make.application("app-2"))
    first = _block(make, ONE)
    second = _block(make, ONE, BlockKind.OPTED_OUT, created_at=make.after(1))
    third = _block(make, ONE, app_key="app-2", created_at=make.after(2))
    fourth = _block(make, TWO, app_key="", created_at=make.after(2))
    for block in (second, first, third, fourth):
        await store.save_block(block)

    async def found(
        kind: BlockKind | None = None, app_key: str | None = None, number: str | None = None
    ):
        listed = await store.blocks(BlockFilter(kind=kind, app_key=app_key, number=number), Page())
        return list(listed.rows)

    assert await found() == [fourth, third, second, first]
    assert await found(BlockKind.OPTED_OUT) == [second]
    assert await found(app_key=make.app_key) == [second, first]
    assert await found(app_key="") == [fourth]
    assert await found(BlockKind.BLOCKED, make.app_key) == [first]
    assert await found(number=ONE) == [third, second, first]
    assert await found(BlockKind.BLOCKED, "app-2", ONE) == [third]
    assert await pages(lambda page: store.blocks(BlockFilter(), page), 3) == [
        [fourth, third, second],
        [first],
    ]
    assert (await store.blocks(BlockFilter(app_keys=("", "app-2")), Page())).rows == (fourth, third)


async def test_a_number_keeps_its_tag_and_a_new_one_gets_the_next(store: Store, make: Make):
    assert await store.allot_reply_tag("b1", ONE, make.now) == 1
    assert await store.allot_reply_tag("b1", TWO, make.now) == 2
    assert await store.allot_reply_tag("b1", ONE, make.after(9)) == 1
    assert await store.allot_reply_tag("b2", TWO, make.now) == 1
    assert await store.reply_tag_number("b1", 2) == TWO
    assert await store.reply_tag_number("b1", 3) is None
    assert await store.reply_tag_number("b3", 1) is None


async def test_numbers_that_come_at_once_get_tags_of_their_own(store: Store, make: Make):
    numbers = [f"+86139{number:08}" for number in range(12)]
    asked = [store.allot_reply_tag("b1", number, make.now) for number in numbers * 2]
    tags = await asyncio.gather(*asked)
    assert sorted(set(tags)) == list(range(1, 13))
    assert tags[:12] == tags[12:]


async def test_when_all_tags_are_in_use_the_oldest_is_taken_over(
    store: Store, make: Make, monkeypatch: pytest.MonkeyPatch
):
    for name in STORES:
        module = import_module(f"maskline.stores.{name}.message_list")
        monkeypatch.setattr(module, "MAX_REPLY_TAG", 3)
    for age, number in ((5, "+861"), (9, "+862"), (7, "+863")):
        await store.allot_reply_tag("b1", number, make.after(-age))
    await store.allot_reply_tag("b1", "+862", make.now)
    assert await store.allot_reply_tag("b1", "+864", make.after(1)) == 3
    assert await store.reply_tag_number("b1", 3) == "+864"
    assert await store.allot_reply_tag("b1", "+863", make.after(2)) == 1


async def test_old_tags_are_forgotten_and_given_anew_once_the_row_is_full(
    store: Store, make: Make, monkeypatch: pytest.MonkeyPatch
):
    for name in STORES:
        module = import_module(f"maskline.stores.{name}.message_list")
        monkeypatch.setattr(module, "MAX_REPLY_TAG", 4)
    for age, number in ((5, "+861"), (9, "+862"), (7, "+863")):
        await store.allot_reply_tag("b1", number, make.after(-age))
    assert await store.remove_reply_tags(make.after(-6), 1) == 1
    assert await store.reply_tag_number("b1", 2) is None
    assert await store.remove_reply_tags(make.after(-6), 9) == 1
    assert await store.remove_reply_tags(make.after(-6), 9) == 0
    tags = [await store.allot_reply_tag("b1", f"+87{one}", make.after(one)) for one in range(4)]
    assert tags == [2, 3, 4, 1]

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
from tests.contract.store.making import Make

from maskline.domain.error import StoreFailed
from maskline.services.list_filter import CallFilter
from maskline.services.store import Page
from maskline.stores.keys import FixedKeys
from maskline.stores.postgres import PostgresStore


@pytest.fixture
async def filled(url: str, make: Make) -> AsyncIterator[PostgresStore]:
    """With one tenant, one application and one virtual number."""
    store = PostgresStore(url, FixedKeys())
    await store.open()
    await store.add_tenant(make.tenant())
    await store.add_application(make.application())
    await store.add_numbers([make.number()])
    yield store
    await store.close()


async def test_a_second_process_sees_and_opens_what_the_first_wrote(
    filled: PostgresStore, url: str, make: Make
):
    call = make.call()
    await filled.save_call(call, [make.notice(call.session_id)])
    second = PostgresStore(url, FixedKeys())
    await second.open()
    assert (await second.live_calls(CallFilter(), Page())).rows == (call,)
    (queued,) = await second.claim(make.endpoint(), make.now, make.after(1), 9)
    assert queued.notice.body == b"body 2"
    await second.finish_call(make.record(call), [])
    assert len((await filled.live_calls(CallFilter(), Page())).rows) == 0
    await second.close()


async def test_another_master_key_is_refused(filled: PostgresStore, url: str):
    other = PostgresStore(url, FixedKeys(bytes([1]) * 32))
    with pytest.raises(StoreFailed, match="master key is not the one"):
        await other.open()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://nobody@127.0.0.1:1/none", "cannot be reached"),
        ("postgresql://[", "no address"),
    ],
)
async def test_a_server_that_is_not_there_is_told(url: str, told: str):
    with pytest.raises(StoreFailed, match=told):
        await PostgresStore(url, FixedKeys()).open()


async def test_closing_finishes_what_was_accepted(filled: PostgresStore, url: str, make: Make):
    waiting = [filled.save_call(make.call(), [make.notice(f"s{i}")]) for i in range(500)]
    await filled.close()
    assert all(future.done() for future in waiting)
    again = PostgresStore(url, FixedKeys())
    await again.open()
    assert await again.outbox_depth() == (500, 0)
    await again.close()


async def test_a_closed_store_refuses_everything_and_closes_again(
    filled: PostgresStore, make: Make
):
    await filled.close()
    await filled.close()
    with pytest.raises(StoreFailed):
        filled.save_call(make.call(), [])
    with pytest.raises(StoreFailed):
        await filled.tenants(Page())


async def test_one_store_may_be_opened_again_but_not_twice(filled: PostgresStore, make: Make):
    with pytest.raises(StoreFailed, match="open already"):
        await filled.open()
    await filled.close()
    await filled.open()
    assert await filled.application(make.app_key) == make.application()
    await filled.save_call(make.call(), [])
    assert len((await filled.live_calls(CallFilter(), Page())).rows) == 1


async def test_calls_that_end_together_get_a_record_each_with_their_notices(
    filled: PostgresStore, make: Make
):
    calls = [make.call() for _ in range(300)]
    told = [filled.save_call(call, [make.notice(call.session_id)]) for call in calls]
    for call in calls:
        some = [make.notice(call.session_id), make.notice(call.session_id)]
        told.append(filled.finish_call(make.record(call), some))
    await asyncio.gather(*told)
    assert len((await filled.live_calls(CallFilter(), Page())).rows) == 0
    assert await filled.outbox_depth() == (900, 0)
    ready = await filled.claim(make.endpoint(), make.now, make.after(1), 999)
    assert len(ready) == 300  # the others are held back, each behind the first of its call


async def test_a_copy_of_the_database_shows_no_real_number_secret_or_text(
    filled: PostgresStore, url: str, make: Make
):
    call = make.call(user_data="order of Wang")
    await filled.save_call(call, [make.notice(call.session_id)])
    await filled.finish_call(make.record(make.call(callee="+8613800000002")), [])
    await filled.save_registrants([make.registrant("+8613700000001")], 9)
    with psycopg.connect(url) as connection:
        tables = [row[0] for row in connection.execute("SELECT relname FROM pg_stat_user_tables")]
        assert {"live_call", "call_record", "outbox", "registrant"} <= set(tables)
        kept = "".join(
            str(row)
            for table in tables
            for row in connection.execute(f'SELECT * FROM "{table}"'.encode())  # noqa: S608 - ours
        )
    for secret in ("13900000001", "13800000002", "13700000001", "Wang", "body 2", "secret of"):
        assert secret not in kept

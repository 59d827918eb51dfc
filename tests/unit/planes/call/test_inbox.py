import asyncio

import pytest

from maskline.planes.call.inbox import Inbox, InboxFull, StopRequested, WorkerStopping


@pytest.fixture
async def inbox():
    return Inbox(asyncio.get_running_loop(), 3)


async def test_events_come_in_the_order_they_were_posted(inbox):
    first, second = StopRequested(), WorkerStopping()
    inbox.post(first)
    inbox.post(second)
    assert await inbox.next(None) is first
    assert await inbox.next(None) is second


async def test_a_waiting_reader_is_woken(inbox):
    loop = asyncio.get_running_loop()
    loop.call_later(0.01, inbox.post, StopRequested())
    assert isinstance(await inbox.next(loop.time() + 2), StopRequested)


async def test_at_the_deadline_there_is_none_and_what_waits_comes_first(inbox):
    loop = asyncio.get_running_loop()
    assert await inbox.next(loop.time() + 0.01) is None
    inbox.post(StopRequested())
    assert isinstance(await inbox.next(loop.time() - 1), StopRequested)
    assert await inbox.next(loop.time() - 1) is None


async def test_a_reader_too_far_behind_is_told_after_what_was_kept(inbox):
    for _ in range(5):
        inbox.post(StopRequested())
    for _ in range(3):
        assert await inbox.next(None) is not None
    with pytest.raises(InboxFull):
        await inbox.next(None)


async def test_a_cancelled_wait_leaves_the_inbox_usable(inbox):
    waiting = asyncio.create_task(inbox.next(None))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    inbox.post(StopRequested())
    assert await inbox.next(None) is not None

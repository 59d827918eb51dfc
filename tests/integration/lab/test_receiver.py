"""The callback receiver over real HTTP."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from maskline.lab.receiver import (
    Behaviour,
    Receiver,
    accepting,
    closing,
    failing,
    redirecting,
    silent,
    slow,
)

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    await receiver.start()
    yield receiver
    await receiver.close()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.5)) as session:
        yield session


async def test_it_records_headers_path_and_body(receiver: Receiver, session: aiohttp.ClientSession):
    async with session.post(
        f"{receiver.url}/status?x=1", data=b'{"a":1}', headers={"webhook-id": "n1"}
    ) as response:
        assert response.status == 200
        assert await response.read() == b""
    (push,) = await receiver.wait_for(lambda pushes: len(pushes) == 1)
    assert (push.path, push.push_id, push.json()) == ("/status?x=1", "n1", {"a": 1})
    assert push.answered == 200


async def test_it_fails_and_redirects_on_demand(receiver: Receiver, session: aiohttp.ClientSession):
    receiver.behaviour = failing(503)
    async with session.post(receiver.url) as response:
        assert response.status == 503
    receiver.behaviour = redirecting("http://elsewhere.invalid/")
    async with session.post(receiver.url, allow_redirects=False) as response:
        assert response.status == 302
        assert response.headers["Location"] == "http://elsewhere.invalid/"
    assert [push.answered for push in receiver.received] == [503, 302]


async def test_it_hangs_up_on_demand(receiver: Receiver, session: aiohttp.ClientSession):
    receiver.behaviour = closing()
    with pytest.raises(aiohttp.ClientError):
        await session.post(receiver.url)
    assert [push.answered for push in receiver.received] == [None]


@pytest.mark.parametrize("behaviour", [silent(), slow(5.0)])
async def test_it_keeps_a_sender_waiting_on_demand(
    receiver: Receiver, session: aiohttp.ClientSession, behaviour: Behaviour
):
    receiver.behaviour = behaviour
    with pytest.raises(TimeoutError):
        await session.post(receiver.url)
    assert receiver.total == 1


async def test_it_closes_while_it_keeps_a_sender_waiting(
    receiver: Receiver, session: aiohttp.ClientSession
):
    receiver.behaviour = silent()
    waiting = asyncio.create_task(session.post(receiver.url))
    await receiver.wait_for(len)
    async with asyncio.timeout(2):
        await receiver.close()
    with pytest.raises((aiohttp.ClientError, TimeoutError)):
        await waiting


async def test_waiting_for_what_never_comes_ends(receiver: Receiver):
    with pytest.raises(TimeoutError):
        await receiver.wait_for(len, timeout_s=0.01)


async def test_it_forgets_on_demand(receiver: Receiver, session: aiohttp.ClientSession):
    receiver.behaviour = accepting()
    await session.post(receiver.url)
    receiver.forget()
    assert (receiver.received, receiver.total) == ([], 0)

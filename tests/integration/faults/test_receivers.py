"""Receivers that are slow, close, fail and lie: every notice is delivered or dead, in order."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from tests.conftest import StageMaker
from tests.integration.faults.world import settled

from maskline.domain.application import Application, Mode
from maskline.domain.call import Call
from maskline.domain.notice import Notice, Purpose
from maskline.lab.demo.stage import Stage
from maskline.lab.receiver import Answer, Behaviour, Push, Receiver, flapping, silent, slow

pytestmark = [pytest.mark.network, pytest.mark.enable_socket, pytest.mark.timeout(120)]

TIMEOUT_S = 0.5
CALLS = tuple(f"call-{number}" for number in range(5))
EVENTS = ("callin", "callout", "answer", "disconnect")


class Liar:
    """Says 200 and that a body follows, which it breaks off; notes what it was sent."""

    def __init__(self) -> None:
        self.bodies: list[str] = []
        self.url = ""
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            head = await reader.readuntil(b"\r\n\r\n")
            [length] = [
                int(line[15:])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length:")
            ]
            self.bodies.append((await reader.readexactly(length)).decode())
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")
            await writer.drain()
        writer.close()


def first(count: int, answer: Answer) -> Behaviour:
    """Treat the first so many pushes like this, and accept the rest."""
    left = [answer] * count

    def behave(_: Push) -> Answer:
        return left.pop() if left else Answer()

    return behave


@dataclass
class Shop:
    """An application and whoever takes its pushes."""

    app_key: str
    url: str
    heard: Callable[[], list[str]]
    """The bodies that it was sent, in order."""
    calls: Sequence[str] = CALLS
    events: Sequence[str] = EVENTS


@pytest.fixture
async def shops(make_stage: StageMaker) -> AsyncIterator[tuple[Stage, list[Shop]]]:
    stage = await make_stage(
        delivery={
            "retry_minutes": (0.001,) * 6,
            "timeout_s": TIMEOUT_S,
            "poll_interval_s": 0.1,
            "merge_window_s": 0.05,
        },
    )
    behaviours = {
        "slow": slow(TIMEOUT_S / 4),
        "too-slow": first(3, Answer(delay_s=3 * TIMEOUT_S)),
        "failing": flapping(2, 1, 500),
        "closing": first(4, Answer(status=None)),
        "silent": silent(),
    }
    shops, receivers = [], []
    for name, behaviour in behaviours.items():
        receiver = Receiver(behaviour=behaviour)
        await receiver.start()
        receivers.append(receiver)
        shops.append(Shop(name, receiver.url, lambda r=receiver: _bodies(r)))
    # Each try takes the whole time-out.
    shops[-1].calls, shops[-1].events = CALLS[:1], EVENTS[:2]
    liar = Liar()
    await liar.start()
    shops.append(Shop("liar", liar.url, lambda: liar.bodies))
    tenant = await stage.platform.store.application(stage.tenant.application.app_key)
    for shop in shops:
        application = Application(
            app_key=shop.app_key, tenant_id=tenant.tenant_id, name=shop.app_key, mode=Mode.AXB,
            secret="s", status_url=f"{shop.url}/s", created_at=datetime.now(UTC),
        )  # fmt: skip
        await stage.platform.store.add_application(application)
    yield stage, shops
    for receiver in receivers:
        await receiver.close()
    await liar.close()


def _bodies(receiver: Receiver) -> list[str]:
    return [push.body.decode() for push in receiver.received]


async def test_every_notice_is_delivered_or_dead_and_calls_keep_their_order(
    shops: tuple[Stage, list[Shop]],
):
    stage, all_shops = shops
    store = stage.platform.store
    for event in EVENTS:
        await asyncio.gather(
            *(
                store.save_call(_call(shop, session), [_notice(shop, session, event)])
                for shop in all_shops
                for session in shop.calls
                if event in shop.events
            )
        )
    stage.platform.delivery.hint()

    async def is_settled() -> bool:
        return (await store.outbox_depth())[0] == 0

    await settled(is_settled)
    waiting, dead = await store.outbox_depth()
    assert (waiting, dead) == (0, 2)  # those of the one that never answers
    for shop in all_shops:
        heard = list(dict.fromkeys(shop.heard()))
        of_call: dict[str, list[str]] = defaultdict(list)
        for body in heard:
            session, _, event = body.partition("/")
            of_call[session].append(event)
        assert of_call == {session: list(shop.events) for session in shop.calls}, shop.app_key


def _call(shop: Shop, session: str) -> Call:
    return Call(
        session_id=f"{shop.app_key}-{session}", icid=session, host="elsewhere",
        app_key=shop.app_key, tenant_id="t", mode=Mode.AXB, x="+8617000002001",
        caller="+8613900001001", arrived_at=datetime.now(UTC),
    )  # fmt: skip


def _notice(shop: Shop, session: str, event: str) -> Notice:
    return Notice(
        notice_id=f"{shop.app_key}-{session}-{event}", stream=f"{shop.app_key}-{session}",
        app_key=shop.app_key, purpose=Purpose.STATUS, origin=shop.url,
        body=f"{session}/{event}".encode(), created_at=datetime.now(UTC),
    )  # fmt: skip

"""Pushes over NATS JetStream: acknowledged before they are settled, known by their ids."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.integration.delivery.nats_server import FakeNats

from maskline.domain.notice import Purpose
from maskline.planes.delivery.client import HttpPushClient, PushFailed
from maskline.planes.delivery.nats_client import NatsPushClient, NatsSettings, RoutedClient
from maskline.planes.delivery.settings import DeliverySettings

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

HEADERS = {"webhook-id": "n1", "X-AKSK": 'UsernameToken Username="k"'}


@asynccontextmanager
async def serving(**manners: Any) -> AsyncIterator[FakeNats]:
    server = FakeNats(**manners)
    await server.start()
    try:
        yield server
    finally:
        await server.close()


@asynccontextmanager
async def client(url: str, **changes: Any) -> AsyncIterator[NatsPushClient]:
    settings = NatsSettings(url=url, subject_prefix="acme.push", timeout_s=1.0)
    client = NatsPushClient(replace(settings, **changes))
    await client.open()
    try:
        yield client
    finally:
        await client.close()


async def test_a_push_is_one_message_on_the_subject_of_its_application_and_receiver():
    async with serving() as server, client(server.url) as push:
        assert await push.post("nats:app1.status", HEADERS, b"{}") == 200
    (published,) = server.received
    assert (published.subject, published.body) == ("acme.push.app1.status", b"{}")
    assert published.headers == {**HEADERS, "Nats-Msg-Id": "n1"}


async def test_a_repeat_has_the_same_id_and_is_kept_once():
    async with serving() as server, client(server.url) as push:
        for _ in range(2):
            await push.post("nats:app1.status", HEADERS, b"{}")
    assert (len(server.received), len(server.kept)) == (2, 1)


@pytest.mark.parametrize(
    ("manners", "reason"),
    [
        ({"stream": None}, "no JetStream stream takes the subject"),
        ({"manners": lambda _: None}, "no acknowledgement within"),
        ({"manners": lambda _: {"hello": "world"}}, "no JetStream"),
        (
            {"manners": lambda _: {"error": {"code": 503, "err_code": 1, "description": "full"}}},
            "NATS did not take it",
        ),
        ({"token": "t0ken"}, "NATS did not take it|no acknowledgement"),
    ],
)
async def test_what_is_not_acknowledged_is_a_failure_with_its_reason(
    manners: dict[str, Any], reason: str
):
    async with serving(**manners) as server, client(server.url, timeout_s=0.5) as push:
        with pytest.raises(PushFailed, match=reason):
            await push.post("nats:app1.status", HEADERS, b"{}")


async def test_the_token_lets_us_in():
    async with serving(token="t0ken") as server, client(server.url, token="t0ken") as push:
        await push.post("nats:app1.status", HEADERS, b"{}")
    assert len(server.kept) == 1


async def test_a_server_that_comes_back_is_found_again(new_port: Callable[[], int]):
    port = new_port()
    async with client(f"nats://127.0.0.1:{port}") as push:
        with pytest.raises(PushFailed):
            await push.post("nats:app1.status", HEADERS, b"{}")
        for _ in range(2):
            async with serving(port=port) as server:
                await push.post("nats:app1.status", HEADERS, b"{}")
                assert len(server.connections) == 1
            with pytest.raises(PushFailed):
                await push.post("nats:app1.status", HEADERS, b"{}")


async def test_a_closed_client_pushes_nothing():
    async with serving() as server:
        async with client(server.url) as push:
            pass
        with pytest.raises(PushFailed, match="closed"):
            await push.post("nats:app1.status", HEADERS, b"{}")


@pytest.mark.parametrize("site", ["memory"], indirect=True)
async def test_events_of_a_call_arrive_in_order_and_are_settled_once_acknowledged(site, names):
    held: list[str] = []

    def hold_the_first(published):
        if published.message_id == "a-000" and not held:
            held.append(published.message_id)
            return None
        return {"stream": "PUSHES", "seq": 1}

    async with serving(manners=hold_the_first) as server:
        await site.add_application("app", "unused")
        application = await site.store.application("app")
        await site.store.save_application(replace(application, status_url="nats:", cdr_url="nats:"))
        await site.write("app", *names("a", 3), stream="s")
        await site.write("app", "r", stream="other", purpose=Purpose.RECORD)
        settings = NatsSettings(url=server.url, subject_prefix="p", timeout_s=0.3)
        routed = RoutedClient(HttpPushClient(DeliverySettings()), NatsPushClient(settings))
        async with site.running(routed):
            await site.until_depth(0)
    order = [p.message_id for p in server.received if p.subject == "p.app.status"]
    assert order == ["a-000", "a-000", "a-001", "a-002"]
    (record,) = [p for p in server.received if p.subject == "p.app.record"]
    assert record.body == b"r"


@pytest.mark.skipif(shutil.which("nats-server") is None, reason="nats-server is not installed")
async def test_a_real_server_keeps_a_message_once(tmp_path: Path, new_port: Callable[[], int]):
    from nats.aio.client import Client  # noqa: PLC0415 - only where the server is

    port = new_port()
    server = await asyncio.create_subprocess_exec(
        *("nats-server", "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", str(tmp_path)),
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        peer = Client()
        async with asyncio.timeout(10):
            while not peer.is_connected:
                try:
                    await peer.connect(f"nats://127.0.0.1:{port}", allow_reconnect=False)
                except OSError:
                    await asyncio.sleep(0.05)
        await peer.jetstream().add_stream(name="PUSHES", subjects=["acme.push.>"])
        async with client(f"nats://127.0.0.1:{port}") as push:
            for _ in range(2):
                await push.post("nats:app1.status", HEADERS, b"{}")
        info = await peer.jetstream().stream_info("PUSHES")
        assert info.state.messages == 1
        await peer.close()
    finally:
        server.terminate()
        await server.wait()

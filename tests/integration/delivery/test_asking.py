"""Questions to servers that answer, are late, go wrong, or never stop talking."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from maskline.api.signature import sign
from maskline.domain.application import Application, Mode
from maskline.domain.error import CustomerError
from maskline.lab.decision import close, connect, deciding
from maskline.lab.receiver import (
    Answer,
    Behaviour,
    Receiver,
    Signature,
    closing,
    failing,
    redirecting,
    silent,
)
from maskline.planes.delivery.asking import (
    AskLimits,
    HttpAsker,
    NoAddress,
    TooManyQuestions,
    TooManyUnanswered,
)
from maskline.planes.delivery.connection import PushFailed
from maskline.planes.delivery.destination import DestinationRefused
from maskline.planes.delivery.message import PushSigner
from maskline.planes.delivery.settings import DeliverySettings
from maskline.services.clock import SystemClock
from maskline.services.ids import SystemIds

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

SECRET = "s3cret"
LIMITS = AskLimits(timeout_s=0.4, max_answer_bytes=1_000)
QUESTION = json.dumps(
    {"eventType": "callin", "statusInfo": {"sessionId": "s1", "notifyMode": "Block"}}
).encode()
APPLICATION = Application(
    app_key="k", tenant_id="t", name="n", mode=Mode.X, secret=SECRET, created_at=datetime.now(UTC)
)
OK = b"HTTP/1.1 200 OK\r\n"


@asynccontextmanager
async def asking(*, allow_private: bool = True, **limits: float) -> AsyncIterator[HttpAsker]:
    ids = SystemIds()
    asker = HttpAsker(
        DeliverySettings(allow_private=allow_private),
        replace(LIMITS, **limits),
        PushSigner(sign, SystemClock(), ids),
        ids,
    )
    await asker.open()
    try:
        yield asker
    finally:
        await asker.close()
        assert asker.in_flight == 0


@asynccontextmanager
async def customer(behaviour: Behaviour) -> AsyncIterator[tuple[Application, Receiver]]:
    receiver = Receiver({"k": SECRET}, behaviour)
    await receiver.start()
    try:
        yield replace(APPLICATION, status_url=f"{receiver.url}/status"), receiver
    finally:
        await receiver.close()


@asynccontextmanager
async def peer(
    *parts: bytes, pause_s: float = 0.0, hangs: bool = False
) -> AsyncIterator[Application]:
    """A server that reads a request and writes the parts with pauses between them."""
    over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for part in parts:
            if over.is_set():
                break
            writer.write(part)
            await asyncio.sleep(pause_s)
        if hangs:
            await over.wait()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    try:
        yield replace(APPLICATION, status_url=f"http://{host}:{port}/")
    finally:
        over.set()
        server.close()
        await asyncio.sleep(2 * pause_s)


async def put(asker: HttpAsker, application: Application) -> bytes:
    return await asker.ask(application, application.status_url, QUESTION)


def saying(body: bytes) -> Behaviour:
    return lambda _push: Answer(body=body)


async def test_the_answer_comes_back_and_the_question_was_signed():
    decision = connect("+8613900003003")
    async with customer(deciding(lambda _: decision)) as (application, receiver), asking() as asker:
        assert json.loads(await put(asker, application)) == decision
    [push] = receiver.received
    assert (push.method, push.path, push.body) == ("POST", "/status", QUESTION)
    assert push.headers["content-type"] == "application/json;charset=UTF-8"
    assert (push.signature, push.body_signature) == (Signature.VALID, Signature.VALID)


async def test_an_empty_answer_is_for_the_reader_to_judge():
    async with customer(saying(b"")) as (application, _), asking() as asker:
        assert await put(asker, application) == b""


async def test_an_answer_of_the_longest_size_is_read_and_one_more_byte_is_not():
    async with asking() as asker:
        async with customer(saying(b"x" * 1_000)) as (application, _):
            assert len(await put(asker, application)) == 1_000
        async with customer(saying(b"x" * 1_001)) as (application, _):
            with pytest.raises(PushFailed, match="too long"):
                await put(asker, application)


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (failing(500), "HTTP 500"),
        (failing(204), "HTTP 204"),
        (failing(404), "HTTP 404"),
        (redirecting("http://10.0.0.1/"), "HTTP 302"),
        (closing(), "connection broke"),
        (silent(), r"no answer within 0\.4 s"),
        (deciding(lambda _: close(), delay_s=3.0), r"no answer within 0\.4 s"),
    ],
)
async def test_what_is_no_answer_is_told_with_its_reason_and_never_asked_again(
    behaviour: Behaviour, reason: str
):
    async with customer(behaviour) as (application, receiver), asking() as asker:
        with pytest.raises(PushFailed, match=reason):
            await put(asker, application)
        await asyncio.sleep(0.05)
        assert receiver.total == 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "not HTTP"),
        (OK + b"X: " + b"x" * 100_000 + b"\r\n\r\n", "not HTTP"),
        (OK + b"Content-Length: 50\r\n\r\nhalf", "not HTTP"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", "not HTTP"),
        (b"", "connection broke"),
        (OK + b"Content-Length: 1000000\r\n\r\n" + b"x" * 5_000, "too long"),
    ],
)
async def test_garbage_is_a_failure(answer: bytes, reason: str):
    async with peer(answer) as application, asking() as asker:
        with pytest.raises(PushFailed, match=reason):
            await put(asker, application)


async def test_a_body_that_comes_drop_by_drop_is_late_like_any_other():
    drops = (OK + b"Content-Length: 1000\r\n\r\n", *[b"{"] * 100)
    began = time.monotonic()
    async with peer(*drops, pause_s=0.05) as application, asking() as asker:
        with pytest.raises(PushFailed, match="no answer within"):
            await put(asker, application)
        assert time.monotonic() - began < 3


async def test_a_body_without_an_end_is_cut_off_at_its_bound():
    async with (
        peer(OK + b"Connection: close\r\n\r\n" + b"x" * 2_000, hangs=True) as application,
        asking() as asker,
    ):
        with pytest.raises(PushFailed, match="too long"):
            await put(asker, application)


async def test_every_question_goes_over_a_connection_of_its_own():
    async with customer(deciding(lambda _: close())) as (application, receiver), asking() as asker:
        for _ in range(3):
            await put(asker, application)
    assert len({push.source for push in receiver.received}) == 3
    assert len({push.push_id for push in receiver.received}) == 3


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://localhost:9/", "http://[::1]:9/"])
async def test_private_addresses_are_refused_as_for_pushes(url: str):
    async with asking(allow_private=False) as asker:
        with pytest.raises(DestinationRefused):
            await put(asker, replace(APPLICATION, status_url=url))


@pytest.mark.parametrize("url", ["ftp://customer.example/", "http://u:p@customer.example/", "x"])
async def test_what_is_no_address_of_a_receiver_is_refused(url: str):
    async with asking() as asker:
        with pytest.raises(CustomerError):
            await put(asker, replace(APPLICATION, status_url=url))


async def test_without_an_address_there_is_nobody_to_ask():
    async with asking() as asker:
        with pytest.raises(NoAddress):
            await put(asker, APPLICATION)


async def test_nobody_listening_is_no_answer(new_port: Callable[[], int]):
    url = f"http://127.0.0.1:{new_port()}/"
    async with asking() as asker:
        with pytest.raises(PushFailed, match="no connection"):
            await put(asker, replace(APPLICATION, status_url=url))


async def test_a_closed_asker_asks_nobody():
    async with customer(saying(b"{}")) as (application, receiver):
        async with asking() as asker:
            pass
        with pytest.raises(PushFailed, match="closed"):
            await put(asker, application)
        assert receiver.total == 0


async def waiting(receiver: Receiver, count: int) -> None:
    await receiver.wait_for(lambda pushes: len(pushes) == count)


async def test_questions_over_the_bound_of_an_application_are_refused_at_once():
    bounds = {"timeout_s": 5.0, "max_in_flight": 3, "max_in_flight_per_application": 2}
    async with customer(silent()) as (application, receiver), asking(**bounds) as asker:
        tasks = [asyncio.create_task(put(asker, application)) for _ in range(2)]
        await waiting(receiver, 2)
        with pytest.raises(TooManyUnanswered):
            await put(asker, application)
        other = replace(application, app_key="other")
        tasks.append(asyncio.create_task(put(asker, other)))
        await waiting(receiver, 3)
        with pytest.raises(TooManyQuestions):
            await put(asker, other)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert (asker.in_flight, asker._waiting) == (0, {})
        receiver.behaviour = saying(b"{}")
        assert await put(asker, application) == b"{}"

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from maskline.api.signature import sign
from maskline.api.trial import trial_message
from maskline.domain.application import Application, Mode
from maskline.domain.notice import Purpose
from maskline.planes.delivery.callback_probe import HttpCallbackProbe
from maskline.planes.delivery.message import PushSigner
from maskline.planes.delivery.settings import DeliverySettings
from maskline.services.callback_test import CallbackReport
from maskline.services.clock import SystemClock
from maskline.services.ids import SystemIds

APPLICATION = Application(
    app_key="key",
    tenant_id="t",
    name="n",
    mode=Mode.AXB,
    secret="the secret",
    created_at=datetime(2026, 11, 20, tzinfo=UTC),
)


def _answering(answer: bytes, heads: list[str]) -> Callable:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.read(65_536)
        if head.startswith(b"POST"):
            heads.append(head.decode())
        else:
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")  # to a greeting of TLS
        writer.write(answer)
        await writer.drain()
        writer.close()

    return serve


@asynccontextmanager
async def receiver(answer: bytes, heads: list[str]) -> AsyncIterator[str]:
    server = await asyncio.start_server(_answering(answer, heads), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield f"http://127.0.0.1:{port}/status?x=1"


async def report_of(url: str, *, wrong: bool = False, **settings: object) -> CallbackReport:
    clock, ids = SystemClock(), SystemIds()
    delivery = DeliverySettings(**{"allow_private": True, "timeout_s": 5.0, **settings})
    probe = HttpCallbackProbe(delivery, PushSigner(sign, clock, ids), trial_message, clock, ids)
    return await probe.probe(APPLICATION, Purpose.STATUS, url, tries_wrong_digest=wrong)


def told(report: CallbackReport) -> dict[str, tuple[str, str]]:
    return {step.name: (str(step.outcome), step.code) for step in report.steps}


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


async def test_a_receiver_that_answers_right_passes_every_step():
    heads: list[str] = []
    async with receiver(OK, heads) as url:
        report = await report_of(url, wrong=True)
    assert report.passed
    assert told(report)["meaning"] == ("ok", "right")
    assert told(report)["wrong_digest"] == ("note", "signature_not_checked")
    assert len(heads) == 2
    assert heads[0].startswith("POST /status?x=1 HTTP/1.1\r\n")
    assert "Maskline-Test: 1\r\n" in heads[0]
    digest = report.headers["X-AKSK"].split('PasswordDigest="')[1].split('"')[0]
    assert digest.endswith("...")
    assert digest not in heads[0]
    assert "test-" in report.body


async def test_each_answer_has_its_meaning():
    redirect = b"HTTP/1.1 302 Found\r\nLocation: /new\r\nContent-Length: 0\r\n\r\n"
    failure = b"HTTP/1.1 500 Oops\r\nContent-Length: 3000\r\n\r\n" + b"x" * 3000
    for answer, code in (
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", ("note", "body_ignored")),
        (b"HTTP/1.1 204 No Content\r\n\r\n", ("note", "accepted")),
        (redirect, ("failed", "redirect")),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", ("failed", "refused")),
        (failure, ("failed", "server_error")),
    ):
        async with receiver(answer, []) as url:
            report = await report_of(url)
        assert told(report)["meaning"] == code
    assert len(report.answer) == 2_048


async def test_what_fails_is_named_by_its_step_and_the_rest_is_skipped():
    async with receiver(OK, []) as url:
        private = await report_of(url, allow_private=False)
        no_tls = await report_of(url.replace("http:", "https:"))
    assert told(private)["address"] == ("failed", "address_refused")
    assert told(private)["connect"] == ("skipped", "skipped")
    assert told(no_tls)["tls"] == ("failed", "tls_failed")
    assert told(await report_of(url))["connect"] == ("failed", "connection_refused")
    assert told(await report_of("ftp://one.example/"))["address"] == ("failed", "address_refused")
    async with receiver(b"", []) as url:
        assert told(await report_of(url))["answer"] == ("failed", "connection_broke")

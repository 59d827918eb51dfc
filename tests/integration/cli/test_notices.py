"""An operator finds what was not delivered, tries the receiver, and has it pushed again."""

import threading
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from maskline.domain.application import Mode
from maskline.domain.call import Call
from maskline.domain.notice import Endpoint, FailedTry, Notice, Purpose, Trouble
from maskline.services.notification import receiver_mark

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Platform

pytestmark = pytest.mark.network

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
CALLER = "+8613900001001"


@pytest.fixture
def receiver():
    """A server that answers 204 to one path and 500 to all others."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response(204 if self.path == "/well" else 500)
            self.end_headers()

        def log_message(self, *_):
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(10)
    server.server_close()


def keep_dead(platform: "Platform", app_key: str, *names: str) -> None:
    """Notices of as many calls, all of them given up."""
    endpoint = Endpoint(app_key=app_key, purpose=Purpose.STATUS)

    async def keep() -> None:
        for name in names:
            call = Call(
                session_id=f"call-{name}",
                icid=f"icid-{name}",
                host="h",
                app_key=app_key,
                tenant_id="default",
                mode=Mode.AXB,
                x="+8617010000001",
                caller=CALLER,
                arrived_at=NOW,
            )
            notice = Notice(
                notice_id=name,
                stream=call.session_id,
                app_key=app_key,
                purpose=Purpose.STATUS,
                origin="https://shop.example",
                body=f'{{"caller":"{CALLER}"}}'.encode(),
                created_at=NOW,
            )
            await platform.store.save_call(call, [notice])
        claimed = await platform.store.claim(endpoint, NOW, NOW, 100)
        tries = [FailedTry(sequence=q.sequence, due_at=None, error="HTTP 500") for q in claimed]
        await platform.store.settle([], tries)

    platform.keep(keep)


def make_app(platform: "Platform", url: str = "https://shop.example/s") -> str:
    made = platform.run("app", "create", "--mode", "axb", "--name", "n", "--status-url", url)
    return made["app_key"]


def test_what_was_given_up_is_found_shown_and_replayed(platform: "Platform"):
    app_key = make_app(platform)
    keep_dead(platform, app_key, "n1", "n2", "n3")
    listed = platform.run("notice", "list", "--app", app_key, "--state", "dead")
    assert [one["notice_id"] for one in listed] == ["n3", "n2", "n1"]
    assert "HTTP 500" in platform.read("notice", "list", "--session", "call-n1")
    assert "{A}" in platform.read("notice", "show", "n1")
    assert CALLER in platform.run("notice", "show", "n1", "--reveal")["body"]

    assert platform.run("notice", "replay", "n2") == {"revived": 1, "left": 0}
    since = ("--since", "2026-11-20T16:00:00+08:00")
    told = platform.read("notice", "replay", "--app", app_key, *since, "--limit", "1")
    assert "1 are pushed again" in told
    assert "1 more match" in told
    assert platform.run("notice", "replay", code=2)["error"]["code"] == "usage"
    assert platform.run("notice", "replay", "n2", code=1)["error"]["code"] == "not_found"


def test_a_test_push_prints_what_went_out_and_what_came_back(platform: "Platform", receiver: str):
    app_key = make_app(platform)
    platform.run("app", "set", app_key, f"status_url={receiver}/well", code=1)  # not public
    good, bad = (f"{receiver}/{path}" for path in ("well", "ill"))

    async def save(url: str) -> None:
        application = await platform.store.application(app_key)
        assert application is not None
        await platform.store.save_application(replace(application, status_url=url))

    platform.keep(lambda: save(good))
    told = platform.run("notice", "test", app_key, "--purpose", "status")
    assert (told["accepted"], told["status"]) == (True, 204)
    assert {"X-AKSK", "webhook-id", "webhook-signature"} <= told["headers"].keys()
    assert "webhook-signature" in platform.read("notice", "test", app_key)
    platform.keep(lambda: save(bad))
    refused = platform.run("notice", "test", app_key, code=1)
    assert (refused["accepted"], refused["error"]) == (False, "HTTP 500")
    missing = platform.run("notice", "test", app_key, "--purpose", "record", code=1)
    assert missing["error"]["code"] == "not_found"


def test_a_disabled_receiver_is_listed_and_let_in_again(platform: "Platform"):
    app_key = make_app(platform)
    trouble = Trouble(
        endpoint=Endpoint(app_key=app_key, purpose=Purpose.STATUS),
        receiver=receiver_mark("https://shop.example/s"),
        since=NOW,
        error="HTTP 410",
        disabled_at=NOW,
    )
    platform.keep(lambda: platform.store.save_trouble(trouble))
    (shown,) = platform.run("notice", "endpoints", "--app", app_key)
    assert (shown["state"], shown["error"]) == ("disabled", "HTTP 410")
    assert "receivers disabled  1" in platform.read("status")
    assert "notice replay --app" in platform.read("notice", "enable", app_key)
    assert "Every receiver is well." in platform.read("notice", "endpoints")


def test_the_webhook_secret_is_shown_and_renewed_in_two_steps(platform: "Platform"):
    app_key = make_app(platform)
    (first,) = platform.run("app", "webhook-secret", app_key)["secrets"]
    assert platform.run("app", "webhook-secret", app_key, "--renew")["secrets"][1] == first
    renewed = platform.run("app", "webhook-secret", app_key, "--forget-old")
    assert first not in renewed["secrets"]
    both = ("app", "webhook-secret", app_key, "--renew", "--forget-old")
    assert platform.run(*both, code=2)["error"]["code"] == "usage"

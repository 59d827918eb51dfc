"""A receiver is gone, comes back, and gets what it has missed: one push by hand, then the rest."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from tests.journeys.conftest import VisitMaker
from tests.journeys.server import DemoServer

COMES_WITHIN_S = 10.0


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + COMES_WITHIN_S
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)


class Hook:
    """A customer's server. `status` is how it answers, `ids` are the pushes that it took."""

    def __init__(self) -> None:
        self.status = 410
        self.ids: list[str] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                if hook.status == 200:
                    hook.ids.append(self.headers["webhook-id"])
                self.send_response(hook.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_told: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/numbers"


class Platform:
    """The demo as its operator has it in hand."""

    def __init__(self, known: dict[str, Any]) -> None:
        self._at, self._token = urlsplit(known["manage"]).netloc, known["admin_token"]

    def ask(self, method: str, path: str, **form: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        line = HTTPConnection(self._at, timeout=COMES_WITHIN_S)
        line.request(method, f"/manage/v1{path}", json.dumps(form), headers)
        answer = line.getresponse()
        told = answer.read()
        line.close()
        assert answer.status < 300, told
        return json.loads(told or b"{}")

    def dead_of(self, app_key: str, count: int) -> list[str]:
        """Their ids, newest first, once there are so many."""
        found: list[Any] = []

        def are_there() -> bool:
            found[:] = self.ask("GET", f"/pushes?state=dead&app_key={app_key}")["items"]
            return len(found) == count

        wait_until(are_there)
        return [one["push_id"] for one in found]


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def test_what_was_given_up_is_sent_again_by_hand_and_the_rest_replayed(
    visit: VisitMaker, demo: DemoServer, hook: Hook
) -> None:
    platform, of_mode = Platform(demo.known), demo.known["apps"]["axyb"]
    app_key, number = of_mode["app_key"], of_mode["numbers"][-1]
    receiver = {"pushes_number_state": True, "number_state_url": hook.url}
    platform.ask("PATCH", f"/applications/{app_key}", **receiver)
    platform.ask("PATCH", f"/numbers/{number}", state="paused")
    platform.dead_of(app_key, 1)
    platform.ask("PATCH", f"/numbers/{number}", state="normal")
    second, first = platform.dead_of(app_key, 2)

    one = visit("en", role="owner")
    page = one.page
    one.go(f"pushes/dead?app_key={app_key}")
    rows = page.get_by_test_id("pushes.dead.row")
    expect(rows).to_have_count(2)
    rows.last.get_by_role("button", name="Open").click()
    drawer = page.get_by_test_id("pushes.detail")
    expect(drawer).to_contain_text("HTTP 410")
    hook.status = 200
    drawer.get_by_test_id("push.row.resend").click()
    expect(rows).to_have_count(1)
    assert hook.ids == [first]

    platform.ask("POST", f"/applications/{app_key}/receivers/number_state/enable")
    page.get_by_test_id("pushes.replay.all").click()
    expect(page.get_by_test_id("pushes.replayDialog.effects")).to_contain_text("1 dead letter")
    one.stop("preview")
    page.get_by_test_id("pushes.replayDialog.run").click()
    expect(page.get_by_test_id("pushes.job")).to_contain_text("Ended: 1 wait again")
    expect(rows).to_have_count(0)
    platform.dead_of(app_key, 0)
    wait_until(lambda: hook.ids == [first, second])

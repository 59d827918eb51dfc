import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from maskline.commands.client import ManagementClient
from maskline.commands.failure import CommandFailed

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]


class Elsewhere(BaseHTTPRequestHandler):
    """Sends everybody to another host, and is that host as well."""

    tokens: list[str]

    def do_GET(self) -> None:
        if self.path.startswith("/stolen"):
            self.tokens.append(self.headers.get("Authorization", ""))
        self.send_response(302)
        self.send_header("Location", f"http://localhost:{self.server.server_address[1]}/stolen")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    Elsewhere.tokens = []
    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_token_does_not_follow_a_redirect(url: str):
    with pytest.raises(CommandFailed, match="HTTP 302"):
        ManagementClient(url, "token-of-the-operator").get("/tenants")
    assert Elsewhere.tokens == []

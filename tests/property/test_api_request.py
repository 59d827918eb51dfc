"""No request, however broken, makes the compatible interface fail."""

import base64
import hashlib
import hmac
import json
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maskline.api.limits import ApiLimits
from maskline.api.server import create_api
from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.area import Areas
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.binding import BindingDesk
from maskline.services.clock import SteppedClock
from maskline.services.directory import Directory
from maskline.services.ids import CountedIds
from maskline.services.prompt import FixedPrompts
from maskline.stores.memory import MemoryStore

NOW = datetime(2024, 6, 11, 2, 0, tzinfo=UTC)
PATH = "/rest/caas/relationnumber/partners/v1.0"
X = "+8617000002001"
METHODS = st.sampled_from(["POST", "PUT", "GET", "DELETE"])
PARAMETERS = st.sampled_from(
    [
        "subscriptionId",
        "relationNum",
        "callerNum",
        "calleeNum",
        "areaCode",
        "areaMatchMode",
        "callDirection",
        "duration",
        "recordFlag",
        "recordHintTone",
        "maxDuration",
        "lastMinVoice",
        "privateSms",
        "preVoice",
        "userData",
        "pageIndex",
        "pageSize",
        "callerHintTone",
        "calleeHintTone",
    ]
)
NUMBERS = st.from_regex(r"\+861[3-9][0-9]{9}", fullmatch=True)
USER_DATA = st.text(st.characters(codec="utf-8", exclude_characters="^{}", max_codepoint=0x2E7F))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | NUMBERS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PARAMETERS, inner, max_size=5),
    max_leaves=20,
)
HEADER_TEXT = st.text(st.characters(max_codepoint=0xFF, exclude_characters="\r\n\0"), max_size=300)


def finish(work: Coroutine[Any, Any, None]) -> None:
    """Run what never has to wait, without an event loop."""
    with pytest.raises(StopIteration):
        work.send(None)


@dataclass
class Server:
    app: Any
    serials: Any

    def signed(self) -> dict[str, str]:
        nonce, created = f"{next(self.serials):032x}", "2024-06-11T02:00:00Z"
        mac = hmac.digest(b"secret", f"{nonce}{created}".encode(), hashlib.sha256)
        return {
            "authorization": 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"',
            "x-aksk": f'UsernameToken Username="key",PasswordDigest="'
            f'{base64.b64encode(mac).decode()}",Nonce="{nonce}",Created="{created}"',
        }

    def ask(
        self,
        method: str,
        headers: Mapping[str, str],
        query: bytes = b"",
        body: bytes = b"",
        path: str = PATH,
    ) -> tuple[int, Any]:
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query,
            "headers": [(k.encode(), v.encode("latin-1")) for k, v in headers.items()],
            "client": ("192.0.2.7", 1),
        }
        finish(self.app(scope, receive, send))
        assert sent[1]["body"].isascii()
        return sent[0]["status"], json.loads(sent[1]["body"])


async def fill(store: MemoryStore) -> None:
    await store.add_tenant(Tenant(tenant_id="t", name="t", created_at=NOW))
    await store.add_application(
        Application(
            app_key="key", tenant_id="t", name="n", mode=Mode.AXB, secret="secret", created_at=NOW
        )
    )
    await store.add_numbers(
        [VirtualNumber(number=X, app_key="key", area_code="0755", created_at=NOW)]
    )


def make_server() -> Server:
    store, clock = MemoryStore(), SteppedClock(NOW)
    finish(fill(store))
    desk = BindingDesk(store, clock, CountedIds(), Areas([], bytes(1_200_000)), FixedPrompts())
    limits = ApiLimits()
    return Server(create_api(desk, Directory(store, clock), clock, limits), count(1))


@pytest.fixture(scope="module")
def server():
    return make_server()


patient = settings(deadline=None)  # the machine may be busy with other tests


@patient
@given(METHODS, st.binary(max_size=300))
def test_any_body_of_a_signed_request_has_a_result(server, method, body):
    status, answer = server.ask(method, server.signed(), body=body)

    assert status in {200, 403}
    assert answer["resultcode"] != "1010001"


@patient
@given(METHODS, JSON)
def test_any_json_of_a_signed_request_has_a_result(server, method, value):
    status, answer = server.ask(method, server.signed(), body=json.dumps(value).encode())

    assert status in {200, 403}
    assert answer["resultcode"] != "1010001"


@patient
@given(METHODS, st.lists(st.tuples(PARAMETERS, st.text() | NUMBERS)), st.binary(max_size=100))
def test_any_query_of_a_signed_request_has_a_result(server, method, pairs, garbage):
    query = "&".join(f"{name}={quote(value)}" for name, value in pairs).encode() + garbage
    status, answer = server.ask(method, server.signed(), query=query)

    assert status in {200, 403}
    assert answer["resultcode"] != "1010001"


@patient
@given(
    METHODS, st.dictionaries(st.sampled_from(["authorization", "x-aksk", "x-wsse"]), HEADER_TEXT)
)
def test_any_headers_are_refused_by_a_code_of_the_table(server, method, headers):
    status, answer = server.ask(method, headers)

    assert status == 400
    assert answer["resultcode"].startswith("10230")


@patient
@given(st.data())
def test_a_damaged_signature_is_refused_or_means_the_same(server, data):
    headers = server.signed()
    token = headers["x-aksk"]
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.characters(max_codepoint=0xFF, exclude_characters="\r\n\0"))
    damaged = token[:place] + letter + token[place + 1 :]

    status, answer = server.ask("GET", headers | {"x-aksk": damaged})

    assert status in {400, 401, 403}
    digest = range(token.index("Digest=") + 8, token.index('",Nonce'))
    if place in digest and letter not in {token[place], '"'}:
        assert answer["resultcode"] == "1010010"


@patient
@given(
    st.lists(NUMBERS, min_size=2, max_size=2, unique=True),
    st.integers(0, 2),
    st.integers(0, 7_776_000),
    st.integers(0, 1440),
    USER_DATA.filter(lambda text: 1 <= len(text) <= 256),
)
def test_what_was_bound_is_what_a_query_tells(numbers, direction, duration, minutes, user_data):
    server = make_server()
    fields = {
        "relationNum": X,
        "callerNum": numbers[0],
        "calleeNum": numbers[1],
        "callDirection": direction,
        "duration": duration,
        "maxDuration": minutes,
        "userData": user_data,
    }
    _, bound = server.ask("POST", server.signed(), body=json.dumps(fields).encode())
    query = f"subscriptionId={bound['subscriptionId']}".encode()

    _, found = server.ask("GET", server.signed(), query=query)

    (info,) = found["relationNumList"]
    assert {name: info[name] for name in fields} == fields

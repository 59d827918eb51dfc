import json
from typing import Any

import pytest
from structlog.testing import capture_logs

from maskline.domain.error import StoreBusy, StoreFailed

PATH = "/rest/caas/relationnumber/partners/v1.0"


@pytest.mark.parametrize(
    "path",
    ["/", PATH + "/", "/" + PATH, PATH.upper(), "/rest/caas/relationnumber/partners/v2.0", ""],
)
async def test_a_wrong_url_answers_404_without_a_result_code(client, path):
    reply = await client.send("POST", path=path)

    assert (reply.status, reply.body) == (404, b"")


@pytest.mark.parametrize("method", ["PATCH", "OPTIONS", "HEAD", "TRACE", "post"])
async def test_1010006_wrong_method(client, method):
    reply = await client.send(method)

    assert reply.told == (405, "1010006", "Invalid Rest API.")
    assert reply.headers["allow"] == "POST, PUT, GET, DELETE"


async def test_answers_are_json_with_their_length(client):
    reply = await client.send("GET")

    assert reply.headers["content-type"] == "application/json;charset=utf-8"
    assert reply.headers["content-length"] == str(len(reply.body))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"callerNum=%2B8613900001001",
        b"[]",
        b'"text"',
        b"null",
        b"1",
        b"{",
        b'{"callerNum":NaN}',
        b'{"callerNum":1e999}',
        b'{"callerNum":"\\ud800"}',
        b'{"callerNum":"\xff"}',
        '{"userData":"中"}'.encode("gbk"),
        '{"callerNum":"1"}'.encode("utf-16"),
        b"[" * 30_000,
        b'{"a":' * 10_000,
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_1010002_body_that_is_no_json_object(client, method, body):
    reply = await client.send(method, body=body)

    if method == "DELETE" and not body:
        assert reply.code == "1012001"
    else:
        assert reply.told == (403, "1010002", "Invalid request.body")


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/json;charset=GBK"])
async def test_the_content_type_does_not_matter(client, x, a, b, content_type):
    headers = client.headers()
    del headers["Content-Type"]
    if content_type is not None:
        headers["Content-Type"] = content_type
    body = {"relationNum": x, "callerNum": a, "calleeNum": b, "userData": "naïve"}

    assert (await client.send("POST", headers=headers, body=body)).code == "0"


async def test_a_byte_order_mark_is_skipped(client, x, a, b):
    body = json.dumps({"relationNum": x, "callerNum": a, "calleeNum": b}).encode()

    assert (await client.send("POST", body=b"\xef\xbb\xbf" + body)).code == "0"


async def test_the_last_of_equal_keys_counts(client, x, a, b):
    body = f'{{"callerNum":"bad","relationNum":"{x}","calleeNum":"{b}","callerNum":"{a}"}}'

    assert (await client.send("POST", body=body.encode())).code == "0"


async def test_a_body_in_pieces_is_put_together(world, client, asgi, x, a, b):
    body = json.dumps({"relationNum": x, "callerNum": a, "calleeNum": b}).encode()
    chunks = [body[i : i + 7] for i in range(0, len(body), 7)]

    reply = await asgi(world.api, "POST", PATH, headers=client.headers(), chunks=chunks)

    assert reply.code == "0"


@pytest.mark.parametrize("pieces", [1, 1000])
async def test_1010002_body_over_the_bound(world, client, asgi, pieces):
    world.limit(max_body_bytes=1000)
    chunks = [b" " * (5000 // pieces)] * pieces

    reply = await asgi(world.api, "POST", PATH, headers=client.headers(), chunks=chunks)

    assert reply.told == (403, "1010002", "Invalid request.body")


@pytest.mark.parametrize("query", ["x=1&" * 60, "relationNum=" + "1" * 5000])
async def test_1010002_query_over_the_bound(client, query):
    assert (await client.send("GET", query=query)).text == "Invalid request.query"


async def test_a_client_that_leaves_gets_no_answer(world, client, asgi):
    assert await asgi(world.api, "POST", PATH, headers=client.headers(), chunks=[]) is None


@pytest.mark.parametrize("kind", ["websocket", "lifespan"])
async def test_only_http_is_served(world, kind):
    async def never(*_: Any) -> None:
        raise AssertionError

    await world.api({"type": kind, "path": PATH}, never, never)


class TestFailures:
    @pytest.fixture
    def break_store(self, world, monkeypatch):
        def break_it(error):
            async def fail(*_: Any) -> None:
                raise error

            monkeypatch.setattr(world.store, "bind", fail)

        return break_it

    async def test_a_busy_store_is_flow_control(self, client, break_store, x, a, b):
        break_store(StoreBusy())

        reply = await client.bind(relationNum=x, callerNum=a, calleeNum=b)

        assert reply.told == (
            403,
            "1010010",
            "The flow control upper limit is reached on the platform.",
        )

    @pytest.mark.parametrize("error", [StoreFailed(), RuntimeError("+8613900001001")])
    async def test_a_failure_of_ours_is_1010001_and_logged_once_without_numbers(
        self, client, break_store, error, x, a, b
    ):
        break_store(error)

        with capture_logs() as logs:
            reply = await client.bind(relationNum=x, callerNum=a, calleeNum=b)

        assert reply.told == (500, "1010001", "Internal system error.")
        assert len(logs) == 1
        assert logs[0]["error"] == type(error).__name__
        assert "+86" not in str(logs)
        assert client.secret not in str(logs)

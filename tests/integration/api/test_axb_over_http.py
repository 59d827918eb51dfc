import asyncio
import json

import pytest
from yarl import URL

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

PATH = "/rest/caas/relationnumber/partners/v1.0"
A, B, C, X = "+8613900001001", "+8613900003003", "+8613900004004", "+8617000002000"


async def test_a_binding_lives_from_bind_to_unbind(site):
    bound = await site.bind(relationNum=X, callerNum=A, calleeNum=B, duration=600, userData="t7")
    binding_id = bound["subscriptionId"]
    changed = await site.ask("PUT", json={"subscriptionId": binding_id, "calleeNum": C})
    found = await site.ask("GET", params={"relationNum": X})
    gone = await site.ask("DELETE", params={"subscriptionId": binding_id})
    after = await site.ask("GET", params={"relationNum": X})

    assert bound["resultcode"] == "0"
    assert changed == (200, {"resultcode": "0", "resultdesc": "Success"})
    assert found[1]["relationNumList"][0]["calleeNum"] == C
    assert gone[0] == 200
    assert after == (
        403,
        {"resultcode": "1012007", "resultdesc": "The record does not exist."},
    )


async def test_a_binding_outlives_a_restart(site):
    bound = await site.bind(relationNum=X, callerNum=A, calleeNum=B)

    await site.restart()

    _, found = await site.ask("GET", params={"subscriptionId": bound["subscriptionId"]})
    assert found["relationNumList"][0]["callerNum"] == A


async def test_of_many_equal_binds_at_once_one_wins(site):
    answers = await asyncio.gather(
        *(site.bind(relationNum=X, callerNum=A, calleeNum=B) for _ in range(100))
    )

    codes = sorted(answer["resultcode"] for answer in answers)
    assert codes == ["0", *["1012010"] * 99]


async def test_binds_without_x_spread_over_the_numbers_of_the_city(site):
    answers = [await site.bind(callerNum=A, calleeNum=B, areaCode="0755") for _ in range(4)]

    assert len({answer.get("relationNum") for answer in answers[:3]}) == 3
    assert answers[3]["resultcode"] == "1012008"


async def test_a_plus_has_to_be_escaped_in_the_url(site):
    await site.bind(relationNum=X, callerNum=A, calleeNum=B)
    escaped = URL(f"{PATH}?relationNum={X.replace('+', '%2B')}", encoded=True)
    plain = URL(f"{PATH}?relationNum={X}", encoded=True)
    answers = []
    for url in (escaped, plain):
        async with site.http.get(url, headers=site.headers()) as reply:
            answers.append((await reply.json())["resultcode"])

    assert answers == ["0", "1012001"]


async def test_a_wrong_secret_is_401_and_the_next_request_is_served(site):
    status, answer = await site.ask("GET", headers=site.headers(secret="wrong"))

    assert (status, answer["resultcode"]) == (401, "1010010")
    assert (await site.bind(relationNum=X, callerNum=A, calleeNum=B))["resultcode"] == "0"


async def test_a_body_over_the_bound_is_refused_and_the_next_request_is_served(site):
    status, answer = await site.ask("POST", data=b" " * 1_000_000)

    assert (status, answer["resultdesc"]) == (403, "Invalid request.body")
    assert (await site.bind(relationNum=X, callerNum=A, calleeNum=B))["resultcode"] == "0"


async def test_a_chunked_body_is_read(site):
    async def pieces():
        for piece in ('{"relationNum":"', X, '","callerNum":"', A, f'","calleeNum":"{B}"}}'):
            yield piece.encode()
            await asyncio.sleep(0.01)

    status, answer = await site.ask("POST", data=pieces())

    assert (status, answer["resultcode"]) == (200, "0")


async def test_a_wrong_url_and_a_wrong_method_over_http(site):
    async with site.http.post("/rest/nowhere", headers=site.headers()) as reply:
        assert (reply.status, await reply.read()) == (404, b"")
    async with site.http.head(PATH) as reply:
        assert (reply.status, await reply.read()) == (405, b"")


async def test_two_requests_in_one_segment_are_answered_in_order(site):
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    for caller, callee in ((A, B), (C, A)):
        body = json.dumps({"relationNum": X, "callerNum": caller, "calleeNum": callee})
        head = "".join(f"{name}: {value}\r\n" for name, value in site.headers().items())
        writer.write(
            f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{head}Content-Length: {len(body)}\r\n\r\n{body}"
            "".encode()
        )
    writer.write(b"GET /end HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()

    assert answer.index(b'"resultcode":"0"') < answer.index(b"1012010") < answer.index(b" 404 ")


async def test_a_bind_under_a_key_is_answered_the_same_after_a_restart(site):
    wanted = {"callerNum": "+8613510001001", "calleeNum": "+8613900003003"}
    keyed = {"Idempotency-Key": "order-4711"}
    first = await site.ask("POST", json=wanted, headers=site.headers() | keyed)
    await site.restart()
    again = await site.ask("POST", json=wanted, headers=site.headers() | keyed)
    assert first == again
    assert first[1]["resultcode"] == "0"

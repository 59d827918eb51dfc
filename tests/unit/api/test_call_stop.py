"""`POST /rest/httpsessions/callStop/v2.0` (`spec/common.md` 3)."""

import json

import pytest

from maskline.api.call_stop import PATH, CallStopInterface
from maskline.api.server import create_api
from maskline.domain.application import ApplicationState, Mode
from maskline.domain.error import StoreFailed

SESSION = "1200_366_0_20161228102743@callenabler.home1.com"


class Calls:
    """Live calls by session id, each of one application."""

    def __init__(self):
        self.live = {SESSION: "key-axb"}
        self.stopped = []

    async def stop(self, session_id, app_key):
        if self.live.get(session_id) != app_key:
            return False
        del self.live[session_id]
        self.stopped.append(session_id)
        return True


@pytest.fixture
def calls(world):
    calls = Calls()
    endpoint = CallStopInterface(calls.stop).endpoint()
    world.api = create_api(None, world.directory, world.clock, world.limits, {PATH: endpoint})
    return calls


def asked(**fields):
    return {"sessionid": SESSION, "signal": "call_stop"} | fields


async def test_a_running_call_is_ended(client, calls):
    reply = await client.send("POST", body=asked(), path=PATH)

    assert reply.status == 200
    assert reply.body == b'{"resultcode":"0","resultdesc":"Success"}'
    assert reply.headers["content-type"] == "text/html;charset=UTF-8"
    assert calls.stopped == [SESSION]


async def test_a_call_that_has_ended_is_unknown(client, calls):
    await client.send("POST", body=asked(), path=PATH)
    reply = await client.send("POST", body=asked(), path=PATH)

    assert reply.told == (403, "1020152", "Invalid sessionId.")
    assert reply.headers["content-type"] == "text/html;charset=UTF-8"


async def test_the_call_of_another_application_is_unknown(world, client, calls):
    other = await world.add_application("key-other", mode=Mode.AX)

    assert (await other.send("POST", body=asked(), path=PATH)).code == "1020152"
    assert calls.stopped == []


async def test_applications_of_every_mode_may_end_their_calls(world, client, calls):
    other = await world.add_application("key-x", mode=Mode.X)
    calls.live["s2"] = "key-x"

    assert (await other.send("POST", body=asked(sessionid="s2"), path=PATH)).code == "0"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        {"signal": "call_stop"},
        {"sessionId": SESSION, "signal": "call_stop"},
        {"sessionid": SESSION},
        {"sessionid": SESSION, "signal": "CALL_STOP"},
        {"sessionid": "", "signal": "call_stop"},
        {"sessionid": "s" * 257, "signal": "call_stop"},
        {"sessionid": 5, "signal": "call_stop"},
    ],
)
async def test_1020001_for_a_body_that_does_not_say_what_to_end(client, calls, body):
    reply = await client.send("POST", body=body, path=PATH)

    assert reply.told == (500, "1020001", "Parameter error.")
    assert calls.stopped == []


async def test_1020001_for_a_body_that_is_too_large(client, calls):
    reply = await client.send("POST", body=b"x" * 2_000_000, path=PATH)

    assert reply.code == "1020001"


async def test_1020150_for_an_unknown_or_suspended_application(world, client, calls):
    client.app_key = "nobody"
    unknown = await client.send("POST", body=asked(), path=PATH)
    suspended = await world.add_application("key-s", state=ApplicationState.SUSPENDED)

    assert unknown.told == (403, "1020150", "The app_key is invalid.")
    assert (await suspended.send("POST", body=asked(), path=PATH)).told == unknown.told


async def test_the_authentication_answers_as_everywhere(client, calls):
    nothing = await client.send("POST", body=asked(), path=PATH, headers={})
    client.secret = "wrong"
    forged = await client.send("POST", body=asked(), path=PATH)

    assert nothing.code == "1023006"
    assert forged.told == (401, "1010010", "Invalid digest.")
    assert calls.stopped == []


async def test_other_methods_are_not_served(client, calls):
    reply = await client.send("GET", path=PATH)

    assert (reply.status, reply.code, reply.headers["allow"]) == (405, "1010006", "POST")


async def test_a_failure_of_ours_is_told_as_everywhere(client, world):
    async def fail(session_id, app_key):
        raise StoreFailed("disk")

    endpoint = CallStopInterface(fail).endpoint()
    world.api = create_api(None, world.directory, world.clock, world.limits, {PATH: endpoint})
    reply = await client.send("POST", body=asked(), path=PATH)

    assert (reply.status, json.loads(reply.body)["resultcode"]) == (500, "1010001")

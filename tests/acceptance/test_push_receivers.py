"""Receivers of the original service accept every push, however they take its headers apart.

What is signed, and where the parts stand, is printed in `spec/auth.md` 3 and 9.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from tests.acceptance.calls import TALKING_S, begin, bind_all
from tests.acceptance.customer import KINDS, Account, Client
from tests.acceptance.interfaces import ANOTHER_B, AXE_LIST, B

from maskline.domain.application import Mode
from maskline.domain.virtual_number import NumberCause, NumberState
from maskline.lab.decision import connect, deciding
from maskline.lab.phone_call import CallState, PhoneCall
from maskline.lab.receiver import Push
from maskline.services.administration_request import ApplicationChange, NumberChange

if TYPE_CHECKING:
    from maskline.lab.demo.stage import Stage

pytestmark = [pytest.mark.network, pytest.mark.enable_socket, pytest.mark.timeout(60)]

AUTHORIZATION = 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"'
CALL_EVENTS = {"callin", "callout", "alerting", "answer", "disconnect"}

Parts = Sequence[str]
"""Username, PasswordDigest, Nonce and Created."""


def by_position_between_commas(header: str) -> Parts:
    return [field.split("=", 1)[1].strip().strip('"') for field in header.split(",")]


def by_position_between_quotes(header: str) -> Parts:
    return header.split('"')[1::2]


def by_the_pattern_of_the_samples(header: str) -> Parts:
    names = ("Username", "PasswordDigest", "Nonce", "Created")
    found = re.fullmatch("UsernameToken " + ",".join(f'{name}="(.+)"' for name in names), header)
    assert found is not None
    return found.groups()


def by_a_pattern_that_allows_blanks(header: str) -> Parts:
    names = ("Username", "PasswordDigest", "Nonce", "Created")
    fields = r",\s*".join(rf'{name}\s*=\s*"([^"]+)"' for name in names)
    found = re.search(fields, header)
    assert found is not None
    return found.groups()


def by_name(header: str) -> Parts:
    fields = dict(re.findall(r'(\w+)="([^"]*)"', header))
    return [fields[name] for name in ("Username", "PasswordDigest", "Nonce", "Created")]


READERS: list[Callable[[str], Parts]] = [
    by_position_between_commas,
    by_position_between_quotes,
    by_the_pattern_of_the_samples,
    by_a_pattern_that_allows_blanks,
    by_name,
]


def assert_accepted(push: Push, secrets: Mapping[str, str]) -> None:
    assert push.method == "POST"
    assert push.headers["content-type"] == "application/json;charset=UTF-8"
    assert push.headers["authorization"] == AUTHORIZATION
    for read in READERS:
        key, digest, nonce, created = read(push.headers["x-aksk"])
        message = (nonce + created).encode()
        mac = hmac.new(secrets[key].encode(), message, hashlib.sha256).digest()
        assert digest == base64.b64encode(mac).decode()
        assert re.fullmatch("[0-9A-Za-z]{1,128}", nonce)
        assert datetime.strptime(created, "%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007 - the form counts


async def test_pushes_of_every_kind_and_mode_are_accepted(stage: "Stage"):
    stage.receiver.behaviour = deciding(lambda _: connect(B))
    client = await Client.start(KINDS["Python with AKSK"], stage.url)
    try:
        callers = await bind_all(stage, client)
        async with AsyncExitStack() as stack:
            keying = await begin(stack, stage, ANOTHER_B, callers[Mode.AXE][1])
            await key_extension(keying, await extension_of(stage, client))
            calls = [await begin(stack, stage, *pair) for pair in callers.values()]
            for call in [keying, *calls]:
                await call.wait_until(CallState.TALKING, TALKING_S)
                await call.hang_up()
    finally:
        await client.close()
    await report_number_states(stage)

    pushes = await stage.receiver.wait_for(is_complete, TALKING_S)
    for push in pushes:
        assert_accepted(push, stage.secrets)


async def extension_of(stage: "Stage", client: Client) -> str:
    account = Account.of(stage, Mode.AXE, client)
    listed = await account.ask("GET", AXE_LIST, virtualNum=account.numbers[0])
    return listed["extendNumList"][0]["extendNum"]


async def key_extension(call: PhoneCall, extension: str) -> None:
    await call.wait_until(CallState.RINGING)
    call.press(extension)


async def report_number_states(stage: "Stage") -> None:
    """Have the operator take a number of each application out of service."""
    administration = stage.platform.administration
    for kept in stage.tenant.applications.values():
        app_key = kept.application.app_key
        await administration.change_application(
            app_key, ApplicationChange(pushes_number_state=True)
        )
        change = NumberChange(state=NumberState.UNAVAILABLE, cause=NumberCause.ARREARS)
        await administration.change_number(kept.numbers[-1], change)


def is_complete(pushes: Sequence[Push]) -> bool:
    """Five calls and one that keyed an extension, and five changes of numbers."""
    bodies = [push.json() for push in pushes]
    return (
        kinds_of(bodies) >= CALL_EVENTS | {"collectInfo", "fee", "numStatus"}
        and sum(body["eventType"] == "numStatus" for body in bodies) == len(Mode)
        and sum(len(body.get("feeLst", ())) for body in bodies) == len(Mode) + 1
        and any('"notifyMode": "Block"' in json.dumps(body) for body in bodies)
    )


def kinds_of(bodies: Sequence[dict[str, Any]]) -> set[str]:
    return {body["eventType"] for body in bodies}

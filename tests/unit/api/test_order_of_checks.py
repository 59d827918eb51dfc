"""`spec/codes.md` 2.3 as a table: of two faults at once, the one further up is told."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest

from maskline.domain.application import ApplicationState, Mode, TenantState
from maskline.domain.virtual_number import NumberState

X = "+8617000002001"


@dataclass
class Request:
    """A bind that has some faults: how it, its sender and the platform are made."""

    application: dict[str, Any] = field(default_factory=dict)
    limits: dict[str, Any] = field(default_factory=dict)
    number: NumberState = NumberState.NORMAL
    created: str | None = None
    is_locked_out: bool = False
    is_repeated: bool = False
    is_unknown: bool = False
    secret: str | None = None
    caller: str = "+8613510001001"
    headers: list[Callable[[dict[str, str]], None]] = field(default_factory=list)


def drop(name: str) -> Callable[[Request], None]:
    return lambda request: request.headers.append(lambda headers: headers.pop(name, None))


def cut(name: str, pattern: str, other: str = "") -> Callable[[Request], None]:
    def change(headers: dict[str, str]) -> None:
        if name in headers:
            headers[name] = re.sub(pattern, other, headers[name])

    return lambda request: request.headers.append(change)


def given(**values: Any) -> Callable[[Request], None]:
    def change(request: Request) -> None:
        for name, value in values.items():
            old = getattr(request, name)
            setattr(request, name, old | value if isinstance(old, dict) else value)

    return change


CHECKS: list[tuple[str, str, Callable[[Request], None]]] = [
    ("lock-out", "1020176", given(is_locked_out=True)),
    ("Authorization", "1023006", drop("Authorization")),
    ("realm", "1023007", cut("Authorization", 'realm="SDP",')),
    ("profile", "1023008", cut("Authorization", 'profile="UsernameToken",')),
    ("type", "1023012", cut("Authorization", ',type="[^"]*"')),
    ("value of realm", "1023009", cut("Authorization", "SDP", "PDS")),
    ("value of profile", "1023010", cut("Authorization", "UsernameToken", "Token")),
    ("value of type", "1023011", cut("Authorization", "Appkey", "App")),
    ("X-AKSK", "1023033", drop("X-AKSK")),
    ("UsernameToken", "1023038", cut("X-AKSK", "^UsernameToken ")),
    ("Username", "1023034", cut("X-AKSK", 'Username="[^"]*"')),
    ("Nonce", "1023035", cut("X-AKSK", 'Nonce="[^"]*"')),
    ("Created", "1023036", cut("X-AKSK", 'Created="[^"]*"')),
    ("PasswordDigest", "1023037", cut("X-AKSK", 'PasswordDigest="[^"]*"')),
    ("app_key", "1010003", given(is_unknown=True)),
    (
        "state of the application",
        "1010008",
        given(application={"state": ApplicationState.SUSPENDED}),
    ),
    ("clock", "1010013", given(created="2020-01-01T00:00:00Z")),
    ("digest", "1010010 401", given(secret="wrong")),
    ("allow list", "1020166", given(application={"allowed_addresses": ("198.51.100.0/24",)})),
    ("flow control of the address", "1011006", given(limits={"address_requests_per_s": 1})),
    (
        "flow control of the application",
        "1010010 403",
        given(application={"request_limit_per_s": 1}),
    ),
    ("replay", "1010010 401", given(is_repeated=True)),
    ("mode", "1010040", given(application={"mode": Mode.AX})),
    ("account", "1010029", given(application={"tenant_state": TenantState.FROZEN})),
    ("parameters", "1010002", given(caller="bad")),
    ("number", "1012102", given(number=NumberState.PAUSED)),
]

RATES = ("request_limit_per_s", "address_requests_per_s")


@pytest.mark.parametrize(
    ("earlier", "later"),
    list(pairwise(CHECKS)),
    ids=[f"{one[0]} before {two[0]}" for one, two in pairwise(CHECKS)],
)
async def test_the_earlier_of_two_checks_is_told(world, earlier, later):
    request = Request()
    earlier[2](request)
    later[2](request)

    told = await told_of(world, request)

    assert earlier[1] in {told.code, f"{told.code} {told.status}"}


@pytest.mark.parametrize("check", CHECKS, ids=[check[0] for check in CHECKS])
async def test_each_check_by_itself_is_told(world, check):
    request = Request()
    check[2](request)

    told = await told_of(world, request)

    assert check[1] in {told.code, f"{told.code} {told.status}"}


async def test_a_request_without_faults_binds(world):
    assert (await told_of(world, Request())).code == "0"


async def told_of(world: Any, request: Request) -> Any:
    """The answer to a bind with these faults."""
    world.limit(**request.limits)
    client = await world.add_application(**request.application)
    await world.add_number(X, state=request.number)
    if request.is_locked_out:
        world.lock_out_after(1)
        world.lockout.fail(client.peer)
    if request.is_unknown:
        client.app_key = "nobody"
    if request.secret is not None:
        client.secret = request.secret
    headers = client.headers(created=request.created)
    for change in request.headers:
        change(headers)
    body = {"callerNum": request.caller, "calleeNum": "+8613900003003", "relationNum": X}
    if RATES[0] in request.application or RATES[1] in request.limits:
        # Takes what the rate allows: from another address where only the application's counts.
        client.peer = "192.0.2.7" if RATES[1] in request.limits else "192.0.2.8"
        await client.send("GET", headers=None if not request.is_repeated else headers)
        client.peer = "192.0.2.7"
    elif request.is_repeated:
        await client.send("GET", headers=headers)
    return await client.send("POST", body=body, headers=headers)

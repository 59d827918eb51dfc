"""Clients written for the original service work unchanged, over TLS, on a port of our choice."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from itertools import cycle
from typing import TYPE_CHECKING, Any

import pytest

from maskline.domain.application import Mode
from maskline.lab.decision import connect, deciding
from maskline.lab.phone import Phone
from maskline.lab.phone_call import CallState, PhoneCall
from maskline.lab.receiver import Push
from tests.acceptance.customer import KINDS, LANGUAGES, Account, Client
from tests.acceptance.interfaces import (
    RECORDING,
    STOP,
    B,
    bind_ax,
    bind_axb,
    bind_axe,
    bind_axyb,
    leave_ax,
    leave_axb,
    leave_axe,
    leave_axyb,
)
from tests.conftest import free_port

if TYPE_CHECKING:
    from maskline.lab.demo.stage import Stage

pytestmark = [pytest.mark.network, pytest.mark.enable_socket, pytest.mark.timeout(60)]

ClientMaker = Callable[..., Awaitable[Client]]

MODES: dict[Mode, tuple[Any, Any]] = {
    Mode.AX: (bind_ax, leave_ax),
    Mode.AXB: (bind_axb, leave_axb),
    Mode.AXE: (bind_axe, leave_axe),
    Mode.AXYB: (bind_axyb, leave_axyb),
}
A = {mode: f"+861381111000{place}" for place, mode in enumerate((*MODES, Mode.X), 1)}

RECORDED_S = 3.2
"""Talk of less than 3 s leaves no recording (`spec/common.md` 2)."""

TALKING_S = 10.0


@pytest.fixture
async def tls_stage(make_stage: Any) -> "Stage":
    return await make_stage(http={"tls_port": free_port()})


@pytest.fixture
async def make_client(tls_stage: "Stage") -> AsyncIterator[ClientMaker]:
    clients: list[Client] = []

    async def make(name: str) -> Client:
        KINDS[name].skip_unless_there()
        client = await Client.start(KINDS[name], tls_url(tls_stage))
        clients.append(client)
        return client

    yield make
    for client in clients:
        await client.close()


def tls_url(stage: "Stage") -> str:
    return f"https://127.0.0.1:{stage.settings.http.tls_port}"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_binding_interface_answers_over_tls(
    tls_stage: "Stage", make_client: ClientMaker, language: str
):
    for name in LANGUAGES[language]:
        client = await make_client(name)
        for mode, (bind, leave) in MODES.items():
            account = Account.of(tls_stage, mode, client)
            await leave(account, await bind(account, A[mode]))


async def test_calls_of_all_modes_are_stopped_and_their_recordings_found(
    tls_stage: "Stage", make_client: ClientMaker
):
    stage, clients = tls_stage, [await make_client(name) for name in installed()]
    callers = await bind_all(stage, clients[0])
    stage.receiver.behaviour = deciding(lambda _: connect(B, recordFlag="true"))
    async with AsyncExitStack() as stack:
        calls = [await begin(stack, stage, caller, dials) for caller, dials in callers.values()]
        for call in calls:
            await call.wait_until(CallState.TALKING, TALKING_S)
        await asyncio.sleep(RECORDED_S)
        sessions = {info["caller"]: info["sessionId"] for info in told(stage, "callin")}
        for (mode, (caller, _)), client in zip(callers.items(), cycle(clients), strict=False):
            account = Account.of(stage, mode, client)
            fields = {"sessionid": sessions[caller], "signal": "call_stop"}
            assert await account.ask("POST", STOP, **fields) == {}
        for call in calls:
            await call.wait_until(CallState.ENDED)
    for mode, (caller, _) in callers.items():
        entry = await record_of(stage, caller)
        assert entry["ulFailReason"] == 8017
        for client in clients:
            await find_recording(Account.of(stage, mode, client), entry, tls_url(stage))


def installed() -> list[str]:
    return [name for name, kind in KINDS.items() if kind.is_there]


async def bind_all(stage: "Stage", client: Client) -> dict[Mode, tuple[str, str]]:
    """Who calls which number in each mode."""
    callers = {Mode.X: (A[Mode.X], stage.tenant.applications[Mode.X].numbers[0])}
    for mode, (bind, _) in MODES.items():
        bound = await bind(Account.of(stage, mode, client), A[mode])
        callers[mode] = (bound.caller, bound.dials)
    return callers


async def begin(stack: AsyncExitStack, stage: "Stage", caller: str, dials: str) -> PhoneCall:
    phone = await stack.enter_async_context(await Phone.start(caller))
    return await phone.dial(dials, via=stage.carrier.address)


def told(stage: "Stage", kind: str) -> list[dict[str, Any]]:
    pushes = [push.json() for push in stage.receiver.received]
    return [push["statusInfo"] for push in pushes if push["eventType"] == kind]


async def record_of(stage: "Stage", caller: str) -> dict[str, Any]:
    def entries(pushes: Sequence[Push]) -> list[dict[str, Any]]:
        fees = [push.json()["feeLst"] for push in pushes if b'"feeLst"' in push.body]
        return [entry for fee in fees for entry in fee if entry["callerNum"] == caller]

    (entry,) = entries(await stage.receiver.wait_for(entries, TALKING_S))
    return entry


async def find_recording(account: Account, entry: dict[str, Any], url: str) -> None:
    names = {"fileName": entry["recordObjectName"], "recordDomain": entry["recordDomain"]}
    answered = await account.send("GET", RECORDING, **names)
    assert (answered.status, answered.body) == (301, "")
    assert answered.location.startswith(url)
    answered = await account.send("GET", RECORDING, **names | {"fileName": "no.wav"})
    assert (answered.status, answered.code) == (403, "1012007")
    stopped = {"sessionid": entry["sessionId"], "signal": "call_stop"}
    answered = await account.send("POST", STOP, **stopped)
    assert (answered.status, answered.code) == (403, "1020152")

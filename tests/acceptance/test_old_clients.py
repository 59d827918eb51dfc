"""Clients written for the original service work unchanged, over TLS, on a port of our choice."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from itertools import cycle
from typing import TYPE_CHECKING, Any

import pytest
from tests.acceptance.calls import TALKING_S, begin, bind_all, record_of, told
from tests.acceptance.customer import KINDS, LANGUAGES, Account, Client
from tests.acceptance.interfaces import MODES, RECORDING, STOP, A, B
from tests.conftest import free_port

from maskline.lab.decision import connect, deciding
from maskline.lab.phone_call import CallState

if TYPE_CHECKING:
    from maskline.lab.demo.stage import Stage

pytestmark = [pytest.mark.network, pytest.mark.enable_socket, pytest.mark.timeout(60)]

ClientMaker = Callable[..., Awaitable[Client]]

RECORDED_S = 3.2
"""Talk of less than 3 s leaves no recording (`spec/common.md` 2)."""


@pytest.fixture
async def tls_stage(make_stage: Any) -> "Stage":
    return await make_stage(http={"tls_port": free_port()})


@pytest.fixture
async def make_client(tls_stage: "Stage") -> AsyncIterator[ClientMaker]:
    clients: list[Client] = []

    async def make(name: str) -> Client:
        KINDS[name].skip_unless_there()
        client = await Client.start(KINDS[name], str(tls_stage.tls_url))
        clients.append(client)
        return client

    yield make
    for client in clients:
        await client.close()


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
    stage, clients = tls_stage, [await make_client(name) for name in one_of_each_language()]
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
    for (mode, (caller, _)), client in zip(reversed(callers.items()), cycle(clients), strict=False):
        entry = await record_of(stage, caller)
        assert entry["ulFailReason"] == 8017
        await find_recording(Account.of(stage, mode, client), entry, str(stage.tls_url))


def one_of_each_language() -> list[str]:
    """Those that are installed; Python always is."""
    firsts = [names[0] for names in LANGUAGES.values()]
    return [name for name in firsts if KINDS[name].is_there]


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

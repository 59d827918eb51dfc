"""Clients written for the original service work unchanged, over TLS, on a port of our choice."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any

import pytest

from maskline.domain.application import Mode
from tests.acceptance.customer import KINDS, LANGUAGES, Account, Client
from tests.acceptance.interfaces import (
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

"""The sandbox of one process: lab phones behind the management API."""

from contextlib import AsyncExitStack
from random import SystemRandom
from typing import TYPE_CHECKING

import structlog

from maskline.lab.carrier import Carrier
from maskline.lab.message_centre import MessageCentre
from maskline.manage.endpoint import Endpoint
from maskline.manage.sandbox import SandboxEndpoints
from maskline.manage.snippet import SnippetEndpoints
from maskline.sandbox.desk import SandboxDesk, SandboxRules
from maskline.sandbox.receiver_door import create_receiver_door
from maskline.sandbox.receiver_switch import ReceiverSwitch
from maskline.sandbox.request import RequestDesk
from maskline.sandbox.run import HOST, Lab
from maskline.sandbox.snippet_desk import SnippetDesk
from maskline.settings import HttpSection, Settings

if TYPE_CHECKING:
    from maskline.bootstrap.platform import Platform

log = structlog.get_logger("sandbox")


class Sandbox:
    """`desk` is for the management API, `receiver` for pushes; `close` ends every run."""

    def __init__(self, platform: "Platform", lab: Lab) -> None:
        section = platform.settings.sandbox
        rules = SandboxRules(
            apps=frozenset(section.apps),
            number_prefix=section.number_prefix,
            runs_per_tenant=section.runs_per_tenant,
            idle_s=section.idle_s,
        )
        http = platform.settings.http
        own = own_url(http)
        switch = ReceiverSwitch(
            platform.administration,
            section.receiver_url or own,
            platform.settings.store.data_path / "sandbox",
        )
        self.desk = SandboxDesk(
            platform.store,
            lab,
            RequestDesk(own, http.public_url or own),
            switch,
            clock=platform.clock,
            ids=platform.ids,
            rules=rules,
        )
        self.receiver = create_receiver_door(self.desk.take_push)

    async def start(self) -> None:
        """Undo what an earlier run left, and begin to look after new ones."""
        await self.desk.open()

    async def close(self) -> None:
        """End what is going on."""
        await self.desk.close()


async def open_sandbox(
    platform: "Platform", lab: Lab | None, stack: AsyncExitStack
) -> Sandbox | None:
    """The sandbox, where the settings ask for one; `lab` None opens a lab of its own.

    Raises OSError for a taken port.
    """
    settings = platform.settings
    if not settings.sandbox.enabled:
        return None
    if settings.workers.shares_http_ports:
        log.warning("no sandbox: its runs live in one process, and several share the HTTP port")
        return None
    sandbox = Sandbox(platform, lab or await _open_lab(settings, stack))
    await sandbox.start()
    return sandbox


async def _open_lab(settings: Settings, stack: AsyncExitStack) -> Lab:
    section, sip = settings.sandbox, settings.sip
    platform = (_reachable(sip.bind), sip.port)
    carrier = await Carrier.start(HOST, section.carrier_port, platform=platform)
    stack.push_async_callback(carrier.close)
    if not section.centre_port:
        return Lab(carrier=carrier.address)
    centre = MessageCentre(SystemRandom().random)
    await centre.start(HOST, section.centre_port)
    stack.push_async_callback(centre.close)
    return Lab(carrier=carrier.address, centre=centre)


def sandbox_endpoints(platform: "Platform") -> tuple[Endpoint, ...]:
    """Those of the sandbox, and what developers copy, which needs none."""
    http = platform.settings.http
    desk = platform.sandbox.desk if platform.sandbox is not None else None
    snippets = SnippetDesk(platform.store, http.public_url or own_url(http), desk)
    return (
        *SnippetEndpoints(snippets).endpoints(),
        *SandboxEndpoints(desk).endpoints(),
    )


def own_url(http: HttpSection) -> str:
    """How this machine reaches its own HTTP server."""
    host = _reachable(http.bind)
    return f"http://[{host}]:{http.port}" if ":" in host else f"http://{host}:{http.port}"


def _reachable(bind: str) -> str:
    return HOST if bind in {"0.0.0.0", "::"} else bind  # noqa: S104 - tested for, not bound

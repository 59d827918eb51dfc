"""The sandbox of one process: lab phones behind the management API."""

from contextlib import AsyncExitStack
from random import SystemRandom
from typing import TYPE_CHECKING

import structlog

from maskline.lab.carrier import Carrier
from maskline.lab.message_centre import MessageCentre
from maskline.manage.endpoint import Endpoint
from maskline.manage.sandbox import SandboxEndpoints
from maskline.sandbox.desk import SandboxDesk, SandboxRules
from maskline.sandbox.run import HOST, Lab
from maskline.settings import Settings

if TYPE_CHECKING:
    from maskline.bootstrap.platform import Platform

log = structlog.get_logger("sandbox")


class Sandbox:
    """`endpoints` are for the management API; `close` ends every run."""

    def __init__(self, platform: "Platform", lab: Lab) -> None:
        section = platform.settings.sandbox
        rules = SandboxRules(
            apps=frozenset(section.apps),
            number_prefix=section.number_prefix,
            runs_per_tenant=section.runs_per_tenant,
            idle_s=section.idle_s,
        )
        self.desk = SandboxDesk(platform.store, lab, platform.clock, platform.ids, rules)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """What developers reach it by."""
        return SandboxEndpoints(self.desk).endpoints()

    async def start(self) -> None:
        """Begin to look after runs."""
        self.desk.open()

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
    host = HOST if sip.bind in {"0.0.0.0", "::"} else sip.bind  # noqa: S104 - tested for, not bound
    carrier = await Carrier.start(HOST, section.carrier_port, platform=(host, sip.port))
    stack.push_async_callback(carrier.close)
    if not section.centre_port:
        return Lab(carrier=carrier.address)
    centre = MessageCentre(SystemRandom().random)
    await centre.start(HOST, section.centre_port)
    stack.push_async_callback(centre.close)
    return Lab(carrier=carrier.address, centre=centre)

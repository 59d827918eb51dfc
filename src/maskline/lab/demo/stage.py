"""Platform, carrier and receiver on one machine, with a customer: demo and tests play on it."""

import random
from contextlib import AsyncExitStack
from typing import Any, TypeVar

import msgspec

from maskline.bootstrap.platform import Platform
from maskline.lab.carrier import Carrier
from maskline.lab.decision import connect, deciding, deciding_messages, forward_message
from maskline.lab.demo.certificate import keep_certificate
from maskline.lab.demo.money import keep_balance, keep_prices
from maskline.lab.demo.port import check_ports, needed_ports, receiver_port
from maskline.lab.demo.tenant import TENANT, DemoTenant, keep_sms_link, keep_tenant
from maskline.lab.message_centre import MessageCentre
from maskline.lab.message_door import MessageDoor
from maskline.lab.receiver import QUERY_PATH, Receiver
from maskline.sandbox.desk import EVERY_APP
from maskline.sandbox.run import Lab
from maskline.services.clock import SystemClock
from maskline.services.store import Store
from maskline.settings import Settings, TlsSection

HOST = "127.0.0.1"

MODE_X_CALLEE = "+8613900002011"
"""Whom the demo's customer has its callers of mode X connected to, and asked messages sent to."""

Part = TypeVar("Part")


class Stage:
    """`start` opens everything, `close` undoes it in the reverse order.

    `store` None takes the one that the settings ask for. Raises PortTaken, PlatformError, OSError.
    """

    def __init__(self, settings: Settings, store: Store | None = None) -> None:
        self.settings = _for_demo(settings)
        self.secrets: dict[str, str] = {}
        """Application key -> secret, of the applications whose pushes the receiver checks."""
        self.receiver = Receiver(self.secrets)
        self.receiver.behaviour = deciding(
            lambda _: connect(MODE_X_CALLEE),
            others=deciding_messages(lambda event: forward_message(MODE_X_CALLEE, event)),
        )
        self.centre = MessageCentre(random.random)
        self._door = MessageDoor(self.centre)
        self._stack = AsyncExitStack()
        self._store = store
        self._platform: Platform | None = None
        self._carrier: Carrier | None = None
        self._tenant: DemoTenant | None = None

    @property
    def platform(self) -> Platform:
        """The running platform."""
        return _started(self._platform)

    @property
    def carrier(self) -> Carrier:
        """The running carrier."""
        return _started(self._carrier)

    @property
    def tenant(self) -> DemoTenant:
        """The demo's customer."""
        return _started(self._tenant)

    @property
    def url(self) -> str:
        """Base address of the interfaces."""
        return f"http://{self.settings.http.bind}:{self.settings.http.port}"

    @property
    def tls_url(self) -> str | None:
        """The same over HTTPS, None when it is switched off."""
        http = self.settings.http
        return f"https://{http.bind}:{http.tls_port}" if http.tls_port else None

    @property
    def sip(self) -> tuple[str, int]:
        """Host and port of the platform's SIP."""
        return self.settings.sip.bind, self.settings.sip.port

    async def start(self) -> None:
        """Open receiver and carrier, then the platform, then make the customer."""
        check_ports(needed_ports(self.settings))
        try:
            await self._start()
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """End calls, deliver what can be delivered, let go of everything."""
        await self._stack.aclose()

    async def learn_trunks(self) -> None:
        """Have a trunk that was just changed used by the very next call."""
        if self.platform.calls is not None:
            await self.platform.calls.learn_trunks()

    def describe(self) -> dict[str, Any]:
        """What `demo.json` holds: how to reach everything."""
        tenant, settings = self.tenant, self.settings
        carrier_host, carrier_port = self.carrier.address
        smsc_host, smsc_port = self.centre.address
        return {
            "api": self.url,
            "api_tls": self.tls_url,
            "manage": self.url,
            "console": f"{self.url}/console/",
            "admin_token": self.platform.admin_token,
            "sip": f"{settings.sip.bind}:{settings.sip.port}",
            "apps": {
                mode.value: {
                    "app_key": kept.application.app_key,
                    "app_secret": kept.application.secret,
                    "numbers": list(kept.numbers),
                }
                for mode, kept in tenant.applications.items()
            },
            "lab": {
                "carrier": f"{carrier_host}:{carrier_port}",
                "receiver": self.receiver.url,
                "pushes": self.receiver.url + QUERY_PATH,
                "smsc": f"{smsc_host}:{smsc_port}",
                "messages": self._door.url,
                "asked_messages_go_to": MODE_X_CALLEE,
            },
        }

    async def _start(self) -> None:
        settings = self.settings
        await self.receiver.start(HOST, receiver_port(settings))
        self._stack.push_async_callback(self.receiver.close)
        carrier = await Carrier.start(HOST, settings.demo.lab_port, platform=self.sip)
        self._carrier = carrier
        self._stack.push_async_callback(carrier.close)
        await self.centre.start(HOST)
        self._stack.push_async_callback(self.centre.close)
        await self._door.start(HOST)
        self._stack.push_async_callback(self._door.close)
        platform = self._platform = Platform(
            settings, store=self._store, lab=Lab(carrier=carrier.address, centre=self.centre)
        )
        await platform.start()
        self._stack.push_async_callback(platform.close)
        await keep_prices(platform.business.desk, platform.store)
        tenant = self._tenant = await keep_tenant(
            platform.administration,
            platform.store,
            receiver_url=self.receiver.url,
            carrier=carrier.address,
        )
        await keep_balance(platform.business.desk)
        await self.learn_trunks()
        await keep_sms_link(platform.sms_links, self.centre.address)
        await platform.accounts.keep_demo_accounts(TENANT)
        for kept in tenant.applications.values():
            self.secrets[kept.application.app_key] = kept.application.secret


def _for_demo(settings: Settings) -> Settings:
    """Pushes to this machine are allowed, HTTPS needs no certificate, everything may be tried.

    What is used is charged. Every application is one of the sandbox there, so every call leaves a
    trace.
    """
    replace = msgspec.structs.replace
    tls = settings.tls
    if settings.http.tls_port and not tls.cert:
        data = settings.store.data_path
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        certificate, key = keep_certificate(data, SystemClock().now())
        tls = TlsSection(cert=str(certificate), key=str(key))
    return replace(
        settings,
        tls=tls,
        delivery=replace(settings.delivery, allow_private=True),
        trace=replace(settings.trace, calls="all"),
        business=replace(settings.business, is_charging=True),
        sandbox=replace(settings.sandbox, enabled=True, apps=(EVERY_APP,)),
    )


def _started(part: Part | None) -> Part:
    if part is None:
        raise RuntimeError("the stage was not started")
    return part

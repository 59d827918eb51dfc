"""The demo's customer: a tenant with an application of each mode, their numbers, a trunk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import msgspec

from maskline.domain.application import Application, Mode
from maskline.domain.trunk import Trunk
from maskline.services.administration import Administration
from maskline.services.administration_request import (
    ApplicationChange,
    MessageRuleChoice,
    NewApplication,
    NewNumber,
    NewNumbers,
    NewTenant,
    TrunkChange,
    TrunkForm,
)
from maskline.services.list_filter import NumberFilter
from maskline.services.page import Page
from maskline.services.sms_link_desk import SmsLinkDesk
from maskline.services.sms_link_request import SmsLinkChange, SmsLinkForm
from maskline.services.store import DirectoryStore

TENANT = "demo"
TRUNK = "lab"
SMS_LINK = "lab"
MAX_APPLICATIONS = 20  # one a mode is there already; who tries things out adds some
SHENZHEN, BEIJING = "0755", "010"

_LAB_PATHS = {"status_url": "/demo/status", "cdr_url": "/demo/record"}
_MESSAGE_PATHS = {"sms_url": "/demo/sms", "sms_control_url": "/demo/sms-control"}
_WITH_MESSAGES = {Mode.AX, Mode.AXB, Mode.X}  # old samples send `privateSms` with every change
_ALL = Page(limit=10_000)


def _numbers(prefix: str, shenzhen: int, beijing: int) -> tuple[NewNumber, ...]:
    """Numbers that count on from `prefix`, first those of the one city, then of the other."""
    cities = [SHENZHEN] * shenzhen + [BEIJING] * beijing
    return tuple(
        NewNumber(number=f"{prefix}{place:02}", area_code=city)
        for place, city in enumerate(cities, 1)
    )


NUMBERS: Mapping[Mode, tuple[NewNumber, ...]] = {
    Mode.AXB: _numbers("+86170000010", 3, 2),
    # One A may hold five: the sixth shows what is answered then.
    Mode.AX: _numbers("+86170000011", 6, 2),
    Mode.AXE: _numbers("+86170000012", 2, 1),
    Mode.AXYB: _numbers("+86170000013", 6, 2),
    Mode.X: _numbers("+86170000014", 2, 0),
}


@dataclass(frozen=True, slots=True)
class DemoApplication:
    """One application of the demo and the virtual numbers it has."""

    application: Application
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoTenant:
    """What exists for the demo in the store. `application` and `numbers` are those of AXB."""

    applications: Mapping[Mode, DemoApplication]

    @property
    def application(self) -> Application:
        """The application of mode AXB."""
        return self.applications[Mode.AXB].application

    @property
    def numbers(self) -> tuple[str, ...]:
        """Its numbers."""
        return self.applications[Mode.AXB].numbers


async def keep_tenant(
    administration: Administration,
    store: DirectoryStore,
    *,
    receiver_url: str,
    carrier: tuple[str, int],
) -> DemoTenant:
    """Make what is missing of the demo, and bring it up to date with this run's ports."""
    if await store.tenant(TENANT) is None:
        new = NewTenant(name="Demo", tenant_id=TENANT, max_applications=MAX_APPLICATIONS)
        await administration.create_tenant(new)
    kept: dict[Mode, DemoApplication] = {}
    for mode, numbers in NUMBERS.items():
        application = await _keep_application(administration, store, receiver_url, mode)
        owned = await _keep_numbers(administration, store, application, numbers)
        kept[mode] = DemoApplication(application, owned)
    await _keep_trunk(administration, await store.trunks(), carrier)
    return DemoTenant(kept)


async def _keep_application(
    administration: Administration, store: DirectoryStore, receiver_url: str, mode: Mode
) -> Application:
    """The application that is named after its mode."""
    has_messages = mode in _WITH_MESSAGES
    paths = _LAB_PATHS | (_MESSAGE_PATHS if has_messages else {})
    urls = {field: receiver_url + path for field, path in paths.items()}
    for application in (await store.applications(TENANT, _ALL)).rows:
        if application.mode is mode and application.name == mode.value:
            return await _move_urls(administration, application, urls)
    new = NewApplication(
        name=mode.value,
        mode=mode,
        tenant_id=TENANT,
        may_record=True,
        may_message=has_messages,
        messages=MessageRuleChoice(shows_text=True),
    )
    return await administration.create_application(msgspec.structs.replace(new, **urls))


async def _move_urls(
    administration: Administration, application: Application, urls: Mapping[str, str]
) -> Application:
    """Follow the lab's receiver to another port; a URL that somebody else set stays."""
    moved = {
        field: url
        for field, url in urls.items()
        if _is_the_labs(getattr(application, field), urlsplit(url).path)
    }
    change = msgspec.convert(moved, ApplicationChange)
    return await administration.change_application(application.app_key, change)


def _is_the_labs(url: str | None, path: str) -> bool:
    """Data of before there were messages has none for them."""
    is_of_messages = path in _MESSAGE_PATHS.values()
    if url is None:
        return is_of_messages
    return url.startswith("http://127.0.0.1:") and url.endswith(path)


async def _keep_numbers(
    administration: Administration,
    store: DirectoryStore,
    application: Application,
    numbers: Sequence[NewNumber],
) -> tuple[str, ...]:
    missing = tuple([new for new in numbers if await store.number(new.number) is None])
    if missing:
        await administration.add_numbers(NewNumbers(app_key=application.app_key, numbers=missing))
    owned = await store.numbers(NumberFilter(app_key=application.app_key), _ALL)
    return tuple(number.number for number in owned.rows)


async def _keep_trunk(
    administration: Administration, trunks: Sequence[Trunk], carrier: tuple[str, int]
) -> None:
    host, port = carrier
    if any(trunk.name == TRUNK for trunk in trunks):
        await administration.change_trunk(TRUNK, TrunkChange(host=host, port=port))
    else:
        await administration.add_trunk(
            TrunkForm(name=TRUNK, host=host, port=port, inbound_from=("127.0.0.1/32",))
        )


async def keep_sms_link(desk: SmsLinkDesk, centre: tuple[str, int]) -> None:
    """Bind to this run's message centre."""
    host, port = centre
    if any(link.name == SMS_LINK for link in await desk.links()):
        await desk.change(SMS_LINK, SmsLinkChange(host=host, port=port))
    else:
        await desk.add(SmsLinkForm(name=SMS_LINK, host=host, port=port, system_id="maskline"))

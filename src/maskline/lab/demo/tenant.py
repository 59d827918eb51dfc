"""The demo's customer: a tenant with an application of each mode, their numbers, a trunk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from maskline.domain.application import Application, Mode
from maskline.domain.trunk import Trunk
from maskline.services.administration import Administration
from maskline.services.administration_request import (
    ApplicationChange,
    NewApplication,
    NewNumber,
    NewNumbers,
    NewTenant,
    TrunkChange,
    TrunkForm,
)
from maskline.services.store import DirectoryStore, Page

TENANT = "demo"
TRUNK = "lab"
SHENZHEN, BEIJING = "0755", "010"

_LAB_PATHS = ("/demo/status", "/demo/record")
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
        await administration.create_tenant(NewTenant(name="Demo", tenant_id=TENANT))
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
    status_url, cdr_url = (receiver_url + path for path in _LAB_PATHS)
    for application in (await store.applications(TENANT, _ALL)).rows:
        if application.mode is mode and application.name == mode.value:
            return await _move_urls(administration, application, status_url, cdr_url)
    return await administration.create_application(
        NewApplication(
            name=mode.value,
            mode=mode,
            tenant_id=TENANT,
            status_url=status_url,
            cdr_url=cdr_url,
            may_record=True,
            may_message=mode in _WITH_MESSAGES,
        )
    )


async def _move_urls(
    administration: Administration, application: Application, status_url: str, cdr_url: str
) -> Application:
    """Follow the lab's receiver to another port; a URL that somebody else set stays."""
    change = ApplicationChange()
    if _is_the_labs(application.status_url, _LAB_PATHS[0]):
        change = ApplicationChange(status_url=status_url, cdr_url=change.cdr_url)
    if _is_the_labs(application.cdr_url, _LAB_PATHS[1]):
        change = ApplicationChange(status_url=change.status_url, cdr_url=cdr_url)
    return await administration.change_application(application.app_key, change)


def _is_the_labs(url: str | None, path: str) -> bool:
    return url is not None and url.startswith("http://127.0.0.1:") and url.endswith(path)


async def _keep_numbers(
    administration: Administration,
    store: DirectoryStore,
    application: Application,
    numbers: Sequence[NewNumber],
) -> tuple[str, ...]:
    missing = tuple([new for new in numbers if await store.number(new.number) is None])
    if missing:
        await administration.add_numbers(NewNumbers(app_key=application.app_key, numbers=missing))
    owned = await store.numbers(application.app_key, _ALL)
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

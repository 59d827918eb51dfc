"""The demo's customer: a tenant with an AXB application, its numbers, and the lab's trunk."""

from collections.abc import Sequence
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
NUMBERS = (
    NewNumber(number="+8617000001001", area_code="0755"),
    NewNumber(number="+8617000001002", area_code="0755"),
    NewNumber(number="+8617000001003", area_code="0755"),
    NewNumber(number="+8617000001004", area_code="010"),
    NewNumber(number="+8617000001005", area_code="010"),
)

_LAB_PATHS = ("/demo/status", "/demo/record")
_ALL = Page(limit=10_000)


@dataclass(frozen=True, slots=True)
class DemoTenant:
    """What exists for the demo in the store."""

    application: Application
    numbers: tuple[str, ...]


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
    application = await _keep_application(administration, store, receiver_url)
    numbers = await _keep_numbers(administration, store, application)
    await _keep_trunk(administration, await store.trunks(), carrier)
    return DemoTenant(application, numbers)


async def _keep_application(
    administration: Administration, store: DirectoryStore, receiver_url: str
) -> Application:
    status_url, cdr_url = (receiver_url + path for path in _LAB_PATHS)
    for application in (await store.applications(TENANT, _ALL)).rows:
        if application.mode is Mode.AXB and application.name == "axb":
            return await _move_urls(administration, application, status_url, cdr_url)
    return await administration.create_application(
        NewApplication(
            name="axb", mode=Mode.AXB, tenant_id=TENANT, status_url=status_url, cdr_url=cdr_url
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
    administration: Administration, store: DirectoryStore, application: Application
) -> tuple[str, ...]:
    missing = tuple([new for new in NUMBERS if await store.number(new.number) is None])
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

"""Where a call goes: one read of the store, then the call outcome table of its mode."""

from dataclasses import dataclass
from typing import Protocol

from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.ax_table import AX_TABLE
from maskline.domain.axb_table import AXB_TABLE
from maskline.domain.axe_table import AXE_TABLE
from maskline.domain.axyb_table import AXYB_TABLE
from maskline.domain.error import PlatformError
from maskline.domain.outcome_table import Row, Situation, decide
from maskline.domain.plan import Plan
from maskline.domain.route import RouteFound
from maskline.domain.virtual_number import VirtualNumber
from maskline.domain.x_table import X_TABLE
from maskline.services.allotment import look_again
from maskline.services.clock import Clock
from maskline.services.directory import Directory
from maskline.services.registrant_store import RegistrantStore
from maskline.services.store import BindingStore

TABLES: dict[Mode, tuple[Row, ...]] = {
    Mode.AX: AX_TABLE,
    Mode.AXB: AXB_TABLE,
    Mode.AXYB: AXYB_TABLE,
    Mode.AXE: AXE_TABLE,
    Mode.X: X_TABLE,
}
"""The call outcome table of each mode."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutedCall:
    """A call to a number of ours: whose it is and what to do with it."""

    number: VirtualNumber
    application: Application
    tenant: Tenant
    plan: Plan


class RoutingStore(BindingStore, RegistrantStore, Protocol):
    """What deciding about a call reads."""


async def route_call(
    store: RoutingStore, directory: Directory, clock: Clock, *, x: str, caller: str
) -> RoutedCall | None:
    """Decide about a call from `caller` to `x`; None when `x` is no number of ours.

    Raises PlatformError when the number's application is missing from the store.
    """
    found = await store.route(x, caller)
    number = found.number
    if number is None:
        return None
    owner = await directory.application(number.app_key)
    if owner is None:
        raise PlatformError("a virtual number belongs to an application that does not exist")
    application, tenant = owner
    if application.mode is Mode.AXYB:
        found = await look_again(store, found, caller, clock.now())
    situation = Situation(
        route=found,
        caller=caller,
        application=application,
        tenant=tenant,
        now=clock.now(),
        is_registered=await _is_registered(store, application, found),
    )
    plan = decide(TABLES[application.mode], situation)
    return RoutedCall(number=number, application=application, tenant=tenant, plan=plan)


async def route_extension(
    store: RoutingStore, clock: Clock, routed: RoutedCall, caller: str, extension: str
) -> Plan:
    """Decide about a call whose caller keyed in an extension."""
    found = await store.route_extension(routed.number.number, extension)
    situation = Situation(
        route=found,
        caller=caller,
        application=routed.application,
        tenant=routed.tenant,
        now=clock.now(),
        extension=extension,
        is_registered=await _is_registered(store, routed.application, found),
    )
    return decide(TABLES[routed.application.mode], situation)


async def _is_registered(
    store: RegistrantStore, application: Application, found: RouteFound
) -> bool:
    """Whether the binding's A is an actual user: looked at only where the application asks."""
    if not application.intercepts_unregistered or found.binding is None:
        return True
    return await store.is_registered(application.tenant_id, found.binding.a)

"""Where a call goes: one read of the store, then pure rules."""

from dataclasses import dataclass

from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.error import PlatformError
from maskline.domain.plan import Connect, Refuse, plan_axb
from maskline.domain.release import ReleaseCode
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.clock import Clock
from maskline.services.directory import Directory
from maskline.services.store import BindingStore


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutedCall:
    """A call to a number of ours: whose it is and what to do with it."""

    number: VirtualNumber
    application: Application
    tenant: Tenant
    plan: Connect | Refuse


async def route_call(
    store: BindingStore, directory: Directory, clock: Clock, *, x: str, caller: str
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
    if application.mode is Mode.AXB:
        plan = plan_axb(found, caller, application, tenant, clock.now())
    else:
        plan = Refuse(release=ReleaseCode.NO_PERMISSION)
    return RoutedCall(number=number, application=application, tenant=tenant, plan=plan)

"""Bindings of every mode through one door: which desk has which, and what may be asked of it."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, TypeVar

from maskline.domain.application import (
    Application,
    ApplicationState,
    Mode,
)
from maskline.domain.binding import Binding
from maskline.domain.error import CustomerError, InvalidParameter, UnknownRecord
from maskline.services.axe_request import AxeChange, BindingId, NewAxeBinding
from maskline.services.binding import BindingChange, BindingDesk, NewBinding
from maskline.services.binding_ax import AxDesk
from maskline.services.binding_ax_request import AxChange, NewAxBinding, NewCallee
from maskline.services.binding_axe import AxeDesk
from maskline.services.binding_axyb import AxybDesk, NewRelation, NewYb
from maskline.services.binding_rule import Closing
from maskline.services.clock import Clock
from maskline.services.store import Store

Wanted = TypeVar("Wanted")

_CLOSING = {
    "close_after_calls": "after_calls",
    "close_on_hang_up": "on_hang_up",
    "idle_s": "idle_s",
}


class ApplicationSuspended(CustomerError):
    """The application is suspended."""


class TenantFrozen(CustomerError):
    """The application's tenant is frozen."""


class NotChangeable(CustomerError):
    """Bindings of this mode cannot be changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingDesks:
    """The desks of the modes that have bindings."""

    axb: BindingDesk
    ax: AxDesk
    axe: AxeDesk
    axyb: AxybDesk


class BindingOffice:
    """Binds, changes and unbinds in any application, by the rules of its mode.

    What is asked is named as the requests of the desks name it. All raise StoreBusy, StoreFailed.
    """

    def __init__(self, store: Store, desks: BindingDesks, clock: Clock) -> None:
        self._store = store
        self._desks = desks
        self._clock = clock

    async def application(self, app_key: str) -> Application:
        """An application that may bind.

        Raises UnknownRecord, ApplicationSuspended, TenantFrozen.
        """
        application = await self._store.application(app_key)
        if application is None:
            raise UnknownRecord(f"there is no application {app_key}")
        if application.state is not ApplicationState.NORMAL:
            raise ApplicationSuspended("the application is suspended")
        tenant = await self._store.tenant(application.tenant_id)
        if tenant is None or tenant.is_frozen:
            raise TenantFrozen("the tenant is frozen")
        return application

    async def bind(self, application: Application, wanted: Mapping[str, Any]) -> Binding:
        """Bind; with `relation_id` a B to a relation of AXYB.

        Raises InvalidParameter (also for what the mode has not), and what its desk raises.
        """
        desks = self._desks
        match application.mode:
            case Mode.AXB:
                return await desks.axb.bind_axb(application, _request(NewBinding, wanted))
            case Mode.AX:
                return await desks.ax.bind(application, _request(NewAxBinding, wanted))
            case Mode.AXE:
                return await desks.axe.bind(application, _request(NewAxeBinding, wanted))
            case Mode.AXYB if wanted.get("relation_id"):
                part = {"binding_id" if k == "relation_id" else k: v for k, v in wanted.items()}
                return await desks.axyb.bind_yb(application, _request(NewYb, part))
            case Mode.AXYB:
                return await desks.axyb.bind_ax(application, _request(NewRelation, wanted))
            case Mode.X:
                raise InvalidParameter("app_key", "mode x stores no bindings")

    async def change(
        self, application: Application, binding_id: str, change: Mapping[str, Any]
    ) -> Binding:
        """Change a live binding; an empty text removes what it names.

        Raises UnknownRecord, NotChangeable, InvalidParameter, and what the desk raises.
        """
        desks = self._desks
        match application.mode:
            case Mode.AXB:
                asked = _request(BindingChange, change)
                await desks.axb.modify_axb(application, binding_id, asked)
            case Mode.AX:
                await desks.ax.modify(application, binding_id, _request(AxChange, change))
            case Mode.AXE:
                key = BindingId(binding_id=binding_id)
                await desks.axe.modify(application, key, _request(AxeChange, change))
            case Mode.AXYB | Mode.X:
                raise NotChangeable(
                    f"bindings of mode {application.mode} cannot be changed: unbind, bind again"
                )
        return await self.binding(application.app_key, binding_id)

    async def set_callee(
        self, application: Application, binding_id: str, callee: NewCallee
    ) -> None:
        """Set whom A reaches through X of AX. Raises UnknownRecord, InvalidParameter."""
        await self._desks.ax.set_callee(application, binding_id, callee)

    async def unbind(self, app_key: str, binding_id: str) -> None:
        """Remove one binding, a relation with its parts. Raises UnknownRecord."""
        await self._store.unbind(app_key, binding_id, self._clock.now())

    async def binding(self, app_key: str | None, binding_id: str) -> Binding:
        """One live binding, of this application unless None. Raises UnknownRecord."""
        binding = await self._store.binding(app_key, binding_id)
        if binding is None or not binding.is_live(self._clock.now()):
            raise UnknownRecord(f"there is no binding {binding_id}")
        return binding


def _request(kind: type[Wanted], given: Mapping[str, Any]) -> Wanted:
    """What a desk takes. Raises InvalidParameter for what it does not know or needs."""
    known = {field.name: field for field in fields(kind)}  # pyright: ignore[reportArgumentType]
    values: dict[str, Any] = {k: v for k, v in given.items() if k not in _CLOSING}
    closing = {_CLOSING[k]: v for k, v in given.items() if k in _CLOSING}
    if closing and "closing" not in known:
        raise InvalidParameter(next(k for k in given if k in _CLOSING), "is not of this mode")
    if closing:
        values["closing"] = Closing(**closing)
    for name in values:
        if name not in known:
            raise InvalidParameter(name, "is not of this mode")
    for name, field in known.items():
        has_default = field.default is not MISSING or field.default_factory is not MISSING
        if name not in values and not has_default:
            raise InvalidParameter(name, "is needed")
    return kind(**values)

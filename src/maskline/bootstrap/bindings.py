"""Bindings by the management API: the desks of all modes and the codes that they answer with."""

from typing import TYPE_CHECKING

from maskline.api.ax import PATH as AX_PATH
from maskline.api.ax import AxInterface
from maskline.api.axe import RESULTS as AXE_RESULTS
from maskline.api.axyb import AxybInterface
from maskline.api.result import NO_RESULTS, Result, Results, answer_of, code_of
from maskline.domain.application import Mode
from maskline.domain.area import Areas
from maskline.domain.error import MasklineError, PlatformError
from maskline.manage.binding import BindingEndpoints
from maskline.manage.endpoint import Endpoint
from maskline.services.binding import BindingDesk
from maskline.services.binding_ax import AxDesk
from maskline.services.binding_axe import AxeDesk
from maskline.services.binding_axyb import AxybDesk
from maskline.services.binding_office import (
    ApplicationSuspended,
    BindingDesks,
    BindingOffice,
    TenantFrozen,
)
from maskline.services.clock import Clock
from maskline.services.ids import Ids
from maskline.services.prompt import PromptCatalogue
from maskline.services.store import Store

if TYPE_CHECKING:
    from maskline.bootstrap.platform import Platform

_GATE: Results = {
    ApplicationSuspended: Result.APP_KEY_UNAVAILABLE,
    TenantFrozen: Result.TENANT_FROZEN,
}


def binding_endpoints(platform: "Platform", areas: Areas) -> tuple[Endpoint, ...]:
    """All of them."""
    clock, ids, prompts = platform.clock, platform.ids, platform.prompts
    return wired_binding_endpoints(platform.store, clock, ids, areas, prompts)


def wired_binding_endpoints(
    store: Store, clock: Clock, ids: Ids, areas: Areas, prompts: PromptCatalogue
) -> tuple[Endpoint, ...]:
    """All of them over these parts."""
    desks = BindingDesks(
        axb=BindingDesk(store, clock, ids, areas, prompts),
        ax=AxDesk(store, clock, ids, areas, prompts),
        axe=AxeDesk(store, clock, ids, areas, prompts),
        axyb=AxybDesk(store, clock, ids, areas, prompts),
    )
    codes = _ResultCodes(desks)
    return BindingEndpoints(store, BindingOffice(store, desks, clock), codes.of).endpoints()


class _ResultCodes:
    def __init__(self, desks: BindingDesks) -> None:
        self._by_mode: dict[Mode, Results] = {
            Mode.AX: AxInterface(desks.ax).endpoints()[AX_PATH].results,
            Mode.AXE: AXE_RESULTS,
            Mode.AXYB: AxybInterface(desks.axyb).endpoint().results,
        }

    def of(self, mode: Mode, error: MasklineError) -> str | None:
        """The code; None for a failure of ours, which is no customer's business."""
        if isinstance(error, PlatformError):
            return None
        results = {**_GATE, **self._by_mode.get(mode, NO_RESULTS)}
        code = code_of(answer_of(error, {}, results))
        return None if code == Result.SYSTEM_ERROR.code else code

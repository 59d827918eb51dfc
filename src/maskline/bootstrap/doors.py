"""What stands behind the HTTP port of a process: the interfaces of its planes."""

from typing import TYPE_CHECKING

from starlette.types import ASGIApp

from maskline import __version__
from maskline.api.ax import AxInterface
from maskline.api.axe import AxeInterface
from maskline.api.axyb import PATH as AXYB_PATH
from maskline.api.axyb import AxybInterface
from maskline.api.call_stop import PATH as CALL_STOP_PATH
from maskline.api.call_stop import CallStopInterface
from maskline.api.recording import PATH as RECORDING_PATH
from maskline.api.recording import RecordingInterface
from maskline.api.recording_download import DownloadLimits, create_downloads
from maskline.api.registration import RegistrationInterface
from maskline.api.registration_door import TokenGate, create_registration
from maskline.api.server import create_api
from maskline.bootstrap.http import api_limits, build_doors
from maskline.bootstrap.manage import build_manage
from maskline.bootstrap.plane import Plane
from maskline.console.app import create_console
from maskline.domain.area import load_areas
from maskline.services.binding import BindingDesk
from maskline.services.binding_ax import AxDesk
from maskline.services.binding_axe import AxeDesk
from maskline.services.binding_axyb import AxybDesk

if TYPE_CHECKING:
    from maskline.bootstrap.platform import Platform


def open_doors(platform: "Platform", planes: frozenset[Plane]) -> ASGIApp:
    """The interfaces of some planes, behind one port."""
    has_api, has_manage = Plane.API in planes, Plane.MANAGE in planes
    return build_doors(
        api=_compatible_api(platform) if has_api else None,
        manage=build_manage(platform) if has_manage else None,
        registration=_registration(platform) if has_api else None,
        downloads=_downloads(platform),
        sandbox=platform.sandbox.receiver if platform.sandbox is not None else None,
        console=create_console() if has_manage else None,
        counters=platform.counted.http,
    )


def _compatible_api(platform: "Platform") -> ASGIApp:
    store, clock, ids, prompts = platform.store, platform.clock, platform.ids, platform.prompts
    areas = load_areas()
    desk = BindingDesk(store, clock, ids, areas, prompts)
    axyb = AxybDesk(store, clock, ids, areas, prompts)
    ax = AxInterface(AxDesk(store, clock, ids, areas, prompts))
    axe = AxeDesk(store, clock, ids, areas, prompts)
    archive, public_url = platform.recordings.archive, platform.settings.http.public_url
    return create_api(
        desk,
        platform.directory,
        clock,
        api_limits(platform.settings),
        {
            AXYB_PATH: AxybInterface(axyb).endpoint(),
            **AxeInterface(axe).endpoints(),
            RECORDING_PATH: RecordingInterface(archive, public_url).endpoint(),
            CALL_STOP_PATH: CallStopInterface(platform.stopper.stop).endpoint(),
            **ax.endpoints(),
        },
        lockout=platform.lockout,
        keyed_binds=platform.keyed_binds,
        secret_uses=platform.secret_uses,
        version=__version__,
        counters=platform.counted.http,
        request_log=platform.insight.requests,
    )


def _registration(platform: "Platform") -> ASGIApp:
    interface = RegistrationInterface(platform.store, platform.registration)
    limits = api_limits(platform.settings)
    return create_registration(
        interface, TokenGate(platform.tenant_tokens, limits, platform.token_lockout)
    )


def _downloads(platform: "Platform") -> ASGIApp:
    limits = DownloadLimits(trusted_proxies=platform.settings.http.trusted_proxies)
    recordings = platform.recordings
    return create_downloads(recordings.archive, recordings.links, platform.clock, limits)

"""Every path of the compatible interface over one world, with an application of each mode."""

from typing import Any

from maskline.api.ax import AxInterface
from maskline.api.axe import AxeInterface
from maskline.api.axyb import PATH as AXYB_PATH
from maskline.api.axyb import AxybInterface
from maskline.api.call_stop import PATH as CALL_STOP_PATH
from maskline.api.call_stop import CallStopInterface
from maskline.api.recording import PATH as RECORDING_PATH
from maskline.api.recording import RecordingInterface
from maskline.api.server import create_api
from maskline.domain.application import Mode
from maskline.domain.error import UnknownRecord
from maskline.services.binding import BindingDesk
from maskline.services.binding_ax import AxDesk
from maskline.services.binding_axe import AxeDesk
from maskline.services.binding_axyb import AxybDesk

KEPT = "kept.wav"
"""The recording that there is."""

SESSION = "session-1"
"""The call that runs."""

MODES = (Mode.AXB, Mode.AX, Mode.AXE, Mode.AXYB)


class Archive:
    """Holds one recording."""

    async def find(self, app_key: str, object_name: str, domain: str) -> str:
        if object_name != KEPT:
            raise UnknownRecord("there is no such recording")
        return object_name

    def link(self, recording: str, base_url: str) -> str:
        return f"{base_url}/recordings/{recording}"


async def _stop(session_id: str, app_key: str) -> bool:
    return session_id == SESSION


def numbers_of(mode: Mode) -> list[str]:
    """The virtual numbers of the application of a mode."""
    return [f"+86170000{MODES.index(mode)}2{n:03}" for n in range(1, 4)]


def serve_all(world: Any) -> None:
    """Put every path into the world's interface."""
    kept = (world.store, world.clock, world.ids, world.areas, world.prompts)
    world.api = create_api(
        BindingDesk(*kept),
        world.directory,
        world.clock,
        world.limits,
        {
            **AxInterface(AxDesk(*kept)).endpoints(),
            **AxeInterface(AxeDesk(*kept)).endpoints(),
            AXYB_PATH: AxybInterface(AxybDesk(*kept)).endpoint(),
            RECORDING_PATH: RecordingInterface(Archive(), "https://v.example").endpoint(),
            CALL_STOP_PATH: CallStopInterface(_stop).endpoint(),
        },
        keyed_binds=world.keyed_binds,
        version="1.2.3",
    )


async def add_customers(world: Any) -> dict[str, Any]:
    """A client of each mode, by the tag of the mode in the OpenAPI document, with numbers."""
    clients: dict[str, Any] = {}
    for mode in MODES:
        key = f"key-{mode.value}"
        clients[mode.value.upper()] = await world.add_application(key, mode=mode, may_record=True)
        for number in numbers_of(mode):
            await world.add_number(number, app_key=key)
    return clients

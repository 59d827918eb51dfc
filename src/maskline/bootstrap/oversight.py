"""What who runs the platform is told of one process, wired to what runs in it."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

import msgspec

from maskline.manage.endpoint import Endpoint
from maskline.manage.oversight import Oversight, OversightEndpoints
from maskline.manage.route import RouteEndpoints
from maskline.planes.call.trunk_board import TrunkBoard
from maskline.planes.call.trunk_state import trunk_states
from maskline.planes.media.engine import MediaEngine
from maskline.planes.media.rtpengine.engine import RtpengineEngine
from maskline.services.part_state import EngineCondition, EngineState, TrunkState
from maskline.services.part_watch import PartsTold
from maskline.services.route_trial import RouteTrial
from maskline.settings import ENVIRONMENT, SECRETS, SECTIONS, Settings
from maskline.settings_meaning import meanings, unit_of

if TYPE_CHECKING:
    from maskline.bootstrap.platform import Platform


def oversight_endpoints(platform: "Platform") -> tuple[Endpoint, ...]:
    """Those of trunk states, routes, media engines and settings."""

    def trunks() -> tuple[TrunkState, ...] | None:
        board = platform.counted.board
        return None if board is None else trunk_states(board, platform.clock.monotonic())

    oversight = Oversight(
        worker=platform.host_name,
        engine_kind=platform.settings.media.engine,
        workers=platform.changes.parts.reports,
        settings=lambda: tuple(setting_rows(platform.settings)),
    )
    trial = RouteTrial(platform.store, trunks, platform.ids.draw)
    return (
        *OversightEndpoints(platform.store, oversight).endpoints(),
        *RouteEndpoints(platform.store, trial).endpoints(),
    )


def parts_of(
    worker: str, kind: str, board: TrunkBoard, engine: MediaEngine, now: float
) -> PartsTold:
    """What a worker that carries calls tells of itself; `kind` is the engine of its settings."""
    trunks = trunk_states(board, now)
    return PartsTold(worker, kind, trunks, engine_states(engine, kind))


def engine_states(engine: MediaEngine, kind: str) -> tuple[EngineState, ...]:
    """Every daemon of rtpengine, or the one engine in this process."""
    if isinstance(engine, RtpengineEngine):
        return tuple(
            EngineState(name=one.name, condition=EngineCondition(one.health.value), calls=one.calls)
            for one in engine.instances
        )
    condition = EngineCondition.UP if engine.is_up else EngineCondition.DOWN
    return (EngineState(name=kind, condition=condition),)


def setting_rows(settings: Settings) -> Iterator[Mapping[str, Any]]:
    """Every setting with what it means; secrets without their values."""
    variables = {key: variable for variable, key in ENVIRONMENT.items()}
    for section, kind in SECTIONS.items():
        said = meanings(kind)
        for field in msgspec.structs.fields(kind):
            key = f"{section}.{field.name}"
            value, is_secret = getattr(getattr(settings, section), field.name), key in SECRETS
            yield {
                "section": section,
                "name": field.name,
                "value": None if is_secret else _plain(value),
                "default": None if is_secret else _plain(field.default),
                "unit": unit_of(field.name),
                "meaning": said.get(field.name, ""),
                "variable": variables.get(key),
                "is_secret": is_secret,
                "is_set": bool(value),
                "is_changed": value != field.default,
            }


def _plain(value: object) -> object:
    """A setting as JSON has it."""
    if isinstance(value, tuple):
        return [_plain(one) for one in cast("tuple[object, ...]", value)]
    return value if isinstance(value, bool | int | float | str) else str(value)

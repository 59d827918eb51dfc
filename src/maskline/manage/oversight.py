"""Endpoints for who runs the platform: how trunks and media engines stand, what is set."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import Struct

from maskline.domain.access import Right
from maskline.domain.error import UnknownRecord
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.view import copied
from maskline.services.part_state import (
    EngineCondition,
    EngineState,
    TrunkCondition,
    TrunkState,
)
from maskline.services.store import Store


class TrunkHealthView(Struct, frozen=True, kw_only=True):
    """How the worker that was asked sees a trunk; null where it carries no calls.

    `misses` are pings in a row that nothing answered.
    """

    name: str
    worker: str
    condition: TrunkCondition | None
    calls: int | None
    misses: int | None


class TrunkHealthsView(Struct, frozen=True, kw_only=True):
    """All trunks that the worker knows."""

    items: tuple[TrunkHealthView, ...]


class MediaEngineView(Struct, frozen=True, kw_only=True):
    """What carries media for the worker that was asked; `calls` null: not counted."""

    name: str
    worker: str
    condition: EngineCondition
    calls: int | None


class MediaEnginesView(Struct, frozen=True, kw_only=True):
    """`kind` is what the settings ask for; nothing in `items` where no calls are carried."""

    kind: str
    worker: str
    items: tuple[MediaEngineView, ...]


class SettingView(Struct, frozen=True, kw_only=True):
    """A setting as it is in effect. Of a secret `value` is null, and `is_set` says if it has one.

    `unit` is empty for what is counted or has none; `variable` is that of the environment.
    """

    section: str
    name: str
    value: Any
    default: Any
    unit: str
    meaning: str
    variable: str | None
    is_secret: bool
    is_set: bool
    is_changed: bool


class SettingsView(Struct, frozen=True, kw_only=True):
    """All settings of the worker that was asked, by section; a change takes effect at a start."""

    worker: str
    items: tuple[SettingView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Oversight:
    """What one process can tell: of its trunks and engines None while it carries no calls."""

    worker: str
    engine_kind: str
    trunks: Callable[[], Sequence[TrunkState] | None]
    engines: Callable[[], Sequence[EngineState] | None]
    settings: Callable[[], Sequence[Mapping[str, Any]]]


class OversightEndpoints:
    """Tells how the process stands that was asked; `store` says which trunks there are."""

    def __init__(self, store: Store, oversight: Oversight) -> None:
        self._store = store
        self._oversight = oversight

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="GET",
                path="/trunk-states",
                summary="How trunks stand with the worker that answers",
                run=self.list_trunk_states,
                right=Right.TRUNK_WRITE,
                answer=TrunkHealthsView,
            ),
            Endpoint(
                method="GET",
                path="/trunks/{name}/health",
                summary="How one trunk stands with the worker that answers",
                run=self.show_trunk_health,
                right=Right.TRUNK_WRITE,
                answer=TrunkHealthView,
                refusals=(404,),
            ),
            Endpoint(
                method="GET",
                path="/media-engines",
                summary="What carries media for the worker that answers",
                run=self.list_media_engines,
                right=Right.MEDIA_READ,
                answer=MediaEnginesView,
            ),
            Endpoint(
                method="GET",
                path="/settings",
                summary="Settings in effect, without secrets",
                run=self.list_settings,
                right=Right.SETTING_READ,
                answer=SettingsView,
            ),
        )

    async def list_trunk_states(self, _: Asked) -> TrunkHealthsView:
        """All trunks that the worker knows; none where it carries no calls."""
        states = self._oversight.trunks() or ()
        return TrunkHealthsView(items=tuple(self._health(state) for state in states))

    async def show_trunk_health(self, asked: Asked) -> TrunkHealthView:
        """One trunk."""
        name = asked.path["name"]
        if name not in {trunk.name for trunk in await self._store.trunks()}:
            raise UnknownRecord(f"there is no trunk {name}")
        for state in self._oversight.trunks() or ():
            if state.name == name:
                return self._health(state)
        worker = self._oversight.worker
        return TrunkHealthView(name=name, worker=worker, condition=None, calls=None, misses=None)

    async def list_media_engines(self, _: Asked) -> MediaEnginesView:
        """The engines."""
        told = self._oversight
        engines = told.engines() or ()
        return MediaEnginesView(
            kind=told.engine_kind,
            worker=told.worker,
            items=tuple(copied(MediaEngineView, one, worker=told.worker) for one in engines),
        )

    async def list_settings(self, _: Asked) -> SettingsView:
        """The settings."""
        told = self._oversight
        return SettingsView(
            worker=told.worker, items=tuple(SettingView(**one) for one in told.settings())
        )

    def _health(self, state: TrunkState) -> TrunkHealthView:
        return copied(TrunkHealthView, state, worker=self._oversight.worker)

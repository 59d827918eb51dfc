"""Endpoints for who runs the platform: how trunks and media engines stand, what is set."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import Struct

from maskline.domain.access import Right
from maskline.domain.error import UnknownRecord
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.view import copied
from maskline.services.part_state import EngineCondition, TrunkCondition
from maskline.services.part_watch import WorkerParts
from maskline.services.store import Store


class TrunkHealthView(Struct, frozen=True, kw_only=True):
    """How a worker sees a trunk, as it told `age_s` ago.

    `is_stale`: it should have told again, and may have stopped. `misses` are pings in a row that
    nothing answered.
    """

    name: str
    worker: str
    condition: TrunkCondition
    calls: int
    misses: int
    age_s: float
    is_stale: bool


class TrunkHealthsView(Struct, frozen=True, kw_only=True):
    """Trunks as all workers see them that carry calls, by worker."""

    items: tuple[TrunkHealthView, ...]


class MediaEngineView(Struct, frozen=True, kw_only=True):
    """What carries media for a worker, as it told `age_s` ago; `calls` null: not counted.

    `is_stale`: it should have told again, and may have stopped.
    """

    name: str
    worker: str
    condition: EngineCondition
    calls: int | None
    age_s: float
    is_stale: bool


class MediaEnginesView(Struct, frozen=True, kw_only=True):
    """Of all workers that carry calls. `kind` is what `worker`, who answers, is set to use."""

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
    """What one process can tell, of others what it has heard."""

    worker: str
    engine_kind: str
    workers: Callable[[], Sequence[WorkerParts]]
    settings: Callable[[], Sequence[Mapping[str, Any]]]


class OversightEndpoints:
    """Tells how workers stand; `store` says which trunks there are."""

    def __init__(self, store: Store, oversight: Oversight) -> None:
        self._store = store
        self._oversight = oversight

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="GET",
                path="/trunk-states",
                summary="How trunks stand with every worker",
                run=self.list_trunk_states,
                right=Right.TRUNK_WRITE,
                answer=TrunkHealthsView,
            ),
            Endpoint(
                method="GET",
                path="/trunks/{name}/health",
                summary="How one trunk stands with every worker",
                run=self.show_trunk_health,
                right=Right.TRUNK_WRITE,
                answer=TrunkHealthsView,
                refusals=(404,),
            ),
            Endpoint(
                method="GET",
                path="/media-engines",
                summary="What carries media for every worker",
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
        """All trunks."""
        return TrunkHealthsView(items=tuple(self._trunks()))

    async def show_trunk_health(self, asked: Asked) -> TrunkHealthsView:
        """One trunk."""
        name = asked.path["name"]
        if name not in {trunk.name for trunk in await self._store.trunks()}:
            raise UnknownRecord(f"there is no trunk {name}")
        return TrunkHealthsView(items=tuple(one for one in self._trunks() if one.name == name))

    async def list_media_engines(self, _: Asked) -> MediaEnginesView:
        """The engines."""
        return MediaEnginesView(
            kind=self._oversight.engine_kind,
            worker=self._oversight.worker,
            items=tuple(
                copied(MediaEngineView, engine, **_of_worker(parts))
                for parts in self._oversight.workers()
                for engine in parts.told.engines
            ),
        )

    async def list_settings(self, _: Asked) -> SettingsView:
        """The settings."""
        told = self._oversight
        return SettingsView(
            worker=told.worker, items=tuple(SettingView(**one) for one in told.settings())
        )

    def _trunks(self) -> Iterator[TrunkHealthView]:
        for parts in self._oversight.workers():
            for trunk in parts.told.trunks:
                yield copied(TrunkHealthView, trunk, **_of_worker(parts))


def _of_worker(parts: WorkerParts) -> dict[str, Any]:
    return {
        "worker": parts.told.worker,
        "age_s": round(parts.age_s, 1),
        "is_stale": parts.is_stale,
    }

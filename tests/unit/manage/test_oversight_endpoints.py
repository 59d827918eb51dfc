from typing import Any

from tests.unit.manage.operating import NOW, TOKEN, Operator

from maskline.bootstrap.oversight import engine_states, setting_rows
from maskline.domain.trunk import Trunk
from maskline.manage.app import create_manage
from maskline.manage.door import OperatorDoor
from maskline.manage.oversight import Oversight, OversightEndpoints
from maskline.planes.media.silent import SilentEngine
from maskline.services.clock import SteppedClock
from maskline.services.part_state import (
    EngineCondition,
    EngineState,
    TrunkCondition,
    TrunkState,
)
from maskline.services.part_watch import STALE_AFTER_S, PartsTold, WorkerParts
from maskline.settings import ManageSection, Settings
from maskline.stores.memory import MemoryStore

V1 = "/manage/v1"
SETTINGS = Settings(manage=ManageSection(admin_token="not to be told", max_body_bytes=5))


def asked_of(store: MemoryStore, *workers: WorkerParts) -> Operator:
    oversight = Oversight(
        worker="w1",
        engine_kind="none",
        workers=lambda: workers,
        settings=lambda: tuple(setting_rows(SETTINGS)),
    )
    app = create_manage(
        door=OperatorDoor(TOKEN),
        endpoints=OversightEndpoints(store, oversight).endpoints(),
        watched=(),
        version="1.2.3",
    )
    return Operator(app, store, None, SteppedClock(NOW), {})  # pyright: ignore[reportArgumentType] - no calls here


def parts(worker: str, trunk: TrunkState, age_s: float = 0.0) -> WorkerParts:
    engine = EngineState(name="none", condition=EngineCondition.UP)
    return WorkerParts(PartsTold(worker, "none", (trunk,), (engine,)), age_s)


async def told(operator: Operator, path: str) -> Any:
    answer = await operator.ask("GET", f"{V1}{path}")
    assert answer.status == 200, answer.content
    return answer.json


async def test_every_worker_tells_how_its_trunks_and_engines_stand_or_stood():
    store = MemoryStore()
    await store.save_trunk(Trunk(name="carrier", host="192.0.2.1"))
    down = TrunkState(name="carrier", condition=TrunkCondition.DOWN, calls=3, misses=2)
    up = TrunkState(name="carrier", condition=TrunkCondition.UP)
    seen = asked_of(store, parts("w1", down), parts("w2", up, STALE_AFTER_S + 1))
    one = {
        "name": "carrier", "worker": "w1", "condition": "down", "calls": 3, "misses": 2,
        "age_s": 0.0, "is_stale": False,
    }  # fmt: skip
    old = {"worker": "w2", "age_s": 16.0, "is_stale": True}
    for path in ("/trunk-states", "/trunks/carrier/health"):
        items = (await told(seen, path))["items"]
        assert items == [one, items[1]]
        assert items[1].items() >= {**old, "condition": "up", "calls": 0}.items()
    engines = await told(seen, "/media-engines")
    assert (engines["kind"], engines["worker"]) == ("none", "w1")
    assert [item["worker"] for item in engines["items"]] == ["w1", "w2"]
    assert engines["items"][1].items() >= {**old, "condition": "up", "calls": None}.items()
    assert (await seen.ask("GET", f"{V1}/trunks/other/health")).status == 404


async def test_where_no_calls_are_carried_nothing_is_known_of_trunks_and_engines():
    store = MemoryStore()
    await store.save_trunk(Trunk(name="carrier", host="192.0.2.1"))
    apart = asked_of(store)
    assert (await told(apart, "/trunk-states"))["items"] == []
    assert (await told(apart, "/trunks/carrier/health"))["items"] == []
    assert await told(apart, "/media-engines") == {"kind": "none", "worker": "w1", "items": []}


async def test_an_engine_in_the_worker_is_up_once_it_has_started():
    engine = SilentEngine()
    assert [one.condition for one in engine_states(engine, "none")] == ["down"]
    await engine.start()
    assert [one.condition for one in engine_states(engine, "none")] == ["up"]
    await engine.aclose()


async def test_settings_are_told_with_their_meaning_and_secrets_only_as_set():
    answer = await asked_of(MemoryStore()).ask("GET", f"{V1}/settings")
    assert b"not to be told" not in answer.content
    rows = {f"{one['section']}.{one['name']}": one for one in answer.json["items"]}
    token, body = rows["manage.admin_token"], rows["manage.max_body_bytes"]
    assert (token["value"], token["is_secret"], token["is_set"]) == (None, True, True)
    assert (body["value"], body["default"], body["unit"]) == (5, 4_000_000, "bytes")
    assert body["is_changed"]
    assert all(one["meaning"] for one in rows.values())
    assert rows["delivery.retry_minutes"]["unit"] == "minutes"
    assert rows["api.address_requests_per_s"]["unit"] == "1/s"

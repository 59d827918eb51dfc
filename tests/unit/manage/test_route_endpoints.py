from tests.unit.manage.operating import NOW, TOKEN, Operator

from maskline.domain.trunk import Trunk
from maskline.manage.app import create_manage
from maskline.manage.door import OperatorDoor
from maskline.manage.route import RouteEndpoints
from maskline.services.clock import SteppedClock
from maskline.services.route_trial import RouteTrial
from maskline.stores.memory import MemoryStore

V1 = "/manage/v1"


async def _operator() -> Operator:
    store = MemoryStore()
    await store.save_trunk(Trunk(name="any", host="192.0.2.1"))
    await store.save_trunk(Trunk(name="mobile", host="192.0.2.2", prefixes=("+8613", "+86139")))
    endpoints = RouteEndpoints(store, RouteTrial(store, lambda: None, lambda: 0.5)).endpoints()
    app = create_manage(door=OperatorDoor(TOKEN), endpoints=endpoints, watched=(), version="1")
    return Operator(app, store, None, SteppedClock(NOW), {})  # pyright: ignore[reportArgumentType] - no calls here


async def test_routes_are_listed_in_the_order_in_which_they_are_preferred():
    shown = (await (await _operator()).ask("GET", f"{V1}/routes")).json["items"]
    assert [(one["prefix"], one["trunk"]) for one in shown] == [
        ("+86139", "mobile"),
        ("+8613", "mobile"),
        ("", "any"),
    ]


async def test_a_tried_number_is_not_written_out():
    operator = await _operator()
    answer = await operator.ask("POST", f"{V1}/routes/try", {"number": "13900001001"})
    shown = answer.json
    assert shown["number"] == "139 **** 1001"
    assert [one["trunk"] for one in shown["trunks"]] == ["mobile", "any"]
    assert shown["trunks"][0]["written"] == "+86139****1001"
    assert shown["trunks"][0]["condition"] is None
    assert "13900001001" not in answer.content.decode()


async def test_what_is_no_number_names_its_field():
    answer = await (await _operator()).ask("POST", f"{V1}/routes/try", {"number": "hello"})
    assert (answer.status, answer.error["field"]) == (400, "number")

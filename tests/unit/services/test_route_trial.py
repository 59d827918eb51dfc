"""Where a number would go, as the next call would."""

import pytest

from maskline.domain.error import InvalidParameter
from maskline.domain.number import NumberFormat
from maskline.domain.trunk import Trunk
from maskline.services.part_state import TrunkCondition, TrunkState
from maskline.services.route_trial import RouteReason, RouteTrial
from maskline.stores.memory import MemoryStore

NUMBER = "+8613900001001"


async def _tried(trunks: list[Trunk], *states: TrunkState, number: str = NUMBER):
    store = MemoryStore()
    for trunk in trunks:
        await store.save_trunk(trunk)
    return await RouteTrial(store, lambda: states, lambda: 0.5).run(number)


def _state(name: str, condition: TrunkCondition, calls: int = 0) -> TrunkState:
    return TrunkState(name=name, condition=condition, calls=calls)


async def test_each_trunk_says_why_it_has_its_place():
    tried = await _tried(
        [
            Trunk(name="anything", host="192.0.2.1"),
            Trunk(name="backup", host="192.0.2.2", prefixes=("+86139",), priority=20),
            Trunk(name="broken", host="192.0.2.3", prefixes=("+86139",), priority=1),
            Trunk(name="fixed", host="192.0.2.4", prefixes=("+86755",)),
            Trunk(name="heavy", host="192.0.2.5", prefixes=("+86139",), weight=30),
            Trunk(name="light", host="192.0.2.6", prefixes=("+86139",)),
            Trunk(name="off", host="192.0.2.7", is_enabled=False),
            Trunk(name="unnamed", host="nowhere.example"),
        ],
        _state("broken", TrunkCondition.DOWN),
        _state("unnamed", TrunkCondition.NO_ADDRESS),
    )
    assert [(one.trunk.name, one.place, one.reason) for one in tried.trunks] == [
        ("heavy", 1, RouteReason.FIRST),
        ("light", 2, RouteReason.WEIGHT),
        ("backup", 3, RouteReason.HIGHER_PRIORITY),
        ("broken", 4, RouteReason.DOWN),
        ("anything", 5, RouteReason.SHORTER_PREFIX),
        ("fixed", None, RouteReason.OTHER_NUMBERS),
        ("off", None, RouteReason.DISABLED),
        ("unnamed", None, RouteReason.NO_ADDRESS),
    ]
    assert [one.share for one in tried.trunks[:3]] == [0.75, 0.25, 1.0]
    assert [one.prefix for one in tried.trunks[3:6]] == ["+86139", "", None]


async def test_a_number_is_written_as_its_trunk_wants_it_and_a_full_trunk_says_so():
    carrier = Trunk(
        name="c",
        host="192.0.2.1",
        number_format=NumberFormat.NATIONAL,
        outbound_add="9#",
        max_calls=2,
    )
    tried = await _tried([carrier], _state("c", TrunkCondition.UP, calls=2), number="139-0000-1001")
    [one] = tried.trunks
    assert (tried.number, one.written, one.is_full) == (NUMBER, "9#139****1001", True)
    assert not tried.is_ours


async def test_what_is_no_number_is_refused_with_an_example():
    with pytest.raises(InvalidParameter, match="13900001001"):
        await _tried([], number="hello")

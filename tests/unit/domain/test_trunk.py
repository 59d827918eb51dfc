from collections import Counter
from random import Random

from maskline.domain.number import NumberFormat
from maskline.domain.trunk import Trunk, order_trunks


def names(trunks):
    return [trunk.name for trunk in trunks]


def test_the_longest_prefix_wins_over_priority():
    wide = Trunk(name="wide", host="192.0.2.1", prefixes=("+86",), priority=1)
    narrow = Trunk(name="narrow", host="192.0.2.2", prefixes=("+86139", "+8613"), priority=9)
    anything = Trunk(name="any", host="192.0.2.3", priority=0)
    ordered = order_trunks([anything, wide, narrow], "+8613900001001", lambda: 0.5)
    assert names(ordered) == ["narrow", "wide", "any"]


def test_a_trunk_without_a_matching_prefix_carries_nothing():
    other = Trunk(name="other", host="192.0.2.1", prefixes=("+1",))
    off = Trunk(name="off", host="192.0.2.1", is_enabled=False)
    assert order_trunks([other, off], "+8613900001001", lambda: 0.5) == []


def test_lower_priority_comes_first_among_equal_prefixes():
    second = Trunk(name="second", host="192.0.2.1", priority=20)
    first = Trunk(name="first", host="192.0.2.2", priority=10)
    assert names(order_trunks([second, first], "+8613900001001", lambda: 0.5)) == [
        "first",
        "second",
    ]


def test_weights_share_calls_in_their_proportion():
    light = Trunk(name="light", host="192.0.2.1", weight=1)
    heavy = Trunk(name="heavy", host="192.0.2.2", weight=3)
    idle = Trunk(name="idle", host="192.0.2.3", weight=0)
    draw = Random(7).random
    firsts = Counter(
        order_trunks([light, heavy, idle], "+8613900001001", draw)[0].name for _ in range(4000)
    )
    assert firsts["idle"] == 0
    assert 2.4 < firsts["heavy"] / firsts["light"] < 3.8


def test_numbers_are_read_and_written_in_the_trunks_own_form():
    trunk = Trunk(
        name="t",
        host="192.0.2.1",
        number_format=NumberFormat.NATIONAL,
        inbound_strip="9",
        outbound_add="17951",
    )
    assert trunk.read("9013900001001") == "+8613900001001"
    assert trunk.write("+8613900001001") == "1795113900001001"
    assert trunk.write_caller("+8617000002001") == "17000002001"


def test_without_networks_only_the_trunks_own_address_may_call():
    own = Trunk(name="own", host="192.0.2.7")
    assert own.admits("192.0.2.7")
    assert not own.admits("192.0.2.8")
    listed = Trunk(
        name="listed", host="192.0.2.7", inbound_from=("198.51.100.0/24", "2001:db8::/32")
    )
    assert listed.admits("198.51.100.200")
    assert listed.admits("2001:db8::5")
    assert not listed.admits("192.0.2.7")
    assert not listed.admits("carrier.example")

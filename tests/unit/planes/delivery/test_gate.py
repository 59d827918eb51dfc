from maskline.planes.delivery.gate import Gate


def test_places_are_given_until_only_the_reserve_is_left():
    gate = Gate(10, reserved=4)
    assert gate.take(8, held=0) == 6
    assert gate.take(1, held=6) == 0


def test_the_reserve_gives_one_place_to_whoever_holds_none():
    gate = Gate(10, reserved=4)
    gate.take(8, held=0)
    assert [gate.take(8, held=0) for _ in range(5)] == [1, 1, 1, 1, 0]


def test_whoever_waits_is_woken_in_turn_one_for_each_place():
    gate, woken = Gate(2, reserved=0), []
    gate.take(2, held=0)
    for name in ("a", "b", "c"):
        gate.wait(name, lambda name=name: woken.append(name))
    gate.wait("a", lambda: woken.append("a again"))
    gate.leave("b")
    gate.give_back(1)
    assert woken == ["a"]
    gate.give_back(1)
    assert woken == ["a", "c"]


def test_half_of_the_reserve_is_kept_from_those_who_are_being_probed():
    gate = Gate(10, reserved=4)
    gate.take(8, held=0)
    probed = [gate.take(1, held=0, is_probing=True) for _ in range(4)]
    assert probed == [1, 1, 0, 0]
    assert [gate.take(1, held=0) for _ in range(3)] == [1, 1, 0]


def test_the_live_are_woken_before_the_probed():
    gate, woken = Gate(2, reserved=0), []
    gate.take(2, held=0)
    gate.wait("dead", lambda: woken.append("dead"), is_probing=True)
    gate.wait("live", lambda: woken.append("live"))
    gate.give_back(1)
    gate.give_back(1)
    assert woken == ["live", "dead"]


def test_the_probed_are_woken_only_when_there_is_a_place_for_them():
    gate, woken = Gate(4, reserved=4), []
    for _ in range(4):
        gate.take(1, held=0)
    gate.wait("dead", lambda: woken.append("dead"), is_probing=True)
    gate.give_back(2)
    assert woken == []
    gate.give_back(1)
    assert woken == ["dead"]

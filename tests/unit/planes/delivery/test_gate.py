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


def test_nobody_takes_a_second_place_while_somebody_waits_for_a_first():
    gate = Gate(2, reserved=0)
    gate.take(2, held=0)
    gate.wait("a", lambda: None)
    gate.wait("b", lambda: None)
    gate.give_back(1)
    assert gate.take(1, held=1) == 0
    assert gate.take(1, held=0) == 1

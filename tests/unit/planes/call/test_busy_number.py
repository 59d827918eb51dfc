from maskline.planes.call.busy_number import BusyNumbers


def test_a_number_is_held_by_one_call_at_a_time():
    busy = BusyNumbers()
    assert busy.hold("+861700", "one")
    assert busy.hold("+861700", "one")
    assert not busy.hold("+861700", "two")
    assert busy.hold("+861701", "two")


def test_only_the_call_that_holds_a_number_frees_it():
    busy = BusyNumbers()
    busy.hold("+861700", "one")
    busy.free("+861700", "two")
    assert not busy.hold("+861700", "two")
    busy.free("+861700", "one")
    busy.free("+861700", "one")
    assert len(busy) == 0
    assert busy.hold("+861700", "two")

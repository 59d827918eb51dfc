from maskline.planes.call.rate import CallRate


def test_zero_lets_everything_pass():
    rate = CallRate()
    assert all(rate.passes(0, 5.0) for _ in range(100))


def test_a_second_holds_as_many_calls_as_the_rate_says():
    rate = CallRate()
    assert sum(rate.passes(10, 100.0) for _ in range(50)) == 10
    assert sum(rate.passes(10, 100.5) for _ in range(50)) == 5
    assert sum(rate.passes(10, 200.0) for _ in range(50)) == 10


def test_a_rate_of_one_lets_one_pass_a_second():
    rate = CallRate()
    assert [rate.passes(1, now) for now in (9.0, 9.5, 10.0)] == [True, False, True]

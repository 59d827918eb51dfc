from maskline.api.guard import BUCKET_S, Rates, SeenRequests

WINDOW_S = 300.0


def test_a_request_is_new_once():
    seen = SeenRequests(WINDOW_S, capacity=10)

    assert seen.add("n1c1", 1000.0)
    assert not seen.add("n1c1", 1000.0)
    assert seen.add("n2c1", 1000.0)


def test_a_request_is_remembered_for_as_long_as_its_time_is_accepted():
    seen = SeenRequests(WINDOW_S, capacity=10)
    created = 1000.0
    seen.add("request", created)
    for now in range(700, 1301, 5):
        seen.is_full(float(now))

    assert not seen.add("request", created)


def test_requests_are_forgotten_once_their_time_no_longer_counts():
    seen = SeenRequests(WINDOW_S, capacity=10)
    seen.add("request", 1000.0)

    seen.is_full(1000.0 + WINDOW_S + 2 * BUCKET_S)

    assert len(seen) == 0


def test_a_full_memory_says_so_until_time_passes():
    seen = SeenRequests(WINDOW_S, capacity=2)
    seen.add("1", 1000.0)
    seen.add("2", 1000.0)

    assert seen.is_full(1001.0)
    assert not seen.is_full(1000.0 + WINDOW_S + 2 * BUCKET_S)


def test_a_rate_admits_one_second_worth_at_once_and_then_its_pace():
    rates = Rates(max_names=10)

    assert [rates.take("app", 2, 0.0) for _ in range(3)] == [True, True, False]
    assert rates.take("app", 2, 0.5)
    assert not rates.take("app", 2, 0.5)
    assert rates.take("other", 2, 0.5)


def test_a_rate_of_zero_is_no_limit_and_keeps_nothing():
    rates = Rates(max_names=10)

    assert all(rates.take("app", 0, 0.0) for _ in range(100))
    assert len(rates) == 0


def test_an_idle_name_does_not_save_up():
    rates = Rates(max_names=10)
    rates.take("app", 2, 0.0)

    assert [rates.take("app", 2, 1000.0) for _ in range(3)] == [True, True, False]


def test_the_table_of_rates_is_bounded():
    rates = Rates(max_names=3)
    for number in range(100):
        rates.take(str(number), 5, 0.0)

    assert len(rates) == 3

from maskline.protocols.sip.timer import SWEEP_MIN_STOPPED, TimerQueue


def test_timers_run_in_order_of_time_then_of_start() -> None:
    ran: list[str] = []
    timers = TimerQueue()
    for due, name in ((2.0, "c"), (1.0, "a"), (1.0, "b"), (3.0, "d")):
        timers.start(due, lambda _now, name=name: ran.append(name))
    timers.run(2.5)
    assert ran == ["a", "b", "c"]
    assert timers.next_due() == 3.0


def test_a_stopped_timer_never_runs_and_is_not_waited_for() -> None:
    ran: list[float] = []
    timers = TimerQueue()
    early, late = timers.start(1.0, ran.append), timers.start(2.0, ran.append)
    timers.stop(early)
    timers.stop(early)
    timers.stop(None)
    assert timers.next_due() == 2.0
    timers.run(5.0)
    assert ran == [5.0]
    timers.stop(late)
    assert len(timers) == 0
    assert timers.next_due() is None


def test_what_a_timer_starts_waits_for_the_next_run() -> None:
    ran: list[float] = []
    timers = TimerQueue()

    def again(now: float) -> None:
        ran.append(now)
        timers.start(now, again)

    timers.start(1.0, again)
    timers.run(1.0)
    assert ran == [1.0]
    assert timers.next_due() == 1.0


def test_a_timer_that_raises_does_not_lose_the_others() -> None:
    ran: list[float] = []
    timers = TimerQueue()

    def fail(now: float) -> None:
        timers.start(now, ran.append)
        raise ValueError

    timers.start(1.0, fail)
    timers.start(2.0, ran.append)
    try:
        timers.run(3.0)
    except ValueError:
        timers.run(3.0)
    assert ran == [3.0, 3.0]


def test_stopped_timers_do_not_pile_up() -> None:
    timers = TimerQueue()
    kept = timers.start(10_000.0, lambda _now: None)
    for number in range(10 * SWEEP_MIN_STOPPED):
        timers.stop(timers.start(5000.0 + number, lambda _now: None))
    assert len(timers._heap) <= SWEEP_MIN_STOPPED + 2
    assert len(timers) == 1
    timers.stop(kept)
    assert len(timers) == 0

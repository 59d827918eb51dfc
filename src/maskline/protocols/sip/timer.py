"""Time for the core: the timer values of RFC 3261 and one queue of everything that is due."""

from collections.abc import Callable
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

TimerCall = Callable[[float], None]

# Below this many stopped entries a sweep of the heap costs more than it frees.
SWEEP_MIN_STOPPED = 2048


@dataclass(frozen=True, slots=True)
class TimerValues:
    """T1, T2, T4 in seconds and what follows from them (RFC 3261 17.1.1.1, table 4)."""

    t1: float = 0.5
    t2: float = 4.0
    t4: float = 5.0

    @property
    def give_up(self) -> float:
        """64*T1: timers B, D, F, H, J, L and M, and the wait for the ACK of a 2xx (13.3.1.4)."""
        return 64 * self.t1


class Timer:
    """One pending call. Stopped or run, it holds on to nothing."""

    __slots__ = ("call", "due")

    def __init__(self, due: float, call: TimerCall) -> None:
        self.due = due
        self.call: TimerCall | None = call


class TimerQueue:
    """A heap of timers; stopping one only marks it, and a sweep removes the marked in bulk."""

    __slots__ = ("_heap", "_serial", "_stopped")

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Timer]] = []
        self._serial = 0
        self._stopped = 0

    def __len__(self) -> int:
        """How many timers are pending."""
        return len(self._heap) - self._stopped

    def start(self, due: float, call: TimerCall) -> Timer:
        """Have `call(now)` made once `due` (monotonic seconds) is reached."""
        timer = Timer(due, call)
        self._serial += 1
        heappush(self._heap, (due, self._serial, timer))
        return timer

    def stop(self, timer: Timer | None) -> None:
        """Forget a timer; one that ran, was stopped, or None is left as it is."""
        if timer is None or timer.call is None:
            return
        timer.call = None
        self._stopped += 1
        if self._stopped > SWEEP_MIN_STOPPED and self._stopped * 2 > len(self._heap):
            self._heap = [entry for entry in self._heap if entry[2].call is not None]
            heapify(self._heap)
            self._stopped = 0

    def next_due(self) -> float | None:
        """When the earliest pending timer is due, or None."""
        heap = self._heap
        while heap and heap[0][2].call is None:
            heappop(heap)
            self._stopped -= 1
        return heap[0][0] if heap else None

    def run(self, now: float) -> None:
        """Make every call that is due; what one of them starts waits for the next run."""
        last = self._serial
        started: list[tuple[float, int, Timer]] = []
        try:
            while self._heap and self._heap[0][0] <= now:
                entry = heappop(self._heap)
                timer = entry[2]
                call = timer.call
                if call is None:
                    self._stopped -= 1
                elif entry[1] > last:
                    started.append(entry)
                else:
                    timer.call = None
                    call(now)
        finally:
            for entry in started:
                heappush(self._heap, entry)

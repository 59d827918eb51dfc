"""The digits of a running call: merged, told, collected, timed by the event loop."""

import asyncio
from collections.abc import Callable

from maskline.planes.media.digits import DigitCollector, KeyMerger, KeySource
from maskline.planes.media.engine import (
    CollectEnd,
    DigitPressed,
    DigitRule,
    DigitsCollected,
    MediaListener,
    Side,
)

EARLY_PRESS_S = 0.1
"""A key that went down up to so long before collecting began counts: the duration in an event
says how long it will have been down when its last packet's time is over."""


class CallDigits:
    """Both sides of a call; `tell` gets `DigitPressed` and `DigitsCollected`.

    `cut` is asked to end a prompt by its id, `ended` told of a side that is no longer collecting;
    both are called before `tell`.
    """

    __slots__ = (
        "_call_id",
        "_collectors",
        "_cut",
        "_ended",
        "_loop",
        "_mergers",
        "_tell",
        "_timer",
    )

    def __init__(
        self,
        call_id: str,
        tell: MediaListener,
        *,
        cut: Callable[[str], None],
        ended: Callable[[Side], None],
    ) -> None:
        self._call_id = call_id
        self._tell = tell
        self._cut = cut
        self._ended = ended
        self._loop = asyncio.get_running_loop()
        # Made at the first key: most calls have none.
        self._mergers: dict[Side, KeyMerger] = {}
        self._collectors: dict[Side, DigitCollector] = {}
        self._timer: asyncio.TimerHandle | None = None

    def is_collecting(self, side: Side) -> bool:
        """Whether a collection of that side runs."""
        return side in self._collectors

    def begin(self, side: Side, rule: DigitRule, *, is_prompt_heard: bool) -> None:
        """Collect from now on; an earlier collection of the side ends as stopped.

        Raises `BadMedia`, and then nothing has changed.
        """
        collector = DigitCollector(rule, self._loop.time(), is_prompt_heard=is_prompt_heard)
        former = self._collectors.get(side)
        self._collectors[side] = collector
        if former is not None:
            self._tell_end(side, former, CollectEnd.STOPPED)
        self._plan()

    def stop(self, side: Side) -> None:
        """End collecting, if it runs."""
        if side in self._collectors:
            self._end(side, CollectEnd.STOPPED)

    def end_play(self, play_id: str) -> None:
        """A prompt has ended: collections that waited for that begin their time-out."""
        now = self._loop.time()
        for collector in self._collectors.values():
            if collector.cuts == play_id:
                collector.end_prompt(now)
        self._plan()

    def press(self, side: Side, digit: str, duration_ms: int, source: KeySource) -> None:
        """Take a report of a key press that has just ended."""
        now = self._loop.time()
        merger = self._mergers.get(side)
        if merger is None:
            merger = self._mergers[side] = KeyMerger()
        if not merger.accept(digit, source, duration_ms, now):
            return
        self._tell(DigitPressed(self._call_id, side, digit, duration_ms))
        # Told first: the listener may have begun, or stopped, collecting by that.
        collector = self._collectors.get(side)
        if collector is None or _was_pressed_before(collector, source, duration_ms, now):
            return
        if collector.cuts is not None:
            self._cut(collector.cuts)
        why = collector.press(digit, now)
        if why is not None:
            self._end(side, why)
        else:
            self._plan()

    def close(self) -> None:
        """Forget everything, without events."""
        self._collectors.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _end(self, side: Side, why: CollectEnd) -> None:
        collector = self._collectors.pop(side)
        self._ended(side)
        self._tell_end(side, collector, why)
        self._plan()

    def _tell_end(self, side: Side, collector: DigitCollector, why: CollectEnd) -> None:
        self._tell(DigitsCollected(self._call_id, side, collector.digits, why))

    def _plan(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        ends = [one.ends_at for one in self._collectors.values() if one.ends_at is not None]
        if ends:
            self._timer = self._loop.call_at(min(ends), self._expire)

    def _expire(self) -> None:
        self._timer = None
        # The loop may call a little early by its clock's resolution; `_plan` comes again then.
        now = self._loop.time()
        for side, collector in list(self._collectors.items()):
            if collector.is_over(now) and self._collectors.get(side) is collector:
                self._end(side, CollectEnd.TIMEOUT)
        self._plan()


def _was_pressed_before(
    collector: DigitCollector, source: KeySource, duration_ms: int, now: float
) -> bool:
    # What signalling says of a duration is often a fixed number, and it may come at the press.
    if source is KeySource.SIGNALLING:
        return False
    return now - duration_ms / 1000 < collector.began_at - EARLY_PRESS_S

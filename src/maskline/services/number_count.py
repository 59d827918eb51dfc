"""Counts what happens on virtual numbers, in memory: by time, code, number and city."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from maskline.domain.binding import Binding, YbBinding
from maskline.domain.error import BusyError, PlatformError
from maskline.domain.message import Message, SendResult
from maskline.domain.tally import DAY, SLOT, SUMS, slot_of
from maskline.services.count_subject import BINDINGS, MESSAGES, Subjects
from maskline.services.happening_log import HappeningLog
from maskline.services.number_city import UNKNOWN, NumberCities

MAX_WAITING = 5_000
"""Sums that wait for the city of their number; over it the city counts as unknown."""

NOT_DONE = frozenset(
    {
        SendResult.INTERNAL,
        SendResult.NO_DECISION,
        SendResult.PARTLY_SENT,
        SendResult.NOT_SENT,
    }
)
"""Results that nobody wanted; the others but success are those of rules."""

_Key = tuple[str, datetime, str, str]


class NumberCount:
    """Takes note without waiting; `settle` finds the cities, away from whoever counts."""

    def __init__(self, log: HappeningLog, cities: NumberCities) -> None:
        self._log = log
        self._cities = cities
        self._waiting: dict[_Key, list[int]] = {}

    def count(
        self,
        subjects: Subjects,
        app_key: str,
        x: str,
        at: datetime,
        sums: Sequence[int],
        *,
        code: str | None = None,
    ) -> None:
        """Something happened on `x`; it ended with `code`, where it has one."""
        self._log.count_by_time(subjects, app_key, "", at, *sums)
        self._log.count(subjects.numbers, app_key, x, at, DAY, *sums)
        if code is not None:
            self._log.count(subjects.codes, app_key, code, at, SLOT, *sums)
        key = (subjects.cities, slot_of(at), app_key, x)
        if key not in self._waiting and len(self._waiting) >= MAX_WAITING:
            self._log.count(subjects.cities, app_key, UNKNOWN, at, SLOT, *sums)
            return
        known = self._waiting.setdefault(key, [0] * SUMS)
        for place, more in enumerate(sums):
            known[place] += more

    def message_done(self, message: Message) -> None:
        """A message is over. It counts for the moment at which it was.

        The sums are: messages, sent whole, refused by a rule, failed, parts that message centres
        took, parts that they did not, milliseconds from its coming to its end where it was sent.
        """
        result, at = message.result, message.done_at
        if result is None or at is None:
            return
        is_sent = result is SendResult.SUCCESS
        is_failed = result in NOT_DONE
        took = at - message.came_at if is_sent else timedelta()
        sums = (
            1,
            is_sent,
            not is_sent and not is_failed,
            is_failed,
            message.sent,
            max(0, message.total - message.sent),
            max(0, round(took / timedelta(milliseconds=1))),
        )
        code = str(int(result))
        self.count(MESSAGES, message.app_key, message.x, at, sums, code=code)

    def bound(self, binding: Binding) -> None:
        """A binding was made, or a part of one: that counts on its Y."""
        number = binding.y if isinstance(binding, YbBinding) else binding.x
        self.count(BINDINGS, binding.app_key, number, binding.created_at, (1,))

    async def settle(self) -> None:
        """Count by city what waits for it; what a store that fails cannot tell goes on waiting."""
        for key in list(self._waiting):
            subject, slot, app_key, x = key
            try:
                city = (await self._cities.of((x,)))[x]
            except (BusyError, PlatformError):
                return
            sums = self._waiting.pop(key)
            self._log.count(subject, app_key, city, slot, SLOT, *sums)

"""Under which names things are counted: each by time, and what it has by code, city and number."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """Subjects of sums.

    `time` has quarters of an hour, `minute` minutes, `numbers` days of UTC, as has `days`, which is
    for what cannot be added up from the others. Names are codes, cities and virtual numbers, those
    of `time` and `minute` say nothing here. What is empty is not counted.
    """

    time: str
    minute: str
    codes: str = ""
    cities: str = ""
    numbers: str = ""
    days: str = ""


CALLS = Subjects(
    time="calls",
    minute="calls minute",
    codes="call codes",
    cities="call cities",
    numbers="call numbers",
)
MESSAGES = Subjects(
    time="messages",
    minute="messages minute",
    codes="message codes",
    cities="message cities",
    numbers="message numbers",
)
PUSHES = Subjects(time="pushes", minute="pushes minute", codes="pushes")
"""The name is the purpose."""

REQUESTS = Subjects(time="api", minute="api minute", codes="api")

CONCURRENT = Subjects(time="concurrent", minute="concurrent minute", days="concurrent day")
LIVE_CALLS = "live calls"

CALL_PROBLEMS = "problem call"

COUNTED = (CALLS, MESSAGES, PUSHES, REQUESTS, CONCURRENT)

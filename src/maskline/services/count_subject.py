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
    minute: str = ""
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

BINDINGS = Subjects(
    time="bindings",
    minute="bindings minute",
    cities="binding cities",
    numbers="binding numbers",
)
"""Those that were made."""

BINDING_ENDS = Subjects(time="binding ends", minute="binding ends minute", codes="binding ends")
"""The name is the cause."""

LIVE_BINDINGS = Subjects(time="live bindings")

CONCURRENT = Subjects(time="concurrent", minute="concurrent minute", days="concurrent day")
LIVE_CALLS = "live calls"

CALL_PROBLEMS, REVEAL_PROBLEMS = "problem call", "problem reveal"
BALANCE_PROBLEMS = "problem balance"
COMPLAINT_PROBLEMS = "problem complaint"
STOCK_PROBLEMS = "problem stock"

COMPLAINTS = Subjects(time="complaints")
"""The name is the cause."""

REVEALS = Subjects(time="reveals")
"""The name is the person, a slot a day of UTC."""

IMPORT_ROWS = Subjects(time="import rows")
"""By tenant, which stands in place of the application, and job; a slot is a day of UTC."""

COUNTED = (
    CALLS,
    MESSAGES,
    PUSHES,
    REQUESTS,
    CONCURRENT,
    BINDINGS,
    BINDING_ENDS,
    LIVE_BINDINGS,
    REVEALS,
    IMPORT_ROWS,
    COMPLAINTS,
)

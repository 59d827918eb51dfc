"""In which order each list is, and by what: the same in every store."""

from maskline.services.page import ListOrder

TENANTS = ListOrder("tenants", (str,))
APPLICATIONS = ListOrder("applications", (int, str))
NUMBERS = ListOrder("numbers", (str,))
BINDINGS = ListOrder("bindings", (int,))
NEWEST_BINDINGS = ListOrder("newest_bindings", (int,), is_falling=True)
ENDED_BINDINGS = ListOrder("ended_bindings", (int, int), is_falling=True)
CALLS = ListOrder("calls", (int, str))
RECORDS = ListOrder("records", (int, int), is_falling=True)
RECORDINGS = ListOrder("recordings", (int, int), is_falling=True)
NOTICES = ListOrder("notices", (int,), is_falling=True)
MESSAGES = ListOrder("messages", (int, int), is_falling=True)
BLOCKS = ListOrder("blocks", (int, int), is_falling=True)
PROMPTS = ListOrder("prompts", (str, str))
REGISTRANTS = ListOrder("registrants", (int,))
ERASURES = ListOrder("erasures", (int,))
RECEIVERS = ListOrder("receivers", (int, str, str))
LOCKOUTS = ListOrder("lockouts", (str, str))
TRUNKS = ListOrder("trunks", (str,))
SMS_LINKS = ListOrder("sms_links", (str,))

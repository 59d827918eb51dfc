"""Where calls and messages may go, and what a day of them may cost."""

from dataclasses import dataclass

MAX_DESTINATIONS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class UseLimits:
    """Bounds of a tenant or an application: what is empty or 0 bounds nothing.

    Only numbers that begin with one of `destinations`, in global form, are reached. Once calls and
    messages of a day have cost `spend_per_day`, in the minor unit of the currency, no more are let
    through before the next one begins.
    """

    destinations: tuple[str, ...] = ()
    spend_per_day: int = 0

    def may_reach(self, number: str) -> bool:
        """Whether a real number may be called or written to."""
        return not self.destinations or number.startswith(self.destinations)


NO_LIMITS = UseLimits()

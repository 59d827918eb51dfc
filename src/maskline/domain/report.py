"""A day of one tenant in figures, for those who run the platform."""

from dataclasses import dataclass
from datetime import date

PER = 10_000
"""Calls that complaints are counted by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """What a tenant did on a day of the zone that counts, and what it brought in.

    Amounts are in the minor unit of the currency, as far as they are charged. `numbers` it had when
    the report was made, `used_numbers` of these had a binding; None where that was not looked at.
    """

    day: date
    tenant_id: str
    calls: int = 0
    connected: int = 0
    talk_s: int = 0
    messages: int = 0
    messages_sent: int = 0
    complaints: int = 0
    call_revenue: int = 0
    message_revenue: int = 0
    rent_revenue: int = 0
    package_revenue: int = 0
    numbers: int | None = None
    used_numbers: int | None = None

    @property
    def revenue(self) -> int:
        """All of it."""
        return self.call_revenue + self.message_revenue + self.rent_revenue + self.package_revenue

    @property
    def answer_rate(self) -> float | None:
        """The share of calls that were connected; None without calls."""
        return round(self.connected / self.calls, 4) if self.calls else None

    @property
    def complaint_rate(self) -> float | None:
        """Complaints of 10,000 calls; None without calls."""
        return round(self.complaints * PER / self.calls, 2) if self.calls else None

    @property
    def utilisation(self) -> float | None:
        """The share of its numbers that had a binding."""
        return round((self.used_numbers or 0) / self.numbers, 4) if self.numbers else None

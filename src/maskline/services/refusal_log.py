"""INVITEs that were turned away before they were calls, folded: an attack must fill nothing."""

from dataclasses import dataclass
from datetime import datetime

import msgspec
from msgspec import Struct

from maskline.domain.happening import Happening, HappeningKind
from maskline.domain.number import mask_numbers
from maskline.services.clock import Clock
from maskline.services.happening_log import HappeningLog
from maskline.services.push_log import PROBLEM_SLOT

FOLD_S = 10.0
"""Those of one address and rule within this time are one row."""

MAX_ROWS = 100
"""Rows of that time; beyond it all addresses together are one a rule."""

MANY = "many addresses"
MAX_DIALLED = 40


class RefusalDetail(Struct, frozen=True, kw_only=True):
    """What is kept: how many, since when, and what the first of them dialled, masked."""

    address: str
    trunk: str | None
    dialled: str
    status: int | None
    count: int
    first_at: datetime
    last_at: datetime


@dataclass(slots=True)
class _Row:
    trunk: str | None
    dialled: str
    status: int | None
    first_at: datetime
    last_at: datetime
    count: int = 0


class RefusalLog:
    """Takes note of refusals; what it costs does not grow with how many there are."""

    def __init__(self, log: HappeningLog, clock: Clock) -> None:
        self._log = log
        self._clock = clock
        self._rows: dict[tuple[str, str], _Row] = {}
        self._told_at = clock.monotonic()

    def refused(
        self, address: str, rule: str, uri: str, status: int | None, trunk: str | None = None
    ) -> None:
        """An INVITE was answered with a status, or with nothing."""
        now = self._clock.now()
        key = (address, rule)
        if key not in self._rows and len(self._rows) >= MAX_ROWS:
            key = (MANY, rule)
        row = self._rows.get(key)
        if row is None:
            dialled = mask_numbers(uri.partition(":")[2].partition("@")[0][:MAX_DIALLED])
            row = self._rows[key] = _Row(trunk, dialled, status, now, now)
        row.count += 1
        row.last_at = now

    def tell(self) -> None:
        """Have what was folded kept, now and then; called about every second."""
        if self._clock.monotonic() < self._told_at + FOLD_S or not self._rows:
            return
        self._told_at = self._clock.monotonic()
        rows, self._rows = self._rows, {}
        for (address, rule), row in rows.items():
            detail = RefusalDetail(
                address=address,
                trunk=row.trunk,
                dialled=row.dialled,
                status=row.status,
                count=row.count,
                first_at=row.first_at,
                last_at=row.last_at,
            )
            self._log.note(
                Happening(
                    kind=HappeningKind.REFUSAL,
                    at=row.last_at,
                    app_key="",
                    subject=address,
                    cause=rule,
                    detail=msgspec.json.encode(detail),
                )
            )
            self._log.count("problem refusal", "", rule, row.last_at, PROBLEM_SLOT, row.count)

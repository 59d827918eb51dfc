"""Reports as rows, for the databases."""

from datetime import date
from typing import Any

import msgspec

from maskline.domain.ledger import PostingKind
from maskline.domain.report import ReportRow
from maskline.services.report_store import NumberUse, Revenue

pack_report = msgspec.json.Encoder().encode
"""What is kept of a day."""

unpack_report = msgspec.json.Decoder(tuple[ReportRow, ...]).decode
"""The rows of a day that was kept."""


def revenue_of(row: tuple[Any, ...]) -> Revenue:
    """What was charged."""
    tenant_id, kind, amount = row
    return Revenue(tenant_id, PostingKind(kind), int(amount))


def use_of(row: tuple[Any, ...]) -> NumberUse:
    """How many numbers are there."""
    app_key, numbers, used = row
    return NumberUse(app_key, int(numbers), int(used))


def day_of(row: tuple[Any, ...]) -> date:
    """The day of a report."""
    return date.fromisoformat(row[0])

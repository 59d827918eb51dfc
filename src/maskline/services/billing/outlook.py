"""What a tenant uses in a day, and how long its balance lasts at that."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from maskline.domain.application import Tenant
from maskline.domain.ledger import MoneyAccount, PostingKind
from maskline.services.billing.period import month_end, month_of, month_start
from maskline.services.billing.store import BillingStore

LOOKED_AT = timedelta(days=7)
MAX_LINES = 100_000
"""Of numbers and kinds whose use is summed up."""

_DAY = timedelta(days=1)
_USED = frozenset({PostingKind.CALL, PostingKind.MESSAGE, PostingKind.STORAGE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """`daily_use` is what a day costs, in the minor unit of the currency.

    `days_left` is how many whole days of that the balance and the credit reach for; None when
    nothing is used, 0 in arrears.
    """

    daily_use: int
    days_left: int | None


async def outlook_of(
    store: BillingStore, tenant: Tenant, account: MoneyAccount, now: datetime, zone: ZoneInfo
) -> Outlook:
    """The mean of the last week, or of a younger tenant's days, with a day of this month's rent.

    Raises StoreBusy, StoreFailed.
    """
    since = max(now - LOOKED_AT, min(tenant.created_at, now - _DAY))
    used = await _sum(store, tenant.tenant_id, since, now, _USED)
    month = month_of(now, zone)
    span = month_start(month, zone), month_end(month, zone)
    rent = await _sum(store, tenant.tenant_id, *span, frozenset({PostingKind.RENT}))
    year, number = map(int, month.split("-"))
    daily = round(used * (_DAY / (now - since)) + rent / monthrange(year, number)[1])
    return Outlook(daily_use=daily, days_left=_days_left(account, daily))


def _days_left(account: MoneyAccount, daily_use: int) -> int | None:
    if account.arrears_since is not None:
        return 0
    if daily_use <= 0:
        return None
    return max(0, (account.balance + account.credit) // daily_use)


async def _sum(
    store: BillingStore,
    tenant_id: str,
    since: datetime,
    until: datetime,
    kinds: frozenset[PostingKind],
) -> int:
    lines = await store.statement(tenant_id, since, until, MAX_LINES)
    return -sum(line.amount for line in lines if line.kind in kinds)

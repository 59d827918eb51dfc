"""What the demo's customer pays: prices for everybody, packages, and a balance to begin with."""

from maskline.domain.access import OPERATOR
from maskline.lab.demo.tenant import TENANT
from maskline.services.billing.desk import BillingDesk
from maskline.services.billing.request import MoneyTerms, NewPackage, NewTariff, TopUp
from maskline.services.billing.store import BillingStore

PRICES = NewTariff(
    carrier_rent=1_500,
    virtual_operator_rent=1_000,
    call_minute=12,
    carrier_message=8,
    virtual_operator_message=6,
    storage=50,
    note="demo",
)
PACKAGES = (
    NewPackage(name="1000 min", price=10_000, minutes=1_000),
    NewPackage(name="500 min + 500 SMS", price=7_500, minutes=500, messages=500),
)
START = TopUp(tenant_id=TENANT, amount=200_000, reference="demo/start", note="demo")
CREDIT, ALERT_BELOW = 1_000_000, 20_000
"""So much credit that nobody who tries things out is frozen."""


async def keep_prices(desk: BillingDesk, store: BillingStore) -> None:
    """Say what things cost before there are any, unless somebody has."""
    if not await store.tariffs():
        await desk.add_tariff(PRICES, OPERATOR)
    if not await store.package_offers():
        for package in PACKAGES:
            await desk.add_package(package)


async def keep_balance(desk: BillingDesk) -> None:
    """Have the customer pay, once."""
    account = await desk.account(TENANT)
    if account.alert_below is None and not account.credit:
        await desk.set_terms(TENANT, MoneyTerms(credit=CREDIT, alert_below=ALERT_BELOW))
    await desk.top_up(START, OPERATOR)

"""The example of docs/billing.md, to the last minor unit."""

import re
from datetime import datetime
from pathlib import Path

from tests.unit.services.billing.billing_world import NOW, SHANGHAI, Shop, X, Y

from maskline.domain.access import OPERATOR
from maskline.domain.charge_run import RunKind
from maskline.domain.ledger import Account
from maskline.services.billing.request import NewPackage, NewPurchase

PAGE = Path(__file__).parents[4] / "docs" / "billing.md"


async def test_the_example_of_the_documentation_adds_up():
    shop, balances = await Shop().open(numbers_since=NOW), list[int]()
    await shop.price(carrier_rent=1_500, virtual_operator_rent=1_000, call_minute=12)
    offer = await shop.desk.add_package(NewPackage(name="Small", price=90, minutes=10))
    await shop.pay(10_000)
    balances.append(await shop.balance())
    await shop.walks.rent_of([X, Y])
    balances.append(await shop.balance())
    await shop.desk.buy(NewPurchase(package_id=offer.offer_id), "shop", OPERATOR)
    balances.append(await shop.balance())
    for wait_s, talk_s in ((600, 61), (3_600, 661)):
        shop.clock.step(wait_s)
        await shop.talk(talk_s)
        await shop.charge(RunKind.CALLS)
        balances.append(await shop.balance())
    ten_past = datetime(2027, 1, 1, 0, 10, tzinfo=SHANGHAI)
    shop.clock.step((ten_past - shop.clock.now()).total_seconds())
    await shop.runner.work()
    balances.append(await shop.balance())

    example = PAGE.read_text().split("## An example")[1].split("\n## ")[0]
    rows = re.findall(r"\| [^|]+ \| [^|]+ \| ([^|]+) \| (\d+) \|", example)
    assert [int(balance) for _, balance in rows] == balances
    amounts = [sum(map(int, amount.split(","))) for amount, _ in rows]
    assert sum(amounts) == balances[-1] == 4_862
    assert await shop.store.ledger_sums("shop") == {
        Account.PREPAID: 4_862,
        Account.RECEIPTS: -10_000,
        Account.RENT: 5_000,
        Account.CALL: 48,
        Account.PACKAGE: 90,
    }

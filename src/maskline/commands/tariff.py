"""`maskline tariff ...` and `maskline package ...`: what things cost."""

import click

from maskline.commands.assignment import read_assignments
from maskline.commands.base import Group, examples, limit_option, pass_invocation
from maskline.commands.client import segment
from maskline.commands.invocation import Invocation
from maskline.commands.table import card, cut_note, table
from maskline.services.billing.request import NewTariff, PackageChange

TARIFFS, PACKAGES, PURCHASES = "/tariffs", "/packages", "/package-purchases"
TARIFF_COLUMNS = (
    "valid_from",
    "tenant_id",
    "state",
    "carrier_rent",
    "virtual_operator_rent",
    "call_minute",
    "carrier_message",
    "virtual_operator_message",
    "storage",
)
PACKAGE_COLUMNS = ("package_id", "name", "price", "minutes", "messages", "is_sold")
PURCHASE_COLUMNS = ("name", "state", "minutes_left", "messages_left", "valid_from", "valid_until")


@click.group(
    cls=Group,
    epilog=examples(
        "maskline tariff add carrier_rent=1500 virtual_operator_rent=1000 call_minute=12",
        "maskline tariff add call_minute=10 valid_from=2027-01-01T00:00:00+08:00 tenant_id=shop",
        "maskline tariff list",
    ),
)
def tariff() -> None:
    """What numbers, minutes, messages and storage cost, from when on.

    Prices are whole numbers of the minor unit of the currency (fen); 0 is free. What was used is
    charged at the prices of its moment: a tenant's own tariff before everybody's, of those the
    latest that has begun.
    """


@tariff.command("add")
@click.argument("assignments", nargs=-1, required=True, metavar="KEY=VALUE...")
@pass_invocation
def add_tariff(invocation: Invocation, assignments: tuple[str, ...]) -> None:
    """Set prices from a moment on; those that are not given are 0.

    Keys: carrier_rent, virtual_operator_rent (a number and month), call_minute (a started minute),
    carrier_message, virtual_operator_message (a part), storage (a GB of recordings and month);
    valid_from (now unless it is given, never the past), tenant_id (everybody unless it is given),
    note. A tariff is never changed: another one takes its place.
    """
    made = invocation.client().post(TARIFFS, read_assignments(assignments, NewTariff))
    invocation.show(made, lambda: card(made))


@tariff.command("list")
@click.option("--tenant", "tenant_id", metavar="ID", help="Those that can count for this tenant.")
@limit_option
@pass_invocation
def list_tariffs(invocation: Invocation, limit: int, tenant_id: str | None) -> None:
    """Tariffs, the latest beginning first; one without a tenant is everybody's."""
    found, has_more = invocation.client().list(TARIFFS, limit, tenant_id=tenant_id)
    invocation.show(found, lambda: table(found, TARIFF_COLUMNS, "There is no tariff yet."))
    invocation.note(cut_note(len(found), has_more=has_more))


@click.group(
    cls=Group,
    epilog=examples(
        "maskline package add 'Minutes 1000' --price 9000 --minutes 1000",
        "maskline package list",
        "maskline package buy PACKAGE_ID --tenant shop",
        "maskline package bought --tenant shop",
        "maskline package set PACKAGE_ID is_sold=false",
    ),
)
def package() -> None:
    """Minutes and messages for a year, bought in advance and used before money.

    Messages of packages are for numbers of virtual operators (+86170, +86162 and so on) only.
    """


@package.command("add")
@click.argument("name")
@click.option("--price", type=click.IntRange(min=0), required=True, help="In the minor unit.")
@click.option("--minutes", type=click.IntRange(min=0), default=0)
@click.option("--messages", type=click.IntRange(min=0), default=0)
@pass_invocation
def add_package(invocation: Invocation, **given: object) -> None:
    """Sell a package."""
    made = invocation.client().post(PACKAGES, given)
    invocation.show(made, lambda: card(made))


@package.command("list")
@limit_option
@pass_invocation
def list_packages(invocation: Invocation, limit: int) -> None:
    """Packages that are or were sold, newest first."""
    found, has_more = invocation.client().list(PACKAGES, limit)
    invocation.show(found, lambda: table(found, PACKAGE_COLUMNS, "There are no packages."))
    invocation.note(cut_note(len(found), has_more=has_more))


@package.command("set")
@click.argument("package_id")
@click.argument("assignments", nargs=-1, required=True, metavar="KEY=VALUE...")
@pass_invocation
def set_package(invocation: Invocation, package_id: str, assignments: tuple[str, ...]) -> None:
    """Change a package: name, is_sold. What was bought of it stays as it was."""
    change = read_assignments(assignments, PackageChange)
    changed = invocation.client().patch(f"{PACKAGES}/{segment(package_id)}", change)
    invocation.show(changed, lambda: card(changed))


@package.command("buy")
@click.argument("package_id")
@click.option("--tenant", "tenant_id", metavar="ID", help="For whom; a tenant's token says it.")
@pass_invocation
def buy_package(invocation: Invocation, **given: object) -> None:
    """Buy a package out of the balance; it counts from the next full hour for a year."""
    made = invocation.client().post(PURCHASES, given)
    invocation.show(made, lambda: card(made))


@package.command("bought")
@click.option("--tenant", "tenant_id", metavar="ID", help="By whom; a tenant's token says it.")
@limit_option
@pass_invocation
def list_purchases(invocation: Invocation, limit: int, tenant_id: str | None) -> None:
    """What a tenant has bought that is not over, with what is left of it.

    Used first is what ends first, and of those what was bought first.
    """
    found, has_more = invocation.client().list(PURCHASES, limit, tenant_id=tenant_id)
    invocation.show(found, lambda: table(found, PURCHASE_COLUMNS, "Nothing was bought."))
    invocation.note(cut_note(len(found), has_more=has_more))

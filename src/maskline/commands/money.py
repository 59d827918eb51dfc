"""`maskline money ...`: balances, what came in, the ledger, statements and the runs that charge."""

import click

from maskline.commands.assignment import read_assignments
from maskline.commands.base import Group, examples, limit_option, pass_invocation
from maskline.commands.client import segment
from maskline.commands.invocation import Invocation
from maskline.commands.table import card, cut_note, table
from maskline.domain.charge_run import RunKind, RunState
from maskline.domain.ledger import PostingKind
from maskline.services.billing.request import MoneyTerms

ACCOUNTS, RUNS = "/money/accounts", "/charge-runs"
ACCOUNT_COLUMNS = ("tenant_id", "name", "balance", "credit", "alert_below", "arrears_since")
POSTING_COLUMNS = ("at", "tenant_id", "kind", "source", "units", "covered", "price", "amount")
LINE_COLUMNS = ("app_key", "x", "kind", "postings", "units", "covered", "amount")
RUN_COLUMNS = ("kind", "period", "state", "postings", "amount", "skipped", "started_at", "ended_at")
RUN_KINDS = click.Choice([one.value for one in RunKind])
AMOUNT = "In the minor unit of the currency: 10000 is 100.00."
REFERENCE = "Names the payment: with the same one it is booked once."


@click.group(
    cls=Group,
    epilog=examples(
        "maskline money list",
        "maskline money top-up shop --amount 50000 --reference bank/2026-12-01/17",
        "maskline money set shop credit=100000 alert_below=20000",
        "maskline money show shop",
        "maskline money ledger --tenant shop --kind call",
        "maskline money statement shop --month 2026-11",
        "maskline money charge calls",
    ),
)
def money() -> None:
    """Balances, payments, the ledger, and the runs that charge.

    All amounts are whole numbers of the minor unit of the currency (fen). What things cost is set
    with `maskline tariff`, minutes in advance are sold with `maskline package`.
    """


@money.command("list")
@click.option("--arrears", "is_in_arrears", is_flag=True, help="Only who owes more than it may.")
@limit_option
@pass_invocation
def list_accounts(invocation: Invocation, limit: int, *, is_in_arrears: bool) -> None:
    """How tenants stand, by tenant."""
    wanted = True if is_in_arrears else None
    found, has_more = invocation.client().list(ACCOUNTS, limit, is_in_arrears=wanted)
    invocation.show(found, lambda: table(found, ACCOUNT_COLUMNS, "Nobody is in arrears."))
    invocation.note(cut_note(len(found), has_more=has_more))


@money.command("show")
@click.argument("tenant_id")
@pass_invocation
def show_account(invocation: Invocation, tenant_id: str) -> None:
    """How a tenant stands, what it uses in a day and how many days that lasts."""
    found = invocation.client().get(f"{ACCOUNTS}/{segment(tenant_id)}")
    invocation.show(found, lambda: card(found))


@money.command("set")
@click.argument("tenant_id")
@click.argument("assignments", nargs=-1, required=True, metavar="KEY=VALUE...")
@pass_invocation
def set_terms(invocation: Invocation, tenant_id: str, assignments: tuple[str, ...]) -> None:
    """Change what is agreed: credit, alert_below (empty: nobody is told).

    A tenant may owe up to its credit; below that its service stops until its balance is 0 or more.
    """
    change = read_assignments(assignments, MoneyTerms)
    changed = invocation.client().patch(f"{ACCOUNTS}/{segment(tenant_id)}", change)
    invocation.show(changed, lambda: card(changed))


@money.command("top-up")
@click.argument("tenant_id")
@click.option("--amount", type=click.IntRange(min=1), required=True, help=AMOUNT)
@click.option("--reference", required=True, help=REFERENCE)
@click.option("--note", default="", help="For who reads the ledger.")
@pass_invocation
def top_up(invocation: Invocation, **given: object) -> None:
    """Book money that came in. Who was in arrears is back at once when that makes up for it."""
    made = invocation.client().post("/top-ups", given)
    invocation.show(made, lambda: card(made))
    invocation.note(f"Next: maskline money show {given['tenant_id']}   # the balance by now")


@money.command("adjust")
@click.argument("tenant_id")
@click.option("--amount", type=int, required=True, help=f"{AMOUNT} Less than 0 takes away.")
@click.option("--reference", required=True, help=REFERENCE)
@click.option("--note", required=True, help="Why.")
@pass_invocation
def adjust(invocation: Invocation, **given: object) -> None:
    """Correct a balance; the lines that were wrong stay, and this one makes up for them."""
    made = invocation.client().post("/adjustments", given)
    invocation.show(made, lambda: card(made))


@money.command("ledger")
@click.option("--tenant", "tenant_id", metavar="ID", help="Of this tenant.")
@click.option("--kind", type=click.Choice([one.value for one in PostingKind]))
@click.option("--app", "app_key", metavar="KEY", help="What this application used.")
@click.option("--x", metavar="NUMBER", help="What this virtual number was used for.")
@click.option("--since", metavar="TIME", help="Posted then or later.")
@click.option("--until", metavar="TIME", help="Posted before.")
@limit_option
@pass_invocation
def list_postings(invocation: Invocation, limit: int, **given: object) -> None:
    """Lines of the ledger, newest first. They are never changed."""
    found, has_more = invocation.client().list("/postings", limit, **given)
    invocation.show(found, lambda: table(found, POSTING_COLUMNS, "Nothing is posted."))
    invocation.note(cut_note(len(found), has_more=has_more))


@money.command("sums")
@click.option("--tenant", "tenant_id", metavar="ID", help="Of this tenant; else of all.")
@pass_invocation
def show_sums(invocation: Invocation, tenant_id: str | None) -> None:
    """What stands on each account of the ledger. All together they are 0, or something is wrong."""
    found = invocation.client().get("/ledger-sums", tenant_id=tenant_id)
    invocation.show(found, lambda: table(found["items"], ("account", "amount"), "Nothing."))
    invocation.note(f"The total is {found['total']}.")


@money.command("statement")
@click.argument("tenant_id")
@click.option("--month", metavar="YYYY-MM", help="The present one unless it is given.")
@pass_invocation
def show_statement(invocation: Invocation, tenant_id: str, month: str | None) -> None:
    """What a tenant used in a month, by application, number and kind."""
    found = invocation.client().get("/statements", tenant_id=tenant_id, month=month)
    invocation.show(found, lambda: table(found["lines"], LINE_COLUMNS, "Nothing was used."))
    invocation.note(f"{found['month']}: {found['charged']} charged, {found['paid']} paid.")


@money.command("runs")
@click.option("--kind", type=RUN_KINDS)
@click.option("--state", type=click.Choice([one.value for one in RunState]))
@limit_option
@pass_invocation
def list_runs(invocation: Invocation, limit: int, **given: object) -> None:
    """Runs that charge, newest first. One that was cut off is `running` until it is gone on with.

    `skipped` is what no tariff says a price of.
    """
    found, has_more = invocation.client().list(RUNS, limit, **given)
    invocation.show(found, lambda: table(found, RUN_COLUMNS, "Nothing was charged yet."))
    invocation.note(cut_note(len(found), has_more=has_more))


@money.command("charge")
@click.argument("kind", type=RUN_KINDS)
@pass_invocation
def start_run(invocation: Invocation, kind: str) -> None:
    """Charge now what is over, instead of with the next hour; nothing is charged twice.

    `calls` and `messages` are of the last three days, `issued` is rent of numbers that came since,
    `rent` that of all numbers for the month, `arrears` freezes and thaws.
    """
    made = invocation.client().post(RUNS, {"kind": kind})
    invocation.show(made, lambda: card(made))


@money.command("retry")
@click.argument("kind", type=RUN_KINDS)
@click.argument("period")
@pass_invocation
def retry_run(invocation: Invocation, kind: str, period: str) -> None:
    """Go on with a run that was cut off; the platform does so by itself after ten minutes."""
    made = invocation.client().post(f"{RUNS}/{kind}/{segment(period)}/retry")
    invocation.show(made, lambda: card(made))

"""`maskline stock ...`: virtual numbers that belong to nobody."""

from pathlib import Path

import click

from maskline.commands.assignment import read_assignments
from maskline.commands.base import Command, Group, examples, limit_option, pass_invocation
from maskline.commands.client import segment
from maskline.commands.invocation import Invocation
from maskline.commands.number_import import import_sheet, sheet_options
from maskline.commands.table import card, cut_note, table
from maskline.domain.virtual_number import NumberKind
from maskline.services.stock_request import StockChange

PATH = "/stock-imports"
COLUMNS = ("number", "area_code", "kind", "may_message", "supplier", "scheme", "free_from", "note")
COUNT_COLUMNS = ("area_code", "city", "kind", "may_message", "free", "resting")
ISSUED_COLUMNS = ("number", "app_key", "area_code", "state")
KINDS = click.Choice([one.value for one in NumberKind])


@click.group(
    cls=Group,
    epilog=examples(
        "maskline stock import numbers.xlsx --apply",
        "maskline stock counts",
        "maskline stock issue --app APP_KEY --count 10 --kind carrier --city 0755 --for 'order 7'",
        "maskline stock set +8617010000001 note='shelf 3' scheme=2",
    ),
)
def stock() -> None:
    """Virtual numbers that belong to nobody, from which customers are given theirs.

    What a customer gives back rests here until its cool-off and its rent have ended.
    """


@stock.command("list")
@click.option("--city", "area_code", metavar="CODE", help="Of this city only, such as 0755.")
@click.option("--kind", type=KINDS)
@click.option("--prefix", help="How numbers begin, such as +86170.")
@limit_option
@pass_invocation
def list_stock(invocation: Invocation, limit: int, **wanted: str | None) -> None:
    """Numbers in stock, by number."""
    rows, has_more = invocation.client().list("/stock", limit, **wanted)
    nothing = "The stock is empty: maskline stock import --help"
    invocation.show(rows, lambda: table(rows, COLUMNS, nothing))
    invocation.note(cut_note(len(rows), has_more=has_more))


@stock.command()
@pass_invocation
def counts(invocation: Invocation) -> None:
    """How many numbers are free to be issued, or rest until later, by city and kind."""
    rows = invocation.client().get("/stock/counts")["items"]
    nothing = "The stock is empty: maskline stock import --help"
    invocation.show(rows, lambda: table(rows, COUNT_COLUMNS, nothing))


@stock.command()
@click.argument("numbers", nargs=-1, required=True)
@click.option("--city", "area_code", required=True, metavar="CODE", help="Such as 0755.")
@click.option("--kind", type=KINDS, help="Without, as the number begins.")
@click.option("--supplier", default="", help="Whom they were got from.")
@click.option("--cost", default=0, help="A month of one, in the minor unit of the currency.")
@click.option(
    "--scheme", type=click.IntRange(1, 6), help="How the carrier wants to know whose one is."
)
@click.option("--no-messages", is_flag=True, help="They carry no short messages.")
@pass_invocation
def add(
    invocation: Invocation,
    numbers: tuple[str, ...],
    kind: str | None,
    *,
    no_messages: bool,
    **said: object,
) -> None:
    """Take numbers into stock, all or none."""
    fields = {**said, "may_message": not no_messages, **({} if kind is None else {"kind": kind})}
    form = {"numbers": [{"number": number, **fields} for number in numbers]}
    added = invocation.client().post("/stock", form)["numbers"]
    invocation.show({"numbers": added}, lambda: table(added, COLUMNS, ""))


@stock.command("set")
@click.argument("number")
@click.argument("assignments", nargs=-1, required=True, metavar="KEY=VALUE...")
@pass_invocation
def set_(invocation: Invocation, number: str, assignments: tuple[str, ...]) -> None:
    """Change area_code, kind, may_message, supplier, cost, scheme, note or free_from."""
    change = read_assignments(assignments, StockChange)
    changed = invocation.client().patch(f"/stock/{segment(number)}", change)
    invocation.show(changed, lambda: card(changed))


@stock.command()
@click.argument("number")
@pass_invocation
def remove(invocation: Invocation, number: str) -> None:
    """Forget a number, such as one that its supplier has taken back."""
    invocation.client().delete(f"/stock/{segment(number)}")
    invocation.show({"number": number, "removed": True}, lambda: f"{number} is forgotten.")


@stock.command(
    epilog=examples(
        "maskline stock issue --app APP_KEY --count 10 --kind carrier --for 'order 7'",
        "maskline stock issue --app APP_KEY --count 2 --kind carrier --city 010 --for 'order 8'",
    )
)
@click.option("--app", "app_key", required=True, metavar="APP_KEY", help="Who gets them.")
@click.option("--count", "quantity", type=click.IntRange(1, 1000), required=True)
@click.option("--kind", type=KINDS, required=True)
@click.option("--city", "area_code", metavar="CODE", help="Of this city; without, of any.")
@click.option("--messages", "may_message", is_flag=True, help="Only such as carry messages.")
@click.option("--for", "reference", required=True, help="What they are issued for, once.")
@pass_invocation
def issue(invocation: Invocation, **form: object) -> None:
    """Give numbers to an application, as many as are there.

    All that was ever issued for the same --for counts: run it again for what is still missing.
    """
    issued = invocation.client().post("/stock/issues", form)
    invocation.show(issued, lambda: table(issued["numbers"], ISSUED_COLUMNS, "None was free."))
    if issued["missing"]:
        invocation.note(f"\n{issued['missing']} are missing: run it again when there are more.")


@stock.command(
    "import",
    cls=Command,
    epilog=examples(
        "maskline stock import --template stock.xlsx   # an empty one to fill in",
        "maskline stock import stock.xlsx              # check every row, change nothing",
        "maskline stock import stock.xlsx --apply --errors bad.xlsx",
    ),
)
@sheet_options
@pass_invocation
def import_stock(
    invocation: Invocation,
    path: Path | None,
    *,
    applies: bool,
    errors: Path | None,
    template: Path | None,
) -> None:
    """Check an .xlsx file of numbers row by row, and take them into stock with --apply."""
    import_sheet(invocation, PATH, path, applies=applies, errors=errors, template=template)

"""`maskline order ...`: orders of numbers, from both sides."""

from pathlib import Path
from typing import Any

import click

from maskline.commands.base import Group, examples, limit_option, pass_invocation
from maskline.commands.client import segment
from maskline.commands.failure import CommandFailed
from maskline.commands.invocation import Invocation
from maskline.commands.table import card, cut_note, table
from maskline.domain.order import OrderState
from maskline.domain.virtual_number import NumberKind

PATH = "/orders"
COLUMNS = ("order_id", "tenant_id", "state", "issued", "quantity", "expected_on", "reason")
LINE_COLUMNS = ("area_code", "kind", "quantity", "may_message", "issued")
STATES = click.Choice([state.value for state in OrderState])
KINDS = click.Choice([kind.value for kind in NumberKind])


@click.group(
    cls=Group,
    epilog=examples(
        "maskline order place --tenant ID --app KEY --enterprise ID --line 0755:20",
        "maskline order place --tenant ID --app KEY --enterprise ID --sheet lines.xlsx",
        "maskline order list --state submitted",
        "maskline order approve ORDER_ID",
        "maskline order issue ORDER_ID",
        "maskline order numbers ORDER_ID -o numbers.xlsx",
    ),
)
def order() -> None:
    """Numbers that tenants order: reviewed, then issued from stock or by hand."""


@order.command("list")
@click.option("--tenant", "tenant_id", metavar="ID", help="Of this tenant only.")
@click.option("--state", type=STATES, help="In this state only.")
@limit_option
@pass_invocation
def list_orders(invocation: Invocation, limit: int, **given: object) -> None:
    """Orders, those first that came into their state last."""
    entries, has_more = invocation.client().list(PATH, limit, **given)
    invocation.show(entries, lambda: table(entries, COLUMNS, "There are no orders."))
    invocation.note(cut_note(len(entries), has_more=has_more))


@order.command("show")
@click.argument("order_id")
@pass_invocation
def show_order(invocation: Invocation, order_id: str) -> None:
    """One order with its lines."""
    _show(invocation, invocation.client().get(_path(order_id)))


@order.command("place")
@click.option("--tenant", "tenant_id", required=True, metavar="ID", help="Who orders.")
@click.option("--app", "app_key", required=True, metavar="KEY", help="Which application gets them.")
@click.option("--enterprise", "enterprise_id", required=True, metavar="ID", help="An approved one.")
@click.option(
    "--line",
    "lines",
    multiple=True,
    metavar="CITY:N[:KIND[:sms]]",
    help="Such as 0755:20, or any:5:carrier:sms; may be given several times.",
)
@click.option(
    "--sheet",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An .xlsx with the lines; see `maskline order template`.",
)
@click.option("--contact", "contact_id", metavar="ID", help="Who may be asked about the order.")
@click.option("--not-fast", is_flag=True, help="From the suppliers, not from stock.")
@click.option("--wanted-on", metavar="DATE", help="When they would be welcome: 2026-12-24.")
@click.option("--note", default="", help="For who reviews it.")
@pass_invocation
def place_order(
    invocation: Invocation,
    *,
    lines: tuple[str, ...],
    sheet: Path | None,
    not_fast: bool,
    **given: object,
) -> None:
    """Order numbers line by line, or from a spreadsheet."""
    wanted = [_line(text) for text in lines]
    client = invocation.client()
    if sheet is not None:
        found = client.post_file("/order-sheets", sheet.read_bytes())
        if found["errors"]:
            told = table(found["errors"], ("row", "column", "value", "code", "message"), "")
            raise CommandFailed(f"{sheet.name} has rows with errors; nothing is ordered\n{told}")
        wanted += found["lines"]
    if not wanted:
        raise click.UsageError("give --line or --sheet")
    made = client.post(PATH, {**given, "is_fast": not not_fast, "lines": wanted})
    _show(invocation, made)
    invocation.note(f"Next: maskline order approve {made['order_id']}")


@order.command("template")
@click.option("-o", "file", type=click.Path(path_type=Path), default=Path("order.xlsx"))
@pass_invocation
def write_template(invocation: Invocation, file: Path) -> None:
    """Write an empty .xlsx for the lines of an order."""
    file.write_bytes(invocation.client().get_file("/order-sheets/template"))
    invocation.show({"file": str(file)}, lambda: f"{file} is written.")


@order.command("numbers")
@click.argument("order_id")
@click.option("-o", "file", type=click.Path(path_type=Path), default=Path("numbers.xlsx"))
@pass_invocation
def write_numbers(invocation: Invocation, order_id: str, file: Path) -> None:
    """Write an .xlsx of the numbers that were issued, with their cities."""
    file.write_bytes(invocation.client().get_file(f"{_path(order_id)}/numbers/file"))
    invocation.show({"file": str(file)}, lambda: f"{file} is written.")


@order.command("approve")
@click.argument("order_id")
@pass_invocation
def approve_order(invocation: Invocation, order_id: str) -> None:
    """Work on an order from now on."""
    _show(invocation, invocation.client().post(f"{_path(order_id)}/approve", {}))
    invocation.note(f"Next: maskline order issue {order_id}")


@order.command("reject")
@click.argument("order_id")
@click.option("--reason", required=True, help="For the tenant to read.")
@pass_invocation
def reject_order(invocation: Invocation, order_id: str, reason: str) -> None:
    """Refuse an order of which nothing is issued; its tenant may correct it."""
    _show(invocation, invocation.client().post(f"{_path(order_id)}/reject", {"reason": reason}))


@order.command("close")
@click.argument("order_id")
@click.option("--reason", required=True, help="For the tenant to read.")
@pass_invocation
def close_order(invocation: Invocation, order_id: str, reason: str) -> None:
    """End an order that is worked on; what is issued of it stays."""
    _show(invocation, invocation.client().post(f"{_path(order_id)}/close", {"reason": reason}))


@order.command("issue")
@click.argument("order_id")
@click.option("--line", type=int, help="With --number: the place of the line, from 0.")
@click.option("--number", "numbers", multiple=True, help="One that is not in stock; repeatable.")
@click.option("--city", "area_code", help="With --number: its city code, where the line says none.")
@click.option("--scheme", type=click.IntRange(1, 6), help="With --number: its real-name scheme.")
@click.option("--supplier", default="", help="With --number: whom it was got from.")
@pass_invocation
def issue_order(
    invocation: Invocation,
    *,
    order_id: str,
    line: int | None,
    numbers: tuple[str, ...],
    **given: object,
) -> None:
    """Issue what is missing from stock, or with --number by hand. Twice issues nothing twice."""
    client, path = invocation.client(), _path(order_id)
    if numbers:
        entries = [{"number": number, **given} for number in numbers]
        body = {"line": line or 0, "numbers": entries}
        _show(invocation, client.post(f"{path}/issue-by-hand", body))
    else:
        _show(invocation, client.post(f"{path}/issue"))


@order.command("cancel")
@click.argument("order_id")
@pass_invocation
def cancel_order(invocation: Invocation, order_id: str) -> None:
    """Take an order back before it is worked on."""
    _show(invocation, invocation.client().post(f"{_path(order_id)}/cancel"))


def _path(order_id: str) -> str:
    return f"{PATH}/{segment(order_id)}"


def _show(invocation: Invocation, found: dict[str, Any]) -> None:
    def text() -> str:
        rest = {name: value for name, value in found.items() if name != "lines"}
        return f"{card(rest)}\n\n{table(found['lines'], LINE_COLUMNS, '')}"

    invocation.show(found, text)


def _line(text: str) -> dict[str, object]:
    """A line of `CITY:N[:KIND[:sms]]`. Raises click.UsageError."""
    city, *rest = text.split(":")
    quantity = rest[0] if rest else ""
    kind = rest[1] if len(rest) > 1 else NumberKind.VIRTUAL_OPERATOR.value
    if not quantity.isdecimal() or kind not in KINDS.choices or rest[2:] not in ([], ["sms"]):
        raise click.UsageError(f"--line {text}: write CITY:N[:KIND[:sms]], such as 0755:20")
    return {
        "area_code": None if city in {"", "any"} else city,
        "kind": kind,
        "quantity": int(quantity),
        "may_message": rest[2:] == ["sms"],
    }

"""`maskline report`: use, revenue, numbers and complaints by tenant and day."""

from pathlib import Path

import click

from maskline.commands.base import Command, examples, pass_invocation
from maskline.commands.client import segment
from maskline.commands.invocation import Invocation
from maskline.commands.table import table

COLUMNS = (
    "day", "tenant_id", "calls", "answer_rate", "messages", "complaint_rate", "revenue", "numbers",
    "utilisation",
)  # fmt: skip


@click.command(
    cls=Command,
    epilog=examples(
        "maskline report --since 2026-12-01 --by tenant",
        "maskline report --day 2026-12-01",
        "maskline report --day 2026-12-01 -o report.xlsx",
    ),
)
@click.option("--day", metavar="DAY", help="One day, such as 2026-12-01.")
@click.option("--since", metavar="DAY", help="From this day on; else the last seven.")
@click.option("--until", metavar="DAY", help="Up to this day.")
@click.option(
    "--by",
    type=click.Choice(["tenant", "day", "both"]),
    default="both",
    show_default=True,
    help="Whether days or tenants are added up.",
)
@click.option("--tenant", "tenant_id", metavar="ID", help="Of this tenant only.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help=".xlsx or .csv of --day.",
)
@pass_invocation
def report(
    invocation: Invocation, day: str | None, output: Path | None, **asked: str | None
) -> None:
    """Figures by tenant and day of the zone of the platform; money in the currency's minor unit.

    The report of a day is made an hour after its midnight, and kept.
    """
    if output is not None:
        _save(invocation, day, output)
        return
    if day is not None:
        asked |= {"since": day, "until": day}
    given = {name: value for name, value in asked.items() if value is not None}
    found = invocation.client().get("/reports", **given)
    invocation.show(found, lambda: table(found["items"], COLUMNS, "Nothing happened then."))


def _save(invocation: Invocation, day: str | None, output: Path) -> None:
    if day is None or output.suffix not in {".xlsx", ".csv"}:
        raise click.UsageError("a file is of one --day, and ends with .xlsx or .csv")
    content = invocation.client().get_file(f"/reports/{segment(day)}/{output.suffix[1:]}")
    output.write_bytes(content)
    invocation.show(
        {"day": day, "output": str(output), "size": len(content)},
        lambda: f"{output}: {len(content)} bytes",
    )

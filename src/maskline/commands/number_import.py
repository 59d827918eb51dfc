"""`maskline number import`, and what all imports from spreadsheets share."""

from pathlib import Path
from typing import Any

import click

from maskline.commands.base import Command, Decorated, examples, pass_invocation
from maskline.commands.client import ManagementClient, segment
from maskline.commands.invocation import Invocation
from maskline.commands.job import wait_for
from maskline.commands.table import table

PATH = "/number-imports"
COLUMNS = ("row", "column", "value", "code", "message", "hint")
MAX_SHOWN = 50


def sheet_options(command: Decorated) -> Decorated:
    """What all imports take: a file, and what is done with it."""
    file = click.Path(dir_okay=False, path_type=Path)
    for option in (
        click.option("--template", type=file, help="Save an empty file here instead."),
        click.option(
            "--errors",
            type=file,
            help="Save the rows with errors here, with a column of reasons, to be put right.",
        ),
        click.option("--apply", "applies", is_flag=True, help="Import the rows that can be."),
        click.argument(
            "path", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
        ),
    ):
        command = option(command)
    return command


@click.command(
    "import",
    cls=Command,
    epilog=examples(
        "maskline number import --template numbers.xlsx   # an empty one to fill in",
        "maskline number import numbers.xlsx              # check every row, change nothing",
        "maskline number import numbers.xlsx --apply --errors bad.xlsx",
    ),
)
@sheet_options
@pass_invocation
def import_(
    invocation: Invocation,
    path: Path | None,
    *,
    applies: bool,
    errors: Path | None,
    template: Path | None,
) -> None:
    """Check an .xlsx file of virtual numbers row by row, and import it with --apply."""
    import_sheet(invocation, PATH, path, applies=applies, errors=errors, template=template)


def import_sheet(
    invocation: Invocation,
    where: str,
    path: Path | None,
    *,
    applies: bool,
    errors: Path | None,
    template: Path | None,
) -> None:
    """Check a file, and import it where that is wanted; `where` are the endpoints of its kind."""
    client = invocation.client()
    if template is not None:
        template.write_bytes(client.get_file(f"{where}/template"))
        invocation.show({"template": str(template)}, lambda: f"{template} is there to fill in.")
        return
    if path is None:
        raise click.UsageError("give a FILE.xlsx, or --template FILE.xlsx for an empty one")
    job = client.post_file(where, path.read_bytes(), name=path.name)
    job = wait_for(invocation, client, job["job_id"])
    one = f"{where}/{segment(job['job_id'])}"
    if applies and job["state"] == "ready":
        client.post(f"{one}/apply")
        job = wait_for(invocation, client, job["job_id"])
    if errors is not None:
        errors.write_bytes(client.get_file(f"{one}/errors.xlsx"))
    _show(invocation, client, job, one)


def _show(invocation: Invocation, client: ManagementClient, job: dict[str, Any], one: str) -> None:
    bad = client.get(f"{one}/rows", state="error", limit=MAX_SHOWN)["items"]
    counts = (
        f"{job['state']}: {job['total']} rows, {job['changes']} to import, "
        f"{job['unchanged']} unchanged, {job['failed']} with errors, {job['done']} imported"
    )
    shown = table(bad, COLUMNS, "No row has errors.")
    invocation.show({**job, "errors": bad}, lambda: f"{shown}\n\n{counts}")
    if job["state"] == "ready":
        invocation.note("\nNothing was changed yet: run it again with --apply.")

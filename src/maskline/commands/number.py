"""`maskline number ...`: virtual numbers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from maskline.commands.assignment import read_assignments
from maskline.commands.base import Group, examples, limit_option, pass_invocation
from maskline.commands.client import segment
from maskline.commands.failure import CommandFailed
from maskline.commands.invocation import Invocation
from maskline.commands.number_import import import_
from maskline.commands.number_life import history, real_name, release, retry, transfer
from maskline.commands.table import card, cut_note, table
from maskline.services.administration_request import NumberChange

COLUMNS = ("number", "app_key", "area_code", "state", "pairs")
NUMBERS_PER_REQUEST = 500


@click.group(
    cls=Group,
    epilog=examples(
        "maskline number add +8617010000001 +8617010000002 --app APP_KEY --city 0755",
        "maskline number add --file numbers.txt --app APP_KEY --city 0755",
        "maskline number import numbers.xlsx --apply",
        "maskline number set +8617010000001 state=paused",
        "maskline number set +8617010000001 state=unavailable cause=arrears",
        "maskline number release +8617010000001 --apply",
        "maskline number history +8617010000001",
        "maskline number set +8617010000001 tags=vip held_until=2026-12-24T18:00:00+08:00",
    ),
)
def number() -> None:
    """Virtual numbers (X), in global form."""


for command in (import_, release, transfer, retry, history, real_name):
    number.add_command(command)


@number.command(
    epilog=examples(
        "maskline number add +8617010000001 --app APP_KEY --city 0755",
        "printf '+8617010000001,0755\\n+8617010000002,010\\n' > numbers.txt",
        "maskline number add --file numbers.txt --app APP_KEY",
    )
)
@click.argument("numbers", nargs=-1)
@click.option("--app", "app_key", required=True, metavar="APP_KEY", help="Whose numbers they are.")
@click.option("--city", metavar="CODE", help="City code with its leading 0, such as 0755.")
@click.option(
    "--file",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A number a line, or NUMBER,CITY; # starts a comment.",
)
@pass_invocation
def add(
    invocation: Invocation,
    numbers: tuple[str, ...],
    app_key: str,
    city: str | None,
    path: Path | None,
) -> None:
    """Add virtual numbers to an application: all of them, or none."""
    wanted = [(entry, city) for entry in numbers]
    if path is not None:
        wanted.extend(_read_file(path, city))
    if not wanted:
        raise click.UsageError("name numbers, or a --file with them")
    for entry, its_city in wanted:
        if its_city is None:
            raise click.UsageError(f"{entry} needs a --city")
    added = _add(invocation, app_key, [(entry, its_city or "") for entry, its_city in wanted])
    invocation.show({"numbers": added}, lambda: table(added, COLUMNS, ""))


@number.command("list")
@click.option("--app", "app_key", metavar="APP_KEY", help="Of this application only.")
@limit_option
@pass_invocation
def list_(invocation: Invocation, app_key: str | None, limit: int) -> None:
    """Virtual numbers by number."""
    entries, has_more = invocation.client().list("/numbers", limit, app_key=app_key)
    invocation.show(
        entries, lambda: table(entries, COLUMNS, "There are no numbers: maskline number add --help")
    )
    invocation.note(cut_note(len(entries), has_more=has_more))


@number.command()
@click.argument("number")
@pass_invocation
def show(invocation: Invocation, number: str) -> None:
    """One virtual number."""
    found = invocation.client().get(f"/numbers/{segment(number)}")
    invocation.show(found, lambda: card(found))


@number.command("set")
@click.argument("number")
@click.argument("assignments", nargs=-1, required=True, metavar="KEY=VALUE...")
@pass_invocation
def set_(invocation: Invocation, number: str, assignments: tuple[str, ...]) -> None:
    """Change state, cause, area_code, may_message, tags, held_until or is_locked.

    Its application is told of the state. A number that is held, or locked, is not chosen for binds
    that name no number; tags make pools of numbers (docs/extensions.md).

    States: normal, paused, unavailable, binding_frozen (old bindings go on), blacklisted. Causes
    why it is unavailable: deleted, arrears, stopped, calls_restricted, restriction_lifted,
    forwarded_always, forwarded_unanswered, forwarded_busy.
    """
    change = read_assignments(assignments, NumberChange)
    changed = invocation.client().patch(f"/numbers/{segment(number)}", change)
    invocation.show(changed, lambda: card(changed))


def _add(
    invocation: Invocation, app_key: str, wanted: list[tuple[str, str]]
) -> list[dict[str, Any]]:
    client = invocation.client()
    added: list[dict[str, Any]] = []
    for start in range(0, len(wanted), NUMBERS_PER_REQUEST):
        part = wanted[start : start + NUMBERS_PER_REQUEST]
        form = {
            "app_key": app_key,
            "numbers": [{"number": entry, "area_code": city} for entry, city in part],
        }
        try:
            added.extend(client.post("/numbers", form)["numbers"])
        except CommandFailed as failure:
            if not added:
                raise
            raise CommandFailed(
                f"{failure.message} (the first {len(added)} numbers were added)",
                hint="take those out of the file and repeat",
                code=failure.code,
                field=failure.field,
            ) from failure
    return added


def _read_file(path: Path, city: str | None) -> Iterator[tuple[str, str | None]]:
    for line in path.read_text(encoding="utf-8-sig").splitlines():
        entry = line.partition("#")[0].strip()
        if entry:
            text, _, its_city = entry.partition(",")
            yield text.strip(), its_city.strip() or city

"""`maskline number release|transfer|retry|history|real-name`: what becomes of virtual numbers."""

from pathlib import Path
from typing import Any

import click

from maskline.commands.base import (
    Command,
    Group,
    examples,
    limit_option,
    pass_invocation,
)
from maskline.commands.client import ManagementClient, segment
from maskline.commands.failure import CommandFailed
from maskline.commands.invocation import Invocation
from maskline.commands.job import wait_for
from maskline.commands.table import card, cut_note, table

TRANSFERS, RETURNS = "/number-transfers", "/number-returns"
ITEM_COLUMNS = ("number", "outcome", "bindings", "code", "message")
FAILED_COLUMNS = ("value", "code", "message", "hint")
EVENT_COLUMNS = ("at", "step", "was", "now", "app_key", "to", "by", "note")
UNNAMED_COLUMNS = ("number", "app_key", "area_code", "state", "scheme", "due_at", "is_late")
MAX_SHOWN = 50

_file_option = click.option(
    "--file",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A number a line; # starts a comment.",
)
_reason_option = click.option("--reason", default="", help="For the record of changes.")
_apply_option = click.option(
    "--apply", "applies", is_flag=True, help="Do it; else only what it would do is told."
)


@click.command(
    cls=Command,
    epilog=examples(
        "maskline number release +8617010000001                  # what it would do",
        "maskline number release +8617010000001 --apply",
        "maskline number release --file old.txt --reason 'city closed' --apply",
    ),
)
@click.argument("numbers", nargs=-1)
@_file_option
@_reason_option
@_apply_option
@pass_invocation
def release(
    invocation: Invocation,
    numbers: tuple[str, ...],
    path: Path | None,
    reason: str,
    *,
    applies: bool,
) -> None:
    """Give numbers back for good: they serve no more at once, and their bindings end.

    Up to the 25th of a month no rent is paid for the next one; later it still is. Nobody gets a
    number again that was given back: it rests, and goes to whoever orders next.
    """
    order: dict[str, object] = {"numbers": _named(numbers, path), "reason": reason}
    _weigh_or_do(invocation, RETURNS, order, applies=applies)


@click.command(
    cls=Command,
    epilog=examples(
        "maskline number transfer +8617010000001 --to APP_KEY    # what it would do",
        "maskline number transfer +8617010000001 --to APP_KEY --apply",
    ),
)
@click.argument("numbers", nargs=-1)
@click.option("--to", "app_key", required=True, metavar="APP_KEY", help="Who gets them.")
@_file_option
@_reason_option
@_apply_option
@pass_invocation
def transfer(
    invocation: Invocation,
    numbers: tuple[str, ...],
    path: Path | None,
    app_key: str,
    reason: str,
    *,
    applies: bool,
) -> None:
    """Give numbers to another application of their tenant, without their bindings."""
    order: dict[str, object] = {
        "numbers": _named(numbers, path),
        "app_key": app_key,
        "reason": reason,
    }
    _weigh_or_do(invocation, TRANSFERS, order, applies=applies)


@click.command(cls=Command, epilog=examples("maskline number retry JOB_ID"))
@click.argument("job_id")
@pass_invocation
def retry(invocation: Invocation, job_id: str) -> None:
    """Try the numbers again that a release or a transfer has not done."""
    client = invocation.client()
    job = client.get(f"/jobs/{segment(job_id)}")
    places = {"number_transfer": TRANSFERS, "number_return": RETURNS}
    where = places.get(job["kind"])
    if where is None:
        raise CommandFailed(
            f"{job_id} is a job of kind {job['kind']}", hint="maskline job list names the others"
        )
    _show_job(invocation, client, client.post(f"{where}/{segment(job_id)}/retry"))


@click.command(cls=Command, epilog=examples("maskline number history +8617010000001"))
@click.argument("number")
@limit_option
@pass_invocation
def history(invocation: Invocation, number: str, limit: int) -> None:
    """All that became of a number, newest first: states, applications, real names, by whom."""
    path = f"/numbers/{segment(number)}/history"
    events, has_more = invocation.client().list(path, limit)
    nothing = "Nothing is kept of this number: its history begins with the next change."
    invocation.show(events, lambda: table(events, EVENT_COLUMNS, nothing))
    invocation.note(cut_note(len(events), has_more=has_more))


@click.group(
    "real-name",
    cls=Group,
    epilog=examples(
        "maskline number real-name ask +8617010000001 --scheme 3 --due 2026-12-31T16:00:00Z",
        "maskline number real-name list --due-before 2027-01-01T00:00:00Z",
        "maskline number real-name done +8617010000001",
        "maskline number real-name show +8617010000001",
    ),
)
def real_name() -> None:
    """Whether carriers know whose numbers are, which they want to before a day.

    The papers go to the carrier, never to this platform. From its day on a number without a name
    takes no new bindings (binding_frozen); once it is done, it does again.
    """


@real_name.command("ask")
@click.argument("number")
@click.option("--scheme", type=click.IntRange(1, 6), required=True, help="The carrier's way.")
@click.option("--due", "due_at", metavar="TIME", help="Until when; without, nobody has said.")
@pass_invocation
def ask(invocation: Invocation, number: str, scheme: int, due_at: str | None) -> None:
    """Note that a carrier wants to know whose a number is."""
    path = f"/numbers/{segment(number)}/real-name"
    life = invocation.client().put(path, {"scheme": scheme, "due_at": due_at})
    invocation.show(life, lambda: card(life))
    invocation.note(f"Next: maskline number real-name done {number}   # once the carrier knows")


@real_name.command("done")
@click.argument("number")
@pass_invocation
def done(invocation: Invocation, number: str) -> None:
    """Note that a carrier knows whose a number is: it serves."""
    life = invocation.client().post(f"/numbers/{segment(number)}/real-name/done")
    invocation.show(life, lambda: card(life))


@real_name.command("show")
@click.argument("number")
@pass_invocation
def show_life(invocation: Invocation, number: str) -> None:
    """What is asked of a number, what it was issued for, until when its rent is paid."""
    life = invocation.client().get(f"/numbers/{segment(number)}/life")
    invocation.show(life, lambda: card(life))


@real_name.command("list")
@click.option("--app", "app_key", metavar="APP_KEY", help="Of this application only.")
@click.option("--due-before", metavar="TIME", help="Whose day comes before then.")
@limit_option
@pass_invocation
def list_unnamed(
    invocation: Invocation, app_key: str | None, due_before: str | None, limit: int
) -> None:
    """Numbers that wait for a real name, by number."""
    query = {"app_key": app_key, "due_before": due_before}
    rows, has_more = invocation.client().list("/real-names", limit, **query)
    invocation.show(rows, lambda: table(rows, UNNAMED_COLUMNS, "No number waits for a real name."))
    invocation.note(cut_note(len(rows), has_more=has_more))


def _named(numbers: tuple[str, ...], path: Path | None) -> list[str]:
    lines = [] if path is None else path.read_text(encoding="utf-8-sig").splitlines()
    read = [line.partition("#")[0].partition(",")[0].strip() for line in lines]
    named = [*numbers, *filter(None, read)]
    if not named:
        raise click.UsageError("name numbers, or a --file with them")
    return named


def _weigh_or_do(
    invocation: Invocation, where: str, order: dict[str, object], *, applies: bool
) -> None:
    client = invocation.client()
    if applies:
        _show_job(invocation, client, client.post(where, order))
        return
    told = client.post(f"{where}/preview", order)
    invocation.show(told, lambda: _written(told))
    invocation.note("\nNothing was changed: run it again with --apply.")


def _written(told: dict[str, Any]) -> str:
    counts = (
        f"{told['changes']} of {told['numbers']} numbers go, {told['failed']} stay; "
        f"{told['bindings']} bindings end"
    )
    if told["rent_until"] is not None:
        counts += f"; rent is paid until {told['rent_until']}"
    if not told["items"]:
        return counts
    return f"{table(told['items'], ITEM_COLUMNS, '')}\n\n{counts}"


def _show_job(invocation: Invocation, client: ManagementClient, begun: dict[str, Any]) -> None:
    try:
        job = wait_for(invocation, client, begun["job_id"])
    except CommandFailed as failure:
        if failure.code != "check_failed":
            raise
        job = client.get(f"/jobs/{segment(begun['job_id'])}")
    path = f"/jobs/{segment(job['job_id'])}/rows"
    bad = client.get(path, state="failed", limit=MAX_SHOWN)["items"]
    counts = f"{job['task']}: {job['done']} done, {job['unchanged']} unchanged, {job['failed']} not"
    shown = f"{table(bad, FAILED_COLUMNS, '')}\n\n{counts}" if bad else counts
    invocation.show({**job, "errors": bad}, lambda: shown)
    if bad:
        invocation.note(f"\nNext: maskline number retry {job['job_id']}")

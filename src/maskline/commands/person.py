"""`maskline person ...`: what people may ask of the data that is held of them."""

import json
import os
from pathlib import Path

import click

from maskline.commands.base import Group, examples, limit_option, pass_invocation
from maskline.commands.failure import CommandFailed
from maskline.commands.invocation import Invocation
from maskline.commands.table import card, cut_note, table

PARTS = (
    "bindings",
    "ended_bindings",
    "mentions",
    "calls",
    "recordings",
    "registrations",
    "traces",
    "messages",
    "message_parts",
    "reply_tags",
    "message_blocks",
)
COLUMNS = ("erased_at", "tenant_id", "erasure_id", "is_sound", "counts")


@click.group(
    cls=Group,
    epilog=examples(
        "maskline person export +8613800001001 --tenant shop --output her-data.json",
        "maskline person erase +8613800001001 --tenant shop --yes",
        "maskline person erasures",
    ),
)
def person() -> None:
    """One person's data, by number: handing it out, and erasing it (GDPR 15, 17; PIPL 45, 47)."""


@person.command()
@click.argument("number")
@click.option("--tenant", "tenant_id", help="Of this customer only; else of all.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The file to write; only its owner may read it.",
)
@pass_invocation
def export(invocation: Invocation, number: str, tenant_id: str | None, output: Path) -> None:
    """Write all that is held of a person to a JSON file.

    The person's own number and registration stand there in the clear, numbers of others masked.
    """
    form = {"number": number, "tenant_id": tenant_id}
    found = invocation.client().post("/persons/export", form)
    text = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    try:
        handle = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise CommandFailed(f"{output} is there already", hint="give another --output") from error
    except OSError as error:
        raise CommandFailed(f"{output} cannot be written: {error.strerror}") from error
    amounts = {name: len(found[name]) for name in PARTS}
    shown = {"file": str(output), "is_complete": found["is_complete"], **amounts}
    invocation.show(shown, lambda: card(shown))


@person.command()
@click.argument("number")
@click.option("--tenant", "tenant_id", required=True, help="The customer whose data it is.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_invocation
def erase(invocation: Invocation, number: str, tenant_id: str, yes: bool) -> None:  # noqa: FBT001 - a flag
    """Erase a person from a customer's data, for good.

    Bindings, also those that have ended, recordings, registration, traces and pushes that wait go;
    records of calls and messages stay for billing with `erased` in place of the number, without
    texts. Calls that are up and messages on their way go on: repeat it after them.
    """
    if not yes and not invocation.wants_json:
        question = f"Erase {number} from {tenant_id}? Nothing brings it back."
        click.confirm(question, abort=True, err=True)
    form = {"number": number, "tenant_id": tenant_id, "confirm": True}
    erased = invocation.client().post("/persons/erase", form)
    invocation.show(erased, lambda: card(erased))
    if erased["live_calls"] or erased["live_messages"] or erased["unfinished_recordings"]:
        invocation.note("Something was not over yet: erase again later.")


@person.command()
@limit_option
@pass_invocation
def erasures(invocation: Invocation, limit: int) -> None:
    """What was erased and when; never whose it was."""
    entries, has_more = invocation.client().list("/erasures", limit)
    invocation.show(entries, lambda: table(entries, COLUMNS, "Nothing was erased yet."))
    invocation.note(cut_note(len(entries), has_more=has_more))

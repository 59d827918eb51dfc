"""`maskline audit ...`: who changed what."""

import click

from maskline.commands.base import Group, examples, limit_option, pass_invocation
from maskline.commands.invocation import Invocation
from maskline.commands.table import cut_note, table

COLUMNS = ("at", "name", "address", "action", "object", "tenant_id")


@click.group(
    cls=Group,
    epilog=examples(
        "maskline audit list --limit 20",
        "maskline audit list --object /applications/APP_KEY",
        "maskline audit list --action sign_in_failed --since 2026-11-20T00:00:00+08:00",
        "maskline audit list --tenant shop --json    # with before and after",
    ),
)
def audit() -> None:
    """The log of every change by way of the management API, and of sign-ins.

    Kept for [accounts] audit_days. Secrets are in no event, real numbers are masked.
    """


@audit.command("list")
@click.option("--tenant", "tenant_id", help="About one customer only.")
@click.option("--user", "user_id", help="By one person only, by its id.")
@click.option("--action", help="Of one kind only, such as change_application.")
@click.option("--object", "target", help="About one object, such as /applications/KEY.")
@click.option("--since", help="The first moment that counts, with its offset.")
@click.option("--until", help="The first moment that does not.")
@limit_option
@pass_invocation
def list_(invocation: Invocation, *, target: str | None, limit: int, **query: str | None) -> None:
    """Events, newest first. --json shows how things were before and after."""
    entries, has_more = invocation.client().list("/audit-events", limit, object=target, **query)
    invocation.show(entries, lambda: table(entries, COLUMNS, "Nothing was done."))
    invocation.note(cut_note(len(entries), has_more=has_more))

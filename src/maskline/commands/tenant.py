"""`maskline tenant ...`: customers."""

from collections.abc import Callable, Mapping

import click

from maskline.commands.assignment import read_assignments
from maskline.commands.base import Group, examples, limit_option, pass_invocation
from maskline.commands.client import segment
from maskline.commands.invocation import Invocation
from maskline.commands.table import card, cut_note, table
from maskline.commands.tenant_token import token
from maskline.domain.recording import MAX_RETENTION_DAYS
from maskline.services.administration_request import TenantChange

COLUMNS = (
    "tenant_id",
    "name",
    "state",
    "recording_retention_days",
    "record_retention_days",
    "binding_retention_days",
    "created_at",
)


def keep_options(command: Callable[..., None]) -> Callable[..., None]:
    """How long what is over is kept: options named as the fields of a tenant."""
    for option, field, what in (
        ("--keep-texts-days", "text_retention_days", "the texts of messages are kept"),
        ("--keep-messages-days", "message_retention_days", "records of messages are kept"),
        ("--keep-bindings-days", "binding_retention_days", "bindings are kept from their end"),
        ("--keep-records-days", "record_retention_days", "call records are kept from their end"),
        ("--recording-days", "recording_retention_days", "recordings are kept from their call"),
    ):
        days = click.IntRange(1, MAX_RETENTION_DAYS)
        command = click.option(option, field, type=days, help=f"Days for which {what}.")(command)
    return command


@click.group(
    cls=Group,
    epilog=examples(
        'maskline tenant create --name "Shop Ltd" --id shop',
        "maskline tenant set shop state=frozen",
        "maskline tenant set shop --recording-days 365 --keep-records-days 90",
        "maskline tenant set shop --keep-bindings-days 30",
        "maskline tenant token add shop            # to register A numbers with",
    ),
)
def tenant() -> None:
    """Customers. Without one, applications belong to the tenant "default"."""


@tenant.command()
@click.option("--name", required=True, help="What people call it.")
@click.option("--id", "tenant_id", help="Appears as spId in call records; else made up.")
@keep_options
@pass_invocation
def create(
    invocation: Invocation,
    name: str,
    tenant_id: str | None,
    **days: int | None,
) -> None:
    """Add a customer."""
    form = {"name": name, "tenant_id": tenant_id, **_given(days)}
    made = invocation.client().post("/tenants", form)
    invocation.show(made, lambda: card(made))


@tenant.command("list")
@limit_option
@pass_invocation
def list_(invocation: Invocation, limit: int) -> None:
    """Customers by id."""
    entries, has_more = invocation.client().list("/tenants", limit)
    invocation.show(entries, lambda: table(entries, COLUMNS, "There are no tenants yet."))
    invocation.note(cut_note(len(entries), has_more=has_more))


@tenant.command()
@click.argument("tenant_id")
@pass_invocation
def show(invocation: Invocation, tenant_id: str) -> None:
    """One customer."""
    found = invocation.client().get(f"/tenants/{segment(tenant_id)}")
    invocation.show(found, lambda: card(found))


@tenant.command("set")
@click.argument("tenant_id")
@click.argument("assignments", nargs=-1, metavar="[KEY=VALUE]...")
@keep_options
@pass_invocation
def set_(
    invocation: Invocation,
    tenant_id: str,
    assignments: tuple[str, ...],
    **days: int | None,
) -> None:
    """Change name, state (normal, frozen), switches, or how long what is over is kept.

    Switches are may_message, and max_applications, how many applications it may have.
    limits.destinations are prefixes that it may call and write to (+8610,+8613),
    limits.spend_per_day is what a day of both may cost, in the minor unit of the currency; none
    and 0 bound nothing. A frozen tenant neither binds nor calls, and its messages are not
    forwarded.
    """
    change = read_assignments(assignments, TenantChange) | _given(days)
    if not change:
        raise click.UsageError("name what to change: an option, or KEY=VALUE")
    changed = invocation.client().patch(f"/tenants/{segment(tenant_id)}", change)
    invocation.show(changed, lambda: card(changed))


def _given(days: Mapping[str, int | None]) -> dict[str, object]:
    """The retention times that were named."""
    return {field: kept for field, kept in days.items() if kept is not None}


tenant.add_command(token)

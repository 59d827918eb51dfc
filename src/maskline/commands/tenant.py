"""`maskline tenant ...`: customers."""

from collections.abc import Mapping

import click

from maskline.commands.assignment import read_assignments
from maskline.commands.base import Group, examples, limit_option, pass_invocation
from maskline.commands.client import segment
from maskline.commands.invocation import Invocation
from maskline.commands.table import card, counted, table
from maskline.commands.tenant_token import token
from maskline.domain.recording import MAX_RETENTION_DAYS
from maskline.services.administration_request import TenantChange

COLUMNS = (
    "tenant_id",
    "name",
    "state",
    "recording_retention_days",
    "record_retention_days",
    "created_at",
)

FIELDS = {
    "recording_days": "recording_retention_days",
    "record_days": "record_retention_days",
    "message_days": "message_retention_days",
    "text_days": "text_retention_days",
}

recording_days_option = click.option(
    "--recording-days",
    type=click.IntRange(1, MAX_RETENTION_DAYS),
    help="Days for which recordings are kept from the end of their call.",
)

record_days_option = click.option(
    "--keep-records-days",
    "record_days",
    type=click.IntRange(1, MAX_RETENTION_DAYS),
    help="Days for which call records are kept from the end of their call.",
)

message_days_option = click.option(
    "--keep-messages-days",
    "message_days",
    type=click.IntRange(1, MAX_RETENTION_DAYS),
    help="Days for which records of messages are kept.",
)

text_days_option = click.option(
    "--keep-texts-days",
    "text_days",
    type=click.IntRange(1, MAX_RETENTION_DAYS),
    help="Days for which the texts of messages are kept.",
)


@click.group(
    cls=Group,
    epilog=examples(
        'maskline tenant create --name "Shop Ltd" --id shop',
        "maskline tenant set shop state=frozen",
        "maskline tenant set shop --recording-days 365 --keep-records-days 90",
        "maskline tenant token add shop            # to register A numbers with",
    ),
)
def tenant() -> None:
    """Customers. Without one, applications belong to the tenant "default"."""


@tenant.command()
@click.option("--name", required=True, help="What people call it.")
@click.option("--id", "tenant_id", help="Appears as spId in call records; else made up.")
@recording_days_option
@record_days_option
@message_days_option
@text_days_option
@pass_invocation
def create(invocation: Invocation, name: str, tenant_id: str | None, **days: int | None) -> None:
    """Add a customer."""
    form = {"name": name, "tenant_id": tenant_id, **_given(days)}
    made = invocation.client().post("/tenants", form)
    invocation.show(made, lambda: card(made))


@tenant.command("list")
@limit_option
@pass_invocation
def list_(invocation: Invocation, limit: int) -> None:
    """Customers by id."""
    entries, total = invocation.client().list("/tenants", limit)
    invocation.show(entries, lambda: table(entries, COLUMNS, "There are no tenants yet."))
    invocation.note(counted(len(entries), total))


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
@recording_days_option
@record_days_option
@message_days_option
@text_days_option
@pass_invocation
def set_(
    invocation: Invocation,
    tenant_id: str,
    assignments: tuple[str, ...],
    **days: int | None,
) -> None:
    """Change name, state (normal, frozen), may_message, or how long something is kept.

    A frozen tenant neither binds nor calls, and its messages are not forwarded.
    """
    change = read_assignments(assignments, TenantChange) | _given(days)
    if not change:
        raise click.UsageError("name what to change: an option, or KEY=VALUE")
    changed = invocation.client().patch(f"/tenants/{segment(tenant_id)}", change)
    invocation.show(changed, lambda: card(changed))


def _given(days: Mapping[str, int | None]) -> dict[str, object]:
    """The retention times that were named, as fields."""
    return {FIELDS[name]: value for name, value in days.items() if value is not None}


tenant.add_command(token)

"""`maskline tenant ...`: customers."""

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
@pass_invocation
def create(
    invocation: Invocation,
    name: str,
    tenant_id: str | None,
    recording_days: int | None,
    record_days: int | None,
) -> None:
    """Add a customer."""
    form = {
        "name": name,
        "tenant_id": tenant_id,
        "recording_retention_days": recording_days,
        "record_retention_days": record_days,
    }
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
@pass_invocation
def set_(
    invocation: Invocation,
    tenant_id: str,
    assignments: tuple[str, ...],
    recording_days: int | None,
    record_days: int | None,
) -> None:
    """Change name, state (normal, frozen), recording_retention_days or record_retention_days.

    A frozen tenant neither binds nor calls.
    """
    change = read_assignments(assignments, TenantChange)
    if recording_days is not None:
        change["recording_retention_days"] = recording_days
    if record_days is not None:
        change["record_retention_days"] = record_days
    if not change:
        raise click.UsageError("name what to change: an option, or KEY=VALUE")
    changed = invocation.client().patch(f"/tenants/{segment(tenant_id)}", change)
    invocation.show(changed, lambda: card(changed))


tenant.add_command(token)

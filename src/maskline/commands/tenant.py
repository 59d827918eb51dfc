"""`maskline tenant ...`: customers."""

import click

from maskline.commands.assignment import read_assignments
from maskline.commands.base import Group, examples, limit_option, pass_invocation
from maskline.commands.client import segment
from maskline.commands.invocation import Invocation
from maskline.commands.table import card, counted, table
from maskline.services.administration_request import TenantChange

COLUMNS = ("tenant_id", "name", "state", "created_at")


@click.group(
    cls=Group,
    epilog=examples(
        'maskline tenant create --name "Shop Ltd" --id shop',
        "maskline tenant set shop state=frozen",
    ),
)
def tenant() -> None:
    """Customers. Without one, applications belong to the tenant "default"."""


@tenant.command()
@click.option("--name", required=True, help="What people call it.")
@click.option("--id", "tenant_id", help="Appears as spId in call records; else made up.")
@pass_invocation
def create(invocation: Invocation, name: str, tenant_id: str | None) -> None:
    """Add a customer."""
    made = invocation.client().post("/tenants", {"name": name, "tenant_id": tenant_id})
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
@click.argument("assignments", nargs=-1, required=True, metavar="KEY=VALUE...")
@pass_invocation
def set_(invocation: Invocation, tenant_id: str, assignments: tuple[str, ...]) -> None:
    """Change name or state (normal, frozen). A frozen tenant neither binds nor calls."""
    change = read_assignments(assignments, TenantChange)
    changed = invocation.client().patch(f"/tenants/{segment(tenant_id)}", change)
    invocation.show(changed, lambda: card(changed))

"""`maskline tenant token ...`: with what customers register their A numbers."""

import click

from maskline.commands.base import Group, examples, pass_invocation
from maskline.commands.client import segment
from maskline.commands.invocation import Invocation
from maskline.commands.table import card, table
from maskline.domain.tenant_token import DEFAULT_HOURS, MAX_HOURS

COLUMNS = ("token_id", "created_at", "expires_at")


@click.group(
    cls=Group,
    epilog=examples(
        "maskline tenant token add shop --hours 8760",
        "maskline tenant token list shop",
        "maskline tenant token remove shop TOKEN_ID",
    ),
)
def token() -> None:
    """Tokens with which a customer registers A numbers, sent as X-Auth-Token."""


@token.command()
@click.argument("tenant_id")
@click.option(
    "--hours",
    type=click.IntRange(1, MAX_HOURS),
    default=DEFAULT_HOURS,
    show_default=True,
    help="How long it is good.",
)
@pass_invocation
def add(invocation: Invocation, tenant_id: str, hours: int) -> None:
    """Make a token. It is printed now, and never again."""
    made = invocation.client().post(_path(tenant_id), {"hours": hours})
    invocation.show(made, lambda: card(made))
    invocation.note("\nKeep the token now: it is not shown again.")


@token.command("list")
@click.argument("tenant_id")
@pass_invocation
def list_(invocation: Invocation, tenant_id: str) -> None:
    """Tokens that are good now, oldest first."""
    entries = invocation.client().get(_path(tenant_id))["items"]
    nothing = f"There are none: maskline tenant token add {tenant_id}"
    invocation.show(entries, lambda: table(entries, COLUMNS, nothing))


@token.command()
@click.argument("tenant_id")
@click.argument("token_id")
@pass_invocation
def remove(invocation: Invocation, tenant_id: str, token_id: str) -> None:
    """Let a token be good no more."""
    invocation.client().delete(f"{_path(tenant_id)}/{segment(token_id)}")
    invocation.show(
        {"tenant_id": tenant_id, "token_id": token_id, "removed": True},
        lambda: f"{token_id} is gone.",
    )


def _path(tenant_id: str) -> str:
    return f"/tenants/{segment(tenant_id)}/tokens"

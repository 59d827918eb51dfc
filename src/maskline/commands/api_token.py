"""`maskline token ...`: with what programs call the management API."""

import click

from maskline.commands.base import Group, examples, pass_invocation
from maskline.commands.client import segment
from maskline.commands.invocation import Invocation
from maskline.commands.table import card, table
from maskline.domain.access import Right
from maskline.domain.api_token import MAX_DAYS

COLUMNS = ("token_id", "name", "tenant_id", "user_id", "rights", "expires_at", "used_at")


@click.group(
    cls=Group,
    epilog=examples(
        "maskline token add reports --tenant shop --right call.read --right statistics.read",
        "maskline token list",
        "maskline token remove TOKEN_ID",
        "MASKLINE_TOKEN=mlk_... maskline call list",
    ),
)
def token() -> None:
    """Tokens of programs for the management API, with some rights only (docs/rights.md).

    They are sent as Authorization: Bearer mlk_... and begin with mlk_, so that scanners find one
    that leaked. Tokens for the registration of A numbers are others: maskline tenant token.
    """


@token.command()
@click.argument("name")
@click.option("--tenant", "tenant_id", help="For which customer; without it the platform.")
@click.option(
    "--right",
    "rights",
    type=click.Choice([right.value for right in Right]),
    metavar="RIGHT",
    multiple=True,
    required=True,
    help="What it may do, such as call.read; may be repeated.",
)
@click.option(
    "--days",
    type=click.IntRange(1, MAX_DAYS),
    default=90,
    show_default=True,
    help="How long it is good.",
)
@pass_invocation
def add(
    invocation: Invocation,
    name: str,
    *,
    tenant_id: str | None,
    rights: tuple[str, ...],
    days: int,
) -> None:
    """Make a token. It is printed now, and never again."""
    body = {"name": name, "tenant_id": tenant_id, "rights": list(rights), "days": days}
    made = invocation.client().post("/tokens", body)
    invocation.show(made, lambda: card(made))
    invocation.note("\nKeep the token now: it is not shown again.")


@token.command("list")
@pass_invocation
def list_(invocation: Invocation) -> None:
    """Tokens that are good now, oldest first."""
    entries = invocation.client().get("/tokens")["items"]
    nothing = "There are none: maskline token add NAME --right RIGHT"
    invocation.show(entries, lambda: table(entries, COLUMNS, nothing))


@token.command()
@click.argument("token_id")
@pass_invocation
def remove(invocation: Invocation, token_id: str) -> None:
    """Let a token be good no more."""
    invocation.client().delete(f"/tokens/{segment(token_id)}")
    invocation.show({"token_id": token_id, "removed": True}, lambda: f"{token_id} is gone.")

"""`maskline lockout ...`: addresses that failed to authenticate too often."""

import click

from maskline.commands.base import Group, examples, limit_option, pass_invocation
from maskline.commands.client import segment
from maskline.commands.invocation import Invocation
from maskline.commands.table import cut_note, table

COLUMNS = ("address", "interface", "failures", "until")


@click.group(
    cls=Group,
    epilog=examples("maskline lockout list", "maskline lockout release 203.0.113.7"),
)
def lockout() -> None:
    """Addresses that are refused for a while: 1020176, of the registration interfaces PPT.0007."""


@lockout.command("list")
@limit_option
@pass_invocation
def list_(invocation: Invocation, limit: int) -> None:
    """Addresses that are locked out, the longest first."""
    entries, has_more = invocation.client().list("/lockouts", limit)
    invocation.show(entries, lambda: table(entries, COLUMNS, "No address is locked out."))
    invocation.note(cut_note(len(entries), has_more=has_more))


@lockout.command()
@click.argument("address")
@pass_invocation
def release(invocation: Invocation, address: str) -> None:
    """Let an address in again. An IPv6 address stands for its /64."""
    invocation.client().delete(f"/lockouts/{segment(address)}")
    invocation.show({"address": address, "released": True}, lambda: f"{address} may try again.")

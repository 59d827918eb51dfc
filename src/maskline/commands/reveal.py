"""`maskline reveal` and `maskline look-up`: real numbers, one at a time."""

import click

from maskline.commands.base import Command, examples, pass_invocation
from maskline.commands.invocation import Invocation
from maskline.commands.table import card

REASONS = ("complaint", "fraud", "request", "fault", "authority")


@click.command(
    cls=Command,
    epilog=examples(
        "maskline reveal binding BINDING_ID a --reason complaint",
        "maskline reveal message MESSAGE_ID text --reason request",
        'maskline reveal call SESSION_ID caller --reason authority --note "order 17/2026"',
    ),
)
@click.argument("kind")
@click.argument("object_id")
@click.argument("field")
@click.option("--reason", type=click.Choice(REASONS), required=True, help="Why it is needed.")
@click.option("--note", default="", help="Its reference; needed with fault and authority.")
@pass_invocation
def reveal(
    invocation: Invocation, kind: str, object_id: str, field: str, *, reason: str, note: str
) -> None:
    """Print one number or text in the clear, for a reason that is kept.

    KIND and FIELD: binding and ended_binding have a, b, user_data; call has caller, callee; message
    has sender, receiver, text, outgoing, user_data; notice has body; call_block has number.
    """
    form = {"kind": kind, "object_id": object_id, "field": field, "reason": reason, "note": note}
    shown = invocation.client().post("/reveals", form)
    invocation.show(shown, lambda: str(shown["value"]))


@click.command(
    "look-up",
    cls=Command,
    epilog=examples("maskline look-up 13900001001", 'maskline look-up "0755-2800 0001"'),
)
@click.argument("number")
@pass_invocation
def look_up(invocation: Invocation, number: str) -> None:
    """Name a real number for half an hour: `who` stands for it in addresses of lists.

    Lists of the management API take it as `?who=`, so that the number stands in no log.
    """
    found = invocation.client().post("/number-lookups", {"number": number})
    invocation.show(found, lambda: card(found))

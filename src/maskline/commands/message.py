"""`maskline message ...`: short messages, and who may not send or wants none."""

import click

from maskline.commands.base import Group, examples, limit_option, pass_invocation, reveal_option
from maskline.commands.client import segment
from maskline.commands.invocation import Invocation
from maskline.commands.table import card, cut_note, table
from maskline.domain.message import BlockKind, MessageState, SendResult

COLUMNS = (
    "came_at", "message_id", "app_key", "x", "sender", "receiver", "state", "result", "sent",
    "total", "delivered",
)  # fmt: skip
BLOCK_COLUMNS = ("kind", "app_key", "number", "reason", "created_at")
STATES = click.Choice([state.value for state in MessageState])
RESULTS = click.Choice([result.name.lower() for result in SendResult])
KINDS = click.Choice([kind.value for kind in BlockKind])

kind_option = click.option(
    "--kind",
    type=KINDS,
    default=BlockKind.BLOCKED.value,
    show_default=True,
    help="blocked: may not send; opted_out: gets none.",
)
app_option = click.option(
    "--app", "app_key", metavar="APP_KEY", default="", help="In this application; else in all."
)


@click.group(
    cls=Group,
    epilog=examples(
        "maskline message list --x +8617000001001",
        "maskline message show MESSAGE_ID --reveal",
        "maskline message block +8613900009999 --reason 'fraud, case 17'",
        "maskline message unblock +8613900009999",
    ),
)
def message() -> None:
    """Short messages through virtual numbers."""


@message.command("list")
@click.option("--app", "app_key", metavar="APP_KEY", help="Of this application.")
@click.option("--x", metavar="NUMBER", help="Through this virtual number.")
@click.option("--party", metavar="NUMBER", help="From or to this real number.")
@click.option("--state", type=STATES, help="In this state.")
@click.option("--result", type=RESULTS, help="That ended so.")
@click.option("--since", metavar="TIME", help="That came then or later; ISO 8601 with offset.")
@click.option("--until", metavar="TIME", help="That came before.")
@reveal_option
@limit_option
@pass_invocation
def list_(invocation: Invocation, limit: int, **wanted: object) -> None:
    """Messages, newest first; texts are shown by `message show --reveal` only."""
    entries, has_more = invocation.client().list("/messages", limit, **wanted)
    invocation.show(entries, lambda: table(entries, COLUMNS, "No message has come."))
    invocation.note(cut_note(len(entries), has_more=has_more))


@message.command()
@click.argument("message_id", metavar="ID")
@reveal_option
@pass_invocation
def show(invocation: Invocation, message_id: str, reveal: bool) -> None:  # noqa: FBT001 - a flag
    """One message with its parts; with --reveal its numbers and texts."""
    found = invocation.client().get(f"/messages/{segment(message_id)}", reveal=reveal)
    invocation.show(found, lambda: card(found))


@message.command(epilog=examples("maskline message block +8613900009999 --reason 'case 17'"))
@click.argument("number")
@kind_option
@app_option
@click.option("--reason", default="", help="For those who ask later.")
@pass_invocation
def block(invocation: Invocation, **given: object) -> None:
    """Put a real number on a list: its messages end with sendResult 8."""
    made = invocation.client().post("/message-blocks", given)
    invocation.show(made, lambda: card(made))


@message.command()
@click.argument("number")
@kind_option
@app_option
@pass_invocation
def unblock(invocation: Invocation, **given: object) -> None:
    """Take a number off a list."""
    invocation.client().post("/message-blocks/remove", given)
    invocation.show({**given, "removed": True}, lambda: f"{given['number']} is off the list.")


@message.command()
@click.option("--kind", type=KINDS, default=None, help="Of this list; else of both.")
@click.option("--app", "app_key", metavar="APP_KEY", default=None, help="Of this application.")
@click.option("--number", default=None, help="This number only.")
@reveal_option
@limit_option
@pass_invocation
def blocks(invocation: Invocation, limit: int, **wanted: object) -> None:
    """Numbers on the lists, newest first."""
    entries, has_more = invocation.client().list("/message-blocks", limit, **wanted)
    invocation.show(entries, lambda: table(entries, BLOCK_COLUMNS, "No number is on a list."))
    invocation.note(cut_note(len(entries), has_more=has_more))

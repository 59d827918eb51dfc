"""`maskline binding|call|record|status`: what goes on."""

import click

from maskline.commands.base import (
    Command,
    Group,
    examples,
    limit_option,
    pass_invocation,
    reveal_option,
)
from maskline.commands.binding_change import bind, callee, change, unbind
from maskline.commands.client import segment
from maskline.commands.invocation import Invocation
from maskline.commands.ladder import draw
from maskline.commands.table import card, cut_note, table

BINDING_COLUMNS = ("binding_id", "app_key", "x", "a", "b", "direction", "expires_at")
MODES = ("axb", "ax", "axe", "axyb", "yb")
ENDED_COLUMNS = ("binding_id", "mode", "x", "a", "b", "created_at", "ended_at", "cause")
CALL_COLUMNS = ("session_id", "state", "x", "caller", "callee", "arrived_at", "answered_at")
RECORD_COLUMNS = (
    "session_id",
    "x",
    "caller",
    "callee",
    "arrived_at",
    "talk_time_s",
    "recorded_s",
    "release_code",
    "release_text",
)


@click.group(
    cls=Group,
    epilog=examples(
        "maskline binding list --app APP_KEY",
        "maskline binding show ID --reveal",
        "maskline binding history --x +8617012345678   # who was behind it?",
    ),
)
def binding() -> None:
    """Bindings; customers make them over the REST interface."""


for command in (bind, change, callee, unbind):
    binding.add_command(command)


@binding.command("list")
@click.option("--app", "app_key", metavar="APP_KEY", help="Of this application only.")
@click.option("--x", metavar="NUMBER", help="On this virtual number only.")
@click.option("--party", metavar="NUMBER", help="With this real number, as A or B.")
@reveal_option
@limit_option
@pass_invocation
def list_bindings(invocation: Invocation, limit: int, **wanted: object) -> None:
    """Live bindings, oldest first."""
    entries, has_more = invocation.client().list("/bindings", limit, **wanted)
    invocation.show(entries, lambda: table(entries, BINDING_COLUMNS, "There are no bindings."))
    invocation.note(cut_note(len(entries), has_more=has_more))


@binding.command("show")
@click.argument("binding_id")
@reveal_option
@pass_invocation
def show_binding(invocation: Invocation, binding_id: str, reveal: bool) -> None:  # noqa: FBT001 - a flag
    """One binding."""
    found = invocation.client().get(f"/bindings/{segment(binding_id)}", reveal=reveal)
    invocation.show(found, lambda: card(found))


@binding.command("history")
@click.option("--app", "app_key", metavar="APP_KEY", help="Of this application only.")
@click.option("--id", "binding_id", metavar="ID", help="Of this binding only.")
@click.option("--mode", type=click.Choice(MODES), help="Of this mode; yb has the B of AXYB.")
@click.option("--x", metavar="NUMBER", help="On this X only.")
@click.option("--y", metavar="NUMBER", help="On this Y of AXYB only.")
@click.option("--party", metavar="NUMBER", help="With this real number, as A or B.")
@click.option("--since", metavar="TIME", help="Ended then or later; ISO 8601 with offset.")
@click.option("--until", metavar="TIME", help="Ended before.")
@reveal_option
@limit_option
@pass_invocation
def list_ended_bindings(invocation: Invocation, limit: int, **wanted: object) -> None:
    """Bindings that have ended, when and why, the latest end first.

    Whoever was bound at some time has ended --since then, or is in `binding list`. `replaced` ends
    the binding of a party whose place another one took. They are kept as long as their tenant
    says (`maskline tenant set ID --keep-bindings-days N`).
    """
    entries, has_more = invocation.client().list("/ended-bindings", limit, **wanted)
    invocation.show(entries, lambda: table(entries, ENDED_COLUMNS, "No bindings have ended."))
    invocation.note(cut_note(len(entries), has_more=has_more))


@click.group(
    cls=Group,
    epilog=examples(
        "maskline call list",
        "maskline call trace 'SESSION_ID'          # why did it fail?",
        "maskline call stop 'SESSION_ID'",
    ),
)
def call() -> None:
    """Live calls."""


@call.command("list")
@click.option("--host", metavar="NAME", help="Of this worker only.")
@reveal_option
@limit_option
@pass_invocation
def list_calls(invocation: Invocation, limit: int, **wanted: object) -> None:
    """Live calls, oldest first."""
    entries, has_more = invocation.client().list("/calls", limit, **wanted)
    invocation.show(entries, lambda: table(entries, CALL_COLUMNS, "There are no calls."))
    invocation.note(cut_note(len(entries), has_more=has_more))


@call.command("show")
@click.argument("session_id")
@reveal_option
@pass_invocation
def show_call(invocation: Invocation, session_id: str, reveal: bool) -> None:  # noqa: FBT001 - a flag
    """One call, live or ended."""
    found = invocation.client().get(f"/calls/{segment(session_id)}", reveal=reveal)
    invocation.show(found, lambda: card(found))


@call.command()
@click.argument("session_id")
@pass_invocation
def trace(invocation: Invocation, session_id: str) -> None:
    """What happened in a call: messages to and from A and B, decisions, media, pushes.

    There is one of every call that is up or has just ended, and of those that failed for as long
    as `[trace]` says. No number is in it.
    """
    found = invocation.client().get(f"/calls/{segment(session_id)}/trace")
    invocation.show(found, lambda: draw(found["steps"]))


@call.command()
@click.argument("session_id")
@pass_invocation
def stop(invocation: Invocation, session_id: str) -> None:
    """End a live call."""
    stopped = invocation.client().post(f"/calls/{segment(session_id)}/stop")
    invocation.show(stopped, lambda: f"{session_id} is told to end.")


@click.group(
    cls=Group,
    epilog=examples(
        "maskline record list --party +8613900001001 --reveal",
        "maskline record list --since 2026-11-20T00:00:00+08:00 --json",
    ),
)
def record() -> None:
    """Call records."""


@record.command("list")
@click.option("--app", "app_key", metavar="APP_KEY", help="Of this application only.")
@click.option("--x", metavar="NUMBER", help="Through this virtual number only.")
@click.option("--session", "session_id", metavar="ID", help="Of this call only.")
@click.option("--party", metavar="NUMBER", help="With this real number, calling or called.")
@click.option("--since", metavar="TIME", help="Ended then or later; ISO 8601 with offset.")
@click.option("--until", metavar="TIME", help="Ended before.")
@reveal_option
@limit_option
@pass_invocation
def list_records(invocation: Invocation, limit: int, **wanted: object) -> None:
    """Call records, newest first."""
    entries, has_more = invocation.client().list("/records", limit, **wanted)
    invocation.show(entries, lambda: table(entries, RECORD_COLUMNS, "There are no records."))
    invocation.note(cut_note(len(entries), has_more=has_more))


@click.command(cls=Command)
@pass_invocation
def status(invocation: Invocation) -> None:
    """Whether the platform is ready, and what waits to be pushed. Exit code 1: not ready."""
    client = invocation.client()
    is_ready, health = client.health()
    outbox = client.get("/outbox")
    shown = {"url": client.base, "ready": is_ready, "health": health, "outbox": outbox}
    invocation.show(
        shown,
        lambda: card(
            {
                "url": client.base,
                "ready": is_ready,
                "pushes waiting": outbox["waiting"],
                "pushes given up": outbox["dead"],
                "receivers disabled": outbox["disabled_receivers"],
            }
        ),
    )
    if not is_ready:
        click.get_current_context().exit(1)

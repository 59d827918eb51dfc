"""`maskline overview`, `problem`, `push` and `statistics`: what went on, and what keeps failing."""

import click

from maskline.commands.base import Command, Group, examples, limit_option, pass_invocation
from maskline.commands.client import segment
from maskline.commands.invocation import Invocation
from maskline.commands.job import BYS, STEPS
from maskline.commands.table import card, table

SIGNALS = ("name", "state", "value", "unit", "base", "week_ago", "about")
PROBLEMS = ("problem_id", "kind", "cause", "app_key", "state", "count", "first_at", "last_at")
PUSHES = ("push_id", "app_key", "purpose", "state", "attempts", "error", "stream", "created_at")
COUNTS = {
    "calls": ("connected", "unanswered", "refused", "failed", "talk_s"),
    "concurrent": ("mean",),
    "bindings": ("ended", "live"),
    "messages": ("sent", "refused", "failed", "parts_sent", "parts_failed", "took_ms"),
    "pushes": ("failed", "first_tries", "first_try_ok", "took_ms"),
    "api": ("failed", "took_ms"),
}


@click.command(cls=Command, epilog=examples("maskline overview"))
@pass_invocation
def overview(invocation: Invocation) -> None:
    """Whether all is well: the verdict is that of the worst signal."""
    found = invocation.client().get("/overview")
    invocation.show(found, lambda: table(found["signals"], SIGNALS, "Nothing is measured."))
    invocation.note(found["state"])


@click.group(
    cls=Group,
    epilog=examples("maskline problem list", "maskline problem mute ID --days 1 --note 'known'"),
)
def problem() -> None:
    """Failures by their cause: of calls, pushes and requests, and refused INVITEs."""


@problem.command("list")
@click.option("--app", "app_key", metavar="APP_KEY", help="Of this application.")
@click.option("--state", type=click.Choice(["open", "known", "muted"]), help="In this state.")
@limit_option
@pass_invocation
def list_problems(invocation: Invocation, limit: int, **wanted: object) -> None:
    """Problems of the last day, the latest first."""
    found = invocation.client().get("/problems", limit=limit, **wanted)["items"]
    invocation.show(found, lambda: table(found, PROBLEMS, "Nothing keeps failing."))


@problem.command("mute")
@click.argument("problem_id", metavar="ID")
@click.option("--days", type=click.IntRange(1, 7), help="Silent for so long; else it is known.")
@click.option("--note", default="", help="Why.")
@pass_invocation
def mute_problem(invocation: Invocation, problem_id: str, days: int | None, note: str) -> None:
    """Say that a problem is known, or mute it for some days."""
    body = {"mute_days": days, "note": note}
    found = invocation.client().post(f"/problems/{segment(problem_id)}/mark", body)
    invocation.show(found, lambda: card(found))


@click.group(
    cls=Group,
    epilog=examples("maskline push list --session ID", "maskline push resend ID"),
)
def push() -> None:
    """Pushes with all their tries, also those that were delivered in the last days."""


@push.command("list")
@click.option("--app", "app_key", metavar="APP_KEY", help="Of this application.")
@click.option("--session", "session_id", metavar="ID", help="Of this call.")
@click.option("--state", type=click.Choice(["waiting", "dead", "delivered"]), help="In this state.")
@click.option("--result", help="With a try that ended so: 5xx, timeout, ...")
@limit_option
@pass_invocation
def list_pushes(invocation: Invocation, limit: int, **wanted: object) -> None:
    """Pushes, newest first."""
    found = invocation.client().get("/pushes", limit=min(limit, 200), **wanted)["items"]
    invocation.show(found, lambda: table(found, PUSHES, "There is no such push."))


@push.command("show")
@click.argument("push_id", metavar="ID")
@pass_invocation
def show_push(invocation: Invocation, push_id: str) -> None:
    """What one message holds, its tries, and its bodies without numbers."""
    found = invocation.client().get(f"/pushes/{segment(push_id)}")
    invocation.show(found, lambda: "\n".join(card(one) for one in found["items"]))


@push.command("resend")
@click.argument("push_id", metavar="ID")
@pass_invocation
def resend_push(invocation: Invocation, push_id: str) -> None:
    """Push it once, now, under its id to the address of now."""
    found = invocation.client().post(f"/pushes/{segment(push_id)}/resend", {})
    invocation.show(found, lambda: card(found))


@click.command(
    cls=Command,
    epilog=examples(
        "maskline statistics --by time --step day --zone Asia/Shanghai",
        "maskline statistics --by code --app APP_KEY",
        "maskline statistics --kind messages --by city",
    ),
)
@click.option("--kind", type=click.Choice(list(COUNTS)), default="calls")
@click.option("--by", type=click.Choice(BYS), default="time", help="What counts are of.")
@click.option("--step", type=click.Choice(STEPS), default="hour")
@click.option("--since", metavar="TIME", help="ISO 8601 with offset; seven days ago.")
@click.option("--until", metavar="TIME", help="Now.")
@click.option("--app", "app_key", metavar="APP_KEY", help="Of this application.")
@click.option("--zone", default="UTC", help="Whose hours and days: Asia/Shanghai.")
@pass_invocation
def statistics(invocation: Invocation, kind: str, **wanted: object) -> None:
    """How many calls, messages, pushes or requests there were, and how they went."""
    found = invocation.client().get("/statistics", kind=kind, **wanted)["items"]
    invocation.show(
        found, lambda: table(found, ("key", "count", *COUNTS[kind]), "Nothing was counted.")
    )

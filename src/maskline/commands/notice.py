"""`maskline notice ...`: what waits to be pushed, what was given up, and who accepts nothing."""

import click

from maskline.commands.base import (
    Decorated,
    Group,
    examples,
    limit_option,
    pass_invocation,
    reveal_option,
)
from maskline.commands.client import segment
from maskline.commands.invocation import Invocation
from maskline.commands.job import wait_for
from maskline.commands.table import card, cut_note, table
from maskline.domain.notice import NoticeState, Purpose

COLUMNS = ("notice_id", "app_key", "purpose", "state", "attempts", "error", "due_at", "created_at")
RECEIVER_COLUMNS = ("app_key", "purpose", "state", "since", "disabled_at", "error", "url")
PURPOSES = click.Choice([purpose.value for purpose in Purpose])
STATES = click.Choice([state.value for state in NoticeState])


def span_options(command: Decorated) -> Decorated:
    """Which notices are meant."""
    for option in reversed(
        (
            click.option("--app", "app_key", metavar="APP_KEY", help="Of this application."),
            click.option("--purpose", type=PURPOSES, help="For this receiver."),
            click.option("--session", "session_id", metavar="ID", help="Of this call."),
            click.option(
                "--since", metavar="TIME", help="Written then or later; ISO 8601 with offset."
            ),
            click.option("--until", metavar="TIME", help="Written before."),
        )
    ):
        command = option(command)
    return command


@click.group(
    cls=Group,
    epilog=examples(
        "maskline notice list --app APP_KEY --state dead",
        "maskline notice replay --app APP_KEY --since 2026-11-20T00:00:00+08:00",
        "maskline notice test APP_KEY --purpose status",
        "maskline notice endpoints",
    ),
)
def notice() -> None:
    """Pushes to customers: events, call records, number states.

    What was accepted is gone from here. What was given up stays as `dead` and can be replayed.
    """


@notice.command("list")
@span_options
@click.option("--state", type=STATES, help="In this state.")
@click.option("--x", metavar="NUMBER", help="About the state of this virtual number.")
@click.option("--push-id", metavar="ID", help="Of this push: the webhook-id its receiver saw.")
@limit_option
@pass_invocation
def list_notices(invocation: Invocation, limit: int, **wanted: object) -> None:
    """Notices that wait or are dead, newest first, with their last error."""
    entries, has_more = invocation.client().list("/notices", limit, **wanted)
    invocation.show(entries, lambda: table(entries, COLUMNS, "No notice waits or is dead."))
    invocation.note(cut_note(len(entries), has_more=has_more))


@notice.command("show")
@click.argument("notice_id", metavar="ID")
@reveal_option
@pass_invocation
def show_notice(invocation: Invocation, notice_id: str, reveal: bool) -> None:  # noqa: FBT001 - a flag
    """One notice with its body."""
    found = invocation.client().get(f"/notices/{segment(notice_id)}", reveal=reveal)
    invocation.show(found, lambda: card(found))


@notice.command(
    "replay",
    epilog=examples(
        "maskline notice replay ID",
        "maskline notice replay --app APP_KEY --purpose record "
        "--since 2026-11-20T00:00:00+08:00 --until 2026-11-21T00:00:00+08:00",
        "maskline notice replay --app APP_KEY --per-second 20",
    ),
)
@click.argument("push_id", metavar="[ID]", required=False)
@span_options
@click.option(
    "--limit",
    type=click.IntRange(min=1, max=10_000),
    default=1_000,
    show_default=True,
    help="Notices at most, oldest first.",
)
@click.option(
    "--per-second",
    type=click.IntRange(min=1, max=500),
    help="All that match, as a job, so many a second; without ID, --app and --session of all.",
)
@pass_invocation
def replay_notices(
    invocation: Invocation, per_second: int | None, limit: int, **given: object
) -> None:
    """Have dead notices pushed again under their ids: one, those of a call, of an application.

    ID is that of a notice, or the webhook-id of a push. Receivers drop what they had accepted by
    its webhook-id. It says how many are pushed again, and how many more match.
    """
    form = {name: value for name, value in given.items() if value is not None}
    if per_second is not None:
        _replay_as_job(invocation, {**form, "per_second": per_second})
        return
    form["limit"] = limit
    if form.keys().isdisjoint({"push_id", "app_key", "session_id"}):
        raise click.UsageError("say which: ID, --app or --session")
    done = invocation.client().post("/notices/replay", form)
    invocation.show(done, lambda: f"{done['revived']} are pushed again.")
    if done["left"]:
        invocation.note(f"{done['left']} more match: run it again, or with a higher --limit.")


def _replay_as_job(invocation: Invocation, order: dict[str, object]) -> None:
    client = invocation.client()
    job_id = client.post("/replay-jobs", order)["job_id"]
    done = wait_for(invocation, client, job_id)
    invocation.show(done, lambda: f"{done['done']} are pushed again.")
    if done["failed"]:
        invocation.note(f"{done['failed']} are of disabled receivers: maskline notice endpoints")


@notice.command("test")
@click.argument("app_key")
@click.option("--purpose", type=PURPOSES, default="status", show_default=True)
@pass_invocation
def test_receiver(invocation: Invocation, app_key: str, purpose: str) -> None:
    """Push an event of type "test" to a receiver now, and print headers, status and time.

    Exit code 1: it was not accepted.
    """
    path = f"/applications/{segment(app_key)}/receivers/{segment(purpose)}/test"
    told = invocation.client().post(path)
    invocation.show(
        told,
        lambda: card(
            {
                "POST": told["url"],
                **told["headers"],
                "body": told["body"],
                "status": told["status"],
                "accepted": told["accepted"],
                "error": told["error"],
                "took ms": told["took_ms"],
            }
        ),
    )
    if not told["accepted"]:
        click.get_current_context().exit(1)


@notice.command("endpoints")
@click.option("--app", "app_key", metavar="APP_KEY", help="Of this application only.")
@limit_option
@pass_invocation
def list_receivers(invocation: Invocation, app_key: str | None, limit: int) -> None:
    """Receivers that accept nothing: still tried (failing), or disabled."""
    entries, has_more = invocation.client().list("/receivers", limit, app_key=app_key)
    invocation.show(entries, lambda: table(entries, RECEIVER_COLUMNS, "Every receiver is well."))
    invocation.note(cut_note(len(entries), has_more=has_more))


@notice.command("enable")
@click.argument("app_key")
@click.option("--purpose", type=PURPOSES, default="status", show_default=True)
@pass_invocation
def enable_receiver(invocation: Invocation, app_key: str, purpose: str) -> None:
    """Let a disabled receiver be pushed to again; a changed URL does the same by itself."""
    invocation.client().post(f"/applications/{segment(app_key)}/receivers/{purpose}/enable")
    invocation.show(
        {"app_key": app_key, "purpose": purpose, "enabled": True},
        lambda: f"Pushes to the {purpose} receiver of {app_key} go on.",
    )
    invocation.note(
        f"What was kept meanwhile: maskline notice replay --app {app_key} --purpose {purpose}"
    )

"""`maskline job ...` and `maskline export`: long work, and the files it makes."""

import time
from pathlib import Path
from typing import Any

import click

from maskline.commands.base import Command, Group, examples, pass_invocation
from maskline.commands.client import ManagementClient, segment
from maskline.commands.failure import CommandFailed
from maskline.commands.invocation import Invocation
from maskline.commands.table import card, table

COLUMNS = ("job_id", "kind", "state", "total", "changes", "unchanged", "failed", "done", "owner")
RESTING = ("ready", "paused", "done", "failed", "cancelled")
LOOK_S = 0.5
KINDS = ("records", "messages", "bindings", "ended_bindings", "numbers", "statistics", "pushes")
COUNTED = ("calls", "concurrent", "messages", "bindings", "pushes", "api")
BYS = ("time", "application", "city", "number", "outcome", "code")
STEPS = ("minute", "15m", "hour", "day")


@click.group(
    cls=Group,
    epilog=examples(
        "maskline job list",
        "maskline job show JOB_ID",
        "maskline job cancel JOB_ID",
        "maskline job file JOB_ID -o calls.xlsx",
    ),
)
def job() -> None:
    """Long work: imports, changes of many numbers, exports."""


@job.command("list")
@click.option("--limit", type=click.IntRange(1, 500), default=50, show_default=True)
@pass_invocation
def list_jobs(invocation: Invocation, limit: int) -> None:
    """Jobs, newest first."""
    entries = invocation.client().get("/jobs", limit=limit)["items"]
    nothing = "There are none: maskline number import FILE.xlsx begins one."
    invocation.show(entries, lambda: table(entries, COLUMNS, nothing))


@job.command()
@click.argument("job_id")
@pass_invocation
def show(invocation: Invocation, job_id: str) -> None:
    """One job and how far it is."""
    found = invocation.client().get(f"/jobs/{segment(job_id)}")
    invocation.show(found, lambda: card(found))


@job.command()
@click.argument("job_id")
@pass_invocation
def cancel(invocation: Invocation, job_id: str) -> None:
    """Do nothing more of a job; what is done stays done."""
    _move(invocation, job_id, "cancel")


@job.command()
@click.argument("job_id")
@pass_invocation
def pause(invocation: Invocation, job_id: str) -> None:
    """Let a job rest."""
    _move(invocation, job_id, "pause")


@job.command()
@click.argument("job_id")
@pass_invocation
def resume(invocation: Invocation, job_id: str) -> None:
    """Go on with a job that rests, or has failed; nothing is done twice."""
    _move(invocation, job_id, "resume")


@job.command()
@click.argument("job_id")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@pass_invocation
def file(invocation: Invocation, job_id: str, output: Path) -> None:
    """Save the file that a job has made."""
    _save(invocation, job_id, output)


@click.command(
    cls=Command,
    epilog=examples(
        "maskline export records -o calls.xlsx --app APP_KEY --since 2026-11-01T00:00:00+08:00",
        "maskline export records -o failed.csv --format csv --filter outcome=failed",
        "maskline export numbers -o numbers.csv --format csv --zone Asia/Shanghai",
        "maskline export statement -o november.xlsx --filter tenant_id=shop --filter month=2026-11",
        "maskline export statistics -o days.xlsx --counts messages --step day",
    ),
)
@click.argument("kind", metavar="KIND", type=click.Choice(KINDS))
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--format", "file_format", type=click.Choice(["xlsx", "csv"]), default="xlsx")
@click.option("--app", "app_key", metavar="APP_KEY", help="Of this application only.")
@click.option("--x", metavar="NUMBER", help="Of this virtual number only.")
@click.option(
    "--filter",
    "filters",
    metavar="NAME=VALUE",
    multiple=True,
    help="What else the list is filtered by, such as outcome=failed; may stand more than once.",
)
@click.option("--since", metavar="TIME", help="From then on; ISO 8601 with offset.")
@click.option("--until", metavar="TIME", help="Before then.")
@click.option("--zone", default="UTC", show_default=True, help="Zone of the times, by IANA name.")
@click.option("--counts", type=click.Choice(COUNTED), help="With statistics: of what.")
@click.option("--by", type=click.Choice(BYS), help="With statistics: by what; else by time.")
@click.option("--step", type=click.Choice(STEPS), help="With statistics by time; else hour.")
@click.option("--clear", metavar="REASON", help="Real numbers in the clear, and why.")
@pass_invocation
def export(
    invocation: Invocation,
    kind: str,
    *,
    output: Path,
    file_format: str,
    filters: tuple[str, ...],
    zone: str,
    clear: str | None,
    counts: str | None,
    by: str | None,
    step: str | None,
    **wanted: str | None,
) -> None:
    """Write a list into a file. Real numbers are masked unless a reason is given.

    KIND is records, messages, bindings, ended_bindings, numbers, statistics, pushes, ledger or
    statement (--filter tenant_id=shop --filter month=2026-11); amounts of the last two are in the
    minor unit of the currency.
    """
    order: dict[str, object] = {
        "kind": kind,
        "format": file_format,
        "zone": zone,
        "filter": {
            **{name: value for name, value in wanted.items() if value is not None},
            **dict(map(_read_filter, filters)),
        },
    }
    if kind == "statistics":
        asked = {"kind": counts, "by": by, "step": step}
        order["counts"] = {name: value for name, value in asked.items() if value is not None}
    if clear is not None:
        order |= {"masking": "clear", "reason": clear}
    client = invocation.client()
    begun = client.post("/exports", order)
    wait_for(invocation, client, begun["job_id"])
    _save(invocation, begun["job_id"], output)


def _read_filter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.BadParameter(f"{text} has no =, as outcome=failed has", param_hint="--filter")
    return name, value


def wait_for(invocation: Invocation, client: ManagementClient, job_id: str) -> dict[str, Any]:
    """The job once it rests. Raises CommandFailed when it has failed."""
    said = ""
    while True:
        found = client.get(f"/jobs/{segment(job_id)}")
        if found["state"] in RESTING:
            break
        news = f"{found['state']}: {found['done'] or found['changes']} of {found['total']} rows"
        if news != said:
            invocation.note(news)
            said = news
        time.sleep(LOOK_S)
    if found["state"] == "failed":
        error: dict[str, Any] = found["error"] or {}
        raise CommandFailed(
            str(error.get("message", "the job failed")),
            hint=f"maskline job show {job_id}",
            code=str(error.get("code", "failed")),
        )
    return found


def _move(invocation: Invocation, job_id: str, verb: str) -> None:
    found = invocation.client().post(f"/jobs/{segment(job_id)}/{verb}")
    invocation.show(found, lambda: card(found))


def _save(invocation: Invocation, job_id: str, output: Path) -> None:
    content = invocation.client().get_file(f"/jobs/{segment(job_id)}/file")
    output.write_bytes(content)
    invocation.show(
        {"job_id": job_id, "output": str(output), "size": len(content)},
        lambda: f"{output}: {len(content)} bytes",
    )

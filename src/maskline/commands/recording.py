"""`maskline recording`: recordings of calls."""

import http.client
from pathlib import Path

import click

from maskline.commands.base import Group, examples, limit_option, pass_invocation
from maskline.commands.client import ManagementClient, segment
from maskline.commands.failure import CommandFailed
from maskline.commands.invocation import Invocation
from maskline.commands.table import card, cut_note, table

COLUMNS = ("object_name", "state", "started_at", "duration_s", "size", "expires_at", "session_id")
PIECE = 64_000
LONG = 1_000_000
"""Files of this many bytes or more show their progress."""


@click.group(
    cls=Group,
    epilog=examples(
        "maskline recording list --app APP_KEY --since 2026-11-20T00:00:00+08:00",
        "maskline recording download OBJECT -o call.wav",
        "maskline recording link OBJECT",
    ),
)
def recording() -> None:
    """Recordings of calls; OBJECT is the recordObjectName of a call record."""


@recording.command("list")
@click.option("--app", "app_key", metavar="APP_KEY", help="Of this application only.")
@click.option("--session", "session_id", metavar="ID", help="Of this call only.")
@click.option("--state", type=click.Choice(["writing", "kept"]), help="In this state only.")
@click.option("--since", metavar="TIME", help="Started then or later; ISO 8601 with offset.")
@click.option("--until", metavar="TIME", help="Started before.")
@limit_option
@pass_invocation
def list_recordings(invocation: Invocation, limit: int, **wanted: object) -> None:
    """Recordings, newest first."""
    entries, has_more = invocation.client().list("/recordings", limit, **wanted)
    invocation.show(entries, lambda: table(entries, COLUMNS, "There are no recordings."))
    invocation.note(cut_note(len(entries), has_more=has_more))


@recording.command("show")
@click.argument("object_name", metavar="OBJECT")
@pass_invocation
def show_recording(invocation: Invocation, object_name: str) -> None:
    """One recording."""
    found = invocation.client().get(f"/recordings/{segment(object_name)}")
    invocation.show(found, lambda: card(found))


@recording.command("link")
@click.argument("object_name", metavar="OBJECT")
@pass_invocation
def link_recording(invocation: Invocation, object_name: str) -> None:
    """A download link: whoever has it can listen, until it expires."""
    made = invocation.client().post(f"/recordings/{segment(object_name)}/link")
    invocation.show(made, lambda: str(made["url"]))
    invocation.note(f"Good until {made['expires_at']}.")


@recording.command("delete")
@click.argument("object_name", metavar="OBJECT")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_invocation
def delete_recording(invocation: Invocation, object_name: str, yes: bool) -> None:  # noqa: FBT001 - a flag
    """Delete a recording for good; its call record stays."""
    if not yes and not invocation.wants_json:
        click.confirm(f"Delete {object_name}? It cannot be brought back.", abort=True, err=True)
    invocation.client().delete(f"/recordings/{segment(object_name)}")
    invocation.show({"object_name": object_name}, lambda: f"{object_name} is deleted.")


@recording.command("download")
@click.argument("object_name", metavar="OBJECT")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write; else OBJECT in this directory.",
)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@pass_invocation
def download_recording(
    invocation: Invocation,
    object_name: str,
    output: Path | None,
    force: bool,  # noqa: FBT001 - a flag
) -> None:
    """Write a recording to a WAV file."""
    target = output or Path(Path(object_name).name)
    if target.exists() and not force:
        raise CommandFailed(f"{target} is there already", hint="give another -o, or --force")
    client = invocation.client()
    made = client.post(f"/recordings/{segment(object_name)}/link")
    size = _download(client, str(made["path"]), target, is_quiet=invocation.wants_json)
    shown = {"object_name": object_name, "file": str(target), "size": size}
    invocation.show(shown, lambda: f"{target}: {size} bytes")


def _download(client: ManagementClient, path: str, target: Path, *, is_quiet: bool) -> int:
    """Write what is behind a link; nothing is left of a download that fails."""
    draft = target.with_name(f".{target.name}.part")
    try:
        with client.open(path) as answer, draft.open("wb") as file:
            size = answer.length or 0
            with click.progressbar(
                length=size, label=target.name, hidden=is_quiet or size < LONG
            ) as progress:
                while piece := answer.read(PIECE):
                    file.write(piece)
                    progress.update(len(piece))
            if file.tell() != size:
                raise CommandFailed("the download was cut", hint="try again")
        draft.replace(target)
    except (ConnectionError, TimeoutError, http.client.HTTPException) as error:
        raise CommandFailed("the download was cut", hint="try again") from error
    except OSError as error:
        raise CommandFailed(f"{target} cannot be written: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)
    return size

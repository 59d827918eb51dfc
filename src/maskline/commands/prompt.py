"""`maskline prompt ...`: voice files of applications and their review."""

from pathlib import Path
from typing import Any

import click

from maskline.commands.base import Group, examples, limit_option, pass_invocation
from maskline.commands.client import segment
from maskline.commands.failure import CommandFailed
from maskline.commands.invocation import Invocation
from maskline.commands.table import card, cut_note, table
from maskline.domain.prompt import RESERVED_PREFIX, PromptState, is_prompt_name

COLUMNS = ("name", "state", "length", "size", "app_key", "description", "rejection", "modified_at")
MAX_FILE_BYTES = 100_000_000

app_option = click.option(
    "--app", "app_key", required=True, metavar="KEY", help="The application it belongs to."
)


@click.group(
    cls=Group,
    epilog=examples(
        "maskline prompt add please_wait.mp3 --app APP_KEY --name wait.wav",
        "maskline prompt list --state waiting",
        "maskline prompt download wait.wav --app APP_KEY -o wait.wav",
        "maskline prompt approve wait.wav --app APP_KEY",
        "maskline app set APP_KEY prompts.no_binding=wait.wav",
    ),
)
def prompt() -> None:
    """Voice files: uploaded, reviewed, then heard in calls.

    Every application may also use those that come with maskline (maskline prompt shipped):
    default-WHAT-LANGUAGE.wav, with zh or en for LANGUAGE, and for WHAT enter-extension,
    wrong-extension, no-permission, no-binding, service-abnormal, record-hint, last-minute,
    please-wait or goodbye.
    """


@prompt.command(
    epilog=examples(
        "maskline prompt add please_wait.mp3 --app APP_KEY --name wait.wav",
        'maskline prompt add hint.wav --app APP_KEY --description "this call is recorded"',
    )
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@app_option
@click.option("--name", help="What bindings call it; else the name of the file.")
@click.option("--description", help="For those who review it.")
@pass_invocation
def add(
    invocation: Invocation, file: Path, app_key: str, name: str | None, description: str | None
) -> None:
    """Submit a WAV, MP3, FLAC or OGG file.

    It becomes A-law, 8 kHz, mono, of at most 2 MB (about four minutes). An approved prompt of the
    same name is played until the new one is approved.
    """
    name = name or file.name
    if not is_prompt_name(name):
        raise CommandFailed(
            f"{name} is no name of a prompt",
            hint="give --name with 1 to 128 letters, digits and - _ . @",
        )
    content, client = _read(file), invocation.client()
    # A refusal that comes before the file was sent would be lost with the connection.
    client.get(f"/applications/{segment(app_key)}")
    made = client.put_file(_path(app_key, name), content, description=description)
    invocation.show(made, lambda: card(_shown(made)))
    invocation.note(_next_step(made))


@prompt.command("list")
@click.option("--app", "app_key", metavar="KEY", help="Of this application only.")
@click.option(
    "--state",
    type=click.Choice([state.value for state in PromptState]),
    help="Whose latest submission stands so.",
)
@limit_option
@pass_invocation
def list_(invocation: Invocation, app_key: str | None, state: str | None, limit: int) -> None:
    """Prompts by application and name."""
    entries, has_more = invocation.client().list("/prompts", limit, app_key=app_key, state=state)
    invocation.show(
        entries,
        lambda: table(
            [_shown(entry) for entry in entries],
            COLUMNS,
            "There are no such prompts: maskline prompt add --help",
        ),
    )
    invocation.note(cut_note(len(entries), has_more=has_more))


@prompt.command()
@pass_invocation
def shipped(invocation: Invocation) -> None:
    """Prompts that come with maskline: every application may name them."""
    entries: list[dict[str, Any]] = invocation.client().get("/shipped-prompts")["items"]
    invocation.show(
        entries,
        lambda: table(
            [
                {"name": one["name"], "length": f"{one['duration_ms'] / 1000:.1f} s"}
                for one in entries
            ],
            ("name", "length"),
            "None came with this platform.",
        ),
    )
    invocation.note("Listen to one: maskline prompt download NAME")


@prompt.command()
@click.argument("name")
@app_option
@pass_invocation
def show(invocation: Invocation, name: str, app_key: str) -> None:
    """One prompt: what waits, what is played, what the reviewer said."""
    found = invocation.client().get(_path(app_key, name))
    invocation.show(found, lambda: card(_shown(found)))
    invocation.note(_next_step(found))


@prompt.command()
@click.argument("name")
@app_option
@click.option("--digest", help="Only if it is the sound with this digest.")
@pass_invocation
def approve(invocation: Invocation, name: str, app_key: str, digest: str | None) -> None:
    """Let calls play what was submitted."""
    approved = invocation.client().post(f"{_path(app_key, name)}/approve", {"digest": digest})
    invocation.show(approved, lambda: card(_shown(approved)))
    invocation.note(_next_step(approved))


@prompt.command()
@click.argument("name")
@app_option
@click.option("--reason", required=True, help="What the customer has to change.")
@click.option("--digest", help="Only if it is the sound with this digest.")
@pass_invocation
def reject(
    invocation: Invocation, name: str, app_key: str, reason: str, digest: str | None
) -> None:
    """Refuse what was submitted; what was approved before stays in use."""
    rejected = invocation.client().post(
        f"{_path(app_key, name)}/reject", {"reason": reason, "digest": digest}
    )
    invocation.show(rejected, lambda: card(_shown(rejected)))
    invocation.note(_next_step(rejected))


@prompt.command()
@click.argument("name")
@click.option(
    "--app", "app_key", metavar="KEY", help="The application it belongs to; not for a shipped one."
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Where to; else NAME in this folder."
)
@click.option("--approved", is_flag=True, help="What calls play, not what was submitted last.")
@pass_invocation
def download(
    invocation: Invocation, name: str, app_key: str | None, output: Path | None, *, approved: bool
) -> None:
    """Fetch the sound as calls play it, to listen to it."""
    client = invocation.client()
    if name.startswith(RESERVED_PREFIX):
        sound = client.get_file(f"/shipped-prompts/{segment(name)}/sound")
    elif app_key is None:
        raise click.UsageError("Whose prompt is it? Name the application with --app.")
    else:
        version = "approved" if approved else "latest"
        sound = client.get_file(f"{_path(app_key, name)}/sound", version=version)
    target = output or Path(name)
    try:
        # Without -o the name is not the operator's choice: it must not replace a file.
        with target.open("wb" if output else "xb") as file:
            file.write(sound)
    except OSError as error:
        raise CommandFailed(
            f"{target} cannot be written: {error.strerror}", hint="name another file with -o"
        ) from error
    invocation.show({"file": str(target), "size": len(sound)}, lambda: f"{target}: {len(sound)} B")


@prompt.command()
@click.argument("name")
@app_option
@pass_invocation
def remove(invocation: Invocation, name: str, app_key: str) -> None:
    """Forget a prompt. Calls of bindings that name it end with 7507."""
    invocation.client().delete(_path(app_key, name))
    invocation.show({"app_key": app_key, "name": name, "removed": True}, lambda: f"{name} is gone.")


def _path(app_key: str, name: str) -> str:
    return f"/applications/{segment(app_key)}/prompts/{segment(name)}"


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise CommandFailed(f"{file} cannot be read: {error.strerror}") from error
    if len(content) > MAX_FILE_BYTES:
        raise CommandFailed(
            f"{file} has more than {MAX_FILE_BYTES} bytes", hint="shorten it or send MP3"
        )
    return content


def _shown(prompt: dict[str, Any]) -> dict[str, object]:
    """A prompt as a line of a table: the sound that counts, in seconds and bytes."""
    sound: dict[str, Any] = prompt["submitted"] or prompt["approved"] or {}
    return {
        "name": prompt["name"],
        "app_key": prompt["app_key"],
        "state": prompt["state"],
        "length": f"{sound.get('duration_ms', 0) / 1000:.1f} s",
        "size": f"{sound.get('size', 0)} B",
        "is_played": prompt["approved"] is not None,
        "description": prompt["description"],
        "rejection": prompt["rejection"],
        "digest": sound.get("digest"),
        "modified_at": prompt["modified_at"],
    }


def _next_step(prompt: dict[str, Any]) -> str:
    name, app_key = prompt["name"], prompt["app_key"]
    match prompt["state"]:
        case "waiting":
            kept = "\nUntil then calls play the one approved before." if prompt["approved"] else ""
            return f"\nNext, listen and: maskline prompt approve {name} --app {app_key}{kept}"
        case "rejected":
            return (
                f"\nNext, send a better one: maskline prompt add FILE --app {app_key} --name {name}"
            )
        case _:
            return (
                f"\nBindings may name {name} now, and the application: "
                f"maskline app set {app_key} prompts.no_binding={name}"
            )

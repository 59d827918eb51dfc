"""`maskline serve` and `maskline demo ...`: run the platform."""

import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from typing import Any

import click
import structlog
from click.core import ParameterSource

from maskline.bootstrap.worker import (
    API_PLANES,
    MAX_WORKERS,
    Share,
    need_shared_store,
    share_settings,
    worker_name,
)
from maskline.commands.base import Command, Group, examples, pass_invocation
from maskline.commands.failure import CommandFailed, Unreachable
from maskline.commands.invocation import Invocation
from maskline.domain.error import MasklineError, StoreFailed
from maskline.settings import Settings, unknown_variables
from maskline.telemetry import configure_logging, open_log

PLANES = ("api", "manage", "call", "messages", "delivery")

_COUNT = click.IntRange(1, MAX_WORKERS)
_KINDS = {
    "api_workers": API_PLANES,
    "call_workers": frozenset({"call"}),
    "message_workers": frozenset({"messages"}),
    "delivery_workers": frozenset({"delivery"}),
}
"""Options that count workers -> the planes these run."""


def _read_planes(_: click.Context, __: click.Parameter, text: str) -> frozenset[str]:
    planes = frozenset(name.strip() for name in text.split(",") if name.strip())
    unknown = sorted(planes - frozenset(PLANES))
    if unknown or not planes:
        raise click.BadParameter(
            f"{', '.join(unknown) or 'nothing'}; there are {', '.join(PLANES)}"
        )
    return planes


def _read_share(_: click.Context, __: click.Parameter, text: str | None) -> Share | None:
    try:
        return None if text is None else Share.parse(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@contextmanager
def _told_to_operator() -> Generator[None, None, None]:
    """Turn what keeps a platform from running into one sentence and a next step."""
    try:
        yield
    except OSError as error:
        raise CommandFailed(
            f"cannot open a port or file: {error}",
            hint="stop what uses it, or choose others: MASKLINE_HTTP_PORT, MASKLINE_HTTPS_PORT, "
            "MASKLINE_SIP_PORT, MASKLINE_LAB_PORT, MASKLINE_DATA",
            code="cannot_start",
        ) from error
    except StoreFailed as error:
        raise CommandFailed(
            str(error),
            hint='see "Data and backup" in docs/operations.md, or choose another MASKLINE_DATA',
            code="store_failed",
        ) from error
    except MasklineError as error:
        # A refused file or port explains itself; anything else below is a bug to be traced.
        if not isinstance(error.__cause__, OSError | None):
            structlog.get_logger().exception("platform_failed")
        raise CommandFailed(
            str(error) or type(error).__name__,
            hint="`maskline config show` prints the settings in effect",
            code="cannot_run",
        ) from error


def _prepare(invocation: Invocation, **fields: str) -> Settings:
    """The settings in effect; from here on there is a log, and it names misspelt variables."""
    settings = invocation.settings()
    try:
        stream = open_log(settings.log, fields.get("worker", ""), sys.stderr)
    except OSError as error:
        raise CommandFailed(
            f"the log cannot be written: {error}",
            hint="give [log] file a folder that this user may write, or leave it empty",
            code="cannot_start",
        ) from error
    configure_logging(settings.log, stream, **fields)
    for variable, near in unknown_variables(invocation.environ):
        structlog.get_logger().warning("unknown variable", variable=variable, did_you_mean=near)
    return settings


@click.command(
    cls=Command,
    epilog=examples(
        "maskline serve",
        "MASKLINE_CONFIG=/etc/maskline.toml maskline serve",
        "maskline serve --workers 4",
        "maskline serve --api-workers 2 --call-workers 2 --delivery-workers 1",
        "maskline serve --planes call --worker 2/4    # one of four, under a supervisor of yours",
    ),
)
@click.option(
    "--planes",
    default=",".join(PLANES),
    show_default=True,
    callback=_read_planes,
    help="Parts to run in this process, comma-separated.",
)
@click.option(
    "--worker",
    "share",
    metavar="K/N",
    callback=_read_share,
    help="Be the K-th of N processes with these planes on this machine: K ends the host name, SIP "
    "ports are the K-th from those set, media ports the K-th part.",
)
@click.option(
    "--workers", type=_COUNT, help="Run so many processes with these planes, and keep them alive."
)
@click.option("--api-workers", type=_COUNT, help="Keep so many processes of api,manage alive.")
@click.option("--call-workers", type=_COUNT, help="Keep so many processes of call alive.")
@click.option("--message-workers", type=_COUNT, help="Keep so many processes of messages alive.")
@click.option("--delivery-workers", type=_COUNT, help="Keep so many processes of delivery alive.")
@click.option("--supervised", is_flag=True, hidden=True)
@pass_invocation
def serve(
    invocation: Invocation,
    *,
    planes: frozenset[str],
    share: Share | None,
    supervised: bool,
    **counts: int | None,
) -> None:
    """Run the platform in the foreground, until SIGTERM or Ctrl-C.

    Calls that live then have `[calls] drain_s` seconds to end; a second signal ends everything at
    once. More than one process needs PostgreSQL (`[store] url`).
    """
    source = click.get_current_context().get_parameter_source("planes")
    wanted = _wanted_workers(planes, counts, are_chosen=source is not ParameterSource.DEFAULT)
    if wanted and share:
        raise click.UsageError("--worker is one process: leave out the numbers of workers")
    # The servers bring uvloop, aiohttp and the store: a client command does without them.
    from maskline.bootstrap.process import serve as run  # noqa: PLC0415 - see above
    from maskline.bootstrap.supervisor import supervise  # noqa: PLC0415 - see above

    name = {} if share is None else {"worker": worker_name(planes, share.number)}
    settings = _prepare(invocation, **name)
    with _told_to_operator():
        if wanted:
            supervise(settings, wanted)
        else:
            if share and share.count > 1:
                need_shared_store(settings)
            own = share_settings(settings, share) if share else settings
            run(own, planes, is_supervised=supervised)


def _wanted_workers(
    planes: frozenset[str], counts: Mapping[str, int | None], *, are_chosen: bool
) -> dict[frozenset[str], int]:
    """Planes -> how many processes are to run them; empty for this process alone.

    `are_chosen` says that somebody named the planes.
    """
    apart = {kind: count for name, kind in _KINDS.items() if (count := counts[name]) is not None}
    if apart and are_chosen:
        raise click.UsageError(
            "--planes is for this process or --workers: --api-workers and its kin have their own"
        )
    if counts["workers"] is None:
        return apart
    if apart:
        raise click.UsageError("--workers runs all planes in each process: leave out the others")
    return {planes: counts["workers"]}


@click.group(
    cls=Group,
    epilog=examples(
        "maskline demo serve",
        "maskline demo call",
        "maskline demo voice",
        "maskline demo sms",
    ),
)
def demo() -> None:
    """A platform with a tenant, numbers, a carrier and two phones, all on this machine."""


@demo.command("serve")
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default=None, help="Language; else LANG decides."
)
@pass_invocation
def serve_demo(invocation: Invocation, lang: str | None) -> None:
    """Run the demo in the foreground; what `make run` does. On loopback only."""
    from maskline.lab.demo import serve as run  # noqa: PLC0415 - see `serve`

    settings = _prepare(invocation)
    with _told_to_operator():
        run(settings, lang)


@demo.command("call")
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.5, max=600),
    default=5.0,
    show_default=True,
    help="How long the two talk.",
)
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default=None, help="Language; else LANG decides."
)
@pass_invocation
def call_demo(invocation: Invocation, seconds: float, lang: str | None) -> None:
    """Bind A and B to X, let A's phone dial X, and tell what each side saw."""
    known = _running_demo(invocation)
    from maskline.lab.demo import call as place  # noqa: PLC0415 - see `serve`

    told: dict[str, Any] = place(known, seconds, invocation.note, lang)
    if not told.get("ok"):
        raise CommandFailed(str(told.get("message", "the call did not work")), code="call_failed")
    invocation.show(told, lambda: str(told.get("message", "")))


@demo.command("voice")
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="Where the recording is written; else demo-recording.wav in the data directory.",
)
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default=None, help="Language; else LANG decides."
)
@pass_invocation
def voice_demo(invocation: Invocation, output: Path | None, lang: str | None) -> None:
    """Record a call with a waiting tone and a notice, and show who was heard when."""
    known = _running_demo(invocation)
    from maskline.lab.demo import voice as place  # noqa: PLC0415 - see `serve`

    path = output or invocation.settings().store.data_path / "demo-recording.wav"
    told: dict[str, Any] = place(known, path, invocation.note, lang)
    if not told.get("ok"):
        raise CommandFailed(str(told.get("message", "the call did not work")), code="call_failed")
    invocation.show(told, lambda: str(told.get("message", "")))


@demo.command("sms")
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default=None, help="Language; else LANG decides."
)
@pass_invocation
def sms_demo(invocation: Invocation, lang: str | None) -> None:
    """Write short messages through X in modes AXB, AX and X, and show who got what."""
    known = _running_demo(invocation)
    from maskline.lab.demo import sms as write  # noqa: PLC0415 - see `serve`

    told: dict[str, Any] = write(known, invocation.note, lang)
    if not told.get("ok"):
        raise CommandFailed(
            str(told.get("message", "the messages did not work")), code="message_failed"
        )
    invocation.show(told, lambda: str(told.get("message", "")))


@demo.command("env", epilog=examples('eval "$(maskline demo env)"'))
@pass_invocation
def env_demo(invocation: Invocation) -> None:
    """Print API, APP_KEY, APP_SECRET and X of the running demo as shell variables."""
    known = _running_demo(invocation)
    try:
        app = known["apps"]["axb"]
        variables = {
            "API": known["api"],
            "APP_KEY": app["app_key"],
            "APP_SECRET": app["app_secret"],
            "X": app["numbers"][0],
        }
    except (KeyError, IndexError, TypeError) as error:
        raise CommandFailed(f"demo.json has no {error}", hint="restart it: make run") from error
    invocation.show(
        variables,
        lambda: "\n".join(f"export {name}={quote(str(v))}" for name, v in variables.items()),
    )


def _running_demo(invocation: Invocation) -> dict[str, Any]:
    settings = invocation.settings()
    known = invocation.demo(settings)
    if not known:
        raise Unreachable(
            f"no demo is running: there is no {settings.store.demo_path}",
            hint="start it in another terminal: make run",
        )
    return known

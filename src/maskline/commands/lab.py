"""`maskline lab ...`: the network around a demo or a test, and the handsets in it."""

import time
from collections.abc import Callable
from typing import Any

import click

from maskline.commands.base import Group, examples, pass_invocation
from maskline.commands.failure import CommandFailed, Unreachable
from maskline.commands.invocation import Invocation
from maskline.commands.lab_door import LabDoor
from maskline.commands.table import table

POLL_S = 0.2

centre_option = click.option(
    "--centre",
    metavar="URL",
    envvar="MASKLINE_LAB_MESSAGES",
    default=None,
    help="Where `maskline lab centre` takes messages; else that of the running demo.",
)


@click.group(
    cls=Group,
    epilog=examples(
        "maskline lab sms --from +8613900001001 --to +8617000001001 'On my way'",
        "maskline lab inbox --number +8613900002001",
        "maskline lab centre --port 2775 --loss 0.01 --delay 0.2",
    ),
)
def lab() -> None:
    """Handsets and a message centre that trust everybody: for demos and tests, on loopback."""


@lab.command(
    "sms",
    epilog=examples(
        "maskline lab sms --from +8613900001001 --to +8617000001001 'On my way'",
        "maskline lab sms --from 13900001001 --to 17000001101 '到楼下了@13900003003'",
    ),
)
@click.option("--from", "sender", required=True, metavar="A", help="Whose handset writes.")
@click.option("--to", required=True, metavar="X", help="The number it writes to.")
@click.option(
    "--wait",
    "wait_s",
    type=click.FloatRange(min=0, max=600),
    default=10.0,
    show_default=True,
    help="How long to wait for a handset that gets it; 0 does not.",
)
@centre_option
@click.argument("text")
@pass_invocation
def sms(
    invocation: Invocation, *, sender: str, to: str, wait_s: float, centre: str | None, text: str
) -> None:
    """Write a short message as a handset, and show which handset gets what."""
    door = _door(invocation, centre)
    last = max((int(one["sequence"]) for one in door.received()), default=0)
    written = door.write(sender, to, text)
    x = str(written["to"])
    arrived = _wait_for(lambda: _from_x(door.received(), x, last), wait_s)
    told = {**written, "arrived": arrived}
    invocation.show(told, lambda: _told(told, wait_s))


@lab.command("inbox", epilog=examples("maskline lab inbox", "maskline lab inbox --number 139..."))
@click.option("--number", metavar="N", default=None, help="One handset; else all.")
@centre_option
@pass_invocation
def inbox(invocation: Invocation, *, number: str | None, centre: str | None) -> None:
    """List what handsets have been sent, oldest first."""
    received = _door(invocation, centre).received(number)
    columns = ("at", "number", "sender", "parts", "text")
    invocation.show(received, lambda: table(received, columns, "no handset has been sent anything"))


@lab.command(
    "centre",
    epilog=examples(
        "maskline lab centre --port 2775",
        "maskline lab centre --port 2775 --throttle-every 50 --no-receipts",
    ),
)
@click.option("--port", type=click.IntRange(0, 65535), default=2775, show_default=True)
@click.option(
    "--door-port",
    type=click.IntRange(0, 65535),
    default=0,
    help="Where `maskline lab sms` reaches it; 0 takes a free one.",
)
@click.option(
    "--loss",
    type=click.FloatRange(0, 1),
    default=0.0,
    help="Share of submits that are neither kept nor answered.",
)
@click.option(
    "--delay",
    "delay_s",
    type=click.FloatRange(0, 600),
    default=0.0,
    help="Seconds until an answer, and until a receipt once more.",
)
@click.option(
    "--throttle-every",
    type=click.IntRange(min=0),
    default=0,
    help="Tell every n-th submit to slow down.",
)
@click.option("--receipts/--no-receipts", default=True, show_default=True)
@pass_invocation
def centre(
    invocation: Invocation,
    *,
    port: int,
    door_port: int,
    loss: float,
    delay_s: float,
    throttle_every: int,
    receipts: bool,
) -> None:
    """Run a message centre (SMSC) in the foreground: SMPP 3.4, any system id and password."""
    # asyncio and the protocol: a client command does without them.
    from maskline.lab.demo.message_server import serve_centre  # noqa: PLC0415 - see above

    behaviour = {
        "loss": loss,
        "delay_s": delay_s,
        "throttles_every": throttle_every,
        "receipts": receipts,
    }
    try:
        serve_centre(behaviour, port, door_port, lambda told: _show_addresses(invocation, told))
    except OSError as error:
        raise CommandFailed(
            f"cannot listen: {error}", hint="choose another --port", code="cannot_start"
        ) from error


def _show_addresses(invocation: Invocation, told: dict[str, str]) -> None:
    invocation.show(
        told,
        lambda: (
            f"SMPP      {told['smpp']}\n"
            f"handsets  {told['messages']}\n"
            f"Next: maskline lab sms --centre {told['messages']} --from A --to X TEXT\n"
            "Ctrl-C stops it."
        ),
    )


def _door(invocation: Invocation, given: str | None) -> LabDoor:
    if given:
        return LabDoor(given)
    settings = invocation.settings()
    known = invocation.demo(settings).get("lab", {}).get("messages")
    if not known:
        raise Unreachable(
            "no message centre is known: no demo is running here",
            hint="start one with `make run`, or `maskline lab centre` and give its --centre URL",
        )
    return LabDoor(str(known))


def _from_x(received: list[dict[str, Any]], x: str, last: int) -> dict[str, Any] | None:
    """What came from X after message number `last`."""
    new = (one for one in received if one["sender"] == x and one["sequence"] > last)
    return next(new, None)


def _wait_for(look: Callable[[], dict[str, Any] | None], wait_s: float) -> dict[str, Any] | None:
    until = time.monotonic() + wait_s
    while wait_s:
        found = look()
        if found is not None or time.monotonic() > until:
            return found
        time.sleep(POLL_S)
    return None


def _told(told: dict[str, Any], wait_s: float) -> str:
    lines = [f"{told['from']} wrote to {told['to']} in {told['parts']} part(s)"]
    arrived = told["arrived"]
    if arrived is not None:
        lines.append(
            f"{arrived['number']} has got from {arrived['sender']} in {arrived['parts']} part(s):\n"
            f"  {arrived['text']}"
        )
    elif wait_s:
        lines.append(
            f"no handset has got anything from {told['to']} within {wait_s:g} s; "
            "`maskline message list` says what became of it"
        )
    return "\n".join(lines)

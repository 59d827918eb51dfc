"""`maskline sms-link ...`: the message centres that short messages come from and go to."""

import click

from maskline.commands.assignment import read_assignments
from maskline.commands.base import Group, examples, pass_invocation, set_option
from maskline.commands.client import segment
from maskline.commands.invocation import Invocation
from maskline.commands.table import card, table
from maskline.services.sms_link_request import SmsLinkChange, SmsLinkForm

COLUMNS = ("name", "host", "port", "system_id", "owns", "prefixes", "priority", "state", "detail")


@click.group(
    "sms-link",
    cls=Group,
    epilog=examples(
        "maskline sms-link add carrier --host 192.0.2.20 --system-id shop --owns +86170",
        "maskline sms-link list",
        "maskline sms-link set carrier per_s=100 window=50",
        "maskline sms-link set carrier default_alphabet=latin1 long_messages=sar",
        "maskline sms-link remove carrier",
    ),
)
def sms_link() -> None:
    """Message centres (SMSC) of carriers, over SMPP 3.4."""


@sms_link.command(
    epilog=examples(
        "maskline sms-link add carrier --host 192.0.2.20 --system-id shop --owns +86170",
        "maskline sms-link add backup --host smsc.example --tls --port 3550 --system-id shop \\",
        "    --owns +86170 --priority 20 --set long_messages=payload --set receipt_ids=hex",
    )
)
@click.argument("name")
@click.option("--host", required=True, help="Address or name of the message centre.")
@click.option("--port", type=click.IntRange(1, 65535), default=2775, show_default=True)
@click.option("--tls", "is_tls", is_flag=True, help="Over TLS; its certificate is checked.")
@click.option("--system-id", required=True, help="Who we are there.")
@click.option("--password", default=None, help="Else it is asked for.")
@click.option(
    "--owns",
    multiple=True,
    metavar="PREFIX",
    help="Beginning of virtual numbers that are this carrier's; may be repeated. None: all.",
)
@click.option(
    "--prefix",
    "prefixes",
    multiple=True,
    metavar="PREFIX",
    help="Beginning of numbers that it reaches; may be repeated. None: all.",
)
@click.option(
    "--priority", type=click.IntRange(min=0), default=10, show_default=True, help="Lowest first."
)
@click.option("--window", type=click.IntRange(1, 1000), default=32, show_default=True)
@click.option(
    "--per-second",
    "per_s",
    type=click.IntRange(min=0),
    default=0,
    help="Parts a second; 0 is no limit.",
)
@click.option("--disabled", is_flag=True, help="Known, but not used yet.")
@set_option
@pass_invocation
def add(
    invocation: Invocation,
    disabled: bool,  # noqa: FBT001 - a flag
    assignments: tuple[str, ...],
    **given: object,
) -> None:
    """Add a link; it binds at once. Other fields: see `sms-link set --help`."""
    if given["password"] is None:
        given["password"] = (
            ""
            if invocation.wants_json
            else click.prompt("Password", hide_input=True, err=True, default="")
        )
    form = {**given, "is_enabled": not disabled} | read_assignments(assignments, SmsLinkForm)
    added = invocation.client().post("/sms-links", form)
    invocation.show(added, lambda: card(added))
    invocation.note("Next: maskline sms-link list   # says whether it is bound")


@sms_link.command("list")
@pass_invocation
def list_(invocation: Invocation) -> None:
    """Links by name, and whether they are bound."""
    entries, _ = invocation.client().list("/sms-links", 0)
    invocation.show(
        entries,
        lambda: table(entries, COLUMNS, "There are no SMS links: maskline sms-link add --help"),
    )


@sms_link.command()
@click.argument("name")
@pass_invocation
def show(invocation: Invocation, name: str) -> None:
    """One link with its connections; of its password only whether it is set."""
    found = invocation.client().get(f"/sms-links/{segment(name)}")
    invocation.show(found, lambda: card(found))


@sms_link.command("set")
@click.argument("name")
@click.argument("assignments", nargs=-1, required=True, metavar="KEY=VALUE...")
@pass_invocation
def set_(invocation: Invocation, name: str, assignments: tuple[str, ...]) -> None:
    """Change fields of a link; it binds anew.

    Fields: bind (transceiver, separate), default_alphabet (gsm, gsm_packed, ascii, latin1, ucs2:
    what data_coding 0 means), enquire_s, host, is_enabled, is_tls, long_messages (udh, udh16, sar,
    payload), npi and ton (-1: by the number's form), number_format (e164, plain86, national), owns
    and prefixes (comma-separated), password, per_s, port, priority, receipt_ids (same, hex,
    decimal), sends_latin1, system_id, system_type, ucs2_code, window.
    """
    change = read_assignments(assignments, SmsLinkChange)
    changed = invocation.client().patch(f"/sms-links/{segment(name)}", change)
    invocation.show(changed, lambda: card(changed))


@sms_link.command()
@click.argument("name")
@pass_invocation
def remove(invocation: Invocation, name: str) -> None:
    """Forget a link; messages that wait for it take another."""
    invocation.client().delete(f"/sms-links/{segment(name)}")
    invocation.show({"name": name, "removed": True}, lambda: f"{name} is removed.")

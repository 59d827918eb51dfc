"""`maskline trunk ...`: the carriers' SIP peers."""

from collections.abc import Mapping

import click

from maskline.commands.assignment import read_assignments
from maskline.commands.base import Group, examples, pass_invocation
from maskline.commands.client import segment
from maskline.commands.invocation import Invocation
from maskline.commands.table import card, table
from maskline.domain.number import NumberFormat
from maskline.domain.trunk import Protection, Transport
from maskline.services.administration_request import TrunkChange

COLUMNS = ("name", "host", "port", "transport", "prefixes", "priority", "weight", "is_enabled")


@click.group(
    cls=Group,
    epilog=examples(
        "maskline trunk add carrier --host 192.0.2.10 --prefix +8613 --inbound-from 192.0.2.0/24",
        "maskline trunk set carrier max_calls=200 is_enabled=no",
        "maskline trunk set carrier protection=sdes transport=tls port=5061",
        "maskline trunk set carrier outbound_proxy=10.0.0.5",
        "maskline trunk remove carrier",
    ),
)
def trunk() -> None:
    """Trunks: where calls come from and go to."""


@trunk.command(
    epilog=examples(
        "maskline trunk add carrier --host 192.0.2.10 --port 5060 --prefix +8613 --prefix +8615",
        "maskline trunk add backup --host sip.example --transport tls --port 5061 --priority 20",
    )
)
@click.argument("name")
@click.option("--host", required=True, help="Address or name of the peer.")
@click.option("--port", type=click.IntRange(1, 65535), default=5060, show_default=True)
@click.option(
    "--transport",
    type=click.Choice([transport.value for transport in Transport]),
    default=Transport.UDP.value,
    show_default=True,
)
@click.option(
    "--prefix",
    "prefixes",
    multiple=True,
    metavar="+8613",
    help="Numbers it takes; may be repeated, the longest match wins. None: every number.",
)
@click.option("--priority", type=int, default=10, show_default=True, help="Lowest first.")
@click.option("--weight", type=int, default=10, show_default=True, help="Share among equals.")
@click.option(
    "--inbound-from",
    multiple=True,
    metavar="CIDR",
    help="Networks its calls come from; may be repeated. None: the address of --host alone.",
)
@click.option(
    "--number-format",
    type=click.Choice([form.value for form in NumberFormat]),
    default=NumberFormat.E164.value,
    show_default=True,
    help="How numbers are written towards it.",
)
@click.option("--inbound-strip", default="", help="Taken off the front of numbers it sends.")
@click.option("--inbound-add", default="", help="Then put in front of them.")
@click.option("--outbound-strip", default="", help="Taken off the front of numbers it gets.")
@click.option("--outbound-add", default="", help="Then put in front of them.")
@click.option("--max-calls", type=int, default=0, help="Calls at once; 0 means no limit.")
@click.option("--calls-per-s", type=int, default=0, help="New calls per second; 0: no limit.")
@click.option("--username", help="Answers its digest challenges.")
@click.option("--password", help="Likewise; asked for when only --username is given.")
@click.option("--inbound-password", help="Challenge its calls with this password.")
@click.option(
    "--srtp",
    "protection",
    type=click.Choice([protection.value for protection in Protection]),
    default=Protection.NONE.value,
    show_default=True,
    help="How its audio is encrypted; with sdes or dtls plain audio is refused.",
)
@click.option(
    "--outbound-proxy",
    default="",
    metavar="HOST[:PORT]",
    help="Send everything for it there, over UDP: to the SIP edge, which passes it on.",
)
@click.option("--disabled", is_flag=True, help="Known, but not used yet.")
@pass_invocation
def add(invocation: Invocation, disabled: bool, **given: object) -> None:  # noqa: FBT001 - a flag
    """Add a trunk."""
    if given["username"] and given["password"] is None and not invocation.wants_json:
        given["password"] = click.prompt("Password", hide_input=True, err=True)
    form = {**given, "is_enabled": not disabled}
    added = invocation.client().post("/trunks", form)
    _warn(invocation, added)
    invocation.show(added, lambda: card(added))


@trunk.command("list")
@pass_invocation
def list_(invocation: Invocation) -> None:
    """Trunks by name."""
    entries, _ = invocation.client().list("/trunks", 0)
    invocation.show(
        entries, lambda: table(entries, COLUMNS, "There are no trunks: maskline trunk add --help")
    )


@trunk.command()
@click.argument("name")
@pass_invocation
def show(invocation: Invocation, name: str) -> None:
    """One trunk; of its passwords only whether they are set."""
    found = invocation.client().get(f"/trunks/{segment(name)}")
    invocation.show(found, lambda: card(found))


@trunk.command("set")
@click.argument("name")
@click.argument("assignments", nargs=-1, required=True, metavar="KEY=VALUE...")
@pass_invocation
def set_(invocation: Invocation, name: str, assignments: tuple[str, ...]) -> None:
    """Change fields of a trunk; calls under way keep the old ones.

    Fields are named as in `trunk show --json`; lists are comma-separated, is_enabled=no switches
    it off, protection=sdes encrypts its audio.
    """
    change = read_assignments(assignments, TrunkChange)
    changed = invocation.client().patch(f"/trunks/{segment(name)}", change)
    _warn(invocation, changed)
    invocation.show(changed, lambda: card(changed))


@trunk.command()
@click.argument("name")
@pass_invocation
def remove(invocation: Invocation, name: str) -> None:
    """Forget a trunk; calls under way go on."""
    invocation.client().delete(f"/trunks/{segment(name)}")
    invocation.show({"name": name, "removed": True}, lambda: f"{name} is removed.")


def _warn(invocation: Invocation, trunk: Mapping[str, object]) -> None:
    if trunk.get("shows_keys"):
        invocation.note(
            "The keys of its audio travel in its signalling, which is not encrypted: "
            f"maskline trunk set {trunk['name']} transport=tls"
        )

"""`maskline registrant ...`: the people whom A numbers are registered to, and their review."""

import base64
from pathlib import Path
from typing import Any

import click

from maskline.commands.base import Group, examples, limit_option, pass_invocation, reveal_option
from maskline.commands.client import segment
from maskline.commands.failure import CommandFailed
from maskline.commands.invocation import Invocation
from maskline.commands.table import card, cut_note, table
from maskline.domain.registrant import NumberType, ReportStatus

COLUMNS = ("number", "status", "name", "tenant_id", "fail_reason", "failures", "submitted_at")
DEFAULT_TENANT = "default"

tenant_option = click.option(
    "--tenant",
    "tenant_id",
    metavar="ID",
    default=DEFAULT_TENANT,
    show_default=True,
    help="The customer it belongs to.",
)


@click.group(
    cls=Group,
    epilog=examples(
        "maskline registrant list --status waiting --reveal",
        "maskline registrant show +8613900001001 --tenant shop --photo face.jpg",
        "maskline registrant report +8613900001001 --tenant shop --name 'Wang Xiaoming' \\\n"
        "      --identity-card 11010519491231002X --photo face.jpg --agreed",
        "maskline registrant accept +8613900001001 --tenant shop",
        'maskline registrant reject +8613900001001 --tenant shop --reason "names do not match"',
        "maskline app set APP_KEY intercepts_unregistered=true",
    ),
)
def registrant() -> None:
    """Actual users: whom the A numbers of customers are registered to.

    Customers report them with a token (maskline tenant token --help). An application may have
    the calls of other A numbers intercepted: they end with 8058.
    """


@registrant.command("list")
@click.option("--tenant", "tenant_id", metavar="ID", help="Of this customer only.")
@click.option(
    "--status",
    type=click.Choice([status.value for status in ReportStatus]),
    help="Where the verification stands.",
)
@reveal_option
@limit_option
@pass_invocation
def list_(
    invocation: Invocation, tenant_id: str | None, status: str | None, limit: int, *, reveal: bool
) -> None:
    """Reported numbers in the order they were added."""
    entries, has_more = invocation.client().list(
        "/registrants", limit, tenant_id=tenant_id, status=status, reveal=reveal
    )
    invocation.show(entries, lambda: table(entries, COLUMNS, "There are no such numbers."))
    invocation.note(cut_note(len(entries), has_more=has_more))


@registrant.command()
@click.argument("number")
@tenant_option
@reveal_option
@click.option(
    "--photo",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the photo of the person to this file.",
)
@pass_invocation
def show(
    invocation: Invocation, number: str, tenant_id: str, target: Path | None, *, reveal: bool
) -> None:
    """One reported number: who it is, and what was decided."""
    client = invocation.client()
    found = client.get(_path(tenant_id, number), reveal=reveal)
    if target is not None:
        _write(target, client.get_file(f"{_path(tenant_id, number)}/photo"))
    invocation.show(found, lambda: card(found))
    invocation.note(_next_step(found, number))


@registrant.command()
@click.argument("number")
@tenant_option
@click.option("--name", required=True, help="Of the owner; of a landline, who handles it.")
@click.option("--identity-card", required=True, help="Of that person.")
@click.option("--operator-number", help="Of a landline: the mobile of who handles it.")
@click.option(
    "--photo",
    "path",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Of that person: a JPG or PNG file of at most 32 KB.",
)
@click.option("--agreed", is_flag=True, required=True, help="That person has agreed to this.")
@pass_invocation
def report(
    invocation: Invocation, number: str, tenant_id: str, path: Path, *, agreed: bool, **said: object
) -> None:
    """Report the person behind a number, as customers do, to be verified."""
    form = {
        **said,
        "number": number,
        "photo": base64.b64encode(path.read_bytes()).decode(),
        "agrees": agreed,
    }
    where = f"/tenants/{segment(tenant_id)}/registrant-reports"
    reported = invocation.client().post(where, form)
    invocation.show(reported, lambda: card(reported))
    invocation.note(_next_step(reported, number))


@registrant.command()
@click.argument("number")
@tenant_option
@pass_invocation
def accept(invocation: Invocation, number: str, tenant_id: str) -> None:
    """Say that the person was verified, also after failures: the number is registered."""
    accepted = invocation.client().post(f"{_path(tenant_id, number)}/accept")
    invocation.show(accepted, lambda: card(accepted))


@registrant.command()
@click.argument("number")
@tenant_option
@click.option("--reason", required=True, help="What the customer is told.")
@pass_invocation
def reject(invocation: Invocation, number: str, tenant_id: str, reason: str) -> None:
    """Say that the person could not be verified.

    The customer may report the number again after 24 hours; after a second failure never.
    """
    rejected = invocation.client().post(f"{_path(tenant_id, number)}/reject", {"reason": reason})
    invocation.show(rejected, lambda: card(rejected))


@registrant.command(
    epilog=examples("maskline registrant add +8613900001001 --tenant shop --name 王小明")
)
@click.argument("number")
@tenant_option
@click.option("--name", default="", help="Of the person.")
@click.option("--identity-card", default="", help="Its number.")
@click.option(
    "--type",
    "number_type",
    type=click.Choice([kind.value for kind in NumberType]),
    help="What line it is; else told by the number.",
)
@pass_invocation
def add(invocation: Invocation, number: str, tenant_id: str, **person: str | None) -> None:
    """Register a number by hand, without a photo; its failures are forgotten."""
    form = {"number": number, **person}
    added = invocation.client().post(f"/tenants/{segment(tenant_id)}/registrants", form)
    invocation.show(added, lambda: card(added))


@registrant.command()
@click.argument("number")
@tenant_option
@pass_invocation
def remove(invocation: Invocation, number: str, tenant_id: str) -> None:
    """Forget a number, but not its failures."""
    invocation.client().delete(_path(tenant_id, number))
    invocation.show(
        {"tenant_id": tenant_id, "number": number, "removed": True}, lambda: f"{number} is gone."
    )


def _path(tenant_id: str, number: str) -> str:
    return f"/tenants/{segment(tenant_id)}/registrants/{segment(number)}"


def _write(target: Path, photo: bytes) -> None:
    try:
        target.write_bytes(photo)
    except OSError as error:
        raise CommandFailed(
            f"{target} cannot be written: {error.strerror}", hint="name another file"
        ) from error


def _next_step(found: dict[str, Any], number: str) -> str:
    if found["status"] != ReportStatus.WAITING:
        return ""
    at = f"{number} --tenant {found['tenant_id']}"
    return f"\nNext: maskline registrant accept {at}, or reject {at} --reason WHY"

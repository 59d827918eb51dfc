"""`maskline enterprise ...` and `maskline activation ...`: who may order, and for whom."""

from pathlib import Path

import click

from maskline.commands.assignment import read_assignments
from maskline.commands.base import Group, examples, limit_option, pass_invocation
from maskline.commands.client import segment
from maskline.commands.invocation import Invocation
from maskline.commands.table import card, cut_note, table
from maskline.domain.activation import ActivationState
from maskline.domain.enterprise import EnterpriseState, PaperKind
from maskline.services.enterprise_request import EnterpriseFields

PATH = "/enterprises"
COLUMNS = ("enterprise_id", "tenant_id", "name", "state", "is_expired", "reason", "since")
PAPER_COLUMNS = ("paper_id", "kind", "name", "media_type", "size")
FORM_COLUMNS = ("tenant_id", "state", "may_order", "prohibited", "reason", "since")

reason_option = click.option("--reason", required=True, help="For the tenant to read.")
prohibited_option = click.option(
    "--prohibited",
    "is_prohibited",
    is_flag=True,
    help="The business is prohibited; once more restricts the tenant.",
)


@click.group(
    cls=Group,
    epilog=examples(
        "maskline enterprise create --tenant ID name=Taxi licence_code=91440300MA5DA1XX0K",
        "maskline enterprise set ENTERPRISE_ID authority_until=2027-12-31",
        "maskline enterprise upload ENTERPRISE_ID licence licence.pdf",
        "maskline enterprise submit ENTERPRISE_ID",
        "maskline enterprise list --state waiting",
        "maskline enterprise reject ENTERPRISE_ID --reason 'the seal is not legible'",
    ),
)
def enterprise() -> None:
    """Enterprises that numbers are ordered for, with their papers, and their review."""


@enterprise.command("list")
@click.option("--tenant", "tenant_id", metavar="ID", help="Of this tenant only.")
@click.option("--state", type=click.Choice([state.value for state in EnterpriseState]))
@limit_option
@pass_invocation
def list_enterprises(invocation: Invocation, limit: int, **given: object) -> None:
    """Enterprises, those first that came into their state last."""
    entries, has_more = invocation.client().list(PATH, limit, **given)
    invocation.show(entries, lambda: table(entries, COLUMNS, "There are no enterprises."))
    invocation.note(cut_note(len(entries), has_more=has_more))


@enterprise.command("show")
@click.argument("enterprise_id")
@pass_invocation
def show_enterprise(invocation: Invocation, enterprise_id: str) -> None:
    """One enterprise, what is missing of it, and its files."""
    found = invocation.client().get(_path(enterprise_id))

    def text() -> str:
        rest = {name: value for name, value in found.items() if name != "papers"}
        return f"{card(rest)}\n\n{table(found['papers'], PAPER_COLUMNS, 'No files yet.')}"

    invocation.show(found, text)


@enterprise.command("create")
@click.option("--tenant", "tenant_id", required=True, metavar="ID", help="Whose it is.")
@click.argument("assignments", nargs=-1, metavar="[KEY=VALUE...]")
@pass_invocation
def create_enterprise(invocation: Invocation, tenant_id: str, assignments: tuple[str, ...]) -> None:
    """Begin a record. To do so is to accept that its papers are looked at."""
    fields = read_assignments(assignments, EnterpriseFields)
    body = {"tenant_id": tenant_id, "accepts_statement": True, **fields}
    made = invocation.client().post(PATH, body)
    invocation.show(made, lambda: card(made))
    invocation.note(f"Next: maskline enterprise upload {made['enterprise_id']} licence FILE")


@enterprise.command("set")
@click.argument("enterprise_id")
@click.argument("assignments", nargs=-1, required=True, metavar="KEY=VALUE...")
@pass_invocation
def set_enterprise(
    invocation: Invocation, enterprise_id: str, assignments: tuple[str, ...]
) -> None:
    """Say something else; an approved enterprise is a draft then."""
    fields = read_assignments(assignments, EnterpriseFields)
    changed = invocation.client().patch(_path(enterprise_id), fields)
    invocation.show(changed, lambda: card(changed))


@enterprise.command("upload")
@click.argument("enterprise_id")
@click.argument("kind", type=click.Choice([kind.value for kind in PaperKind]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@pass_invocation
def upload_paper(invocation: Invocation, enterprise_id: str, kind: str, file: Path) -> None:
    """Add a JPG, BMP, PNG, GIF or PDF of up to 2 MB; of the kind other also RAR and ZIP."""
    path, client = f"{_path(enterprise_id)}/papers", invocation.client()
    changed = client.post_file(path, file.read_bytes(), kind=kind, name=file.name)
    invocation.show(changed, lambda: table(changed["papers"], PAPER_COLUMNS, ""))


@enterprise.command("paper")
@click.argument("enterprise_id")
@click.argument("paper_id")
@click.option("-o", "file", required=True, type=click.Path(path_type=Path), help="Where to.")
@pass_invocation
def download_paper(invocation: Invocation, enterprise_id: str, paper_id: str, file: Path) -> None:
    """Save a file, for its review; the audit log keeps that you have looked."""
    path = f"{_path(enterprise_id)}/papers/{segment(paper_id)}"
    file.write_bytes(invocation.client().get_file(path))
    invocation.show({"file": str(file)}, lambda: f"{file} is written.")


@enterprise.command("submit")
@click.argument("enterprise_id")
@pass_invocation
def submit_enterprise(invocation: Invocation, enterprise_id: str) -> None:
    """Ask for the review."""
    _verb(invocation, f"{_path(enterprise_id)}/submit")


@enterprise.command("withdraw")
@click.argument("enterprise_id")
@pass_invocation
def withdraw_enterprise(invocation: Invocation, enterprise_id: str) -> None:
    """Take it back before it is reviewed."""
    _verb(invocation, f"{_path(enterprise_id)}/withdraw")


@enterprise.command("approve")
@click.argument("enterprise_id")
@pass_invocation
def approve_enterprise(invocation: Invocation, enterprise_id: str) -> None:
    """Let numbers be ordered for it."""
    _verb(invocation, f"{_path(enterprise_id)}/approve", {})


@enterprise.command("reject")
@click.argument("enterprise_id")
@reason_option
@prohibited_option
@pass_invocation
def reject_enterprise(invocation: Invocation, enterprise_id: str, **given: object) -> None:
    """Refuse it; its tenant may correct it and submit it again."""
    _verb(invocation, f"{_path(enterprise_id)}/reject", given)


@click.group(
    cls=Group,
    epilog=examples(
        "maskline activation list --state waiting",
        "maskline activation approve TENANT_ID",
        "maskline activation reject TENANT_ID --reason 'loans' --prohibited",
        "maskline activation lift TENANT_ID",
    ),
)
def activation() -> None:
    """Tenants that signed up by themselves: they order once their form is approved."""


@activation.command("list")
@click.option("--state", type=click.Choice([state.value for state in ActivationState]))
@limit_option
@pass_invocation
def list_activations(invocation: Invocation, limit: int, **given: object) -> None:
    """Forms, those first that came into their state last."""
    entries, has_more = invocation.client().list("/activations", limit, **given)
    invocation.show(entries, lambda: table(entries, FORM_COLUMNS, "Nobody has signed up."))
    invocation.note(cut_note(len(entries), has_more=has_more))


@activation.command("show")
@click.argument("tenant_id")
@pass_invocation
def show_activation(invocation: Invocation, tenant_id: str) -> None:
    """The form of a tenant, and whether it may order."""
    found = invocation.client().get(_form(tenant_id))
    invocation.show(found, lambda: card(found))


@activation.command("approve")
@click.argument("tenant_id")
@pass_invocation
def approve_activation(invocation: Invocation, tenant_id: str) -> None:
    """Let a tenant add enterprises and order."""
    _verb(invocation, f"{_form(tenant_id)}/approve", {})


@activation.command("reject")
@click.argument("tenant_id")
@reason_option
@prohibited_option
@pass_invocation
def reject_activation(invocation: Invocation, tenant_id: str, **given: object) -> None:
    """Refuse a form; its tenant may correct it."""
    _verb(invocation, f"{_form(tenant_id)}/reject", given)


@activation.command("lift")
@click.argument("tenant_id")
@pass_invocation
def lift_activation(invocation: Invocation, tenant_id: str) -> None:
    """Restrict a tenant no more."""
    _verb(invocation, f"{_form(tenant_id)}/lift")


def _path(enterprise_id: str) -> str:
    return f"{PATH}/{segment(enterprise_id)}"


def _form(tenant_id: str) -> str:
    return f"/tenants/{segment(tenant_id)}/activation"


def _verb(invocation: Invocation, path: str, body: dict[str, object] | None = None) -> None:
    changed = invocation.client().post(path, body)
    invocation.show(changed, lambda: card(changed))

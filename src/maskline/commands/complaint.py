"""`maskline complaint ...` and `maskline violation ...`: who breaks the rules of use."""

import click

from maskline.commands.base import Group, examples, limit_option, pass_invocation
from maskline.commands.client import segment
from maskline.commands.invocation import Invocation
from maskline.commands.table import card, cut_note, table
from maskline.domain.complaint import (
    ComplaintCause,
    ComplaintState,
    Measure,
    Rule,
    ViolationState,
)

COMPLAINTS, VIOLATIONS = "/complaints", "/violations"
COMPLAINT_COLUMNS = ("complaint_id", "tenant_id", "app_key", "x", "cause", "state", "created_at")
VIOLATION_COLUMNS = ("violation_id", "tenant_id", "app_key", "rule", "grade", "measure", "state")
BUSINESS_COLUMNS = ("code", "group", "en", "zh")


@click.group(
    cls=Group,
    epilog=examples(
        "maskline complaint add --cause harassment --x +8617000002001 --evidence 'case 12'",
        "maskline complaint list --state open",
        "maskline complaint decide COMPLAINT_ID --upheld --reason 'the recording shows it'",
    ),
)
def complaint() -> None:
    """Complaints of called persons about a virtual number or a call."""


@complaint.command("add")
@click.option("--cause", required=True, type=click.Choice([*ComplaintCause]))
@click.option("--x", help="The virtual number; or name the call.")
@click.option("--session", "session_id", metavar="ID", help="The call.")
@click.option("--complainant", metavar="NUMBER", help="Who complains; kept sealed.")
@click.option("--text", help="What the person says.")
@click.option("--evidence", help="Where it is kept what it rests on.")
@pass_invocation
def add_complaint(invocation: Invocation, **given: str | None) -> None:
    """Take a complaint in."""
    form = {name: value for name, value in given.items() if value is not None}
    made = invocation.client().post(COMPLAINTS, form)
    invocation.show(made, lambda: card(made))
    invocation.note(f"Next: maskline complaint decide {made['complaint_id']} --upheld --reason ...")


@complaint.command("list")
@click.option("--tenant", "tenant_id", metavar="ID", help="About this tenant only.")
@click.option("--state", type=click.Choice([*ComplaintState]))
@limit_option
@pass_invocation
def list_complaints(invocation: Invocation, limit: int, **given: object) -> None:
    """Complaints, newest first."""
    entries, has_more = invocation.client().list(COMPLAINTS, limit, **given)
    invocation.show(entries, lambda: table(entries, COMPLAINT_COLUMNS, "Nobody complained."))
    invocation.note(cut_note(len(entries), has_more=has_more))


@complaint.command("show")
@click.argument("complaint_id")
@pass_invocation
def show_complaint(invocation: Invocation, complaint_id: str) -> None:
    """One complaint."""
    found = invocation.client().get(f"{COMPLAINTS}/{segment(complaint_id)}")
    invocation.show(found, lambda: card(found))


@complaint.command("decide")
@click.argument("complaint_id")
@click.option("--upheld/--dismissed", "is_upheld", required=True, default=None)
@click.option("--reason", required=True, help="Why; the tenant reads it.")
@pass_invocation
def decide_complaint(invocation: Invocation, complaint_id: str, **given: object) -> None:
    """Uphold or dismiss a complaint."""
    path = f"{COMPLAINTS}/{segment(complaint_id)}/decision"
    decided = invocation.client().post(path, given)
    invocation.show(decided, lambda: card(decided))


@click.group(
    cls=Group,
    epilog=examples(
        "maskline violation add --rule harassment --measure warn --complaint ID --reason 'once'",
        "maskline violation add --rule fraud --measure freeze_tenant --tenant taxi --reason fraud",
        "maskline violation lift VIOLATION_ID",
        "maskline violation businesses      # what the service must not be used for",
    ),
)
def violation() -> None:
    """Violations of the rules of use, with their measures."""


@violation.command("add")
@click.option("--rule", required=True, type=click.Choice([*Rule]))
@click.option("--measure", required=True, type=click.Choice([*Measure]), help="Taken at once.")
@click.option("--reason", required=True, help="Why; the tenant reads it.")
@click.option("--complaint", "complaint_id", metavar="ID", help="The complaint that showed it.")
@click.option("--tenant", "tenant_id", metavar="ID", help="Whose it is, without a complaint.")
@click.option("--app", "app_key", metavar="KEY", help="Which application.")
@click.option("--business", help="Code of a prohibited business: maskline violation businesses.")
@click.option("--evidence", help="Where it is kept what it rests on.")
@pass_invocation
def add_violation(invocation: Invocation, **given: str | None) -> None:
    """Record a violation and take its measure.

    restrict: no new enterprises and orders; pause_application and freeze_tenant: no binds, no
    calls.
    """
    form = {name: value for name, value in given.items() if value is not None}
    made = invocation.client().post(VIOLATIONS, form)
    invocation.show(made, lambda: card(made))


@violation.command("list")
@click.option("--tenant", "tenant_id", metavar="ID", help="Of this tenant only.")
@click.option("--state", type=click.Choice([*ViolationState]))
@limit_option
@pass_invocation
def list_violations(invocation: Invocation, limit: int, **given: object) -> None:
    """Violations, newest first."""
    entries, has_more = invocation.client().list(VIOLATIONS, limit, **given)
    invocation.show(entries, lambda: table(entries, VIOLATION_COLUMNS, "There are none."))
    invocation.note(cut_note(len(entries), has_more=has_more))


@violation.command("lift")
@click.argument("violation_id")
@pass_invocation
def lift_violation(invocation: Invocation, violation_id: str) -> None:
    """End its measure, unless another violation has the same."""
    lifted = invocation.client().post(f"{VIOLATIONS}/{segment(violation_id)}/lift")
    invocation.show(lifted, lambda: card(lifted))


@violation.command("businesses")
@pass_invocation
def list_businesses(invocation: Invocation) -> None:
    """What business the service must not be used for."""
    found = invocation.client().get("/prohibited-business")["items"]
    invocation.show(found, lambda: table(found, BUSINESS_COLUMNS, ""))

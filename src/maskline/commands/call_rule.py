"""`maskline call-block ...` and `maskline frequency-rule ...`: the rules that stop calls."""

import click

from maskline.commands.assignment import read_assignments
from maskline.commands.base import (
    Decorated,
    Group,
    examples,
    limit_option,
    pass_invocation,
    reveal_option,
)
from maskline.commands.client import segment
from maskline.commands.invocation import Invocation
from maskline.commands.table import card, cut_note, table
from maskline.domain.call_rule import BlockDirection, Counted, RuleScope
from maskline.services.call_rule_request import CallBlockChange, FrequencyRuleChange

BLOCKS, RULES = "/call-blocks", "/frequency-rules"
BLOCK_COLUMNS = ("block_id", "number", "direction", "scope", "reason", "until", "hits")
RULE_COLUMNS = ("rule_id", "scope", "counted", "calls", "within_s", "is_enabled", "release", "hits")
DIRECTIONS = click.Choice([one.value for one in BlockDirection])
SCOPES = click.Choice([one.value for one in RuleScope])
COUNTED = click.Choice([one.value for one in Counted])


def _place_options(command: Decorated) -> Decorated:
    """Whose calls a new rule is for."""
    for option in (
        click.option("--x", help="Only calls to this virtual number."),
        click.option("--app", "app_key", metavar="KEY", help="Only calls of this application."),
        click.option("--tenant", "tenant_id", metavar="ID", help="Only calls of this tenant."),
    ):
        command = option(command)
    return command


def _list_options(command: Decorated) -> Decorated:
    for option in (
        click.option("--tenant", "tenant_id", metavar="ID", help="For calls of this tenant."),
        click.option("--scope", type=SCOPES, help="For whose calls."),
        limit_option,
    ):
        command = option(command)
    return command


@click.group(
    "call-block",
    cls=Group,
    epilog=examples(
        "maskline call-block add +8613900001001 --reason fraud --until 2027-01-01T00:00:00Z",
        "maskline call-block add +8613900001001 --reason 'annoys drivers' --x +8617000002001",
        "maskline call-block list --scope platform",
        "maskline call-block end BLOCK_ID",
    ),
)
def call_block() -> None:
    """Numbers whose calls are refused: 7005 for callers, 7004 for callees."""


@call_block.command("add")
@click.argument("number")
@click.option("--reason", required=True, help="For everybody who reads the list.")
@click.option("--evidence", default="", help="What it rests on: a case, a complaint.")
@click.option(
    "--direction",
    type=DIRECTIONS,
    default="caller",
    show_default=True,
    help="What the number may not do: call, be called, or both.",
)
@click.option("--until", metavar="TIME", help="Such as 2027-01-01T00:00:00Z; without, for good.")
@_place_options
@pass_invocation
def add_block(invocation: Invocation, **given: object) -> None:
    """Refuse the calls of a number, on the whole platform unless an option says less."""
    made = invocation.client().post(BLOCKS, given)
    invocation.show(made, lambda: card(made))
    invocation.note(f"Next: maskline call-block end {made['block_id']}   # lets it call again")


@call_block.command("list")
@click.option("--direction", type=DIRECTIONS)
@click.option("--number", help="Entries of this number.")
@reveal_option
@_list_options
@pass_invocation
def list_blocks(invocation: Invocation, limit: int, **given: object) -> None:
    """Entries, newest first, with how many calls each has stopped."""
    entries, has_more = invocation.client().list(BLOCKS, limit, **given)
    invocation.show(entries, lambda: table(entries, BLOCK_COLUMNS, "No number is blocked."))
    invocation.note(cut_note(len(entries), has_more=has_more))


@call_block.command("show")
@click.argument("block_id")
@pass_invocation
def show_block(invocation: Invocation, block_id: str) -> None:
    """One entry, with its evidence."""
    found = invocation.client().get(f"{BLOCKS}/{segment(block_id)}")
    invocation.show(found, lambda: card(found))


@call_block.command("set")
@click.argument("block_id")
@click.argument("assignments", nargs=-1, required=True, metavar="KEY=VALUE...")
@pass_invocation
def set_block(invocation: Invocation, block_id: str, assignments: tuple[str, ...]) -> None:
    """Change an entry: reason, evidence, until (empty: it has no end)."""
    change = read_assignments(assignments, CallBlockChange)
    changed = invocation.client().patch(f"{BLOCKS}/{segment(block_id)}", change)
    invocation.show(changed, lambda: card(changed))


@call_block.command("end")
@click.argument("block_id")
@pass_invocation
def end_block(invocation: Invocation, block_id: str) -> None:
    """Let the number call again. A tenant ends only what its own people made."""
    invocation.client().delete(f"{BLOCKS}/{segment(block_id)}")
    invocation.show({"block_id": block_id, "ended": True}, lambda: f"{block_id} is ended.")


@click.group(
    "frequency-rule",
    cls=Group,
    epilog=examples(
        "maskline frequency-rule add --per caller --calls 20 --within 60",
        "maskline frequency-rule add --per pair --calls 5 --within 3600 --app APP_KEY",
        "maskline frequency-rule set RULE_ID is_enabled=false",
        "maskline frequency-rule list",
    ),
)
def frequency_rule() -> None:
    """At most so many calls in any span of time, of each caller, callee, number and so on."""


@frequency_rule.command("add")
@click.option(
    "--per",
    "counted",
    type=COUNTED,
    required=True,
    help="What the calls are counted of, each one for itself.",
)
@click.option("--calls", type=click.IntRange(1, 1000), required=True, help="So many may come.")
@click.option("--within", "within_s", type=click.IntRange(1, 86400), required=True, help="Seconds.")
@click.option("--note", default="", help="What it is for.")
@_place_options
@pass_invocation
def add_rule(invocation: Invocation, **given: object) -> None:
    """Bound how often calls may come, on the whole platform unless an option says less.

    Codes of refused calls: tenant 7001, application 7002, shown_number 7003, caller and pair 8047,
    callee 8048, number (the one dialled) 8049.
    """
    made = invocation.client().post(RULES, given)
    invocation.show(made, lambda: card(made))
    invocation.note(f"Next: maskline frequency-rule end {made['rule_id']}   # bounds them no more")


@frequency_rule.command("list")
@_list_options
@pass_invocation
def list_rules(invocation: Invocation, limit: int, **given: object) -> None:
    """Rules, newest first, with how many calls each has refused."""
    entries, has_more = invocation.client().list(RULES, limit, **given)
    invocation.show(entries, lambda: table(entries, RULE_COLUMNS, "There are no frequency rules."))
    invocation.note(cut_note(len(entries), has_more=has_more))


@frequency_rule.command("show")
@click.argument("rule_id")
@pass_invocation
def show_rule(invocation: Invocation, rule_id: str) -> None:
    """One rule, with how many calls it has refused."""
    found = invocation.client().get(f"{RULES}/{segment(rule_id)}")
    invocation.show(found, lambda: card(found))


@frequency_rule.command("set")
@click.argument("rule_id")
@click.argument("assignments", nargs=-1, required=True, metavar="KEY=VALUE...")
@pass_invocation
def set_rule(invocation: Invocation, rule_id: str, assignments: tuple[str, ...]) -> None:
    """Change a rule: calls, within_s, is_enabled, note."""
    change = read_assignments(assignments, FrequencyRuleChange)
    changed = invocation.client().patch(f"{RULES}/{segment(rule_id)}", change)
    invocation.show(changed, lambda: card(changed))


@frequency_rule.command("end")
@click.argument("rule_id")
@pass_invocation
def end_rule(invocation: Invocation, rule_id: str) -> None:
    """Bound these calls no more."""
    invocation.client().delete(f"{RULES}/{segment(rule_id)}")
    invocation.show({"rule_id": rule_id, "ended": True}, lambda: f"{rule_id} is ended.")

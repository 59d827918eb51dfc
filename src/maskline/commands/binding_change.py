"""`maskline binding bind|change|callee|unbind`: bindings without the REST interface."""

from collections.abc import Mapping

import click

from maskline.commands.assignment import read_assignments
from maskline.commands.base import Command, Decorated, examples, pass_invocation, set_option
from maskline.commands.client import segment
from maskline.commands.invocation import Invocation
from maskline.commands.table import card, table
from maskline.services.binding_form import MAX_UNBOUND_AT_ONCE, BindingFields, BindingForm

UNBOUND_COLUMNS = ("binding_id", "is_unbound", "code", "message")


def party_options(command: Decorated) -> Decorated:
    """Who is bound, and on which number."""
    for option in reversed(
        (
            click.option("--a", metavar="NUMBER", help="A."),
            click.option("--b", metavar="NUMBER", help="B, in AXB and in a part of AXYB."),
            click.option("--x", metavar="NUMBER", help="X; without it one is chosen."),
            click.option("--city", "area_code", metavar="CODE", help="Choose X there, as 0755."),
            click.option("--extension", metavar="DIGITS", help="AXE: the extension."),
            click.option("--relation", "relation_id", metavar="ID", help="AXYB: give B a Y in it."),
        )
    ):
        command = option(command)
    return command


@click.command(
    cls=Command,
    epilog=examples(
        "maskline binding bind --app APP_KEY --a +8613900001001 --b +8613900002002",
        "maskline binding bind --app APP_KEY --a +8613900001001 --city 0755 --set record=yes",
    ),
)
@click.option("--app", "app_key", required=True, metavar="APP_KEY", help="Whose mode counts.")
@party_options
@set_option
@pass_invocation
def bind(invocation: Invocation, assignments: tuple[str, ...], **given: str | None) -> None:
    """Bind, by the rules of the application's mode; refusals have the codes of its interface.

    Fields besides the options: direction (both, a_to_b, b_to_a), duration_s, record,
    record_hint_tone, max_duration_min, may_message, user_data and what else a mode has.
    """
    form = _given(given) | read_assignments(assignments, BindingForm)
    made = invocation.client().post("/bindings", form)
    invocation.show(made, lambda: card(made))


@click.command(
    cls=Command, epilog=examples("maskline binding change ID direction=a_to_b user_data=none")
)
@click.argument("binding_id")
@click.argument("fields", nargs=-1, required=True, metavar="KEY=VALUE...")
@pass_invocation
def change(invocation: Invocation, binding_id: str, fields: tuple[str, ...]) -> None:
    """Change a live binding; "none" takes a text away. AXYB is unbound and bound again instead."""
    wanted = read_assignments(fields, BindingFields)
    changed = invocation.client().patch(f"/bindings/{segment(binding_id)}", wanted)
    invocation.show(changed, lambda: card(changed))


@click.command(cls=Command, epilog=examples("maskline binding callee ID +8613900002002 --for 600"))
@click.argument("binding_id")
@click.argument("number")
@click.option("--for", "duration_s", type=int, default=60, show_default=True, help="Seconds.")
@pass_invocation
def callee(invocation: Invocation, binding_id: str, number: str, duration_s: int) -> None:
    """AX: set whom A reaches through X for a while."""
    form = {"number": number, "duration_s": duration_s}
    invocation.client().put(f"/bindings/{segment(binding_id)}/callee", form)
    invocation.show({"binding_id": binding_id}, lambda: f"A reaches it for {duration_s} s")


@click.command(cls=Command, epilog=examples("maskline binding unbind ID1 ID2"))
@click.argument("binding_ids", nargs=-1, required=True, metavar="ID...")
@pass_invocation
def unbind(invocation: Invocation, binding_ids: tuple[str, ...]) -> None:
    """Remove bindings, each by itself; calls that run go on."""
    if len(binding_ids) > MAX_UNBOUND_AT_ONCE:
        raise click.UsageError(f"at most {MAX_UNBOUND_AT_ONCE} at once")
    told = invocation.client().post("/bindings/unbind", {"binding_ids": binding_ids})["items"]
    invocation.show(told, lambda: table(told, UNBOUND_COLUMNS, "None were named."))


def _given(options: Mapping[str, str | None]) -> dict[str, object]:
    return {name: value for name, value in options.items() if value is not None}

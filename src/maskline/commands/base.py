"""What all commands share: options that may stand before or after the command's name."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from maskline.commands.invocation import Invocation

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

pass_invocation = click.make_pass_decorator(Invocation, ensure=True)


def _remember(context: click.Context, parameter: click.Parameter, value: object) -> None:
    if value:
        invocation = context.ensure_object(Invocation)
        setattr(invocation, str(parameter.name), value)


def shared_options() -> list[click.Option]:
    """Fresh copies of the options that every command knows."""
    return [
        click.Option(
            ["--json", "wants_json"],
            is_flag=True,
            expose_value=False,
            callback=_remember,
            help="Print exactly one JSON value.",
        ),
        click.Option(
            ["--url"],
            metavar="URL",
            expose_value=False,
            callback=_remember,
            help="The platform to talk to; else MASKLINE_URL, else the running demo.",
        ),
        click.Option(
            ["--token"],
            metavar="TOKEN",
            expose_value=False,
            callback=_remember,
            help="Its management token; else MASKLINE_TOKEN.",
        ),
    ]


class Command(click.Command):
    """A command with the shared options."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - click's own
        super().__init__(*arguments, **options)
        self.params.extend(shared_options())


class Group(click.Group):
    """A noun: its verbs are commands with the shared options, and so is it."""

    command_class = Command
    group_class = type

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - click's own
        super().__init__(*arguments, **options)
        self.params.extend(shared_options())


def limit_option(command: Decorated) -> Decorated:
    """How many entries a list prints."""
    return click.option(
        "--limit",
        type=click.IntRange(min=0),
        default=1000,
        show_default=True,
        help="Entries at most; 0 for all.",
    )(command)


def reveal_option(command: Decorated) -> Decorated:
    """Whether real numbers are printed in full."""
    return click.option(
        "--reveal", is_flag=True, default=False, help="Print real numbers in full."
    )(command)


def set_option(command: Decorated) -> Decorated:
    """Other fields by name."""
    return click.option(
        "--set",
        "assignments",
        metavar="KEY=VALUE",
        multiple=True,
        help="Set another field; may be repeated. Lists are comma-separated.",
    )(command)


def examples(*lines: str) -> str:
    """An epilog that click does not wrap."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)

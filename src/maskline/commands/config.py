"""`maskline config ...`: what the settings are, and whether they can be used."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
import msgspec

from maskline.commands.base import Group, examples, pass_invocation
from maskline.commands.failure import CommandFailed
from maskline.commands.invocation import Invocation
from maskline.settings import (
    SECRETS,
    SECTIONS,
    Settings,
    load_with_origins,
    unknown_variables,
)
from maskline.settings_source import SettingsError

HIDDEN = "(secret)"


@click.group(
    cls=Group,
    epilog=examples(
        "maskline config show > maskline.toml",
        "MASKLINE_CONFIG=/etc/maskline.toml maskline config check",
    ),
)
def config() -> None:
    """Settings: maskline.toml and the environment over it."""


@config.command()
@click.option(
    "--file",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="This file; else MASKLINE_CONFIG, else ./maskline.toml.",
)
@pass_invocation
def show(invocation: Invocation, path: Path | None) -> None:
    """Print every setting as it takes effect, with where it came from. Itself valid TOML."""
    settings, origins = _load(invocation, path)
    sections = _plain(settings)
    invocation.show(sections, lambda: _as_toml(sections, origins))


@config.command()
@click.option(
    "--file",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="This file; else MASKLINE_CONFIG, else ./maskline.toml.",
)
@pass_invocation
def check(invocation: Invocation, path: Path | None) -> None:
    """Read the settings and say what is wrong with them."""
    settings, _ = _load(invocation, path)
    warnings = [*_variable_warnings(invocation), *_file_warnings(settings)]
    for warning in warnings:
        invocation.note(f"warning: {warning}")
    invocation.show({"ok": True, "warnings": warnings}, lambda: "The settings can be used.")


def _load(invocation: Invocation, path: Path | None) -> tuple[Settings, dict[str, str]]:
    try:
        return load_with_origins(invocation.environ, path)
    except SettingsError as error:
        raise CommandFailed(str(error), code="settings", field=error.key) from error


def _plain(settings: Settings) -> dict[str, dict[str, Any]]:
    sections: dict[str, dict[str, Any]] = {}
    for name in SECTIONS:
        values: dict[str, Any] = msgspec.structs.asdict(getattr(settings, name))
        sections[name] = {
            key: _plain_value(f"{name}.{key}", value) for key, value in values.items()
        }
    return sections


def _plain_value(key: str, value: Any) -> Any:  # noqa: ANN401 - a setting of any type
    if key in SECRETS:
        return HIDDEN if value else ""
    if isinstance(value, tuple):
        return list(value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - of plain values
    return value if isinstance(value, bool | int | float | str) else str(value)


def _as_toml(sections: dict[str, dict[str, Any]], origins: dict[str, str]) -> str:
    lines: list[str] = []
    for section, values in sections.items():
        lines += ["", f"[{section}]"] if lines else [f"[{section}]"]
        for key, value in values.items():
            name = f"{section}.{key}"
            origin = f"  # from {origins[name]}" if name in origins else ""
            # A secret stays out of a file made from this.
            comment = "# " if value == HIDDEN else ""
            lines.append(f"{comment}{key} = {msgspec.json.encode(value).decode()}{origin}")
    return "\n".join(lines)


def _variable_warnings(invocation: Invocation) -> list[str]:
    return [
        f"{variable} is not known; did you mean {near}?"
        for variable, near in unknown_variables(invocation.environ)
    ]


def _file_warnings(settings: Settings) -> list[str]:
    warnings: list[str] = []
    for key, name in (("tls.cert", settings.tls.cert), ("tls.key", settings.tls.key)):
        if name and not os.access(name, os.R_OK):
            warnings.append(f"{key}: {name} cannot be read")
    if settings.delivery.allow_private:
        warnings.append("delivery.allow_private lets pushes reach into your network")
    if settings.store.url and find_spec("psycopg_pool") is None:
        warnings.append("store.url needs psycopg: pip install 'maskline[postgres]'")
    if settings.media.engine == "none":
        warnings.append("media.engine none: calls have no speech")
    return warnings

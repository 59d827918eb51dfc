"""One run of the command line: its options, where the platform is, and how results are printed."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import click

from maskline.commands.client import LOOPBACK, ManagementClient
from maskline.commands.failure import CommandFailed, Unreachable
from maskline.settings import Settings
from maskline.settings_source import SettingsError

MAX_DEMO_BYTES = 1_000_000

_LOOPBACK_OF = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - read, not bound


@dataclass(slots=True, kw_only=True)
class Invocation:
    """What the options, before or after the command, said."""

    wants_json: bool = False
    url: str | None = None
    token: str | None = None
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def settings(self) -> Settings:
        """The operator's settings. Raises CommandFailed."""
        try:
            return Settings.load(self.environ)
        except SettingsError as error:
            raise CommandFailed(
                str(error), hint="`maskline config check` says more", code="settings"
            ) from error

    def client(self) -> ManagementClient:
        """A client of the platform that is meant.

        `--url`, then MASKLINE_URL, then the demo's file, then this machine's server.
        """
        settings = self.settings()
        demo = self.demo(settings)
        url = self.url or self.environ.get("MASKLINE_URL") or demo.get("manage")
        if url is None and settings.store.admin_token_path.exists():
            url = _local_url(settings)
        if not isinstance(url, str):
            raise Unreachable(
                f"no maskline is known here: there is no {settings.store.demo_path}",
                hint="start one with `make run`, or give --url and --token",
            )
        token = self.token or self.environ.get("MASKLINE_TOKEN") or _kept_token(url, demo, settings)
        if not token:
            raise CommandFailed(
                f"no token is known for {url}", hint="give --token or set MASKLINE_TOKEN"
            )
        return ManagementClient(url, token)

    def demo(self, settings: Settings) -> dict[str, Any]:
        """What a running demo wrote about itself; empty when there is none."""
        try:
            with settings.store.demo_path.open("rb") as file:
                known = json.loads(file.read(MAX_DEMO_BYTES))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise CommandFailed(f"{settings.store.demo_path} cannot be read: {error}") from error
        return cast("dict[str, Any]", known) if isinstance(known, dict) else {}

    def show(self, value: object, for_people: Callable[[], str]) -> None:
        """Print a result: one JSON value, or what people read."""
        click.echo(json.dumps(value, ensure_ascii=False) if self.wants_json else for_people())

    def note(self, text: str) -> None:
        """Tell people something beside the result."""
        if text and not self.wants_json:
            click.echo(text, err=True)


def _local_url(settings: Settings) -> str:
    """Where this machine's server answers; a server on every address answers on loopback too."""
    host = _LOOPBACK_OF.get(settings.http.bind, settings.http.bind)
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{settings.http.port}"


def _kept_token(url: str, demo: Mapping[str, Any], settings: Settings) -> str:
    """A token that stands in a file here and belongs to this URL: never sent elsewhere."""
    if _origin(url) in {_origin(str(demo.get("manage"))), _origin(str(demo.get("api")))}:
        return str(demo.get("admin_token", ""))
    if urlsplit(url).hostname not in {*LOOPBACK, settings.http.bind}:
        return ""
    if settings.manage.admin_token:
        return settings.manage.admin_token
    return _read_line(settings.store.admin_token_path)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _read_line(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""


def fail_as_json(failure: click.ClickException) -> None:
    """Print a failure where programs look for the result."""
    if isinstance(failure, CommandFailed):
        described = failure.describe()
    else:
        described = {"error": {"code": "usage", "message": failure.format_message()}}
    click.echo(json.dumps(described, ensure_ascii=False), file=sys.stdout)

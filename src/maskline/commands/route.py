"""`maskline route ...`: which trunk carries which numbers."""

from typing import Any

import click

from maskline.commands.base import Group, examples, pass_invocation
from maskline.commands.invocation import Invocation
from maskline.commands.table import table

COLUMNS = ("prefix", "trunk", "priority", "weight", "is_enabled")
TRIED = ("place", "trunk", "why", "prefix", "priority", "weight", "share", "written", "condition")

_WHY = {
    "first": "carries the call",
    "shorter_prefix": "next: its prefix is shorter",
    "down": "next: it is down",
    "higher_priority": "next: its priority number is higher",
    "weight": "next: drawn by weight",
    "other_numbers": "not tried: it has other prefixes",
    "disabled": "not tried: switched off",
    "no_address": "not tried: its host name leads nowhere",
}


@click.group(
    cls=Group,
    epilog=examples(
        "maskline route list",
        "maskline route try 13900001001                 # which carrier, and why not the others?",
        "maskline trunk set carrier prefixes=+8613,+8615   # routes are fields of their trunks",
    ),
)
def route() -> None:
    """Which trunk carries which numbers."""


@route.command("list")
@pass_invocation
def list_routes(invocation: Invocation) -> None:
    """Routes as they stand: longer prefixes first, then lower priority numbers, then weights.

    A route is a prefix of a trunk. `maskline trunk set NAME prefixes=... priority=... weight=...`
    changes it.
    """
    entries = invocation.client().get("/routes")["items"]
    invocation.show(
        entries,
        lambda: table(
            [{**one, "prefix": one["prefix"] or "every number"} for one in entries],
            COLUMNS,
            "There are no trunks: maskline trunk add --help",
        ),
    )


@route.command(
    "try",
    epilog=examples(
        "maskline route try +8613900001001",
        "maskline route try 0755-28000001 --json",
    ),
)
@click.argument("number")
@pass_invocation
def try_route(invocation: Invocation, number: str) -> None:
    """Where a call to NUMBER would go, by the very choice that calls make. Nobody is called.

    A trunk with a place is tried when all before it fail at once (503, no answer to the INVITE, no
    connection). Of trunks with the same prefix length and priority one is drawn by weight, anew for
    each call: SHARE says how often each comes first.
    """
    tried = invocation.client().post("/routes/try", {"number": number})
    invocation.show(tried, lambda: _told(tried))


def _told(tried: dict[str, Any]) -> str:
    rows = [{**one, "why": _why(one), "prefix": _prefix(one["prefix"])} for one in tried["trunks"]]
    head = f"{tried['number']}"
    if tried["is_ours"]:
        head += "  is a virtual number: calls to it arrive here"
    nothing = "There are no trunks: maskline trunk add --help"
    return f"{head}\n{table(rows, TRIED, nothing)}"


def _why(one: dict[str, Any]) -> str:
    reason: str = one["reason"]
    why = _WHY.get(reason, reason)
    return f"{why}, but full now" if one["is_full"] else why


def _prefix(prefix: str | None) -> str | None:
    return "every number" if prefix == "" else prefix

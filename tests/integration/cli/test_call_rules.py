"""`maskline call-block` and `maskline frequency-rule` against a platform."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Platform

pytestmark = pytest.mark.network

A = "+8613900001001"


def test_a_number_is_blocked_listed_changed_and_let_call_again(platform: "Platform"):
    given = ("--reason", "fraud", "--evidence", "case 12", "--direction", "both")
    made = platform.run("call-block", "add", A, *given, "--until", "2099-01-01T00:00:00Z")
    block_id = made["block_id"]
    assert (made["scope"], made["direction"]) == ("platform", "both")
    assert "139 **** 1001" in platform.read("call-block", "list", "--scope", "platform")
    [one] = platform.run("call-block", "list", "--number", A, "--reveal")
    assert one["number"] == A
    changed = platform.run("call-block", "set", block_id, "until=", "reason=harassment")
    assert (changed["until"], changed["reason"]) == (None, "harassment")
    assert "case 12" in platform.read("call-block", "show", block_id)
    assert platform.run("call-block", "end", block_id)["ended"] is True
    assert platform.run("call-block", "end", block_id, code=1)["error"]["code"] == "not_found"


def test_calls_are_bounded_and_no_more(platform: "Platform"):
    app_key = platform.run("app", "create", "--mode", "axb", "--name", "n")["app_key"]
    figures = ("--per", "pair", "--calls", "5", "--within", "3600")
    made = platform.run("frequency-rule", "add", *figures, "--app", app_key)
    assert (made["scope"], made["release"]) == ("application", 8047)
    rule_id = made["rule_id"]
    changed = platform.run("frequency-rule", "set", rule_id, "calls=9", "is_enabled=false")
    assert (changed["calls"], changed["is_enabled"]) == (9, False)
    assert "pair" in platform.read("frequency-rule", "list", "--scope", "application")
    assert platform.run("frequency-rule", "show", rule_id) == changed
    assert platform.run("frequency-rule", "end", rule_id)["ended"] is True
    wrong = platform.run("frequency-rule", "add", *figures, "--x", "+8617000000001", code=1)
    assert wrong["error"]["field"] == "x"

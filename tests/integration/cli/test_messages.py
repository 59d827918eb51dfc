"""`maskline message`, `maskline sms-link` and the fields of messages against a platform."""

from typing import TYPE_CHECKING

import pytest
from tests.contract.store.making import Make

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Platform

pytestmark = pytest.mark.network

A, B = "+8613900001001", "+8613900002002"


def test_a_message_is_found_and_shown_and_its_text_only_when_revealed(platform: "Platform"):
    make = Make()
    message = make.message("m1", sender=A, receiver=B)
    ended, part = make.ended(message), make.message_part()

    async def keep() -> None:
        await platform.store.accept_message(message, [], lease=None, repeats_since=make.now)
        await platform.store.finish_message(ended, [part], [])

    platform.keep(keep)
    wanted = ("--party", A, "--state", "done", "--result", "success", "--app", make.app_key)
    [listed] = platform.run("message", "list", *wanted)
    assert (listed["message_id"], listed["sender"]) == ("m1", "139 **** 1001")
    assert "139 **** 2002" in platform.read("message", "list", "--x", make.x)
    hidden = platform.run("message", "show", "m1")
    assert ("text" in hidden, hidden["parts"][0]["centre_id"]) == (False, part.centre_id)
    assert platform.run("message", "show", "m1", "--reveal")["text"] == message.text
    assert platform.run("message", "list", "--result", "lost", code=2)["error"]["code"] == "usage"
    assert platform.run("message", "show", "none", code=1)["error"]["code"] == "not_found"


def test_a_number_is_blocked_listed_and_let_in_again(platform: "Platform"):
    app_key = platform.run("app", "create", "--mode", "axb", "--name", "n")["app_key"]
    made = platform.run("message", "block", A, "--reason", "case 17")
    assert (made["kind"], made["app_key"]) == ("blocked", "")
    platform.run("message", "block", A, "--app", app_key, "--kind", "opted_out")
    assert len(platform.run("message", "blocks")) == 2
    [one] = platform.run("message", "blocks", "--app", app_key, "--number", A, "--reveal")
    assert (one["kind"], one["number"]) == ("opted_out", A)
    assert "139 **** 1001" in platform.read("message", "blocks", "--kind", "blocked")
    assert platform.run("message", "unblock", A)["removed"] is True
    assert platform.run("message", "unblock", A, code=1)["error"]["code"] == "not_found"
    wrong = platform.run("message", "block", "13900001001", code=1)
    assert (wrong["error"]["field"], A in wrong["error"]["message"]) == ("number", True)


def test_links_keep_every_field_and_never_show_their_password(platform: "Platform"):
    added = platform.run(
        "sms-link", "add", "carrier", "--host", "192.0.2.20", "--port", "3550", "--tls",
        "--system-id", "shop", "--password", "hush", "--owns", "+86170", "--owns", "+86171",
        "--prefix", "+8613", "--priority", "20", "--window", "50", "--per-second", "100",
        "--disabled", "--set", "long_messages=payload", "--set", "receipt_ids=hex",
    )  # fmt: skip
    assert (added["port"], added["is_tls"], added["is_enabled"]) == (3550, True, False)
    assert (added["owns"], added["prefixes"]) == (["+86170", "+86171"], ["+8613"])
    assert (added["window"], added["per_s"], added["priority"]) == (50, 100, 20)
    assert (added["long_messages"], added["receipt_ids"]) == ("payload", "hex")
    assert (added["has_password"], added["state"]) == (True, None)
    assert platform.run("sms-link", "show", "carrier") == added
    changed = platform.run("sms-link", "set", "carrier", "is_enabled=yes", "owns=", "ucs2_code=24")
    assert (changed["is_enabled"], changed["owns"], changed["ucs2_code"]) == (True, [], 24)
    assert "hush" not in platform.read("sms-link", "list")
    again = ("--host", "h", "--system-id", "s")
    assert platform.run("sms-link", "add", "carrier", *again, code=1)["error"]["code"] == "exists"
    assert platform.run("sms-link", "set", "carrier", "colour=red", code=2)["error"]
    assert platform.run("sms-link", "remove", "carrier") == {"name": "carrier", "removed": True}
    assert "sms-link add" in platform.read("sms-link", "list")


def test_applications_and_tenants_have_rules_of_their_messages(platform: "Platform"):
    made = platform.run("app", "create", "--mode", "ax", "--name", "n", "--sms")
    assert (made["may_message"], made["messages"]["reply_tags"]) == (True, False)
    rules = ("messages.reply_tags=yes", "messages.opt_out_words=TD,退订", "messages.per_s=5")
    changed = platform.run("app", "set", made["app_key"], *rules)["messages"]
    assert (changed["reply_tags"], changed["per_s"]) == (True, 5)
    assert changed["opt_out_words"] == ["TD", "退订"]
    kept = ("--keep-texts-days", "1", "--keep-messages-days", "30")
    tenant = platform.run("tenant", "create", "--name", "Shop", "--id", "shop", *kept)
    assert (tenant["text_retention_days"], tenant["message_retention_days"]) == (1, 30)
    assert platform.run("tenant", "set", "shop", "may_message=no")["may_message"] is False

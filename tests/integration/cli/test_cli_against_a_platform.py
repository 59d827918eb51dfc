"""The command line against a real management API over HTTP."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from maskline.domain.application import Mode
from maskline.domain.binding import AxbBinding
from maskline.domain.call import Call, CallEnd, CallRecord
from maskline.domain.release import ReleaseCode
from maskline.services.store import BindLimits

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Platform

pytestmark = pytest.mark.network

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
A, B, X = "+8613900001001", "+8613900002002", "+8617010000001"


def test_an_operator_sets_up_an_application_with_a_number(platform: "Platform"):
    made = platform.run(
        "app", "create", "--mode", "axb", "--name", "商店", "--record",
        "--status-url", "https://shop.example/status", "--cdr-url", "https://shop.example/cdr",
        "--set", "pairs_per_number=7", "--set", "allowed_addresses=192.0.2.0/24,198.51.100.1",
    )  # fmt: skip
    assert len(made["app_key"]) == 28
    assert made["app_secret"]
    assert (made["may_record"], made["pairs_per_number"]) == (True, 7)
    assert made["allowed_addresses"] == ["192.0.2.0/24", "198.51.100.1"]

    added = platform.run("number", "add", X, "--app", made["app_key"], "--city", "0755")
    assert added["numbers"][0]["number"] == X
    assert platform.run("number", "show", X)["area_code"] == "0755"

    changed = platform.run("app", "set", made["app_key"], "cdr_url=none", "state=suspended")
    assert (changed["cdr_url"], changed["state"]) == (None, "suspended")
    options = ("--no-record", "--cdr-url", "https://shop.example/c", "--set", "state=normal")
    changed = platform.run("app", "set", made["app_key"], *options)
    assert (changed["cdr_url"], changed["state"]) == ("https://shop.example/c", "normal")
    assert changed["may_record"] is False
    assert platform.run("app", "set", made["app_key"], code=2)["error"]["code"] == "usage"
    assert [app["app_key"] for app in platform.run("app", "list")] == [made["app_key"]]
    assert "商店" in platform.read("app", "list")


def test_numbers_come_from_a_file_with_cities_and_comments(platform: "Platform", tmp_path: Path):
    app_key = platform.run("app", "create", "--mode", "axb", "--name", "n")["app_key"]
    path = tmp_path / "numbers.txt"
    path.write_text("# ours\n+8617010000001\n+8617010000002, 010  # Beijing\n\n")
    added = platform.run("number", "add", "--file", str(path), "--app", app_key, "--city", "0755")
    assert [(n["number"], n["area_code"]) for n in added["numbers"]] == [
        ("+8617010000001", "0755"),
        ("+8617010000002", "010"),
    ]


def test_lists_follow_their_pages_and_stop_at_the_limit(platform: "Platform", tmp_path: Path):
    app_key = platform.run("app", "create", "--mode", "axb", "--name", "n")["app_key"]
    path = tmp_path / "numbers.txt"
    path.write_text("".join(f"+861701000{index:04}\n" for index in range(1203)))
    platform.run("number", "add", "--file", str(path), "--app", app_key, "--city", "0755")
    assert len(platform.run("number", "list", "--limit", "0")) == 1203
    assert len(platform.run("number", "list", "--limit", "501")) == 501
    assert "1000 are shown and there are more" in platform.read("number", "list")


def test_a_refusal_is_exit_code_1_with_the_field(platform: "Platform"):
    refused = platform.run(
        "app", "create", "--mode", "axb", "--name", "n", "--status-url", "ftp://x", code=1
    )
    assert refused["error"]["field"] == "status_url"
    assert platform.run("app", "show", "nope", code=1)["error"]["code"] == "not_found"
    wrong = platform.run("app", "list", "--token", "wrong", code=1)
    assert wrong["error"]["code"] == "token_wrong"
    assert "--token" in wrong["error"]["hint"]


def test_trunks_keep_every_field(platform: "Platform"):
    added = platform.run(
        "trunk", "add", "carrier", "--host", "192.0.2.10", "--port", "5080", "--transport", "tcp",
        "--prefix", "+8613", "--prefix", "+8615", "--priority", "1", "--weight", "30",
        "--inbound-from", "192.0.2.0/24", "--number-format", "plain86", "--outbound-add", "9",
        "--max-calls", "100", "--calls-per-s", "5", "--username", "u", "--password", "p",
        "--srtp", "dtls",
    )  # fmt: skip
    assert (added["protection"], added["shows_keys"]) == ("dtls", False)
    assert added["prefixes"] == ["+8613", "+8615"]
    assert (added["transport"], added["number_format"]) == ("tcp", "plain86")
    assert added["has_password"] is True
    assert platform.run("trunk", "show", "carrier") == added
    assert (
        platform.run("trunk", "add", "carrier", "--host", "h", code=1)["error"]["code"] == "exists"
    )
    assert platform.run("trunk", "set", "carrier", "is_enabled=no")["is_enabled"] is False
    encrypted = platform.run("trunk", "set", "carrier", "protection=sdes")
    assert (encrypted["protection"], encrypted["shows_keys"]) == ("sdes", True)
    assert platform.run("trunk", "set", "carrier", "transport=tls")["shows_keys"] is False
    assert platform.run("trunk", "remove", "carrier") == {"name": "carrier", "removed": True}
    assert platform.run("trunk", "list") == []


def test_bindings_calls_and_records_are_seen(platform: "Platform"):
    app_key = platform.run("app", "create", "--mode", "axb", "--name", "n")["app_key"]
    platform.run("number", "add", X, "--app", app_key, "--city", "0755")
    binding = AxbBinding(
        binding_id="b1", app_key=app_key, x=X, a=A, b=B, created_at=NOW, modified_at=NOW
    )
    platform.keep(lambda: platform.store.bind(binding, BindLimits(pairs=10), NOW, None))
    assert platform.run("binding", "list", "--party", A)[0]["a"] == "139 **** 1001"
    assert platform.run("binding", "show", "b1", "--reveal")["b"] == B
    assert platform.run("binding", "history", "--party", A, "--mode", "axb") == []

    session = "1201_612_20261120@h1"
    call = Call(
        session_id=session, icid="i", host="h1", app_key=app_key, tenant_id="default",
        mode=Mode.AXB, x=X, caller=A, callee=B, binding_id="b1", arrived_at=NOW,
    )  # fmt: skip
    platform.keep(lambda: platform.store.save_call(call, ()))
    platform.stoppable.add(session)
    assert platform.run("call", "list")[0]["session_id"] == session
    assert platform.run("call", "stop", session)["stopped"] is True

    end = CallEnd(at=NOW + timedelta(seconds=5), release=ReleaseCode.BUSY, sip_status=486)
    platform.keep(lambda: platform.store.finish_call(CallRecord(call=call, end=end), ()))
    assert platform.run("call", "show", session)["state"] == "ended"
    found = platform.run("record", "list", "--party", B, "--since", "2026-11-20T16:00:00+08:00")
    assert found[0]["release_code"] == 8102
    assert "The callee is busy." in platform.read("record", "list")


@pytest.mark.parametrize("moment", ["yesterday", "2026-11-20", "2026-11-20T16:00:00"])
@pytest.mark.parametrize("option", ["--since", "--until"])
def test_a_time_that_is_none_is_refused_with_an_example(
    platform: "Platform", option: str, moment: str
):
    refused = platform.run("record", "list", option, moment, code=1)
    assert refused["error"]["field"] == option.removeprefix("--")
    assert f"{option} 2026-11-2" in refused["error"]["hint"]


def test_a_wrong_value_is_refused_with_the_command_that_says_more(platform: "Platform"):
    refused = platform.run("tenant", "create", "--name", "n", "--id", "a b", code=1)
    assert refused["error"]["hint"].endswith("tenant create --help` says what it takes")


def test_tenants_are_made_and_frozen(platform: "Platform"):
    platform.run("tenant", "create", "--name", "Shop Ltd", "--id", "shop")
    assert platform.run("tenant", "set", "shop", "state=frozen")["state"] == "frozen"
    made = platform.run("app", "create", "--mode", "axb", "--name", "n", "--tenant", "shop")
    assert made["tenant_id"] == "shop"
    assert len(platform.run("app", "list", "--tenant", "shop")) == 1


def test_status_says_ready(platform: "Platform"):
    shown = platform.run("status")
    assert shown["ready"] is True
    assert shown["outbox"] == {"waiting": 0, "dead": 0, "disabled_receivers": 0}


def test_a_server_that_is_no_maskline_is_told_apart(platform: "Platform"):
    wrong = platform.run("app", "list", "--url", f"{platform.url}/elsewhere", code=1)
    assert wrong["error"]["code"] == "no_such_path"


def test_a_number_is_unavailable_for_a_cause(platform: "Platform"):
    app_key = platform.run("app", "create", "--mode", "axb", "--name", "n")["app_key"]
    platform.run("number", "add", X, "--app", app_key, "--city", "0755")
    changed = platform.run("number", "set", X, "state=unavailable", "cause=arrears")
    assert (changed["state"], changed["cause"]) == ("unavailable", "arrears")
    refused = platform.run("number", "set", X, "cause=none", code=1)
    assert refused["error"]["field"] == "cause"
    assert "deleted, arrears, stopped" in refused["error"]["message"]
    assert platform.run("number", "set", X, "state=normal")["cause"] is None


def test_an_address_that_is_locked_out_is_listed_and_released(platform: "Platform"):
    assert "No address" in platform.read("lockout", "list")
    platform.lockout.fail("203.0.113.7")
    platform.lockout.fail("2001:db8::7")
    listed = platform.run("lockout", "list")
    assert [entry["address"] for entry in listed] == ["2001:db8::/64", "203.0.113.7"]
    for address in ("203.0.113.7", "2001:db8::/64"):
        assert platform.run("lockout", "release", address)["released"] is True
    assert platform.run("lockout", "list") == []
    assert platform.run("lockout", "release", "::1", code=1)["error"]["code"] == "not_found"

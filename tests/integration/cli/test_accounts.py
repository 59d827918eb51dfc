"""People, tokens and the log from the command line."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Platform


def test_people_are_invited_and_the_link_is_printed_once(platform: "Platform"):
    assert "#" in platform.read("user", "setup-link")
    platform.run("tenant", "create", "--name", "Shop", "--id", "shop")
    made = platform.run(
        "user", "invite", "li@shop.example", "--name", "Li", "--role", "owner", "--tenant", "shop"
    )
    assert "/console/invitation#" in made["link"]
    listed = platform.run("user", "invitations")
    assert [one["purpose"] for one in listed] == ["setup", "invitation"]
    assert platform.run("user", "take-back", made["invitation_id"])["removed"] is True
    assert platform.run("user", "list") == []
    refused = platform.run("user", "disable", "nobody", code=1)
    assert refused["error"]["code"] == "not_found"


def test_a_token_of_a_program_is_printed_once_and_removed(platform: "Platform"):
    made = platform.run("token", "add", "reports", "--right", "call.read")
    assert made["token"].startswith("mlk_")
    [listed] = platform.run("token", "list")
    assert "token" not in listed
    assert platform.run("token", "remove", listed["token_id"])["removed"] is True
    assert "There are none" in platform.read("token", "list")


def test_the_log_is_read_by_what_it_is_about(platform: "Platform"):
    assert "Nothing was done." in platform.read("audit", "list", "--action", "stop_call")
    refused = platform.run("audit", "list", "--since", "2026-11-20", code=1)
    assert refused["error"]["field"] == "since"

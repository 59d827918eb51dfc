"""`maskline tariff`, `maskline package` and `maskline money` against a platform."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Platform

pytestmark = pytest.mark.network


def test_a_tenant_is_charged_and_pays_from_the_command_line(platform: "Platform"):
    platform.run("tenant", "create", "--name", "Shop", "--id", "shop")
    made = platform.run("tariff", "add", "virtual_operator_rent=1000", "call_minute=12")
    assert (made["state"], made["virtual_operator_rent"]) == ("current", 1000)
    assert "current" in platform.read("tariff", "list", "--tenant", "shop")
    of_shop = ("--mode", "axb", "--name", "n", "--tenant", "shop")
    app_key = platform.run("app", "create", *of_shop)["app_key"]
    platform.run("number", "add", "+8617000000001", "--app", app_key, "--city", "0755")
    assert platform.run("money", "charge", "issued")["amount"] == 1000
    assert platform.run("money", "charge", "arrears")["postings"] == 1
    assert "-1000" in platform.read("money", "list", "--arrears")

    paid = ("--amount", "5000", "--reference", "bank/1")
    assert platform.run("money", "top-up", "shop", *paid)["amount"] == 5000
    wrong = ("--amount", "1", "--reference", "bank/1")
    assert platform.run("money", "top-up", "shop", *wrong, code=1)["error"]["code"] == "exists"
    back = ("--amount", "-500", "--reference", "c1", "--note", "a gift too much")
    assert platform.run("money", "adjust", "shop", *back)["amount"] == -500
    assert platform.run("money", "set", "shop", "credit=100", "alert_below=")["credit"] == 100
    shown = platform.run("money", "show", "shop")
    assert (shown["balance"], shown["arrears_since"]) == (3500, None)

    package = platform.run("package", "add", "Small", "--price", "90", "--minutes", "9")
    assert "Small" in platform.read("package", "list")
    bought = platform.run("package", "buy", package["package_id"], "--tenant", "shop")
    assert bought["minutes_left"] == 9
    assert "coming" in platform.read("package", "bought", "--tenant", "shop")
    sold = platform.run("package", "set", package["package_id"], "is_sold=false")
    assert sold["is_sold"] is False

    assert "package:" in platform.read("money", "ledger", "--tenant", "shop")
    assert "prepaid" in platform.read("money", "sums", "--tenant", "shop")
    assert platform.run("money", "sums")["total"] == 0
    assert "1090 charged, 4500 paid" in platform.read("money", "statement", "shop")
    assert "issued" in platform.read("money", "runs", "--state", "done")
    unknown = platform.run("money", "retry", "rent", "2026-01", code=1)
    assert unknown["error"]["code"] == "not_found"

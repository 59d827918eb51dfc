"""`maskline stock` and the life of numbers against a platform."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.unit.protocols.spreadsheet.workbook import workbook

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Platform

pytestmark = pytest.mark.network

X, Y, NOBODYS = "+8617000000011", "+8617000000012", "+8617000000099"


def test_a_number_goes_from_the_stock_through_its_life_and_back(
    platform: "Platform", tmp_path: Path
):
    one, two = (
        platform.run("app", "create", "--mode", "axb", "--name", name)["app_key"]
        for name in ("one", "two")
    )
    file = tmp_path / "stock.xlsx"
    file.write_bytes(workbook(["号码", "城市", "实名方案"], ["17000000011", "深圳", 2]).getvalue())
    assert platform.run("stock", "import", str(file))["state"] == "ready"
    assert platform.run("stock", "import", str(file), "--apply")["done"] == 1
    platform.run("stock", "add", Y, "--city", "010", "--cost", "350", "--no-messages")
    assert platform.run("stock", "set", Y, "note=shelf")["note"] == "shelf"
    assert "深圳" in platform.read("stock", "counts")
    assert platform.run("stock", "remove", Y)["removed"] is True
    wanted = ("--app", one, "--count", "2", "--kind", "virtual_operator", "--for", "order 7")
    issued = platform.run("stock", "issue", *wanted)
    assert (issued["missing"], issued["numbers"][0]["state"]) == (1, "awaiting_real_name")

    due = ("--scheme", "3", "--due", "2099-01-01T00:00:00Z")
    assert platform.run("number", "real-name", "ask", X, *due)["real_name"]["scheme"] == 3
    assert [row["number"] for row in platform.run("number", "real-name", "list")] == [X]
    assert platform.run("number", "real-name", "done", X)["state"] == "normal"
    assert platform.run("number", "real-name", "show", X)["reference"] == "order 7"

    told = platform.run("number", "transfer", X, "--to", two)
    assert (told["changes"], platform.run("number", "show", X)["app_key"]) == (1, one)
    assert platform.run("number", "transfer", X, "--to", two, "--apply")["task"] == "done"
    assert platform.run("number", "show", X)["app_key"] == two

    assert "rent is paid until" in platform.read("number", "release", X, NOBODYS)
    gone = platform.run("number", "release", X, NOBODYS, "--apply")
    assert (gone["task"], [row["value"] for row in gone["errors"]]) == ("partly_done", [NOBODYS])
    again = platform.run("number", "retry", gone["job_id"])
    assert again["task"] == "check_failed"
    steps = [event["step"] for event in platform.run("number", "history", X)]
    assert steps == [
        "returned",
        "state_changed",
        "transferred",
        "transfer_begun",
        "real_name_done",
        "real_name_asked",
        "issued",
    ]
    [resting] = platform.run("stock", "list")
    assert resting["number"] == X

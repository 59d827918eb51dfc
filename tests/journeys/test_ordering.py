"""An enterprise is handed in and approved, and numbers are ordered for it until they are there."""

import re
import secrets
from pathlib import Path

from playwright.sync_api import expect
from tests.journeys.conftest import VisitMaker
from tests.journeys.visit import Visit
from tests.unit.protocols.spreadsheet.workbook import workbook

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0P\x0f\x00\x04\x85\x01\x80\x84\xa9"
    b"\x8c!\x00\x00\x00\x00IEND\xaeB`\x82"
)
PAPERS = ("licence", "legal_front", "legal_back", "agent_front", "agent_back", "agent_holding")
WORDS = {
    "licence_code": "91440300MA5DA1XX0K",
    "legal_name": "王芳",
    "agent_name": "李雷",
    "agent_phone": "138 0013 8000",
    "authority_from": "2020-01-01",
    "authority_until": "2099-12-31",
    "bearer_name": "出行",
    "scene": "司机与乘客互相拨打",
    "script": "您好，我到了",
    "callee_source": "乘客下单",
}


def _hand_in(owner: Visit, name: str, scan: Path) -> None:
    page = owner.page
    owner.go("enterprises")
    page.get_by_test_id("enterprises.add").first.click()
    dialog = page.get_by_test_id("enterprises.dialog")
    dialog.get_by_test_id("ordering.name").fill(name)
    dialog.get_by_test_id("ordering.accepts_statement").check()
    page.get_by_test_id("enterprises.begin").click()
    page.get_by_test_id("enterprise.save").wait_for()
    for field, value in WORDS.items():
        page.get_by_test_id(f"ordering.{field}").fill(value)
    for field, value in (
        ("nature", "direct"),
        ("industry", "ride_hailing"),
        ("bearer_kind", "app"),
    ):
        page.get_by_test_id(f"ordering.{field}").select_option(value)
    page.get_by_test_id("enterprise.save").click()
    for kind in (*PAPERS, "authority"):
        page.get_by_test_id(f"paper.{kind}").set_input_files(scan)
        expect(page.locator(f'tr[data-id="{kind}"]')).to_contain_text("scan.png")
    owner.stop("enterprise")
    page.get_by_test_id("enterprise.submit").click()
    page.get_by_test_id("kit.confirm.yes").click()
    expect(page.get_by_test_id("enterprise.withdraw")).to_be_visible()


def test_an_enterprise_is_approved_and_its_order_is_issued(
    visit: VisitMaker, tmp_path: Path
) -> None:
    name = f"出行 {secrets.token_hex(3)}"
    scan, sheet = tmp_path / "scan.png", tmp_path / "lines.xlsx"
    scan.write_bytes(PNG)
    lines = workbook(["城市", "类型", "数量", "短信"], ["深圳", "", 2, ""], ["深训", "", 1, ""])
    sheet.write_bytes(lines.getvalue())
    owner = visit("zh", role="owner")
    _hand_in(owner, name, scan)

    reviewer = visit("en", role="reviewer")
    page = reviewer.page
    reviewer.go("platform/enterprises")
    row = page.get_by_test_id("reviews.enterprise.row").filter(has_text=name)
    row.get_by_role("button").first.click()
    page.get_by_test_id("reviews.people").click()
    expect(page.get_by_test_id("reviews.drawer")).to_contain_text("李雷")
    page.get_by_test_id("reviews.paper.licence").click()
    expect(page.get_by_role("img", name="Business licence")).to_be_visible()
    reviewer.stop("review")
    page.get_by_test_id("reviews.approve").click()
    expect(row).to_have_count(0)

    page = owner.page
    owner.go("orders/new")
    page.locator('select[name="enterprise"]').select_option(label=name)
    page.get_by_test_id("orders.sheet").set_input_files(sheet)
    expect(page.get_by_test_id("orders.errors")).to_contain_text("M2105")
    expect(page.get_by_test_id("orders.line.quantity")).to_have_value("2")
    owner.stop("form")
    page.get_by_test_id("orders.submit").click()
    expect(page.get_by_test_id("orders.drawer")).to_contain_text("0 / 2")
    order_id = re.search(r"open=(\w+)", page.url)
    assert order_id is not None

    operator = visit("en", role="operator")
    page = operator.page
    operator.go(f"platform/orders?open={order_id[1]}")
    page.get_by_test_id("reviews.approve").click()
    operator.go(f"platform/orders?state=processing&open={order_id[1]}")
    first = f"+861700000{secrets.randbelow(4_000) + 5_000}"
    page.get_by_test_id("ordering.numbers").fill(
        f"{first}\n{first[:-1]}{(int(first[-1]) + 1) % 10}"
    )
    operator.stop("issue")
    page.get_by_test_id("orders.byHand").click()
    expect(page.get_by_test_id("reviews.drawer")).to_have_count(0)

    owner.go(f"orders?open={order_id[1]}")
    expect(owner.page.get_by_test_id("orders.drawer")).to_contain_text("2 / 2")
    expect(owner.page.get_by_test_id("orders.numbers")).to_be_visible()
    owner.stop("issued")

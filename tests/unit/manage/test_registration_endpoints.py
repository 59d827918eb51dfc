import base64
from typing import Any

import pytest
from tests.unit.manage.operating import Operator

from maskline.domain.registrant import NumberType, Report
from maskline.services.registration import RegistrationDesk, UploadedFile

A, B = "+8613900001001", "+8675528000001"
JPG = b"\xff\xd8\xff\xe0 jpg"
PREFIX = "/manage/v1"
OF_SHOP = f"{PREFIX}/tenants/shop/registrants"


@pytest.fixture
async def shop(operator: Operator) -> Operator:
    """With a tenant that has reported two numbers, to be reviewed."""
    made = await operator.ask("POST", f"{PREFIX}/tenants", {"name": "Shop", "tenant_id": "shop"})
    assert made.status == 201
    desk = RegistrationDesk(operator.store, operator.clock, needs_review=True)
    await desk.upload("shop", [UploadedFile("face.jpg", JPG)])
    mobile = Report(
        number=A,
        number_type=NumberType.MOBILE,
        name="王小明",
        identity_card="11010519491231002X",
        photo="face.jpg",
    )
    landline = Report(
        number=B,
        number_type=NumberType.LANDLINE,
        name="李雷",
        identity_card="110105194912310021",
        photo="face.jpg",
        operator_number="+8613900002002",
    )
    await desk.register("shop", [mobile, landline])
    return operator


async def _statuses(operator: Operator, query: str = "") -> list[tuple[str, str]]:
    answer = await operator.ask("GET", f"{PREFIX}/registrants?reveal=true{query}")
    return [(item["number"], item["status"]) for item in answer.json["items"]]


async def test_registrants_are_masked_unless_the_request_reveals(shop: Operator):
    masked = await shop.ask("GET", f"{PREFIX}/registrants")
    for secret in (A, B, "13900002002", "王小明", "194912310", "face.jpg"):
        assert secret not in masked.content.decode()
    assert masked.json["items"][0] == {
        "tenant_id": "shop",
        "number": "139 **** 1001",
        "number_type": "mobile",
        "name": "王**",
        "identity_card": "****002X",
        "operator_number": None,
        "has_photo": True,
        "status": "waiting",
        "fail_reason": None,
        "failures": 0,
        "failed_at": None,
        "submitted_at": "2026-11-20T08:00:00Z",
        "decided_at": None,
    }
    shown = await shop.ask("GET", f"{OF_SHOP}/{B}?reveal=true")
    assert shown.json["name"] == "李雷"
    assert shown.json["identity_card"] == "110105194912310021"
    assert (shown.json["photo"], shown.json["operator_number"]) == ("face.jpg", "+8613900002002")


async def test_registrants_are_listed_by_tenant_and_status(shop: Operator):
    await shop.ask("POST", f"{OF_SHOP}/{A}/accept")
    assert await _statuses(shop) == [(A, "registered"), (B, "waiting")]
    assert await _statuses(shop, "&status=waiting") == [(B, "waiting")]
    assert await _statuses(shop, "&tenant_id=shop&status=failed") == []
    assert await _statuses(shop, "&tenant_id=nobody") == []
    wrong = await shop.ask("GET", f"{PREFIX}/registrants?status=lost")
    assert (wrong.status, wrong.error["field"]) == (400, "status")


async def test_an_operator_accepts_and_rejects(shop: Operator):
    accepted = await shop.ask("POST", f"{OF_SHOP}/{A}/accept")
    assert (accepted.status, accepted.json["status"]) == (200, "registered")
    assert accepted.json["decided_at"] == "2026-11-20T08:00:00Z"
    rejected = await shop.ask("POST", f"{OF_SHOP}/{B}/reject", {"reason": "no such person"})
    assert rejected.json["fail_reason"] == "no such person"
    assert (rejected.json["status"], rejected.json["failures"]) == ("failed", 1)
    again = await shop.ask("POST", f"{OF_SHOP}/{B}/reject", {"reason": "no"})
    assert (again.status, again.error["code"]) == (409, "refused")
    for body in ({}, {"reason": " "}, {"reason": "x" * 257}):
        answer = await shop.ask("POST", f"{OF_SHOP}/{A}/reject", body)
        assert (answer.status, answer.error["field"]) == (400, "reason")


async def test_the_photo_of_a_registrant_can_be_looked_at(shop: Operator):
    photo = await shop.ask("GET", f"{OF_SHOP}/{A}/photo")
    assert photo.headers["content-type"] == "application/octet-stream"
    assert photo.content == JPG


async def test_a_number_is_registered_by_hand_and_removed(shop: Operator):
    number = "+8613900003003"
    added = await shop.ask("POST", OF_SHOP, {"number": number, "name": "韩梅梅"})
    assert (added.status, added.json["status"]) == (201, "registered")
    assert added.json["has_photo"] is False
    assert await shop.store.is_registered("shop", number)
    assert (await shop.ask("GET", f"{OF_SHOP}/{number}/photo")).status == 404
    twice = await shop.ask("POST", OF_SHOP, {"number": number})
    assert (twice.status, twice.error["code"]) == (409, "exists")
    assert number not in twice.content.decode()
    landline = await shop.ask("POST", OF_SHOP, {"number": "+8675528000009"})
    assert landline.json["number_type"] == "landline"
    assert (await shop.ask("DELETE", f"{OF_SHOP}/{number}")).status == 204
    assert not await shop.store.is_registered("shop", number)
    wrong: Any
    for wrong, field in (
        ({"number": "139"}, "number"),
        ({"number": number, "number_type": "landline"}, "number_type"),
        ({"number": number, "name": "x" * 51}, "name"),
        ({"number": number, "number_type": "fax"}, "number_type"),
    ):
        answer = await shop.ask("POST", OF_SHOP, wrong)
        assert (answer.status, answer.error["field"]) == (400, field)


async def test_what_is_not_there_is_told(shop: Operator):
    unknown = f"{OF_SHOP}/+8613900009999"
    for answer in (
        await shop.ask("GET", unknown),
        await shop.ask("GET", f"{unknown}/photo"),
        await shop.ask("POST", f"{unknown}/accept"),
        await shop.ask("POST", f"{unknown}/reject", {"reason": "no"}),
        await shop.ask("DELETE", unknown),
        await shop.ask("POST", f"{PREFIX}/tenants/nobody/registrants", {"number": A}),
        await shop.ask("GET", f"{PREFIX}/tenants/nobody/tokens"),
        await shop.ask("POST", f"{PREFIX}/tenants/nobody/tokens", {}),
        await shop.ask("DELETE", f"{PREFIX}/tenants/shop/tokens/none"),
    ):
        assert (answer.status, answer.error["code"]) == (404, "not_found")


async def test_a_token_is_shown_once(shop: Operator):
    path = f"{PREFIX}/tenants/shop/tokens"
    made = await shop.ask("POST", path, {"hours": 2})
    assert made.status == 201
    assert len(made.json["token"]) == 43
    assert made.json["expires_at"] == "2026-11-20T10:00:00Z"
    assert (await shop.ask("POST", path)).json["expires_at"] == "2026-11-21T08:00:00Z"
    listed = await shop.ask("GET", path)
    assert made.json["token"] not in listed.content.decode()
    assert made.json["token_id"] in [one["token_id"] for one in listed.json["items"]]
    assert (await shop.ask("DELETE", f"{path}/{made.json['token_id']}")).status == 204
    assert len((await shop.ask("GET", path)).json["items"]) == 1
    for hours in (0, 87_601, "many"):
        assert (await shop.ask("POST", path, {"hours": hours})).error["field"] == "hours"


async def test_a_tenant_has_so_many_tokens(shop: Operator):
    path = f"{PREFIX}/tenants/shop/tokens"
    for _ in range(100):
        assert (await shop.ask("POST", path)).status == 201
    answer = await shop.ask("POST", path)
    assert (answer.status, answer.error["code"]) == (409, "refused")
    assert "remove some" in answer.error["message"]


async def test_an_application_says_whether_it_intercepts(shop: Operator):
    made = await shop.create_application(tenant_id="shop")
    assert made["intercepts_unregistered"] is False
    path = f"{PREFIX}/applications/{made['app_key']}"
    changed = await shop.ask("PATCH", path, {"intercepts_unregistered": True})
    assert changed.json["intercepts_unregistered"] is True
    assert (await shop.ask("GET", path)).json["intercepts_unregistered"] is True
    assert (await shop.create_application(intercepts_unregistered=True))["intercepts_unregistered"]


REPORT = {
    "number": "+8613900003003",
    "name": "韩梅梅",
    "identity_card": "110105194912310029",
    "photo": base64.b64encode(JPG).decode(),
    "agrees": True,
}


async def test_a_tenant_reports_a_person_with_a_photo_in_one_request(shop: Operator):
    path = f"{PREFIX}/tenants/shop/registrant-reports"
    made = await shop.ask("POST", path, REPORT)
    assert (made.status, made.json["has_photo"], made.json["name"]) == (201, True, "韩**")
    photo = await shop.ask("GET", f"{OF_SHOP}/{REPORT['number']}/photo")
    assert photo.content == JPG
    same_photo = await shop.ask("POST", path, REPORT | {"number": "+8613900004004"})
    assert same_photo.status == 201
    again = await shop.ask("POST", path, REPORT | {"name": "another"})
    assert again.status == 409


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"agrees": False}, "agrees"),
        ({"photo": base64.b64encode(b"GIF89a").decode()}, "photo"),
        ({"name": ""}, "name"),
        ({"number": "+8675528000009"}, "operator_number"),
    ],
)
async def test_a_report_that_is_not_complete_is_told_by_its_field(
    shop: Operator, wrong: dict[str, Any], field: str
):
    path = f"{PREFIX}/tenants/shop/registrant-reports"
    refused = await shop.ask("POST", path, REPORT | wrong)
    assert (refused.status, refused.error["field"]) == (400, field)

"""`maskline registrant` and `maskline tenant token` against a management API over HTTP."""

from pathlib import Path

import pytest
from tests.integration.cli.conftest import Platform

from maskline.domain.registrant import NumberType, Report
from maskline.services.clock import SystemClock
from maskline.services.ids import SystemIds
from maskline.services.registration import RegistrationDesk, UploadedFile
from maskline.services.tenant_token import TenantTokens

pytestmark = pytest.mark.network

A, B = "+8613900001001", "+8613900001002"
JPG = b"\xff\xd8\xff\xe0 jpg"
AT = ("--tenant", "shop")


@pytest.fixture
def shop(platform: Platform) -> Platform:
    """With a tenant that has reported a number."""
    platform.run("tenant", "create", "--name", "Shop", "--id", "shop")
    desk = RegistrationDesk(platform.store, SystemClock(), needs_review=True)
    report = Report(
        number=A,
        number_type=NumberType.MOBILE,
        name="王小明",
        identity_card="11010519491231002X",
        photo="face.jpg",
    )
    platform.keep(lambda: desk.upload("shop", [UploadedFile("face.jpg", JPG)]))
    platform.keep(lambda: desk.register("shop", [report]))
    return platform


def test_a_reported_number_is_looked_at_and_accepted(shop: Platform, tmp_path: Path):
    masked = shop.read("registrant", "list", "--status", "waiting")
    assert "139 **** 1001" in masked
    assert "王小明" not in masked
    (waiting,) = shop.run("registrant", "list", "--status", "waiting", "--reveal")
    assert (waiting["number"], waiting["name"]) == (A, "王小明")
    photo = tmp_path / "face.jpg"
    told = shop.read("registrant", "show", A, *AT, "--photo", str(photo))
    assert photo.read_bytes() == JPG
    assert f"maskline registrant accept {A} --tenant shop" in told
    assert shop.run("registrant", "accept", A, *AT)["status"] == "registered"
    assert "Next" not in shop.read("registrant", "show", A, *AT, "--reveal")


def test_a_reported_number_is_rejected_with_a_reason(shop: Platform):
    rejected = shop.run("registrant", "reject", A, *AT, "--reason", "names do not match")
    assert (rejected["status"], rejected["failures"]) == ("failed", 1)
    assert "names do not match" in shop.read("registrant", "list")
    again = shop.run("registrant", "reject", A, *AT, "--reason", "no", code=1)
    assert again["error"]["code"] == "refused"


def test_a_number_is_registered_by_hand_and_removed(shop: Platform):
    added = shop.run("registrant", "add", B, *AT, "--name", "李雷", "--identity-card", "X1")
    assert (added["number"], added["status"]) == ("139 **** 1002", "registered")
    assert shop.run("registrant", "show", B, *AT, "--reveal")["name"] == "李雷"
    lost = shop.run("registrant", "show", B, *AT, "--photo", "/none/face.jpg", code=1)
    assert lost["error"]["code"] == "not_found"
    unwritable = shop.run("registrant", "show", A, *AT, "--photo", "/none/face.jpg", code=1)
    assert "cannot be written" in unwritable["error"]["message"]
    assert shop.run("registrant", "remove", B, *AT)["removed"] is True
    assert shop.run("registrant", "show", B, *AT, code=1)["error"]["code"] == "not_found"
    wrong = shop.run("registrant", "add", "139", *AT, code=1)
    assert wrong["error"]["field"] == "number"


def test_without_a_tenant_the_default_one_is_meant(platform: Platform):
    platform.run("app", "create", "--mode", "axb", "--name", "shop")
    assert platform.run("registrant", "add", A)["tenant_id"] == "default"
    assert platform.run("registrant", "list", "--tenant", "default")[0]["status"] == "registered"
    assert "no such numbers" in platform.read("registrant", "list", "--status", "waiting")


def test_a_token_is_printed_once_and_names_its_tenant(shop: Platform):
    made = shop.run("tenant", "token", "add", "shop", "--hours", "8760")
    tokens = TenantTokens(shop.store, SystemClock(), SystemIds())
    found = shop.keep(lambda: tokens.tenant_of(made["token"]))
    assert found.tenant_id == "shop"
    assert "not shown again" in shop.read("tenant", "token", "add", "shop")
    listed = shop.run("tenant", "token", "list", "shop")
    assert listed[0]["token_id"] == made["token_id"]
    assert len(listed) == 2
    assert made["token"] not in shop.read("tenant", "token", "list", "shop")
    assert shop.run("tenant", "token", "remove", "shop", made["token_id"])["removed"] is True
    assert len(shop.run("tenant", "token", "list", "shop")) == 1
    assert shop.run("tenant", "token", "add", "nobody", code=1)["error"]["code"] == "not_found"
    assert shop.run("tenant", "token", "add", "shop", "--hours", "0", code=2)


def test_an_application_is_told_to_intercept(platform: Platform):
    made = platform.run(
        "app", "create", "--mode", "axb", "--name", "n", "--set", "intercepts_unregistered=true"
    )
    assert made["intercepts_unregistered"] is True
    changed = platform.run("app", "set", made["app_key"], "intercepts_unregistered=no")
    assert changed["intercepts_unregistered"] is False


def test_a_person_is_reported_with_a_photo(shop: Platform, tmp_path: Path):
    face = tmp_path / "face.jpg"
    face.write_bytes(b"\xff\xd8\xff\xe0 jpg")
    given = ("--name", "Han", "--identity-card", "110105194912310029", "--photo", str(face))
    made = shop.run(
        "registrant", "report", "+8613900003003", "--tenant", "shop", *given, "--agreed"
    )
    assert (made["has_photo"], made["name"]) == (True, "H**")

"""What holds for every endpoint: the token, the shape of errors, bounds."""

import pytest
from tests.unit.manage.operating import Operator

APPS = "/manage/v1/applications"


async def test_without_a_token_the_answer_is_401_and_says_how_to_send_one(operator: Operator):
    answer = await operator.ask("GET", APPS, token=None)
    assert answer.status == 401
    assert answer.error["code"] == "token_missing"
    assert "Bearer" in answer.headers["www-authenticate"]


@pytest.mark.parametrize("token", ["wrong", "token-of-the-operatoR", "tökén"])
async def test_with_another_token_the_answer_is_403(operator: Operator, token: str):
    answer = await operator.ask("GET", APPS, token=token)
    assert answer.status == 403
    assert answer.error["code"] == "token_wrong"


async def test_unknown_path_is_a_json_404_that_points_to_the_document(operator: Operator):
    answer = await operator.ask("GET", "/manage/v1/nothing")
    assert answer.status == 404
    assert "openapi.json" in answer.error["hint"]


async def test_wrong_method_names_the_allowed_ones(operator: Operator):
    answer = await operator.ask("DELETE", APPS)
    assert answer.status == 405
    assert "POST" in answer.headers["allow"]


async def test_a_body_that_is_no_json_is_refused(operator: Operator):
    answer = await operator.ask("POST", APPS, raw=b"{oops")
    assert (answer.status, answer.error["code"]) == (400, "not_json")


@pytest.mark.parametrize("raw", [b"\xff", b'{"name":"\xff","mode":"axb"}', b"[" * 4000, b"null"])
async def test_garbage_never_crashes(operator: Operator, raw: bytes):
    answer = await operator.ask("POST", APPS, raw=raw)
    assert answer.status == 400
    assert answer.error["message"]


async def test_a_body_over_the_bound_is_413(operator: Operator):
    answer = await operator.ask("POST", APPS, raw=b" " * 5001)
    assert (answer.status, answer.error["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"mode": "axb"}, "name"),
        ({"name": "", "mode": "axb"}, "name"),
        ({"name": "n", "mode": "axz"}, "mode"),
        ({"name": "n", "mode": "axb", "pairs_per_number": "many"}, "pairs_per_number"),
        ({"name": "n", "mode": "axb", "pears": 1}, "pears"),
        (
            {"name": "n", "mode": "axb", "allowed_addresses": ["10.0.0.0/8", 7]},
            "allowed_addresses[1]",
        ),
    ],
)
async def test_a_wrong_field_is_named(operator: Operator, body: dict, field: str):
    answer = await operator.ask("POST", APPS, body)
    assert (answer.status, answer.error["field"]) == (400, field)


async def test_unknown_query_parameters_are_refused_with_the_known_ones(operator: Operator):
    answer = await operator.ask("GET", f"{APPS}?tenant=x")
    assert answer.status == 400
    assert "tenant_id" in answer.error["hint"]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=501", "after=x", "after=", "after=WyJyZWNvcmRzIiwxLDJd", "limit=x"]
)
async def test_pages_are_bounded(operator: Operator, query: str):
    assert (await operator.ask("GET", f"{APPS}?{query}")).status == 400


async def test_a_bug_is_a_500_that_tells_nothing(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
):
    async def fail(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(operator.store, "applications", fail)
    answer = await operator.ask("GET", APPS)
    assert answer.status == 500
    assert b"secret detail" not in answer.content

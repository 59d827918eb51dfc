from tests.unit.manage.operating import A, Operator, X

V1 = "/manage/v1"


async def test_the_secret_is_in_the_answer_that_made_it_and_never_again(operator: Operator):
    made = await operator.create_application(status_url="https://example.com/status")
    assert len(made["app_key"]) == 28
    shown = (await operator.ask("GET", f"{V1}/applications/{made['app_key']}")).json
    listed = (await operator.ask("GET", f"{V1}/applications")).json["items"][0]
    assert "app_secret" not in shown
    assert "app_secret" not in listed
    assert shown == {key: value for key, value in made.items() if key != "app_secret"}


async def test_a_renewed_secret_is_another_one(operator: Operator):
    made = await operator.create_application()
    renewed = await operator.ask("POST", f"{V1}/applications/{made['app_key']}/secret")
    assert renewed.status == 200
    assert renewed.json["app_secret"] != made["app_secret"]
    stored = await operator.store.application(made["app_key"])
    assert stored is not None
    assert stored.secret == renewed.json["app_secret"]


async def test_a_change_touches_only_what_it_names_and_null_removes_a_url(operator: Operator):
    made = await operator.create_application(
        status_url="https://example.com/s", cdr_url="https://example.com/r"
    )
    path = f"{V1}/applications/{made['app_key']}"
    changed = (await operator.ask("PATCH", path, {"may_record": True, "cdr_url": None})).json
    assert changed["may_record"] is True
    assert changed["cdr_url"] is None
    assert changed["status_url"] == "https://example.com/s"


async def test_mode_and_key_are_not_changeable(operator: Operator):
    made = await operator.create_application()
    path = f"{V1}/applications/{made['app_key']}"
    answer = await operator.ask("PATCH", path, {"mode": "ax"})
    assert (answer.status, answer.error["field"]) == (400, "mode")


async def test_unknown_things_are_404(operator: Operator):
    for path in ("applications/nope", "tenants/nope", "numbers/+8617099999999", "trunks/nope"):
        answer = await operator.ask("GET", f"{V1}/{path}")
        assert (answer.status, answer.error["code"]) == (404, "not_found")
    assert (await operator.ask("PATCH", f"{V1}/applications/nope", {})).status == 404
    assert (await operator.ask("DELETE", f"{V1}/trunks/nope")).status == 404


async def test_numbers_are_added_together_or_not_at_all(operator: Operator):
    app_key = (await operator.create_application())["app_key"]
    await operator.add_number(app_key)
    again = await operator.ask(
        "POST",
        f"{V1}/numbers",
        {
            "app_key": app_key,
            "numbers": [
                {"number": "+8617010000002", "area_code": "0755"},
                {"number": X, "area_code": "0755"},
            ],
        },
    )
    assert (again.status, again.error["code"]) == (409, "exists")
    listed = (await operator.ask("GET", f"{V1}/numbers?app_key={app_key}")).json
    assert [number["number"] for number in listed["items"]] == [X]
    assert len(listed["items"]) == 1


async def test_a_number_is_shown_and_changed_under_its_plus_sign(operator: Operator):
    app_key = (await operator.create_application())["app_key"]
    await operator.add_number(app_key)
    changed = await operator.ask("PATCH", f"{V1}/numbers/{X}", {"state": "paused"})
    assert changed.json["state"] == "paused"
    assert (await operator.ask("GET", f"{V1}/numbers/{X}")).json["state"] == "paused"


async def test_trunks_are_added_changed_and_removed_without_showing_passwords(operator: Operator):
    form = {
        "name": "carrier",
        "host": "192.0.2.10",
        "prefixes": ["+8613"],
        "username": "u",
        "password": "hush",
    }
    added = await operator.ask("POST", f"{V1}/trunks", form)
    assert added.status == 201
    assert added.json["has_password"] is True
    assert b"hush" not in added.content
    assert (await operator.ask("POST", f"{V1}/trunks", form)).status == 409

    changed = await operator.ask("PATCH", f"{V1}/trunks/carrier", {"weight": 0, "password": None})
    assert changed.json["weight"] == 0
    assert changed.json["has_password"] is False
    assert changed.json["prefixes"] == ["+8613"]

    assert (await operator.ask("DELETE", f"{V1}/trunks/carrier")).status == 204
    assert (await operator.ask("GET", f"{V1}/trunks")).json["items"] == []


async def test_an_application_tells_what_it_lacks(operator: Operator):
    made = await operator.create_application(mode="ax", may_message=True, labels={"team": "a"})
    first = made["notes"][0]
    assert (first["code"], first["field"]) == ("sms_control_url_missing", "sms_control_url")
    path = f"{V1}/applications/{made['app_key']}"
    change = {
        "sms_control_url": "https://example.com/sms",
        "labels": {"team": None, "city": "深圳"},
    }
    changed = (await operator.ask("PATCH", path, change)).json
    assert changed["labels"] == {"city": "深圳"}
    assert [note["code"] for note in changed["notes"] if note["is_mandatory"]] == []


async def test_a_tenant_can_be_frozen(operator: Operator):
    made = await operator.ask("POST", f"{V1}/tenants", {"name": "Shop Ltd", "tenant_id": "shop"})
    assert made.status == 201
    assert (
        await operator.ask("POST", f"{V1}/tenants", {"name": "x", "tenant_id": "shop"})
    ).status == 409
    frozen = await operator.ask("PATCH", f"{V1}/tenants/shop", {"state": "frozen"})
    assert frozen.json["state"] == "frozen"
    assert frozen.json["name"] == "Shop Ltd"


async def test_lists_page(operator: Operator):
    for name in ("one", "two", "three"):
        operator.clock.step(1)
        await operator.create_application(name=name)
    seen, after = [], ""
    while after is not None:
        page = (await operator.ask("GET", f"{V1}/applications?limit=1{after}")).json
        seen += [app["name"] for app in page["items"]]
        after = page["next"] and f"&after={page['next']}"
    assert seen == ["one", "two", "three"]
    foreign = await operator.ask("GET", f"{V1}/applications?after=WyJyZWNvcmRzIiwxLDJd")
    assert (foreign.status, foreign.error["code"]) == (400, "invalid_field")
    assert foreign.error["field"] == "after"


async def test_a_real_number_as_virtual_number_must_be_global_and_is_suggested(operator: Operator):
    app_key = (await operator.create_application())["app_key"]
    answer = await operator.ask(
        "POST",
        f"{V1}/numbers",
        {"app_key": app_key, "numbers": [{"number": "13900001001", "area_code": "0755"}]},
    )
    assert (answer.status, answer.error["field"]) == (400, "numbers[0].number")
    assert A in answer.error["message"]

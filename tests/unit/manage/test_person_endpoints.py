from tests.unit.manage.operating import A, B, Operator

V1 = "/manage/v1"


async def _shop(operator: Operator) -> tuple[str, str]:
    made = await operator.create_application()
    await operator.add_number(made["app_key"])
    await operator.bind(made["app_key"])
    return made["app_key"], made["tenant_id"]


async def test_a_person_is_exported_with_the_own_number_only(operator: Operator):
    app_key, tenant_id = await _shop(operator)
    form = {"number": A, "tenant_id": tenant_id}
    found = (await operator.ask("POST", f"{V1}/persons/export", form)).json
    [binding] = found["bindings"]
    assert (binding["app_key"], binding["role"], binding["user_data"]) == (
        app_key,
        "A",
        "order 17",
    )
    assert binding["other"] == "139 **** 2002"
    assert B not in str(found)


async def test_an_erasure_has_to_be_confirmed_and_is_logged(operator: Operator):
    _, tenant_id = await _shop(operator)
    form = {"number": A, "tenant_id": tenant_id}
    refused = await operator.ask("POST", f"{V1}/persons/erase", form)
    assert (refused.status, refused.error["field"]) == (400, "confirm")
    done = (await operator.ask("POST", f"{V1}/persons/erase", {**form, "confirm": True})).json
    assert done["bindings"] == 1
    [entry] = (await operator.ask("GET", f"{V1}/erasures")).json["items"]
    assert (entry["erasure_id"], entry["is_sound"]) == (done["erasure_id"], True)
    assert entry["counts"]["bindings"] == 1
    assert A[3:] not in str(entry)


async def test_a_number_in_national_form_and_an_unknown_tenant_are_refused(operator: Operator):
    for path in ("export", "erase"):
        form = {"number": A[3:], "tenant_id": "default", "confirm": True}
        if path == "export":
            del form["confirm"]
        refused = await operator.ask("POST", f"{V1}/persons/{path}", form)
        assert (refused.status, refused.error["field"]) == (400, "number")
        missing = await operator.ask(
            "POST", f"{V1}/persons/{path}", {**form, "number": A, "tenant_id": "none"}
        )
        assert missing.status == 404

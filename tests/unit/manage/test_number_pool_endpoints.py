from tests.unit.manage.operating import A, B, Operator, X

V1 = "/manage/v1"


async def test_cities_have_chinese_and_english_names(operator: Operator):
    cities = (await operator.ask("GET", f"{V1}/cities")).json["items"]
    shenzhen = next(city for city in cities if city["area_code"] == "0755")
    assert (shenzhen["city"], shenzhen["city_en"]) == ("深圳", "Shenzhen")
    assert all(city["city_en"] and city["province_en"] for city in cities)


async def test_the_pool_of_an_application_tells_its_room_by_city(operator: Operator):
    app_key = (await operator.create_application(mode="axe", extension_digits=2))["app_key"]
    await operator.add_number(app_key)
    pool = (await operator.ask("GET", f"{V1}/applications/{app_key}/number-pool")).json
    assert pool["per_number"] == 99
    city = pool["items"][0]
    assert (city["city_en"], city["total"], city["free"], city["left"]) == ("Shenzhen", 1, 1, 99)
    capacity = (await operator.ask("GET", f"{V1}/numbers/{X}/capacity")).json
    assert (capacity["bound"], capacity["left"]) == (0, 99)
    assert (await operator.ask("GET", f"{V1}/applications/nope/number-pool")).status == 404


async def test_an_application_chooses_by_its_rules_and_a_bind_by_its_own(operator: Operator):
    rules = {"home_city_first": True, "fallback_area_codes": ["020"], "pool": "vip"}
    made = await operator.create_application(mode="axb", number_choice=rules)
    await operator.add_number(made["app_key"])
    plain = {"repeat": "any", "cool_off_h": 0}
    assert made["number_choice"] == rules | plain
    path = f"{V1}/applications/{made['app_key']}"
    changed = await operator.ask(
        "PATCH", path, {"number_choice": {"repeat": "sticky", "fallback_area_codes": []}}
    )
    kept = {"home_city_first": True, "fallback_area_codes": [], "pool": "vip", "cool_off_h": 0}
    assert changed.json["number_choice"] == kept | {"repeat": "sticky"}
    for wrong in ({"cool_off_h": 2161}, {"fallback_area_codes": ["20"]}, {"repeat": "never"}):
        refused = await operator.ask("PATCH", path, {"number_choice": wrong})
        assert (refused.status, refused.error["code"]) == (400, "invalid_field")

    form = {"app_key": made["app_key"], "a": A, "b": B, "area_code": "0755"}
    assert (await operator.ask("POST", f"{V1}/bindings", form)).status == 409
    form["choice"] = {"pool": None, "home_city_first": False}
    assert (await operator.ask("POST", f"{V1}/bindings", form)).json["x"] == X


async def test_a_number_is_held_and_let_go_by_hand(operator: Operator):
    app_key = (await operator.create_application(mode="axb"))["app_key"]
    await operator.add_number(app_key)
    path = f"{V1}/numbers/{X}"
    held = (await operator.ask("PATCH", path, {"is_locked": True})).json
    assert (held["held_until"], held["is_locked"]) == (None, True)
    form = {"app_key": app_key, "a": A, "b": B, "area_code": "0755"}
    assert (await operator.ask("POST", f"{V1}/bindings", form)).status == 409
    let_go = (await operator.ask("PATCH", path, {"is_locked": False})).json
    assert let_go["is_locked"] is False
    assert (await operator.ask("POST", f"{V1}/bindings", form)).status == 201
    no_zone = await operator.ask("PATCH", path, {"held_until": "2027-01-01T00:00:00"})
    assert no_zone.status == 400

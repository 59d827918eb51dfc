from tests.unit.manage.operating import Operator, X

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

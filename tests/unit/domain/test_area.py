import pytest

from maskline.domain.area import Area, Areas, load_areas

SIZE = 2 * 600_000


@pytest.fixture(scope="module")
def areas():
    return load_areas()


@pytest.mark.parametrize(
    ("code", "city", "province"),
    [
        ("010", "北京", "北京"),
        ("0755", "深圳", "广东"),
        ("028", "成都", "四川"),
        ("0335", "秦皇岛", "河北"),
        ("0701", "鹰潭", "江西"),
        ("0898", "海口", "海南"),
        ("0471", "呼和浩特", "内蒙古"),
        ("0991", "乌鲁木齐", "新疆"),
    ],
)
def test_a_city_is_known_by_its_code(areas, code, city, province):
    assert areas.find(code) == Area(code, city, province)


@pytest.mark.parametrize("code", ["", "755", "0000", "0852", "深圳"])
def test_what_is_no_city_code_is_not_found(areas, code):
    assert areas.find(code) is None
    assert areas.same_province(code) == ()


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("+861064000000", "010"),
        ("+862038000000", "020"),
        ("+8675528000001", "0755"),
        ("+867716400000", "0771"),
        ("+867012345678", "0701"),
    ],
)
def test_a_landline_is_at_home_where_its_code_is(areas, number, code):
    assert areas.home_of(number).code == code


@pytest.mark.parametrize(
    ("number", "city"),
    [
        ("+8613800100500", "北京"),
        ("+8613800210500", "上海"),
        ("+8613510001001", "深圳"),
        ("+8613800571500", "杭州"),
        ("+8613888888888", "昆明"),
    ],
)
def test_a_mobile_is_at_home_where_its_prefix_was_issued(areas, number, city):
    assert areas.home_of(number).city == city


@pytest.mark.parametrize(
    "number",
    ["+8619900001001", "+85212345678", "+12025550100", "+861", "", "+86400123456789012"],
)
def test_the_home_of_other_numbers_is_not_known(areas, number):
    assert areas.home_of(number) is None


def test_a_province_is_all_its_cities(areas):
    guangdong = areas.same_province("0755")

    assert {"0755", "020", "0756", "0769"} <= set(guangdong)
    assert len(guangdong) == 21
    assert areas.same_province("010") == ("010",)


def test_every_prefix_points_to_an_area_and_most_are_known(areas):
    homes = [areas.home_of(f"+86{prefix}0000") for prefix in range(1_300_000, 1_900_000, 97)]

    assert sum(home is not None for home in homes) > len(homes) * 0.5


def test_a_table_of_another_size_is_refused():
    with pytest.raises(ValueError, match="wrong length"):
        Areas([], bytes(SIZE - 1))


def test_a_place_is_two_bytes():
    areas = [Area(f"0{n}", str(n), "p") for n in range(300)]
    table = bytearray(SIZE)
    table[0], table[SIZE // 2] = 300 & 0xFF, 300 >> 8

    assert Areas(areas, bytes(table)).home_of("+8613000000000") == areas[299]
    assert Areas(areas, bytes(table)).home_of("+8613000010000") is None

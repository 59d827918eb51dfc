import pytest

from maskline.domain.area import load_areas
from maskline.domain.number_choice import AS_EVER, AskedChoice, ChoiceRules, Repeat, cities

AREAS = load_areas()
OF_BEIJING = "+8613800100500"
OF_NOWHERE = "+8619900001001"
HOME_FIRST = ChoiceRules(home_city_first=True)
FALLBACKS = ChoiceRules(fallback_area_codes=("020", "0755", "0571"))


def _cities(rules, asked, a=OF_BEIJING, *, is_loose=False):
    return cities(AREAS, rules, asked=asked, a=a, is_loose=is_loose)


@pytest.mark.parametrize(
    ("rules", "asked", "a", "expected"),
    [
        (AS_EVER, "0755", OF_BEIJING, ("0755",)),
        (AS_EVER, None, OF_BEIJING, ("010",)),
        (AS_EVER, None, OF_NOWHERE, ()),
        (HOME_FIRST, "0755", OF_BEIJING, ("010", "0755")),
        (HOME_FIRST, "0755", OF_NOWHERE, ("0755",)),
        (HOME_FIRST, "010", OF_BEIJING, ("010",)),
        (FALLBACKS, "0755", OF_BEIJING, ("0755", "020", "0571")),
        (FALLBACKS, None, OF_NOWHERE, ("020", "0755", "0571")),
    ],
)
def test_cities_are_home_or_what_was_asked_and_then_the_fall_backs(rules, asked, a, expected):
    assert _cities(rules, asked, a) == expected


def test_a_loose_choice_goes_on_to_the_province_of_the_first_city():
    found = _cities(ChoiceRules(fallback_area_codes=("0571",)), "0755", is_loose=True)
    assert found[:2] == ("0755", "0571")
    assert set(found[2:]) == set(AREAS.same_province("0755")) - {"0755"}


def test_a_bind_asks_for_more_or_less_than_its_application():
    rules = ChoiceRules(pool="vip", repeat=Repeat.STICKY, cool_off_h=24)
    assert AskedChoice().over(rules) == rules
    asked = AskedChoice(pool="", repeat=Repeat.ANY, cool_off_h=0, home_city_first=True)
    assert asked.over(rules) == ChoiceRules(home_city_first=True)
    assert AskedChoice(pool="east").over(rules).pool == "east"

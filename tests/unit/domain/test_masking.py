import pytest

from maskline.domain.masking import mask, replace_numbers

A, B, X = "+8613900001001", "+8613900002002", "+8617010000001"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+8613812340001", "138 **** 0001"),
        ("+8675528123401", "0755-28****01"),
        ("+861012345678", "010-12****78"),
        ("+869911234567", "0991-12****67"),
        ("+4915112345678", "+49 151****78"),
        ("+12025550123", "+1 202****23"),
        ("+85291234567", "+852 912****67"),
        ("+86170000012345678", "+86 170****78"),
        ("+861234567", "+86 123****67"),
        ("+8612345", "+8612345"),
        ("+49301", "****01"),
        (None, ""),
        ("12345", "*****"),
        ("anonymous", "a****mous"),
    ],
)
def test_a_number_is_shown_so_that_nobody_can_call_it(number: str | None, shown: str):
    assert mask(number) == shown


@pytest.mark.parametrize(
    "number", ["+8695588", "+8696110", "+864008001234", "+868008101234", "+8610086", "+86110"]
)
def test_a_service_is_no_person_and_stays(number: str):
    assert mask(number) == number


def test_numbers_in_a_text_become_tokens_that_say_whose_they_are():
    text = f'{{"calling":"{A}","called":"{X}","other":"13900002002","again":"008613900001001"}}'
    assert replace_numbers(text, {A: "{A}", B: "{B}", X: X}) == (
        f'{{"calling":"{{A}}","called":"{X}","other":"{{B}}","again":"{{A}}"}}'
    )


def test_numbers_that_nobody_named_get_tokens_in_their_order():
    text = f"from {B} to {A}, then {B}, by +864008001234"
    assert replace_numbers(text, {A: "{A}"}) == "from {B} to {A}, then {B}, by +864008001234"
    many = " ".join(f"1390000{place:04}" for place in range(8))
    assert (
        replace_numbers(many, {}).split()
        == ["{A}", "{B}", "{C}", "{D}", "{E}", "{F}"] + ["{+}"] * 2
    )

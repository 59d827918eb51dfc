import pytest

from maskline.domain.number import (
    NumberFormat,
    hide_middle,
    is_global,
    is_landline,
    is_mobile,
    is_service_number,
    read_number,
    write_number,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+8613900001001", "+8613900001001"),
        ("008613900001001", "+8613900001001"),
        ("8613900001001", "+8613900001001"),
        ("13900001001", "+8613900001001"),
        ("075528000001", "+8675528000001"),
        ("01012345678", "+861012345678"),
        ("+86 139-0000-1001", "+8613900001001"),
        ("+86170000012345678", "+86170000012345678"),  # 700 segment: longer than E.164
        ("0018005550100", "+18005550100"),
    ],
)
def test_a_carriers_way_of_writing_is_brought_into_global_form(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "+", "anonymous", "+0123", "1390000１001", "+86x", "+" + "1" * 40, "86" + "1" * 40],
)
def test_what_is_no_number_is_none(text):
    assert read_number(text) is None


@pytest.mark.parametrize("number", ["+8613900001001", "+8675528000001", "+861012345678"])
@pytest.mark.parametrize("number_format", list(NumberFormat))
def test_what_a_trunk_is_sent_it_could_send_back(number, number_format):
    assert read_number(write_number(number, number_format)) == number


def test_landlines_and_mobiles_are_told_apart():
    assert is_mobile("+8613900001001")
    assert not is_landline("+8613900001001")
    assert is_landline("+8675528000001")
    assert is_landline("+861012345678")
    assert not is_mobile("+8675528000001")
    assert not is_landline("+18005550100")


def test_global_form_is_4_to_31_characters():
    assert is_global("+123")
    assert is_global("+" + "1" * 30)
    assert not is_global("+12")
    assert not is_global("+" + "1" * 31)


def test_a_masked_number_keeps_its_ends_only():
    assert hide_middle("+8613900001001") == "+86139****1001"
    assert hide_middle("12345") == "*****"
    assert hide_middle(None) == ""


@pytest.mark.parametrize("number", ["+864008001234", "+8695588", "+8695001234"])
def test_service_numbers_are_neither_mobiles_nor_landlines(number):
    assert is_service_number(number)
    assert not is_landline(number)
    assert not is_mobile(number)


@pytest.mark.parametrize("number", ["+869511234567", "+8613900001001", "+8675528000001", "+8695"])
def test_other_numbers_are_no_service_numbers(number):
    assert not is_service_number(number)

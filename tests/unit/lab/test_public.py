import pytest

from maskline.lab.public import refusal_of


@pytest.mark.parametrize(
    ("number", "status"),
    [
        ("+8613800000486", 486),
        ("+8613800000603", 603),
        ("+8613800000999", None),
        ("+8613800000200", None),
        ("+8613800000477", None),
        ("+8613800001234", None),
    ],
)
def test_a_number_refuses_with_the_status_it_ends_in(number: str, status: int | None):
    assert refusal_of(number) == status

import pytest

from maskline.domain.error import InvalidParameter
from maskline.services.page import MAX_COUNTED, Count, Cursor, count_of, read_cursor


@pytest.mark.parametrize(
    "cursor", [Cursor("records", (1, 2)), Cursor("prompts", ("app", "问候.wav")), Cursor("x", ())]
)
def test_a_cursor_is_read_from_its_text_which_urls_take(cursor: Cursor):
    assert read_cursor(cursor.text) == cursor
    assert cursor.text.replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize(
    "text", ["", "x", "W10", "e30", "WzFd", "WyJhIix0cnVlXQ", "WyJhIiwxLjVd", "é", "W" * 700]
)
def test_what_is_no_cursor_is_refused(text: str):
    with pytest.raises(InvalidParameter) as refused:
        read_cursor(text)
    assert refused.value.parameter == "after"


def test_counting_stops():
    assert count_of(MAX_COUNTED) == Count(MAX_COUNTED)
    assert count_of(MAX_COUNTED + 1) == Count(MAX_COUNTED, is_bounded=True)

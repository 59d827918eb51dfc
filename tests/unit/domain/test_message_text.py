from datetime import UTC, datetime

import pytest

from maskline.domain.message import CameSegment
from maskline.domain.message_text import (
    has_any,
    is_among,
    join_segments,
    mend,
    read_number_suffix,
    read_tag_suffix,
    show_sender,
    show_tag,
)

B = "+8613800000021"


def segments(*texts: str, total: int = 3):
    """The parts by their numbers from 1; an empty text is one that never came."""
    return [
        CameSegment(
            sender="+8613900001001",
            x="+8617000002001",
            reference=7,
            total=total,
            number=number,
            text=text,
            link="l",
            came_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        for number, text in enumerate(texts, 1)
        if text
    ]


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("你好@13800000021", "你好"),
        ("hello @+8613800000021", "hello "),
        ("a@b@13800000021", "a@b"),
        ("two\nlines\n@13800000021", "two\nlines\n"),
        ("@13800000021", ""),
    ],
)
def test_a_mobile_number_behind_an_at_says_who_gets_the_text_before_it(text, rest):
    assert read_number_suffix(text) == (B, rest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "hello 13800000021",
        "hello@13800000021 ",
        "hello@13800000021.",
        "hello@1380000002",
        "hello@138000000211",
        "hello@075528000001",
        "hello@+85212345678",
        "hello@8613800000021",
        "hello@+86 13800000021",
        "hello@12800000021",
        "hello@١٣٨٠٠٠٠٠٠٢١",
        "hello＠13800000021",
        "hello@13800000021\n",
        "hello@#12",
    ],
)
def test_anything_else_does_not(text):
    assert read_number_suffix(text) is None


@pytest.mark.parametrize(("text", "read"), [("ok@#7", (7, "ok")), ("@#9999", (9999, ""))])
def test_a_reply_tag_stands_for_who_gets_the_text(text, read):
    assert read_tag_suffix(text) == read


@pytest.mark.parametrize("text", ["ok@7", "ok#7", "ok@#0", "ok@#07", "ok@#10000", "ok@#7 ", "ok@#"])
def test_what_is_no_reply_tag(text):
    assert read_tag_suffix(text) is None


def test_who_wrote_is_shown_at_the_end():
    assert show_sender("在吗", B) == "在吗[From+8613800000021]"
    assert show_tag("在吗", 12) == "在吗[From#12]"


def test_parts_are_joined_by_number_and_halves_of_characters_too():
    assert join_segments(segments("一", "二", "三")) == "一二三"
    high, low = "😀".encode("utf-16-be")[:2], "😀".encode("utf-16-be")[2:]
    halves = [part.decode("utf-16-be", "surrogatepass") for part in (high, low)]
    assert join_segments(segments("a" + halves[0], halves[1] + "b", total=2)) == "a😀b"


def test_an_escape_that_was_cut_from_its_character_finds_it_in_the_next_part():
    assert join_segments(segments("a\x1b", "<b\x1b", "e")) == "a[b€"
    assert join_segments(segments("a\x1b", "b", "\x1b")) == "ab"
    assert join_segments(segments("a\x1b", "<", total=3)) == "a[[...]"
    assert join_segments(segments("a\x1b", "", "<")) == "a[...]<"


@pytest.mark.parametrize(
    ("texts", "joined"),
    [
        (("", "b", "c"), "[...]bc"),
        (("a", "", "c"), "a[...]c"),
        (("a", "b", ""), "ab[...]"),
        (("a", "", ""), "a[...]"),
        (("", "b", ""), "[...]b[...]"),
    ],
)
def test_a_run_of_parts_that_never_came_is_shown(texts, joined):
    assert join_segments(segments(*texts)) == joined


def test_a_half_that_stays_alone_is_replaced():
    assert mend("a\ud83d") == "a�"
    assert join_segments(segments("a\ud83d", "", "\ude00b")) == "a�[...]�b"
    assert mend("😀 ok") == "😀 ok"


def test_words_are_looked_for_in_any_case_of_letters():
    assert has_any("Your ORDER is here", ("order", "包裹"))
    assert has_any("你的包裹", ("order", "包裹"))
    assert not has_any("nothing", ("order",))
    assert not has_any("anything", ())
    assert is_among(" Stop\n", ("stop", "td"))
    assert is_among("TD", ("stop", "td"))
    assert not is_among("stop it", ("stop",))
    assert not is_among("", ())


def test_full_width_letters_are_the_same_as_the_others():
    assert has_any("免费ＬＯＡＮ吗", ("loan",))
    assert has_any("free loan", ("ＬＯＡＮ",))
    assert is_among("ＴＤ\u3000", ("td",))
    assert is_among("退订\n", ("TD", "退订"))
    assert not is_among("我要退订", ("退订",))

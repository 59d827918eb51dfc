import pytest

from maskline.planes.media.digits import (
    MAX_DIGITS,
    MERGE_WINDOW_S,
    DigitCollector,
    KeyMerger,
    KeySource,
)
from maskline.planes.media.engine import BadMedia, CollectEnd, DigitRule

EVENT, TONE, SIGNALLING = KeySource.EVENT, KeySource.TONE, KeySource.SIGNALLING


class TestMerging:
    def test_one_source_is_believed_every_time(self):
        merger = KeyMerger()
        assert all(merger.accept("5", EVENT, 60, 10 + n / 10) for n in range(5))

    def test_the_same_press_from_another_source_is_no_other_press(self):
        merger = KeyMerger()
        assert merger.accept("5", EVENT, 100, 10.0)
        assert not merger.accept("5", SIGNALLING, 100, 10.2)
        assert not merger.accept("5", TONE, 100, 10.3)

    def test_each_press_is_matched_once(self):
        merger = KeyMerger()
        answers = [
            merger.accept("5", source, 60, 10 + n / 10)
            for n, source in enumerate((EVENT, EVENT, SIGNALLING, SIGNALLING, SIGNALLING))
        ]
        assert answers == [True, True, False, False, True]

    def test_a_long_press_is_told_from_its_beginning_and_at_its_end(self):
        merger = KeyMerger()
        assert merger.accept("5", SIGNALLING, 100, 10.0)
        assert not merger.accept("5", EVENT, 2000, 12.0)

    def test_another_digit_or_a_later_press_is_new(self):
        merger = KeyMerger()
        assert merger.accept("5", EVENT, 60, 10.0)
        assert merger.accept("6", SIGNALLING, 60, 10.1)
        assert merger.accept("5", SIGNALLING, 60, 10.1 + MERGE_WINDOW_S)


class TestCollecting:
    def make(self, *, is_prompt_heard: bool = False, **rule: object) -> DigitCollector:
        values = {"max_digits": 3, "terminator": "#", "first_timeout_s": 10, "next_timeout_s": 5}
        return DigitCollector(DigitRule(**values | rule), 100.0, is_prompt_heard=is_prompt_heard)

    def test_it_is_complete_with_the_last_digit(self):
        collector = self.make()
        assert [collector.press(digit, 101) for digit in "12"] == [None, None]
        assert collector.press("3", 102) is CollectEnd.COMPLETE
        assert collector.digits == "123"

    def test_the_terminator_alone_is_an_answer(self):
        collector = self.make()
        assert collector.press("#", 101) is CollectEnd.TERMINATOR
        assert collector.digits == ""

    def test_without_a_terminator_its_key_is_a_digit(self):
        collector = self.make(terminator=None)
        assert collector.press("#", 101) is None
        assert collector.digits == "#"

    def test_the_first_digit_has_a_time_of_its_own(self):
        collector = self.make()
        assert not collector.is_over(109.9)
        assert collector.is_over(110)
        collector.press("1", 109)
        assert not collector.is_over(113.9)
        assert collector.is_over(114)

    def test_time_begins_when_the_prompt_has_ended(self):
        collector = self.make(is_prompt_heard=True, cuts="7")
        assert collector.cuts == "7"
        assert not collector.is_over(1e9)
        collector.end_prompt(130)
        assert collector.ends_at == 140
        assert collector.cuts is None
        collector.end_prompt(135)
        assert collector.ends_at == 140

    def test_a_prompt_that_ends_after_a_digit_changes_nothing(self):
        collector = self.make(is_prompt_heard=True, cuts="7")
        collector.press("1", 103)
        assert collector.cuts is None
        collector.end_prompt(104)
        assert collector.ends_at == 108

    @pytest.mark.parametrize(
        "rule",
        [
            {"max_digits": 0},
            {"max_digits": MAX_DIGITS + 1},
            {"terminator": ""},
            {"terminator": "##"},
            {"first_timeout_s": 0},
            {"next_timeout_s": float("nan")},
            {"first_timeout_s": float("inf")},
        ],
    )
    def test_a_rule_that_cannot_end_is_refused(self, rule: dict):
        with pytest.raises(BadMedia):
            self.make(**rule)

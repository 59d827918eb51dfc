from datetime import UTC, datetime

import pytest

from maskline.domain.message_rule import MessageRules
from maskline.services.clock import SteppedClock
from maskline.services.message_rate import MessageRates

A, B, X, Y = "+8613900001001", "+8613900003003", "+8617000002001", "+8617000002002"


@pytest.fixture
def clock():
    return SteppedClock(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def rates(clock):
    return MessageRates(clock)


def admitted(rates, rules, count, sender=A, x=X, app_key="k"):
    return [rates.admit(rules, app_key, sender, x) for _ in range(count)].count(True)


def test_without_rules_everything_passes_and_nothing_is_remembered(rates):
    assert admitted(rates, MessageRules(), 1000) == 1000
    assert len(rates) == 0


def test_a_sender_has_its_own_rate(rates, clock):
    rules = MessageRules(per_sender_min=3)
    assert admitted(rates, rules, 5) == 3
    assert admitted(rates, rules, 5, sender=B) == 3
    clock.step(20)
    assert admitted(rates, rules, 5) == 1
    clock.step(3600)
    assert admitted(rates, rules, 5) == 3


def test_so_has_a_number(rates):
    rules = MessageRules(per_number_min=3)
    assert admitted(rates, rules, 2) + admitted(rates, rules, 2, sender=B) == 3
    assert admitted(rates, rules, 5, x=Y) == 3


def test_and_an_application(rates, clock):
    rules = MessageRules(per_s=5)
    assert admitted(rates, rules, 3) + admitted(rates, rules, 3, sender=B, x=Y) == 5
    assert admitted(rates, rules, 9, app_key="other") == 5
    clock.step(1)
    assert admitted(rates, rules, 9) == 5


def test_what_is_refused_by_one_rate_is_not_counted_by_the_others(rates):
    rules = MessageRules(per_sender_min=1, per_s=3)
    assert admitted(rates, rules, 100) == 1
    assert admitted(rates, rules, 1, sender=B) == 1


def test_a_rate_that_is_changed_counts_at_once(rates):
    assert admitted(rates, MessageRules(per_sender_min=10), 4) == 4
    assert admitted(rates, MessageRules(per_sender_min=2), 9) == 2


def test_of_too_many_senders_the_one_that_wrote_longest_ago_is_forgotten(clock):
    rates, rules = MessageRates(clock, max_buckets=2), MessageRules(per_sender_min=1)
    assert [admitted(rates, rules, 1, sender=sender) for sender in (A, B, A)] == [1, 1, 0]
    assert admitted(rates, rules, 1, sender="+8613900009999") == 1
    assert len(rates) == 2
    assert [admitted(rates, rules, 1, sender=sender) for sender in (A, B)] == [0, 1]

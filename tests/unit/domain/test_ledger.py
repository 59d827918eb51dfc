from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maskline.domain.ledger import (
    MAX_AMOUNT,
    Account,
    Line,
    MoneyAccount,
    Posting,
    PostingKind,
    lines_of,
    sums_of,
)

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def _posting(source: str, kind: PostingKind, amount: int) -> Posting:
    return Posting(
        posting_id=source,
        tenant_id="shop",
        kind=kind,
        source=source,
        at=NOON,
        used_at=NOON,
        lines=lines_of(kind, amount),
    )


AMOUNTS = st.tuples(st.sampled_from(PostingKind), st.integers(-MAX_AMOUNT, MAX_AMOUNT))


@given(st.lists(AMOUNTS, max_size=20))
def test_the_ledger_adds_up_to_nothing_and_to_the_balance(amounts: list[tuple[PostingKind, int]]):
    postings = [_posting(str(place), *one) for place, one in enumerate(amounts)]
    sums = sums_of(postings)
    assert sum(sums.values()) == 0
    assert sums.get(Account.PREPAID, 0) == sum(amount for _, amount in amounts)
    assert sum(one.amount for one in postings) == sums.get(Account.PREPAID, 0)


def test_lines_that_do_not_add_up_are_no_posting():
    with pytest.raises(ValueError, match="do not add up"):
        Posting(
            posting_id="1",
            tenant_id="shop",
            kind=PostingKind.CALL,
            source="call:1",
            at=NOON,
            used_at=NOON,
            lines=(Line(Account.PREPAID, -10), Line(Account.CALL, 9)),
        )


def test_every_kind_has_another_side_than_the_balance():
    assert {kind.account for kind in PostingKind} == set(Account) - {Account.PREPAID}
    assert lines_of(PostingKind.CALL, -10) == (Line(Account.PREPAID, -10), Line(Account.CALL, 10))
    assert lines_of(PostingKind.CALL, 0) == ()


def test_arrears_begin_below_the_credit():
    account = MoneyAccount(tenant_id="shop", balance=-100, credit=100)
    assert not account.is_overdrawn
    assert MoneyAccount(tenant_id="shop", balance=-101, credit=100).is_overdrawn


def test_an_alert_is_due_below_its_level_only():
    assert not MoneyAccount(tenant_id="shop", balance=-5).is_low
    assert not MoneyAccount(tenant_id="shop", balance=50, alert_below=50).is_low
    assert MoneyAccount(tenant_id="shop", balance=49, alert_below=50).is_low

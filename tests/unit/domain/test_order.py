from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from maskline.domain.dossier import StateForbids, UrgedAlready
from maskline.domain.error import InvalidParameter
from maskline.domain.order import (
    NEXT,
    NumberOrder,
    OrderLine,
    OrderState,
    OrderWish,
    expected_on,
    merged,
)
from maskline.domain.virtual_number import NumberKind

NOW = datetime(2026, 3, 4, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
CARRIER, VIRTUAL = NumberKind.CARRIER, NumberKind.VIRTUAL_OPERATOR
WISH = OrderWish(
    app_key="app",
    enterprise_id="e",
    lines=(
        OrderLine(area_code="0755", kind=VIRTUAL, quantity=2),
        OrderLine(area_code="010", kind=CARRIER, quantity=1),
    ),
)
ORDER = NumberOrder(
    dossier_id="o",
    tenant_id="t",
    created_at=NOW,
    since=NOW,
    state=OrderState.SUBMITTED,
    wish=WISH,
    expected_on=date(2026, 3, 6),
)


def test_an_order_is_issued_once_all_of_its_numbers_are_there():
    taken = ORDER.take(NOW)
    partly = taken.count([2, 0], NOW)
    assert (partly.state, partly.issued, partly.quantity) == (OrderState.PROCESSING, 2, 3)
    assert partly.count([2, 1], NOW).state is OrderState.ISSUED


def test_what_was_issued_of_an_order_stays_when_it_is_closed():
    partly = ORDER.take(NOW).count([1, 0], NOW)
    for refused in (lambda: partly.reject("no", NOW), lambda: partly.change(WISH, date.max, NOW)):
        with pytest.raises(StateForbids):
            refused()
    closed = partly.close("no numbers in that city", NOW)
    assert (closed.state, closed.issued) == (OrderState.CANCELLED, 1)


def test_a_rejected_order_may_be_corrected_and_sent_again():
    rejected = ORDER.reject("contact unreachable", NOW)
    again = rejected.change(WISH, date(2026, 3, 9), NOW)
    assert (again.state, again.reason, again.revision) == (OrderState.SUBMITTED, "", 3)


def test_a_tenant_cancels_only_what_is_not_worked_on():
    assert ORDER.cancel(NOW).state is OrderState.CANCELLED
    with pytest.raises(StateForbids):
        ORDER.take(NOW).cancel(NOW)


def test_a_review_is_urged_once_an_hour():
    urged = ORDER.urge(NOW)
    with pytest.raises(UrgedAlready):
        urged.urge(NOW + timedelta(minutes=59, seconds=59))
    assert urged.urge(NOW + timedelta(hours=1)).urged_at == NOW + timedelta(hours=1)


def test_every_state_is_reached_and_those_that_are_over_are_left_no_more():
    reached = frozenset[OrderState]().union(*NEXT.values())
    assert reached == frozenset(OrderState)
    assert not NEXT[OrderState.ISSUED] | NEXT[OrderState.CANCELLED]


def test_lines_of_one_sort_become_one():
    line = OrderLine(area_code="0755", kind=VIRTUAL, quantity=2)
    other = replace(line, may_message=True)
    assert merged([line, other, line]) == (replace(line, quantity=4), other)
    with pytest.raises(InvalidParameter):
        merged([])
    with pytest.raises(InvalidParameter):
        merged(replace(line, area_code=f"0{city}") for city in range(100, 201))


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-11-25T11:59:59+08:00", "2026-11-27"),  # a Wednesday
        ("2026-11-25T12:00:00+08:00", "2026-11-30"),
        ("2026-11-27T11:59:59+08:00", "2026-12-01"),
        ("2026-11-28T09:00:00+08:00", "2026-12-02"),
        ("2026-11-24T16:00:00+00:00", "2026-11-27"),  # Wednesday has begun in the zone
    ],
)
def test_working_days_count_from_noon_in_the_zone(at: str, day: str):
    assert expected_on(datetime.fromisoformat(at), 2, SHANGHAI) == date.fromisoformat(day)

"""What becomes of virtual numbers as rows: the same columns in every database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from maskline.domain.number_life import LifeStep, NumberEvent, NumberLife, RealName, StockNumber
from maskline.domain.virtual_number import NumberKind, NumberState, VirtualNumber
from maskline.services.number_life_store import LifeChange, StockCount, StockWish, UnnamedNumber
from maskline.stores.moment import from_us, from_us_or_none, to_us, to_us_or_none
from maskline.stores.number_row import NumberCells, read_number_row

Row = tuple[Any, ...]


def stock_row(number: StockNumber) -> Row:
    """What `stock_add` takes."""
    return (*saved_stock_row(number), to_us(number.added_at))


def saved_stock_row(number: StockNumber) -> Row:
    """What `stock_save` takes."""
    return (
        number.number,
        number.area_code,
        number.kind.value,
        number.may_message,
        number.supplier,
        number.cost,
        number.scheme,
        number.note,
        to_us(number.free_from),
    )


def stock_of(row: Sequence[Any]) -> StockNumber:
    """The number of the columns of a read."""
    number, area_code, kind, may_message, supplier, cost, scheme, note, free_from, added_at = row
    return StockNumber(
        number=number,
        area_code=area_code,
        kind=NumberKind(kind),
        may_message=bool(may_message),
        supplier=supplier,
        cost=cost,
        scheme=scheme,
        note=note,
        free_from=from_us(free_from),
        added_at=from_us(added_at),
    )


def count_of_stock(row: Sequence[Any]) -> StockCount:
    """What `stock_count` says of one sort."""
    area_code, kind, may_message, free, total = row
    return StockCount(
        area_code=area_code,
        kind=NumberKind(kind),
        may_message=bool(may_message),
        free=free,
        resting=total - free,
    )


def wish_row(wish: StockWish, missing: int, now: datetime) -> Row:
    """What `stock_choose` takes."""
    return (wish.kind.value, wish.area_code, wish.may_message, to_us(now), missing)


def issued(stock: StockNumber, app_key: str, now: datetime) -> VirtualNumber:
    """What a number of the stock is in the hands of an application."""
    has_scheme = stock.scheme is not None
    return VirtualNumber(
        number=stock.number,
        app_key=app_key,
        area_code=stock.area_code,
        state=NumberState.AWAITING_REAL_NAME if has_scheme else NumberState.NORMAL,
        may_message=stock.may_message,
        kind=stock.kind,
        created_at=now,
    )


def life_of_issued(stock: StockNumber, reference: str) -> NumberLife:
    """What is known of it then."""
    real_name = None if stock.scheme is None else RealName(scheme=stock.scheme)
    return NumberLife(
        number=stock.number,
        real_name=real_name,
        reference=reference,
        supplier=stock.supplier,
        cost=stock.cost,
    )


def issue_event(number: VirtualNumber, wish: StockWish, by: str) -> NumberEvent:
    """What its history says of it."""
    return NumberEvent(
        number=number.number,
        at=number.created_at,
        step=LifeStep.ISSUED,
        app_key=number.app_key,
        now=number.state,
        by=by,
        note=wish.reference,
    )


def change_row(change: LifeChange) -> Row:
    """What `life_change` takes."""
    before, after = change.before, change.after
    must_be_free = change.stock is not None or before.app_key != after.app_key
    return (
        before.number,
        before.app_key,
        before.state.value,
        after.app_key,
        after.state.value,
        after.cause,
        must_be_free,
    )


def life_row(life: NumberLife) -> Row:
    """What `life_save` takes."""
    name = life.real_name
    return (
        life.number,
        None if life.state_before is None else life.state_before.value,
        to_us_or_none(life.rent_until),
        None if name is None else name.scheme,
        None if name is None else to_us_or_none(name.due_at),
        None if name is None else to_us_or_none(name.frozen_at),
        None if name is None else to_us_or_none(name.done_at),
        life.reference,
        life.supplier,
        life.cost,
    )


def life_of(row: Sequence[Any]) -> NumberLife:
    """The life of the columns of a read."""
    number, state_before, rent_until, scheme, due_at, frozen_at, done_at = row[:7]
    reference, supplier, cost = row[7:]
    life = NumberLife(
        number=number,
        state_before=None if state_before is None else NumberState(state_before),
        rent_until=from_us_or_none(rent_until),
        reference=reference,
        supplier=supplier,
        cost=cost,
    )
    if scheme is None:
        return life
    name = RealName(
        scheme=scheme,
        due_at=from_us_or_none(due_at),
        frozen_at=from_us_or_none(frozen_at),
        done_at=from_us_or_none(done_at),
    )
    return replace(life, real_name=name)


def unnamed_of(row: Sequence[Any]) -> UnnamedNumber:
    """The number of the columns of a read, and what is asked of it."""
    scheme, due_at, frozen_at = row[-3:]
    return UnnamedNumber(
        number=read_number_row(cast("NumberCells", tuple(row[:-3]))),
        real_name=RealName(
            scheme=scheme, due_at=from_us_or_none(due_at), frozen_at=from_us_or_none(frozen_at)
        ),
    )


def event_row(event: NumberEvent) -> Row:
    """What `event_add` takes."""
    return (
        event.number,
        to_us(event.at),
        event.step.value,
        event.app_key,
        None if event.was is None else event.was.value,
        None if event.now is None else event.now.value,
        event.to,
        event.by,
        event.note,
    )


def event_of(row: Sequence[Any]) -> NumberEvent:
    """The event of the columns of a read."""
    _, number, at, step, app_key, was, now, to, by, note = row
    return NumberEvent(
        number=number,
        at=from_us(at),
        step=LifeStep(step),
        app_key=app_key,
        was=None if was is None else NumberState(was),
        now=None if now is None else NumberState(now),
        to=to,
        by=by,
        note=note,
    )

"""Issuing numbers for an order that did not come out of the stock."""

from dataclasses import replace
from typing import Protocol

from maskline.domain.error import DuplicateRecord, InvalidParameter
from maskline.domain.number_life import LifeStep, NumberEvent, NumberLife, RealName
from maskline.domain.order import NumberOrder, OrderLine
from maskline.domain.virtual_number import NumberState, VirtualNumber
from maskline.services.administration_rule import check_area_code, check_distinct, check_number
from maskline.services.clock import Clock
from maskline.services.number_life_store import NumberLifeStore
from maskline.services.order_request import HandIssue, IssuedByHand
from maskline.services.store import DirectoryStore


class HandIssueStore(DirectoryStore, NumberLifeStore, Protocol):
    """What is read and written."""


class HandIssuer:
    """Adds numbers to an application, and keeps for which order they are there."""

    def __init__(self, store: HandIssueStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def issue(self, order: NumberOrder, issue: HandIssue, by: str) -> None:
        """Issue numbers for a line. Raises InvalidParameter, DuplicateRecord.

        Cut off between its two steps it leaves numbers without an order, which are taken up when
        they are given again.
        """
        line, reference = order.wish.lines[issue.line], order.reference(issue.line)
        check_distinct("numbers", [entry.number for entry in issue.numbers])
        numbers = [self._number(order, line, entry) for entry in issue.numbers]
        names = [number.number for number in numbers]
        known = {one.number: one for one in await self._store.numbers_named(names)}
        lives = {one.number: one for one in await self._store.number_lives(names)}
        new = [number for number in numbers if number.number not in known]
        for name, number in known.items():
            life = lives.get(name)
            is_left_over = life is None or life.reference in {"", reference}
            if number.app_key != order.wish.app_key or not is_left_over:
                raise DuplicateRecord(name)
        missing = [
            entry
            for entry in issue.numbers
            if (life := lives.get(entry.number)) is None or life.reference != reference
        ]
        if len(missing) > line.missing:
            raise InvalidParameter("numbers", f"only {line.missing} are missing of this line")
        if new:
            await self._store.add_numbers(new)
        for entry in missing:
            life = lives.get(entry.number) or NumberLife(number=entry.number)
            await self._keep(order, replace(life, reference=reference), entry, by)

    async def _keep(
        self, order: NumberOrder, life: NumberLife, entry: IssuedByHand, by: str
    ) -> None:
        if entry.scheme is not None:
            life = replace(life, real_name=RealName(scheme=entry.scheme))
        event = NumberEvent(
            number=life.number,
            at=self._clock.now(),
            step=LifeStep.ISSUED,
            app_key=order.wish.app_key,
            now=_state(entry),
            by=by,
            note=life.reference,
        )
        await self._store.save_life(replace(life, supplier=entry.supplier), event)

    def _number(self, order: NumberOrder, line: OrderLine, entry: IssuedByHand) -> VirtualNumber:
        check_number("numbers", entry.number)
        area_code = entry.area_code or line.area_code
        if area_code is None:
            raise InvalidParameter("numbers", f"{entry.number}: of which city it is, is not said")
        check_area_code("numbers", area_code)
        if line.area_code not in {None, area_code}:
            raise InvalidParameter("numbers", f"{entry.number} is not of {line.area_code}")
        return VirtualNumber(
            number=entry.number,
            app_key=order.wish.app_key,
            area_code=area_code,
            state=_state(entry),
            kind=line.kind,
            may_message=line.may_message,
            created_at=self._clock.now(),
        )


def _state(entry: IssuedByHand) -> NumberState:
    return NumberState.NORMAL if entry.scheme is None else NumberState.AWAITING_REAL_NAME

"""The `[ordering]` section: how customers come, and how long numbers take."""

import re
from typing import Annotated

from msgspec import Meta, Struct

_WARNING = re.compile(r"(0[0-9]{2,3}):([0-9]{1,6})")

Days = Annotated[int, Meta(ge=0, le=365)]


class OrderingSection(Struct, frozen=True, kw_only=True):
    """From sign-up to issued numbers.

    has_sign_up: whether strangers may make a tenant of their own, which orders once its activation
        form is approved; else operators make tenants.
    sign_ups_per_hour: from one address, at one worker.
    stock_days: working days until numbers from stock are issued, as orders promise it.
    virtual_operator_days: the same of numbers of virtual operators that are not in stock.
    carrier_days: the same of numbers of carriers.
    stock_warnings: how many free numbers of a city there should be, each as `0755:50`; fewer are a
        problem that operators are told of.
    """

    has_sign_up: bool = False
    sign_ups_per_hour: Annotated[int, Meta(ge=1, le=1_000)] = 5
    stock_days: Days = 2
    virtual_operator_days: Days = 3
    carrier_days: Days = 20
    stock_warnings: tuple[str, ...] = ()


def read_stock_warning(text: str) -> tuple[str, int] | None:
    """The city and the number of numbers of one of `stock_warnings`; None where it is none."""
    found = _WARNING.fullmatch(text)
    return None if found is None else (found[1], int(found[2]))

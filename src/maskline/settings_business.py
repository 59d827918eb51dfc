"""The `[business]` section: whether there is charging, and when numbers are lost."""

from typing import Annotated

from msgspec import Meta, Struct


class BusinessSection(Struct, frozen=True, kw_only=True):
    """Prepaid charging by tariffs; nothing is charged until it is switched on.

    is_charging: whether calls, messages and rent are charged, and arrears freeze tenants.
    currency: code of the one currency that amounts are in, as in ISO 4217.
    how_to_pay: what tenants are told of how to top up, such as a bank account.
    complaints_per_10k: complaints of 10,000 calls of an application in a day that are a problem.
    report_days: days for which the daily report of the platform is kept.
    arrears_release_days: days in arrears after which a tenant loses its numbers.
    """

    is_charging: bool = False
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "CNY"
    how_to_pay: Annotated[str, Meta(max_length=500)] = ""
    complaints_per_10k: Annotated[float, Meta(gt=0, le=10_000)] = 1.0
    report_days: Annotated[int, Meta(ge=1, le=3_660)] = 400
    arrears_release_days: Annotated[int, Meta(ge=1, le=365)] = 30

"""The `[business]` section: whether there is charging, and when numbers are lost."""

from typing import Annotated

from msgspec import Meta, Struct


class BusinessSection(Struct, frozen=True, kw_only=True):
    """Prepaid charging by tariffs; nothing is charged until it is switched on.

    is_charging: whether calls, messages and rent are charged, and arrears freeze tenants.
    arrears_release_days: days in arrears after which a tenant loses its numbers.
    """

    is_charging: bool = False
    arrears_release_days: Annotated[int, Meta(ge=1, le=365)] = 30

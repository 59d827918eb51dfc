"""Limits of a tenant as two columns: prefixes in JSON, and an amount."""

import msgspec

from maskline.domain.use_limit import UseLimits

_pack = msgspec.json.Encoder().encode
_unpack = msgspec.json.Decoder(tuple[str, ...]).decode


def limit_cells(limits: UseLimits) -> tuple[str, int]:
    """What is written."""
    return _pack(limits.destinations).decode(), limits.spend_per_day


def read_limits(destinations: str, spend_per_day: int) -> UseLimits:
    """The limits of a row."""
    return UseLimits(destinations=_unpack(destinations), spend_per_day=spend_per_day)

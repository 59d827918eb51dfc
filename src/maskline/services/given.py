"""What a request gives: the fields that are set in it."""

from typing import Any

import msgspec
from msgspec import Struct


def given_fields(request: Struct) -> dict[str, Any]:
    """The fields that were given, by name."""
    return {
        field: value
        for field in request.__struct_fields__
        if (value := getattr(request, field)) is not msgspec.UNSET
    }

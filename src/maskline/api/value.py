"""Parameters as customers write them, read with the tolerance of `spec/ax.md` 3.3.

A reader returns the value or raises ValueError.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from maskline.api.result import Refused
from maskline.domain.binding import CallDirection, TimeUnit
from maskline.domain.number import is_global
from maskline.domain.number_choice import MAX_FALLBACK_CITIES, Repeat
from maskline.domain.virtual_number import MAX_TAG

MAX_AREA_CODE = 32

_FLAGS = {"true": True, "false": False}
_ZERO_OR_ONE = {"0": False, "1": True}
_SWITCH = {"on": True, "off": False}

Reader = Callable[[object], object]


@dataclass(frozen=True, slots=True)
class Field:
    """Where a parameter goes and how it is read.

    An empty text counts as absent, unless `keeps_empty`: then it means "none".
    """

    name: str
    read: Reader
    keeps_empty: bool = False


def read_fields(given: Mapping[str, object], fields: Mapping[str, Field]) -> dict[str, Any]:
    """The known parameters among `given`, by our names. Null is absent, unknown ones are ignored.

    Raises Refused with the name of the first parameter that cannot be read.
    """
    values: dict[str, Any] = {}
    for parameter, value in given.items():
        field = fields.get(parameter)
        if field is None or value is None or (value == "" and not field.keeps_empty):
            continue
        try:
            values[field.name] = field.read(value)
        except ValueError as error:
            raise Refused.for_parameter(parameter) from error
    return values


def read_part(given: Mapping[str, object], parameter: str) -> dict[str, object] | None:
    """An object within another, or a list of one as old clients send it; None when absent.

    Raises Refused with the name of the parameter.
    """
    part = given.get(parameter)
    if isinstance(part, list):
        parts = cast("list[object]", part)
        if len(parts) > 1:
            raise Refused.for_parameter(parameter)
        part = parts[0] if parts else None
    if part is None or part == "":
        return None
    if not isinstance(part, dict):
        raise Refused.for_parameter(parameter)
    return cast("dict[str, object]", part)


def read_text(value: object, limit: int) -> str:
    """A text of at most `limit` characters; an integer counts as its digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or len(value) > limit:
        raise ValueError
    return value


@dataclass(frozen=True, slots=True)
class Text:
    """Reads texts of at most `limit` characters."""

    limit: int

    def __call__(self, value: object) -> str:
        """The text. Raises ValueError."""
        return read_text(value, self.limit)


def text(limit: int) -> Text:
    """A reader of texts of at most `limit` characters."""
    return Text(limit)


def read_number(value: object) -> str:
    """A number in global form; blanks around it are no part of that."""
    if not isinstance(value, str) or not is_global(value):
        raise ValueError
    return value


def read_integer(value: object, low: int, high: int) -> int:
    """An integer from `low` to `high`; whole floats and decimal texts are read as well."""
    if isinstance(value, str):
        value = int(value) if value.isascii() and value.isdigit() else None
    elif isinstance(value, float):
        value = int(value) if value.is_integer() else None
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ValueError
    return value


@dataclass(frozen=True, slots=True)
class Integer:
    """Reads integers from `low` to `high`."""

    low: int
    high: int

    def __call__(self, value: object) -> int:
        """The integer. Raises ValueError."""
        return read_integer(value, self.low, self.high)


def integer(low: int, high: int) -> Integer:
    """A reader of integers from `low` to `high`."""
    return Integer(low, high)


def read_direction(value: object) -> CallDirection:
    """`callDirection`."""
    return CallDirection(read_integer(value, 0, 2))


def read_repeat(value: object) -> Repeat:
    """`repeat` of `numberChoice`, in any case."""
    return Repeat(read_text(value, MAX_TAG).lower())


def read_area_codes(value: object) -> tuple[str, ...]:
    """City codes, as a list or as one text with commas."""
    if isinstance(value, str):
        value = [part for part in value.split(",") if part]
    if not isinstance(value, list):
        raise ValueError  # noqa: TRY004 - as all readers
    codes = cast("list[object]", value)
    if len(codes) > MAX_FALLBACK_CITIES:
        raise ValueError
    return tuple(read_text(code, MAX_AREA_CODE).strip() for code in codes)


def read_time_unit(value: object) -> TimeUnit:
    """`timeUnit`."""
    return TimeUnit(read_integer(value, 0, 1))


def read_display_mode(value: object) -> bool:
    """`displayNumMode`: whether A is to see the real caller."""
    return read_integer(value, 0, 1) == 1


def read_number_or_none(value: object) -> str:
    """A number in global form, or empty for none."""
    return "" if value == "" else read_number(value)


def read_flag(value: object) -> bool:
    """`true` or `false`, as JSON boolean or as text in any case."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _FLAGS:
        return _FLAGS[value.lower()]
    raise ValueError


def read_area_match_mode(value: object) -> bool:
    """Whether `areaMatchMode` is loose."""
    return _read_zero_or_one(value)


def read_display(value: object) -> bool:
    """Whether `calleeNumDisplay` asks for the real caller."""
    return _read_zero_or_one(value)


def read_switch(value: object) -> bool:
    """`on` or `off`, in any case."""
    if isinstance(value, str) and value.lower() in _SWITCH:
        return _SWITCH[value.lower()]
    raise ValueError


def _read_zero_or_one(value: object) -> bool:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str) and value in _ZERO_OR_ONE:
        return _ZERO_OR_ONE[value]
    raise ValueError

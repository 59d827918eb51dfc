"""Phone numbers: strings in global form (`+` and country code), never integers."""

import re
from collections.abc import Callable, Collection
from enum import StrEnum

_GLOBAL = re.compile(r"\+[1-9][0-9]{2,29}")
_CHINA_MOBILE = re.compile(r"\+861[3-9][0-9]{9}")
# Area codes stand without their leading 0; local numbers have 7 or 8 digits (`spec/ax.md` 3.2).
_CHINA_LANDLINE = re.compile(r"\+86(?:10|2[0-9]|(?!400)[3-9][0-9]{2})[0-9]{7,8}")
_CHINA_SERVICE = re.compile(r"\+86(?:400[0-9]{7}|95[0-9]{3,6})")
_SEPARATORS = str.maketrans("", "", " -.()")
# Global form anywhere; otherwise only what is shaped like a number of a Chinese party, so that
# session ids, sizes and times keep their digits.
_NUMBER = re.compile(
    r"""
    (?<![\w+.-]) (?:
        (?:\+|%2[Bb]|00)[1-9]\d{6,29}     # +8613900001001, %2B8613900001001, 008613900001001
      | (?:86)?1[3-9]\d{9}                # 8613900001001, 13900001001
      | (?:86|0)(?:10|2\d|[3-9]\d{2})\d{7,8}  # 075528000001
    ) (?!\w)
    | (?<=:)\+?\d{7,31}(?=[@;>])          # the user part of a SIP or tel URI
    """,
    re.VERBOSE,
)


class NumberFormat(StrEnum):
    """How a trunk writes numbers on the wire."""

    E164 = "e164"  # +8613900001001
    NATIONAL = "national"  # 13900001001, 075528000001
    PLAIN86 = "plain86"  # 8613900001001


def is_global(number: str) -> bool:
    """Whether `number` has the global form of 4 to 31 characters (`spec/axb.md` 4.1)."""
    return _GLOBAL.fullmatch(number) is not None


def is_mobile(number: str) -> bool:
    """Whether a global number is a mobile number of mainland China."""
    return _CHINA_MOBILE.fullmatch(number) is not None


def is_landline(number: str) -> bool:
    """Whether a global number is a fixed line of mainland China."""
    return not is_mobile(number) and _CHINA_LANDLINE.fullmatch(number) is not None


def is_service_number(number: str) -> bool:
    """Whether a global number is a 400 or 95 number of mainland China, which nobody can be A with.

    They are reached and call like others, and are no fixed lines (`spec/ax.md` 1).
    """
    return _CHINA_SERVICE.fullmatch(number) is not None


def hide_middle(number: str | None) -> str:
    """A number, written in any way, as logs and error texts may show it: `+86139****1001`."""
    if not number:
        return ""
    if len(number) <= 7:
        return "*" * len(number)
    return f"{number[:-8]}****{number[-4:]}"


def mask_numbers(text: str, keep: Collection[str] = ()) -> str:
    """The text with the middle of every phone number in it hidden, except those to `keep`."""
    return _NUMBER.sub(lambda found: found[0] if found[0] in keep else hide_middle(found[0]), text)


def write_numbers(text: str, write: Callable[[str, str], str]) -> str:
    """The text with each phone number in it replaced by `write(as it stands, global form)`.

    What only looks like a number, and has no global form, has its middle hidden.
    """

    def replace(found: re.Match[str]) -> str:
        number = _global_form(found[0])
        return hide_middle(found[0]) if number is None else write(found[0], number)

    return _NUMBER.sub(replace, text)


def numbers_in(text: str) -> tuple[str, ...]:
    """The phone numbers in a text, in global form, in the order in which they come."""
    found = (_global_form(one[0]) for one in _NUMBER.finditer(text))
    return tuple(number for number in found if number is not None)


def _global_form(written: str) -> str | None:
    return read_number(written.replace("%2B", "+").replace("%2b", "+"))


def read_number(text: str) -> str | None:
    """Bring a number as carriers write it into global form; None when it is no number.

    Accepts `+86…`, `0086…`, `86…` and national form (mobile, or area code with its leading 0).
    """
    digits = text.translate(_SEPARATORS)
    if digits.startswith("+"):
        return digits if is_global(digits) else None
    if not digits.isascii() or not digits.isdigit():
        return None
    if digits.startswith("00"):
        digits = digits[2:]
        return f"+{digits}" if is_global(f"+{digits}") else None
    if digits.startswith("86") and len(digits) >= 11:
        return f"+{digits}" if is_global(f"+{digits}") else None
    national = digits.removeprefix("0")
    return f"+86{national}" if is_global(f"+86{national}") else None


def write_number(number: str, number_format: NumberFormat) -> str:
    """Write a global number in the form a trunk expects."""
    match number_format:
        case NumberFormat.E164:
            return number
        case NumberFormat.PLAIN86:
            return number.removeprefix("+")
        case NumberFormat.NATIONAL:
            if not number.startswith("+86"):
                return f"00{number[1:]}"
            national = number[3:]
            return f"0{national}" if is_landline(number) else national

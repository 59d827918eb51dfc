"""How people are shown the numbers of people: masked, for every role.

A masked mobile number leaves ten thousand candidates: this is a display mask, and makes nothing
anonymous. Virtual numbers are shown in full.
"""

import re
from collections.abc import Callable, Mapping

from maskline.domain.number import hide_middle, is_global, is_landline, is_mobile, write_numbers

_NO_PERSON = re.compile(
    r"\+86(?:[48]00[0-9]{7}|95[0-9]{3,6}|96[0-9]{3,4}|1[0-2][0-9]{1,3})"
)  # 400 and 800; 95 and 96; 110, 12315, 10086
_AREA = re.compile(r"\+86(10|2[0-9]|[3-9][0-9]{2})([0-9]{7,8})")
# Country codes of ITU-T E.164 with one and two digits; all others have three.
_COUNTRY = re.compile(
    r"\+(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[0-9]{3})([0-9]*)"
)
_SHORT = 8
"""From so many digits on the beginning of a number may be seen."""

TOKENS = ("A", "B", "C", "D", "E", "F")
"""What parties are called where their numbers stood in a text; later ones are `{+}`."""


def mask(number: str | None) -> str:
    """A number as people may see it: `138 **** 0001`, `0755-28****01`, `+49 151****78`.

    Services (95…, 96…, 400, 800, 10086) are no persons and stay. What is no number in global form
    loses its middle.
    """
    if not number:
        return ""
    if not is_global(number):
        return hide_middle(number)
    if _NO_PERSON.fullmatch(number):
        return number
    if is_mobile(number):
        return f"{number[3:6]} **** {number[-4:]}"
    if len(number) - 1 < _SHORT:
        return f"****{number[-2:]}"
    area = _AREA.fullmatch(number) if is_landline(number) else None
    if area is not None:
        return f"0{area[1]}-{area[2][:2]}****{area[2][-2:]}"
    country = _COUNTRY.match(number)
    code, rest = (country[1], country[2]) if country else ("", number[1:])
    return f"+{code} {rest[:3]}****{rest[-2:]}"


def replace_numbers(text: str, shown: Mapping[str, str]) -> str:
    """The text with tokens in place of numbers: `{A}`, `{B}` …, each for the same number.

    `shown` says what stands for some of them, by their global form: a token, or, for virtual
    numbers, the number itself. The others get tokens in the order in which they come. Services
    stay.
    """
    given = dict(shown)
    free = [name for name in TOKENS if f"{{{name}}}" not in given.values()]

    def name(number: str) -> str:
        if number not in given:
            if _NO_PERSON.fullmatch(number):
                given[number] = number
            else:
                given[number] = f"{{{free.pop(0)}}}" if free else "{+}"
        return given[number]

    return write_numbers(text, _kept_form(name))


def _kept_form(name: Callable[[str], str]) -> Callable[[str, str], str]:
    """A number that stays keeps the way it was written, too."""

    def write(written: str, number: str) -> str:
        shown = name(number)
        return written if shown == number else shown

    return write

"""Where numbers are at home: city and province by area code, by landline and by mobile prefix."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib.resources import files

from maskline.domain.number import is_landline, is_mobile

_FIRST_PREFIX, _LAST_PREFIX = 1_300_000, 1_899_999  # the seven digits that tell a mobile's city
LIKENESS = 0.5  # one of two characters is right
_PREFIXES = _LAST_PREFIX - _FIRST_PREFIX + 1


@dataclass(frozen=True, slots=True)
class Area:
    """A city code with its leading 0 (`0755`), and the names of city and province in Chinese.

    Cities that share a code stand under the name of the first of them. The last two are the names
    in English.
    """

    code: str
    city: str
    province: str
    city_en: str = field(default="", compare=False)
    province_en: str = field(default="", compare=False)


class Areas:
    """The cities of mainland China and the mobile prefixes that belong to them.

    `prefixes` holds, for each seven-digit prefix from 1300000 to 1899999, the place of its area
    in `areas` counted from 1, or 0 when it is not known: all low bytes, then all high bytes.
    """

    def __init__(self, areas: Iterable[Area], prefixes: bytes) -> None:
        if len(prefixes) != 2 * _PREFIXES:
            raise ValueError("the table of mobile prefixes has the wrong length")
        self._areas = tuple(areas)
        self._prefixes = prefixes
        self._by_code = {area.code: area for area in self._areas}
        self._by_name = {area.city.removesuffix("市"): area for area in self._areas}
        provinces: dict[str, list[str]] = {}
        for area in self._areas:
            provinces.setdefault(area.province, []).append(area.code)
        self._provinces = {name: tuple(codes) for name, codes in provinces.items()}

    @property
    def all(self) -> tuple[Area, ...]:
        """All cities by code."""
        return self._areas

    def find(self, code: str) -> Area | None:
        """The area of a city code with its leading 0."""
        return self._by_code.get(code)

    def named(self, text: str) -> Area | None:
        """The area of a city code, with or without its leading 0, or of the name of its city."""
        code = text if text.startswith("0") else f"0{text}"
        return self._by_code.get(code) or self._by_name.get(text.removesuffix("市"))

    def nearest(self, text: str) -> Area | None:
        """The area whose name is most like one that is not known."""
        names = get_close_matches(text.removesuffix("市"), self._by_name, n=1, cutoff=LIKENESS)
        return self._by_name[names[0]] if names else None

    def home_of(self, number: str) -> Area | None:
        """The city a global number is at home in; None when that is not known."""
        if is_mobile(number):
            return self._of_prefix(int(number[3:10]) - _FIRST_PREFIX)
        if is_landline(number):
            # A code of two digits (10, 20 to 29) is never the start of one of three.
            return self._by_code.get(f"0{number[3:5]}") or self._by_code.get(f"0{number[3:6]}")
        return None

    def same_province(self, code: str) -> tuple[str, ...]:
        """All city codes of the province that `code` lies in; empty for an unknown code."""
        area = self._by_code.get(code)
        return () if area is None else self._provinces[area.province]

    def _of_prefix(self, position: int) -> Area | None:
        if not 0 <= position < _PREFIXES:
            return None
        place = self._prefixes[position] | self._prefixes[_PREFIXES + position] << 8
        return self._areas[place - 1] if place else None


def load_areas() -> Areas:
    """The areas that ship with the package (`tools/area_table.py` writes them)."""
    folder = files("maskline.domain")
    text = folder.joinpath("area_code.tsv").read_text(encoding="utf-8")
    areas = [Area(*line.split("\t")) for line in text.splitlines() if not line.startswith("#")]
    return Areas(areas, zlib.decompress(folder.joinpath("mobile_prefix.bin").read_bytes()))

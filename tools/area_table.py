"""Write the area tables of `maskline.domain.area` from the geodata of the phonenumbers package.

Usage: `pip install phonenumbers && python tools/area_table.py src/maskline/domain`.
The data is libphonenumber's (Apache-2.0); only the geography of +86 is taken.
"""

import argparse
import re
import zlib
from array import array
from itertools import chain
from pathlib import Path

FIRST_PREFIX, LAST_PREFIX = 1_300_000, 1_899_999
PREFIX_DIGITS = 7

PROVINCES = (
    "北京", "天津", "上海", "重庆", "河北", "山西", "辽宁", "吉林",
    "黑龙江", "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南",
    "湖北", "湖南", "广东", "海南", "四川", "贵州", "云南", "陕西",
    "甘肃", "青海", "内蒙古", "广西", "西藏", "宁夏", "新疆",
)  # fmt: skip
_PROVINCE_SUFFIX = re.compile(r"^(?:壮族自治区|维吾尔自治区|回族自治区|自治区|省)")
_CITY_SUFFIX = re.compile(r"(?<=..)(?:地区|林区|市|盟)$")

# The geodata shortens these, where every longer prefix has the same city.
FULL_CODES = {"33": "335", "34": "349", "58": "580", "70": "701"}
# Cities that share another city's code, or stand under a second name.
SHARED_CODES = {
    "德宏": "692", "迪庆": "887", "开封": "371", "莱芜": "531", "巢湖": "551", "亳州": "558",
    "来宾": "772", "贵港": "775", "贺州": "774", "株洲": "731", "神农架": "719", "襄樊": "710",
    "嘉峪关": "937", "金昌": "935", "晋中": "354", "吕梁": "358", "海西": "977", "伊犁": "999",
}  # fmt: skip
# Where the geodata lists the cities of a code in another order.
FIRST_CITIES = {"358": "吕梁"}


def short_names(name: str) -> tuple[str, list[str]]:
    """`广东省汕头市、潮阳市` as (`广东`, [`汕头`, `潮阳`])."""
    province = next(p for p in PROVINCES if name.startswith(p))
    rest = _PROVINCE_SUFFIX.sub("", name.removeprefix(province))
    cities = [_CITY_SUFFIX.sub("", part) for part in rest.split("、")]
    return province, [province] if rest in {"", "市"} else cities


def read_geodata() -> tuple[dict[str, str], dict[str, str]]:
    """Chinese place names by area code (without its 0) and by mobile prefix."""
    from phonenumbers.geodata import GEOCODE_DATA  # noqa: PLC0415 - absent unless generating

    codes: dict[str, str] = {}
    prefixes: dict[str, str] = {}
    for key, names in GEOCODE_DATA.items():
        number, name = key[2:], names.get("zh")
        if not key.startswith("86") or name is None:
            continue
        if number[0] == "1" and number != "10":
            prefixes[number] = name
        elif len(number) <= 3:
            codes[FULL_CODES.get(number, number)] = name
    return codes, prefixes


def read_english() -> dict[tuple[str, str], tuple[str, str]]:
    """City and province in English by (province, city) in Chinese."""
    from phonenumbers.geodata import GEOCODE_DATA  # noqa: PLC0415 - absent unless generating

    found: dict[tuple[str, str], tuple[str, str]] = {}
    for key, names in GEOCODE_DATA.items():
        if key.startswith("86") and names.keys() >= {"zh", "en"}:
            province, (city, *_) = short_names(names["zh"])
            # `Shantou/Chaoyang, Guangdong`; of a municipality there is one name.
            parts = names["en"].split(",")
            english = parts[0].partition("/")[0].strip(), parts[-1].strip()
            found.setdefault((province, city), english)
    return found


def codes_by_city(codes: dict[str, str]) -> dict[tuple[str, str], str]:
    """Area code by (province, city)."""
    found: dict[tuple[str, str], str] = {}
    for code in sorted(codes):
        province, cities = short_names(codes[code])
        for city in cities:
            found.setdefault((province, city), code)
    return found


def area_of(name: str, cities: dict[tuple[str, str], str]) -> str:
    """The area code of a mobile prefix's place name."""
    province, (city, *_) = short_names(name)
    for shared, code in SHARED_CODES.items():
        if city.startswith(shared):
            return code
    if (province, city) in cities:
        return cities[province, city]
    # One source says 红河, the other 红河哈尼族彝族自治州.
    return next(
        code
        for (known_province, known), code in cities.items()
        if known_province == province and (city.startswith(known) or known.startswith(city))
    )


def main() -> None:
    """Write `area_code.tsv` and `mobile_prefix.bin`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    codes, prefixes = read_geodata()
    cities = codes_by_city(codes)
    ordered = sorted(codes)
    index = {code: position for position, code in enumerate(ordered, start=1)}
    table = array("H", bytes(2 * (LAST_PREFIX - FIRST_PREFIX + 1)))
    areas = {name: index[area_of(name, cities)] for name in set(prefixes.values())}
    for prefix, name in sorted(prefixes.items(), key=lambda item: len(item[0])):
        spare = PREFIX_DIGITS - len(prefix)
        first = int(prefix) * 10**spare - FIRST_PREFIX
        for position in range(first, first + 10**spare):
            table[position] = areas[name]
    english = read_english()
    lines = [
        "# Area code, city, province; city, province in English.",
        "# From the geodata of libphonenumber, Apache-2.0.",
    ]
    for code in ordered:
        province, names = short_names(codes[code])
        city = FIRST_CITIES.get(code, names[0])
        lines.append("\t".join((f"0{code}", city, province, *english[province, city])))
    (folder / "area_code.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    # All low bytes, then all high bytes: equal bytes side by side pack better.
    halves = chain((entry & 0xFF for entry in table), (entry >> 8 for entry in table))
    packed = zlib.compress(bytes(halves), 9)
    (folder / "mobile_prefix.bin").write_bytes(packed)
    print(f"{len(ordered)} area codes, {len(prefixes)} mobile prefixes, {len(packed)} bytes")


if __name__ == "__main__":
    main()

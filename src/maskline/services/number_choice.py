"""How numbers are chosen, as operators and developers ask for it."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from maskline.domain.number_choice import MAX_COOL_OFF_H, MAX_FALLBACK_CITIES, Repeat
from maskline.domain.virtual_number import MAX_TAG

AreaCode = Annotated[str, Meta(pattern=r"^0\d{2,3}$")]
FallbackCities = Annotated[tuple[AreaCode, ...], Meta(max_length=MAX_FALLBACK_CITIES)]
Pool = Annotated[str, Meta(max_length=MAX_TAG)]
CoolOff = Annotated[int, Meta(ge=0, le=MAX_COOL_OFF_H)]


class NumberChoiceForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an application has numbers chosen; absent fields stay, a `pool` of null is any number.

    Fields as in `maskline.domain.number_choice.ChoiceRules`.
    """

    home_city_first: bool | UnsetType = UNSET
    fallback_area_codes: FallbackCities | UnsetType = UNSET
    pool: Pool | UnsetType | None = UNSET
    repeat: Repeat | UnsetType = UNSET
    cool_off_h: CoolOff | UnsetType = UNSET

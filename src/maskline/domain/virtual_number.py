"""Virtual numbers: what X is and whether it may serve."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NumberState(StrEnum):
    """States a virtual number can be in; codes of the status push in `spec/codes.md` 8."""

    NORMAL = "normal"
    PAUSED = "paused"
    UNAVAILABLE = "unavailable"
    BINDING_FROZEN = "binding_frozen"
    BLACKLISTED = "blacklisted"

    @property
    def may_bind(self) -> bool:
        """Whether new bindings may be made; existing ones may go on in BINDING_FROZEN."""
        return self is NumberState.NORMAL

    @property
    def may_call(self) -> bool:
        """Whether calls through the number are connected."""
        return self in {NumberState.NORMAL, NumberState.BINDING_FROZEN}


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualNumber:
    """A number X (or Y) in our inventory, owned by one application.

    `number` is global form and may be longer than E.164's 15 digits (700 segment);
    `area_code` is the city code with its leading 0, such as `0755`; `pairs` counts bindings.
    """

    number: str
    app_key: str
    area_code: str
    state: NumberState = NumberState.NORMAL
    may_message: bool = True
    pairs: int = 0
    created_at: datetime

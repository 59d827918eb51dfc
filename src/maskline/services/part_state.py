"""How trunks and media engines of one process stand, for those who look after them."""

from dataclasses import dataclass
from enum import StrEnum


class TrunkCondition(StrEnum):
    """UP: the peer answers our OPTIONS. UNTRIED: it has not, and no call has failed either.

    DOWN: pings or a call failed lately. NO_ADDRESS: its host name leads nowhere.
    """

    UP = "up"
    UNTRIED = "untried"
    DOWN = "down"
    NO_ADDRESS = "no_address"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkState:
    """One trunk as one worker sees it. `misses` are pings in a row that nothing answered."""

    name: str
    condition: TrunkCondition
    calls: int = 0
    misses: int = 0


class EngineCondition(StrEnum):
    """DOUBTFUL: it missed a ping, and takes calls only where nothing else can."""

    UP = "up"
    DOUBTFUL = "doubtful"
    DOWN = "down"


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineState:
    """What carries the media of calls: a daemon by its address, or the engine in a worker."""

    name: str
    condition: EngineCondition
    calls: int | None = None

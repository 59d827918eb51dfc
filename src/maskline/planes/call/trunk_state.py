"""How the trunks of this process stand."""

from maskline.planes.call.trunk_board import TrunkBoard, TrunkLine
from maskline.services.part_state import TrunkCondition, TrunkState


def trunk_states(board: TrunkBoard, now: float) -> tuple[TrunkState, ...]:
    """Every trunk of the board at this moment of the monotonic clock."""
    return tuple(
        TrunkState(
            name=line.trunk.name,
            condition=_condition(line, now),
            calls=line.calls,
            misses=line.misses,
        )
        for line in board.lines
    )


def _condition(line: TrunkLine, now: float) -> TrunkCondition:
    if not line.trunk.is_enabled:
        return TrunkCondition.DISABLED
    if line.flow is None:
        return TrunkCondition.NO_ADDRESS
    if line.is_down(now):
        return TrunkCondition.DOWN
    return TrunkCondition.UP if line.answers_pings else TrunkCondition.UNTRIED

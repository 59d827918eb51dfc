"""The wire form of the state of virtual numbers (`spec/common.md` 4, `spec/codes.md` 8)."""

from collections.abc import Sequence

from msgspec import UNSET, Struct, UnsetType

from maskline.api.encoding import encode
from maskline.domain.virtual_number import NumberCause, NumberState, VirtualNumber

_STATUSES = {
    NumberState.NORMAL: "5",
    NumberState.PAUSED: "9",
    NumberState.UNAVAILABLE: "10",
    NumberState.BINDING_FROZEN: "11",
}
# 4 is not defined.
_CAUSES = {
    NumberCause.DELETED: "1",
    NumberCause.ARREARS: "2",
    NumberCause.STOPPED: "3",
    NumberCause.CALLS_RESTRICTED: "5",
    NumberCause.RESTRICTION_LIFTED: "6",
    NumberCause.FORWARDED_ALWAYS: "7",
    NumberCause.FORWARDED_UNANSWERED: "8",
    NumberCause.FORWARDED_BUSY: "9",
}


class _NumInfo(Struct, omit_defaults=True):
    number: str
    status: str
    cause: str | UnsetType = UNSET


class _NumStatus(Struct, rename="camel"):
    event_type: str
    num_info: list[_NumInfo]


def number_state_message(numbers: Sequence[VirtualNumber]) -> bytes:
    """The `numStatus` message about 1 to 100 numbers, none of them blacklisted."""
    return encode(_NumStatus("numStatus", [_num_info(number) for number in numbers]))


def _num_info(number: VirtualNumber) -> _NumInfo:
    cause = UNSET if number.cause is None else _CAUSES[number.cause]
    return _NumInfo(number.number, _STATUSES[number.state], cause)

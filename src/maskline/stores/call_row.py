"""What is kept of a call beside its sealed content, to find it by: nothing of this is private."""

from typing import NamedTuple

from maskline.domain.call import Call, CallRecord
from maskline.domain.live_state import state_of
from maskline.domain.outcome_class import class_of


class RecordTraits(NamedTuple):
    """The last columns of `record_add`, in their order."""

    mode: str
    outcome: str
    release: int
    caller_role: str | None
    talk_s: int
    has_recording: bool


def traits_of(record: CallRecord) -> RecordTraits:
    """What a record is found by."""
    call, release = record.call, record.end.release
    return RecordTraits(
        mode=call.mode.value,
        outcome=class_of(release).value,
        release=int(release),
        caller_role=None if call.role is None else call.role.value,
        talk_s=record.talk_time_s,
        has_recording=record.recording is not None,
    )


def live_state(call: Call) -> str:
    """What a live call is found by."""
    return state_of(call).value

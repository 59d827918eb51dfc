from datetime import UTC, datetime, timedelta

from maskline.domain.application import Mode
from maskline.domain.call import Call, CallEnd, CallRecord
from maskline.domain.release import ReleaseCode

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
CALL = Call(
    session_id="s",
    icid="i",
    host="h",
    app_key="k",
    tenant_id="t",
    mode=Mode.AXB,
    x="+8617000002001",
    caller="+8613900001001",
    arrived_at=START,
)


def ended_after(seconds, call):
    end = CallEnd(at=START + timedelta(seconds=seconds), release=ReleaseCode.NORMAL)
    return CallRecord(call=call, end=end)


def test_talk_time_runs_from_the_answer_in_whole_seconds():
    answered = CALL.answered(START + timedelta(seconds=10))
    assert ended_after(72.9, answered).talk_time_s == 62
    assert ended_after(72.9, answered).is_answered


def test_a_call_nobody_answered_has_no_talk_time():
    assert ended_after(30, CALL.alerted(START)).talk_time_s == 0
    assert not ended_after(30, CALL).is_answered


def test_a_clock_that_was_set_back_makes_no_negative_talk_time():
    assert ended_after(-5, CALL.answered(START)).talk_time_s == 0

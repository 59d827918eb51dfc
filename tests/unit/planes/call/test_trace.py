"""What is kept of the course of a call."""

import asyncio
from datetime import UTC, datetime

from maskline.domain.release import ReleaseCode
from maskline.domain.trace import MAX_STEPS
from maskline.planes.call.trace import LINGER_S, MAX_CALL_BYTES, CallTraces, TraceLimits
from maskline.planes.media.engine import (
    CollectEnd,
    DigitPressed,
    DigitsCollected,
    MediaLost,
    PlayEnd,
    PlayEnded,
    Side,
)
from maskline.protocols.sip.event import InviteReceived, Rejected, Ringing
from maskline.protocols.sip.message import Request, Response
from maskline.services.clock import SteppedClock

START = datetime(2026, 1, 2, tzinfo=UTC)
A, B = "+8613900001001", "+8613900003003"
NUMBERS = (A[1:], B[1:], A[3:], B[3:])


async def test_a_failed_call_leaves_its_ladder_without_a_number(stage):
    stage.services.sip.endpoint.witness = stage.services.traces
    await stage.bind()
    stage.caller.dial()
    await stage.callee.until(InviteReceived)
    [live] = stage.plane._calls
    assert stage.plane.trace(live).release is None
    stage.callee.do("ring")
    await stage.caller.until(Ringing)
    stage.callee.do("reject", 486)
    await stage.caller.until(Rejected)
    record = await stage.record()
    await asyncio.sleep(0.05)
    trace = stage.plane.trace(record.call.session_id)
    ladder = [(step.where, step.what) for step in trace.steps]
    for step in [
        ("A>X", "INVITE"),
        ("X>A", "100 INVITE"),
        ("plan", "rule axb: connect, binding b1, caller is A"),
        ("X>B", "INVITE"),
        ("told", "forwarded"),
        ("B>X", "180 INVITE"),
        ("X>A", "180 INVITE"),
        ("B>X", "486 INVITE"),
        ("X>B", "ACK"),
        ("X>A", "486 INVITE"),
        ("A>X", "ACK"),
        ("end", "8102 busy"),
    ]:
        assert step in ladder, step
    assert [step.at_s for step in trace.steps] == sorted(step.at_s for step in trace.steps)
    assert not [number for number in NUMBERS if number in repr(trace)]
    assert trace.release is ReleaseCode.BUSY


async def test_stored_messages_show_both_sides_and_nothing_of_one_to_the_other(stage):
    stage.services.sip.endpoint.witness = stage.services.traces
    await stage.bind()
    stage.caller.dial()
    await stage.callee.until(InviteReceived)
    stage.callee.do("reject", 486)
    await stage.caller.until(Rejected)
    await stage.record()
    [trace] = stage.services.traces.take_finished(everything=True)
    for number in NUMBERS:
        assert number not in repr(trace)
    for address in ("192.0.2.", "198.51.100."):
        assert address not in repr(trace)
    messages = [step for step in trace.steps if ">" in step.where and step.detail]
    assert {step.where for step in messages} == {"A>X", "X>A", "X>B", "B>X"}
    for step in messages:
        unknown = "{A}" if step.where == "X>B" else "{B}" if step.where == "X>A" else "{nobody}"
        assert unknown not in step.detail, step.detail
    invites = [step.detail for step in messages if step.what == "INVITE"]
    assert 'From: "…" <sip:+86{A}@' in invites[0], invites[0]
    assert "INVITE sip:+86{B}@" in invites[1], invites[1]
    assert all("m=audio" in invite for invite in invites)


async def test_a_plan_says_which_row_decided_and_what_was_found_not_to_be_so(stage):
    await stage.bind()
    stage.caller.dial()
    await stage.callee.until(InviteReceived)
    stage.callee.do("reject", 486)
    await stage.caller.until(Rejected)
    await stage.record()
    [trace] = stage.services.traces.take_finished(everything=True)
    [decision] = [step.detail for step in trace.steps if step.what.startswith("rule axb")]
    assert "decided by: the caller is bound\n" in decision
    assert "the tenant is frozen" in decision
    assert "the direction is forbidden" in decision
    assert "callee: +86{B}\nshown to the callee: +8617000002001\n" in decision


def _traces(**limits):
    clock = SteppedClock(START)
    return clock, CallTraces(clock, TraceLimits(**limits))


def test_only_failed_calls_are_stored_once_their_last_answer_had_time_to_come():
    clock, traces = _traces()
    for name, release in (("good", ReleaseCode.NORMAL), ("bad", ReleaseCode.BUSY)):
        traces.end(traces.begin(name, f"id-{name}"), release)
    assert list(traces.take_finished()) == []
    clock.step(LINGER_S)
    assert [trace.session_id for trace in traces.take_finished()] == ["bad"]
    assert list(traces.take_finished(everything=True)) == []


def test_every_call_is_stored_where_that_is_wanted_and_none_where_it_is_off():
    for keeping, expected in (("all", 1), ("off", 0)):
        _, traces = _traces(keeping=keeping)
        traces.end(traces.begin("s", "id"), ReleaseCode.NORMAL)
        assert len(list(traces.take_finished(everything=True))) == expected


def test_a_good_call_of_a_sandbox_is_stored_unless_traces_are_off():
    for keeping, expected in (("failed", 1), ("off", 0)):
        _, traces = _traces(keeping=keeping)
        trace = traces.begin("s", "id")
        trace.is_wanted = True
        traces.end(trace, ReleaseCode.NORMAL)
        assert len(list(traces.take_finished(everything=True))) == expected


def test_an_even_share_of_good_calls_is_stored_and_each_that_somebody_looked_at():
    _, traces = _traces(sampled=0.25)
    for number in range(8):
        trace = traces.begin(f"s{number}", f"id{number}")
        if number == 0:
            assert traces.find("s0") is not None
        traces.end(trace, ReleaseCode.NORMAL)
    kept = [trace.session_id for trace in traces.take_finished(everything=True)]
    assert kept == ["s0", "s4"]


def _invite(call_id: str, size: int = 0) -> bytes:
    return (
        "INVITE sip:x@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa\r\n"
        f"From: <sip:a@192.0.2.1>;tag=a\r\nTo: <sip:x@192.0.2.1>\r\nCall-ID: {call_id}\r\n"
        f"CSeq: 1 INVITE\r\nSubject: {'x' * size}\r\nContent-Length: 0\r\n\r\n"
    ).encode()


def _sent(traces: CallTraces, name: str, size: int = 0) -> None:
    trace = traces.begin(name, name)
    traces.sent(_invite(name, size))
    traces.end(trace, ReleaseCode.BUSY)


def test_messages_are_bounded_in_all_in_a_call_and_in_how_many_are_written():
    _, traces = _traces(held_bytes=5_000, sip_calls=1, ended=3)
    for name in ("first", "second", "third"):
        _sent(traces, name, 3_000)
    assert traces._held_bytes < 10_000
    found = list(traces.take_finished(everything=True))
    assert [bool(trace.steps[0].detail) for trace in found] == [True, False, False]
    _sent(traces, "fourth", 3_000)
    _sent(traces, "fifth", 3_000)
    assert [bool(traces.find(name).steps[0].detail) for name in ("fourth", "fifth")] == [0, 1]
    long = traces.begin("long", "long")
    for _ in range(MAX_STEPS):
        long.hold(_invite("long", 3_000))
    assert long.held_bytes <= MAX_CALL_BYTES


def test_without_messages_their_kinds_stay():
    _, traces = _traces(has_sip=False)
    _sent(traces, "s")
    [trace] = traces.take_finished(everything=True)
    assert [(step.what, step.detail) for step in trace.steps[:1]] == [("INVITE", "")]


def test_what_the_media_tell_is_said_in_words_without_the_keys():
    _, traces = _traces()
    trace = traces.begin("s", "id")
    heard = []
    listen = trace.around(heard.append)
    events = (
        PlayEnded("s", "p1", PlayEnd.CUT_BY_DIGIT),
        DigitsCollected("s", Side.CALLER, "7319", CollectEnd.COMPLETE),
        DigitPressed("s", Side.CALLEE, "5", 80),
        MediaLost("s", Side.CALLEE),
    )
    for event in events:
        listen(event)
    assert heard == list(events)
    assert [step.what for step in trace.told().steps] == [
        "prompt ends: cut_by_digit",
        "4 digits from the caller: complete",
        "a key from the callee",
        "no sound comes from the callee",
    ]


def test_steps_and_ended_calls_are_bounded():
    clock, traces = _traces(ended=3)
    trace = traces.begin("long", "id")
    for _ in range(MAX_STEPS + 10):
        trace.note("media", "DigitPressed")
    assert (len(trace.told().steps), trace.dropped) == (MAX_STEPS, 10)
    for number in range(10):
        traces.end(traces.begin(f"s{number}", f"id{number}"), ReleaseCode.BUSY)
    assert [traces.find(f"s{number}") is None for number in (6, 7)] == [True, False]
    assert len(traces._legs) == 4
    assert len(list(traces.take_finished(everything=True))) == 3
    assert clock.monotonic() == 0


def test_what_a_peer_makes_up_is_not_repeated():
    _, traces = _traces()
    traces.begin("s", "id")
    made_up = A[1:]
    traces.received(Request(made_up, "sip:x", [("Call-ID", "id"), ("CSeq", f"1 {made_up}")]), b"")
    traces.received(Response(200, "OK", [("Call-ID", "id"), ("CSeq", f"1 {made_up}")]), b"")
    traces.sent(f"SIP/2.0 405 No\r\nCall-ID: id\r\nCSeq: 1 {made_up}\r\n\r\n".encode())
    assert [step.what for step in traces.find("s").steps] == ["other", "200 other", "405 other"]

from dataclasses import replace

from tests.contract.store.making import Make

from maskline.domain.release import ReleaseCode
from maskline.domain.trace import Trace, TraceStep
from maskline.services.store import Store


def _trace(make: Make, session_id: str, began: float = 0) -> Trace:
    return Trace(
        session_id=session_id,
        app_key=make.app_key,
        began_at=make.after(began),
        steps=(TraceStep(0.0, "A>X", "INVITE"), TraceStep(0.25, "plan", "拒绝", "callee: {B}")),
        dropped=3,
        release=ReleaseCode.BUSY,
    )


async def test_a_trace_is_kept_whole_and_the_last_one_counts(store: Store, make: Make):
    trace = _trace(make, "s")
    unknown = replace(_trace(make, "of nobody"), app_key="", release=None)
    await store.save_traces([trace, unknown])
    assert await store.trace("s") == trace
    assert await store.trace("of nobody") == unknown
    await store.save_traces([replace(trace, dropped=9)])
    assert await store.trace("s") == replace(trace, dropped=9)
    assert await store.trace("other") is None


async def test_old_traces_go_oldest_first_in_portions(store: Store, make: Make):
    await store.save_traces([_trace(make, f"s{age}", -age) for age in (5, 30, 10, 20)])
    assert await store.remove_old_traces(make.after(-8), 99, 2) == 2
    left = [age for age in (5, 10, 20, 30) if await store.trace(f"s{age}")]
    assert left == [5, 10]
    assert await store.remove_old_traces(make.after(-8), 99, 2) == 1
    assert await store.remove_old_traces(make.after(-8), 99, 2) == 0


async def test_only_the_newest_are_kept_where_there_are_too_many(store: Store, make: Make):
    await store.save_traces([_trace(make, f"s{age}", -age) for age in (5, 30, 10, 20)])
    assert await store.remove_old_traces(make.after(-99), 3, 10) == 1
    assert await store.remove_old_traces(make.after(-99), 1, 1) == 1
    assert await store.remove_old_traces(make.after(-99), 1, 10) == 1
    assert [age for age in (5, 10, 20, 30) if await store.trace(f"s{age}")] == [5]


async def test_what_stands_behind_the_steps_goes_before_them(store: Store, make: Make):
    bare = replace(_trace(make, "bare", -90), steps=(TraceStep(0.0, "A>X", "INVITE"),))
    await store.save_traces([bare, *(_trace(make, f"s{age}", -age) for age in (5, 30, 10, 20))])
    assert await store.remove_old_details(make.after(-25), 99, 10) == 1
    assert await store.remove_old_details(make.after(-25), 2, 10) == 1
    assert await store.remove_old_details(make.after(-25), 2, 10) == 0
    found = [await store.trace(f"s{age}") for age in (5, 10, 20, 30)]
    assert [trace.steps[1].detail for trace in found if trace] == ["callee: {B}"] * 2 + [""] * 2
    assert all(trace.steps[1].what == "拒绝" for trace in found if trace)
    assert await store.trace("bare") == bare


async def test_traces_of_named_calls_can_be_removed(store: Store, make: Make):
    await store.save_traces([_trace(make, name) for name in ("s", "t", "u")])
    await store.remove_traces(["s", "u", "unknown"])
    assert [name for name in ("s", "t", "u") if await store.trace(name)] == ["t"]

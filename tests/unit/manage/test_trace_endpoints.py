from tests.unit.manage.operating import NOW, Operator

from maskline.domain.release import ReleaseCode
from maskline.domain.trace import Trace, TraceStep

SESSION = "1201_612_4294967295_20261120080000@h1/x"


def _trace(release: ReleaseCode | None) -> Trace:
    steps = (
        TraceStep(0.0, "A>X", "INVITE"),
        TraceStep(0.002, "plan", "refuse 8014 no_binding", "decided by: the caller is not bound"),
    )
    return Trace(session_id=SESSION, app_key="k", began_at=NOW, steps=steps, release=release)


async def test_the_trace_of_an_ended_call_comes_from_the_store(operator: Operator):
    await operator.store.save_traces([_trace(ReleaseCode.NO_BINDING)])
    shown = (await operator.ask("GET", f"/manage/v1/calls/{SESSION}/trace")).json
    assert shown["release_code"] == 8014
    assert shown["steps"][1] == {
        "at_s": 0.002,
        "where": "plan",
        "what": "refuse 8014 no_binding",
        "detail": "decided by: the caller is not bound",
    }


async def test_that_of_a_live_one_comes_from_memory(operator: Operator):
    operator.traces[SESSION] = _trace(None)
    shown = (await operator.ask("GET", f"/manage/v1/calls/{SESSION}/trace")).json
    assert shown["release_code"] is None


async def test_without_a_trace_it_says_so(operator: Operator):
    answer = await operator.ask("GET", f"/manage/v1/calls/{SESSION}/trace")
    assert (answer.status, answer.error["code"]) == (404, "not_found")

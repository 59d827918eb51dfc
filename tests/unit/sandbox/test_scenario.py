"""Ways to break it hold together as data."""

from maskline.domain.release import ReleaseCode
from maskline.sandbox.operation import OPERATIONS
from maskline.sandbox.scenario import scenarios


def test_every_step_says_what_it_needs_and_every_code_exists():
    needed = {
        "request": "operation", "behave": "manner", "dial": "phone",
        "hangup": "phone", "answers": "status", "wait": "state",
    }  # fmt: skip
    assert len({one.id for one in scenarios()}) == len(scenarios())
    for scenario in scenarios():
        for step in scenario.steps:
            assert getattr(step, needed[step.do]) is not None, scenario.id
            if step.operation is not None:
                for mode in scenario.modes:
                    assert step.operation in {one.name for one in OPERATIONS[mode]}, scenario.id
        assert {
            ReleaseCode(code) for code in scenario.expects.release
        } or not scenario.expects.release
        assert scenario.needs_receiver == any(step.do == "answers" for step in scenario.steps)

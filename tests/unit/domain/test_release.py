"""Outcomes of the callee's leg (`spec/axb.md` 13 rows 7 and 8, `spec/codes.md` 3-5)."""

import re
from pathlib import Path

import pytest

from maskline.domain.release import ReleaseCode, q850_of_status, release_of_callee


@pytest.mark.parametrize(
    ("status", "q850", "release"),
    [
        (486, None, ReleaseCode.BUSY),
        (600, None, ReleaseCode.BUSY),
        (487, None, ReleaseCode.NO_ANSWER),  # a timer in the callee's network
        (480, None, ReleaseCode.NO_ANSWER),
        (480, 19, ReleaseCode.NO_ANSWER),
        (480, 20, ReleaseCode.POWERED_OFF),
        (480, 18, ReleaseCode.UNREACHABLE),
        (404, None, ReleaseCode.UNKNOWN_CALLEE),
        (480, 27, ReleaseCode.UNREACHABLE),
        (403, 55, ReleaseCode.SUSPENDED),
        (484, 28, ReleaseCode.CALLEE_NETWORK),
        (603, None, ReleaseCode.CALLEE_REJECTED),
        (603, 21, ReleaseCode.CALLEE_REJECTED),
        (403, None, ReleaseCode.CALL_REFUSED),
        (607, None, ReleaseCode.CALL_REFUSED),
        (408, None, ReleaseCode.UNREACHABLE),
        (500, None, ReleaseCode.CALLEE_NETWORK),
        (486, 31, ReleaseCode.BUSY),  # a cause that says nothing leaves the status its word
    ],
)
def test_a_failed_leg_is_named_by_its_cause_then_its_status(status, q850, release):
    assert release_of_callee(status, q850) is release


@pytest.mark.parametrize("release", list(ReleaseCode))
def test_every_release_has_a_text_a_sip_status_and_a_cause(release):
    assert release.text.endswith(".")
    assert len(release.text) <= 128
    assert 200 <= release.sip_status <= 699
    assert 1 <= release.q850 <= 127


def test_a_status_without_a_cause_gets_the_standards_own():
    assert q850_of_status(486) == 17
    assert q850_of_status(404) == 1
    assert q850_of_status(499) == 127


def test_the_page_on_calls_lists_every_release_that_can_happen_with_its_wire_values():
    page = (Path(__file__).parents[3] / "docs" / "calls.md").read_text()
    rows = re.findall(r"^\| (\d+) \| .* \| (\d+) \| (\d+) \|$", page, flags=re.MULTILINE)
    told = {int(code): (int(status), int(cause)) for code, status, cause in rows}
    made = {release.value: (release.sip_status, release.q850) for release in ReleaseCode}
    assert told == made

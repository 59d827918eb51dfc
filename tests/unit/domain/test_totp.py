from base64 import b32encode
from datetime import UTC, datetime, timedelta

import pytest

from maskline.domain.totp import code_at, matching_counter

SECRET = b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_rfc_6238_appendix_b(seconds: int, code: str):
    assert code_at(SECRET, seconds // 30) == code


def test_a_code_is_good_a_step_early_or_late_and_after_the_last_one_used():
    now = datetime(2026, 11, 20, tzinfo=UTC)
    step = int(now.timestamp()) // 30
    good = [
        matching_counter(SECRET, code_at(SECRET, step + away), now, 0) is not None
        for away in (-2, -1, 0, 1, 2)
    ]
    assert good == [False, True, True, True, False]
    assert matching_counter(SECRET, code_at(SECRET, step), now, step) is None
    later = now + timedelta(seconds=30)
    assert matching_counter(SECRET, code_at(SECRET, step + 1), later, step) == step + 1

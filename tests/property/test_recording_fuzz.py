import random
import runpy
import sys
from pathlib import Path

import pytest

SECONDS = 2.0


def test_no_damage_breaks_reading_or_repairing(capsys: pytest.CaptureFixture[str]):
    fuzz = runpy.run_path(str(Path(__file__).with_name("fuzz_recording.py")))["fuzz"]
    seed = random.SystemRandom().randrange(2**32)
    tally = fuzz(SECONDS, seed)
    with capsys.disabled():
        sys.stdout.write(f"\nfuzz: seed {seed}, {dict(tally)}\n")
    assert {"read", "damaged", "bad head"} <= tally.keys()

import os
import random
import runpy
import sys
from pathlib import Path

import pytest

SECONDS = float(os.environ.get("MASKLINE_FUZZ_SECONDS", "5"))
SEED = os.environ.get("MASKLINE_FUZZ_SEED", "")
"""A number in base 16; without one each run tries other inputs."""


@pytest.mark.timeout(SECONDS + 60)
def test_no_input_breaks_the_parsers(capsys: pytest.CaptureFixture[str]):
    fuzz = runpy.run_path(str(Path(__file__).with_name("fuzz_sip.py")))["fuzz"]
    seed = int(SEED, 16) if SEED else random.SystemRandom().randrange(2**32)
    tally = fuzz(SECONDS, seed)
    with capsys.disabled():
        sys.stdout.write(
            f"\nfuzz: seed {seed}, {tally.tried} inputs in {SECONDS:g} s, {tally.parsed} parsed\n"
        )
    assert tally.parsed

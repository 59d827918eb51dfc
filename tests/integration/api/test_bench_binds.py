import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

BENCH = Path(__file__).parents[3] / "bench" / "binds.py"


def test_the_bench_of_binds_runs_without_errors(tmp_path):
    done = subprocess.run(
        [sys.executable, BENCH, tmp_path, "--binds", "200"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    lines = [line for line in done.stdout.splitlines() if "in flight" in line]
    assert len(lines) == 4
    assert all("errors none" in line for line in lines)
    assert not list(tmp_path.iterdir())

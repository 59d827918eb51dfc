"""systemd itself reads the units that we ship."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from maskline.commands.serve import PLANES

SHIPPED = Path(__file__).parents[3] / "deploy" / "systemd"
UNITS = sorted(SHIPPED.glob("*.service"))
PROGRAM = "/opt/maskline/bin/maskline"


def test_every_unit_is_one_that_systemd_takes(tmp_path: Path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed: apt-get install systemd")
    for unit in UNITS:
        # Of a template one instance is checked; the program need not be installed here.
        there = tmp_path / unit.name.replace("@.", "@1.")
        there.write_text(unit.read_text().replace(PROGRAM, "/bin/true"))
    checked = subprocess.run(
        ["systemd-analyze", "verify", *sorted(tmp_path.iterdir())],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_every_unit_runs_planes_that_exist_as_a_user_without_rights(unit: Path):
    text = unit.read_text()
    [started] = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
    assert started.startswith(f"{PROGRAM} serve")
    named = re.findall(r"--planes (\S+)", started)
    assert {plane for planes in named for plane in planes.split(",")} <= set(PLANES)
    for line in (
        "User=maskline",
        "NoNewPrivileges=yes",
        "CapabilityBoundingSet=",
        "KillMode=mixed",
    ):
        assert f"\n{line}\n" in text


def test_every_part_has_a_unit():
    text = "".join(unit.read_text() for unit in UNITS)
    started = re.findall(r"--planes (\S+)", text)
    assert {plane for planes in started for plane in planes.split(",")} == set(PLANES)

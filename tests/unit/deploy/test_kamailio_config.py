"""Kamailio itself reads the configuration that we ship."""

import shutil
import subprocess
from pathlib import Path

import pytest

SHIPPED = Path(__file__).parents[3] / "deploy" / "kamailio"
SITE = """
#!substdef "!EDGE_DIR!{0}!g"
#!substdef "!EDGE_ADDRESS!127.0.0.1!g"
"""
INSIDE = '#!define WITH_INSIDE\n#!substdef "!INSIDE_ADDRESS!127.0.0.2!g"\n'


@pytest.mark.parametrize(
    "chosen",
    ["", "#!define WITH_TLS\n", "#!define WITH_SOURCES\n#!define WITH_NAMES\n", INSIDE],
    ids=["plain", "tls", "sources and names", "inside"],
)
def test_the_shipped_configuration_is_valid(tmp_path: Path, chosen: str):
    if shutil.which("kamailio") is None:
        pytest.skip("kamailio is not installed: apt-get install kamailio-tls-modules")
    if "TLS" in chosen and not any(Path("/usr/lib").glob("*/kamailio/modules/tls.so")):
        pytest.skip("Kamailio has no TLS: apt-get install kamailio-tls-modules")
    directory = tmp_path / "kamailio"
    shutil.copytree(SHIPPED, directory)
    (directory / "edge-local.cfg").write_text(SITE.format(directory) + chosen)
    checked = subprocess.run(
        ["kamailio", "-c", "-f", str(directory / "kamailio.cfg")],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    assert "ERROR" not in checked.stderr
    assert ("tls: 127.0.0.1" in checked.stdout) == ("TLS" in chosen)

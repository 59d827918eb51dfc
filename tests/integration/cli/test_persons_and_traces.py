"""`maskline person` and `maskline call trace` against a platform."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.contract.store.making import Make

from maskline.domain.trace import Trace, TraceStep

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Platform

pytestmark = pytest.mark.network

A, B = "+8613900001001", "+8613900002002"


def _record_a_call(platform: "Platform", make: Make) -> None:
    tenant, application = make.tenant(), make.application()
    record = make.record(make.call("s/1", caller=A, callee=B))
    steps = (TraceStep(0.0, "A>X", "INVITE"), TraceStep(0.1, "plan", "refuse 8014 no_binding"))
    trace = Trace(session_id="s/1", app_key="app-1", began_at=make.now, steps=steps)
    platform.keep(lambda: platform.store.add_tenant(tenant))
    platform.keep(lambda: platform.store.add_application(application))
    platform.keep(lambda: platform.store.finish_call(record, []))
    platform.keep(lambda: platform.store.save_traces([trace]))


def test_a_person_is_exported_to_a_private_file_and_erased(platform: "Platform", tmp_path: Path):
    _record_a_call(platform, Make())
    file = tmp_path / "hers.json"
    written = platform.run("person", "export", A, "--tenant", "tenant-1", "--output", str(file))
    assert (written["calls"], written["traces"], written["is_complete"]) == (1, 1, True)
    assert file.stat().st_mode & 0o077 == 0
    assert json.loads(file.read_text())["calls"][0]["session_id"] == "s/1"
    again = platform.run("person", "export", A, "--output", str(file), code=1)
    assert again["error"]["hint"] == "give another --output"
    erased = platform.run("person", "erase", A, "--tenant", "tenant-1", "--yes")
    assert erased["records"] == 1
    [entry] = platform.run("person", "erasures")
    assert (entry["erasure_id"], entry["is_sound"]) == (erased["erasure_id"], True)
    assert platform.run("record", "list", "--party", A) == []


def test_a_trace_is_drawn_for_people_and_listed_for_programs(platform: "Platform"):
    _record_a_call(platform, Make())
    assert platform.run("call", "trace", "s/1")["steps"][0]["what"] == "INVITE"
    assert "* plan: refuse 8014 no_binding" in platform.read("call", "trace", "s/1")
    assert platform.run("call", "trace", "none", code=1)["error"]["code"] == "not_found"

"""What is logged of a call: whose it is, and never a number."""

import pytest
import structlog

from maskline.domain.trunk import Trunk
from maskline.protocols.sip.event import Rejected

A, B, X = "+8613900001001", "+8613900003003", "+8617000002001"
NOBODY = "192.0.2.77"


@pytest.fixture
def logged():
    kept = structlog.testing.LogCapture()
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, kept])
    yield kept.entries
    structlog.reset_defaults()


async def test_every_line_of_a_call_names_the_call_and_its_binding(stage, logged):
    await stage.bind()
    await stage.trunks(
        Trunk(name="in", host="192.0.2.10", prefixes=("+999",)), Trunk(name="mute", host=NOBODY)
    )
    stage.caller.dial()
    await stage.caller.until(Rejected)
    session_id = (await stage.record()).call.session_id
    events = {entry["event"] for entry in logged}
    assert events >= {"trunk says nothing", "trunk failed"}
    assert {(entry["session_id"], entry["binding_id"]) for entry in logged} == {(session_id, "b1")}
    assert not [number for number in (A, B) if number[3:] in repr(logged)]

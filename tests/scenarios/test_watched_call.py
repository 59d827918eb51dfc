"""What a whole platform shows of its calls, while SIPp makes them."""

from typing import Any

import pytest

from maskline.domain.release import ReleaseCode

pytestmark = [pytest.mark.sipp, pytest.mark.network, pytest.mark.enable_socket]

A, B = "+8613811110001", "+8613911110002"


async def test_counts_and_traces_tell_of_a_call_and_of_no_number(theatre: Any):
    await theatre.bind()
    await theatre.play("uac_expects_486", "uas_is_busy_486")
    record = await theatre.expect(8102, "callin", "callout", "disconnect")
    platform = theatre.stage.platform
    page = (await platform.metrics.page()).decode()
    for series in (
        'maskline_calls_ended_total{code="8102",mode="axb"} 1.0',
        "maskline_call_route_seconds_count 1.0",
        'maskline_api_results_total{code="0",operation="bindAxb"} 1.0',
        'maskline_delivery_pushes_total{purpose="status",result="delivered"} 3.0',
        "maskline_media_up 1.0",
        'maskline_plane_up{plane="call"} 1.0',
    ):
        assert series in page, page
    assert 'maskline_store_unit_seconds_count{unit="call.finish"} 1.0' in page
    trace = await platform.traces.find(record["sessionId"])
    assert trace.release is ReleaseCode.BUSY
    ladder = [(step.where, step.what) for step in trace.steps]
    assert ladder[0] == ("A>X", "INVITE")
    assert ladder.index(("B>X", "486 INVITE")) < ladder.index(("X>A", "486 INVITE"))
    assert ("told", "forwarded") in ladder
    for number in (A, B, theatre.x):
        assert number[3:] not in page
    # The number that was dialled stands in its messages; it is nobody's.
    for number in (A, B):
        assert number[3:] not in repr(trace)

"""Which trunk a call takes when some of them fail, by SIPp on both sides."""

from typing import Any

import pytest

from maskline.services.administration_request import TrunkChange

pytestmark = [pytest.mark.sipp, pytest.mark.network, pytest.mark.enable_socket]

B_PREFIX = "+86139"
ALL_EVENTS = ("callin", "callout", "alerting", "answer", "disconnect")


async def call(theatre: Any, transport: str = "udp") -> None:
    near = await theatre.sipp.caller(
        "uac_talks_then_hangs_up",
        theatre.stage.sip,
        dials=theatre.x,
        numbers="+8613811110001",
        transport=transport,
    )
    await near.finish()


async def test_a_trunk_that_answers_503_is_passed_over_and_told_as_one_call(theatre: Any):
    await theatre.bind()
    full = await theatre.sipp.callee("uas_is_unavailable_503")
    free = await theatre.sipp.callee("uas_answers_then_is_hung_up_on")
    await theatre.route(B_PREFIX, full.port, priority=1)
    await theatre.route(B_PREFIX, free.port, priority=2)
    await call(theatre)
    await full.finish()
    await free.finish()
    await theatre.expect(0, *ALL_EVENTS)


async def test_a_trunk_that_says_nothing_is_passed_over(
    make_stage: Any, make_theatre: Any, new_port: Any
):
    theatre = make_theatre(await make_stage(calls={"setup_timeout_s": 0.5}))
    await theatre.bind()
    free = await theatre.sipp.callee("uas_answers_then_is_hung_up_on")
    await theatre.route(B_PREFIX, new_port(), priority=1)
    await theatre.route(B_PREFIX, free.port, priority=2)
    await call(theatre)
    await free.finish()
    await theatre.expect(0, *ALL_EVENTS)


async def test_without_a_trunk_that_works_the_call_has_no_route_7508(theatre: Any):
    await theatre.bind()
    await theatre.stage.platform.administration.change_trunk("lab", TrunkChange(is_enabled=False))
    await theatre.play("uac_expects_480", "uas_is_unavailable_503")
    await theatre.expect(7508, "callin", "callout", "disconnect")


@pytest.mark.parametrize(("caller", "callee"), [("tcp", "udp"), ("udp", "tcp"), ("tcp", "tcp")])
async def test_a_call_may_come_and_go_over_tcp(theatre: Any, caller: str, callee: str):
    await theatre.bind()
    far = await theatre.sipp.callee("uas_answers_then_is_hung_up_on", transport=callee)
    await theatre.route(B_PREFIX, far.port, transport=callee)
    await call(theatre, caller)
    await far.finish()
    await theatre.expect(0, *ALL_EVENTS)

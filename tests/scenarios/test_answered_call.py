"""Calls that are answered, by SIPp on both sides."""

import asyncio
from typing import Any

import pytest

pytestmark = [pytest.mark.sipp, pytest.mark.network, pytest.mark.enable_socket]

A, B = "+8613811110001", "+8613911110002"
ALL_EVENTS = ("callin", "callout", "alerting", "answer", "disconnect")


async def test_a_calls_b_and_hangs_up(theatre: Any):
    binding_id = await theatre.bind()
    await theatre.play("uac_talks_then_hangs_up", "uas_answers_then_is_hung_up_on")
    record = await theatre.expect(0, *ALL_EVENTS)
    assert record["direction"] == 1
    assert record["subscriptionId"] == binding_id
    assert (record["callerNum"], record["fwdDisplayNum"], record["fwdDstNum"]) == (A, theatre.x, B)


async def test_b_calls_a_and_is_hung_up_on(theatre: Any):
    await theatre.bind()
    await theatre.play(
        "uac_talks_until_the_other_hangs_up",
        "uas_answers_then_hangs_up",
        number=B,
        partner_prefix="+86138",
    )
    record = await theatre.expect(0, *ALL_EVENTS)
    assert record["direction"] == 0
    assert (record["callerNum"], record["fwdDstNum"]) == (B, A)


@pytest.mark.parametrize(
    ("caller", "callee", "events"),
    [
        (
            "uac_hears_early_media",
            "uas_plays_early_media",
            ("callin", "callout", "answer", "disconnect"),
        ),
        (
            "uac_hears_early_media",
            "uas_requires_prack",
            ("callin", "callout", "answer", "disconnect"),
        ),
        ("uac_invites_without_sdp", "uas_answers_then_is_hung_up_on", ALL_EVENTS),
        ("uac_requires_100rel", "uas_answers_then_is_hung_up_on", ALL_EVENTS),
        ("uac_holds_and_resumes", "uas_answers_then_is_hung_up_on", ALL_EVENTS),
        ("uac_refreshes_its_session", "uas_answers_then_is_hung_up_on", ALL_EVENTS),
    ],
)
async def test_what_a_carrier_may_do_on_the_way_to_an_answer(
    theatre: Any, caller: str, callee: str, events: tuple[str, ...]
):
    await theatre.bind()
    await theatre.play(caller, callee)
    await theatre.expect(0, *events)


async def test_twenty_pairs_talk_over_one_x_at_once(theatre: Any):
    numbers = [f"+86138222200{n:02}" for n in range(20)]
    await asyncio.gather(
        *(theatre.bind(callerNum=a, calleeNum=f"+86139333300{a[-2:]}") for a in numbers)
    )
    far = await theatre.sipp.callee("uas_answers_then_is_hung_up_on", calls=len(numbers))
    await theatre.route("+86139", far.port)
    near = await theatre.sipp.caller(
        "uac_talks_then_hangs_up", theatre.stage.sip, dials=theatre.x, numbers=numbers
    )
    await near.finish()
    await far.finish()
    events, records = await theatre.told(records=len(numbers))
    assert sorted(record["callerNum"] for record in records) == numbers
    for record in records:
        assert record["callerNum"][-2:] == record["fwdDstNum"][-2:]
        mine = [
            event["eventType"]
            for event in events
            if event["statusInfo"]["sessionId"] == record["sessionId"]
        ]
        assert mine == list(ALL_EVENTS)

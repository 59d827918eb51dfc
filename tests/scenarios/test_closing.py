"""Bindings that close by themselves, and virtual numbers longer than E.164 has them."""

from typing import Any

import pytest

from maskline.lab.rest import RestRefused
from maskline.services.administration_request import NewNumber, NewNumbers

pytestmark = [pytest.mark.sipp, pytest.mark.network, pytest.mark.enable_socket]

A, B = "+8613811110001", "+8613911110002"
ALL_EVENTS = ["callin", "callout", "alerting", "answer", "disconnect"]
LONG_X = "+8670012345678901234"


async def test_a_binding_for_one_call_refuses_the_second_with_8014(theatre: Any):
    binding_id = await theatre.bind(closeAfterCalls=1)
    await theatre.play("uac_talks_then_hangs_up", "uas_answers_then_is_hung_up_on")
    first = await theatre.expect(0, *ALL_EVENTS)
    assert first["subscriptionId"] == binding_id

    await theatre.play("uac_expects_403")
    events, records = await theatre.told(records=2)
    assert [event["eventType"] for event in events] == [*ALL_EVENTS, "callin", "disconnect"]
    assert records[-1]["ulFailReason"] == 8014
    assert "subscriptionId" not in records[-1]
    assert await theatre.bind() != binding_id


async def test_a_call_that_nobody_answers_leaves_a_binding_for_one_call_open(theatre: Any):
    await theatre.bind(closeOnHangup=True)
    await theatre.play("uac_expects_486", "uas_is_busy_486")
    with pytest.raises(RestRefused):
        await theatre.bind()


async def test_a_virtual_number_of_20_characters_is_bound_called_and_told(theatre: Any):
    number = NewNumber(number=LONG_X, area_code="0755")
    application = theatre.stage.tenant.application
    await theatre.stage.platform.administration.add_numbers(
        NewNumbers(app_key=application.app_key, numbers=(number,))
    )
    theatre.x = LONG_X
    await theatre.bind()
    await theatre.play("uac_talks_then_hangs_up", "uas_answers_then_is_hung_up_on")
    record = await theatre.expect(0, *ALL_EVENTS)
    assert (record["bindNum"], record["fwdDisplayNum"], record["fwdDstNum"]) == (LONG_X, LONG_X, B)

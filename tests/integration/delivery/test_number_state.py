"""What an application is told when an operator changes one of its numbers."""

from typing import TYPE_CHECKING

import pytest

from maskline.domain.virtual_number import NumberCause, NumberState
from maskline.lab.receiver import Signature
from maskline.services.administration_request import ApplicationChange, NumberChange

if TYPE_CHECKING:
    from maskline.lab.demo.stage import Stage

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]


async def test_changes_of_a_number_are_pushed_signed_to_their_receiver_in_order(stage: "Stage"):
    administration, number = stage.platform.administration, stage.tenant.numbers[0]
    await administration.change_application(
        stage.tenant.application.app_key,
        ApplicationChange(
            pushes_number_state=True, number_state_url=f"{stage.receiver.url}/Xnumber/status"
        ),
    )
    for change in (
        NumberChange(state=NumberState.UNAVAILABLE, cause=NumberCause.ARREARS),
        NumberChange(cause=NumberCause.STOPPED),
        NumberChange(state=NumberState.NORMAL),
    ):
        await administration.change_number(number, change)

    pushes = await stage.receiver.wait_for(lambda got: len(got) == 3, 5.0)
    assert [push.json() for push in pushes] == [
        {"eventType": "numStatus", "numInfo": [{"number": number} | told]}
        for told in (
            {"status": "10", "cause": "2"},
            {"status": "10", "cause": "3"},
            {"status": "5"},
        )
    ]
    assert {push.path for push in pushes} == {"/Xnumber/status"}
    assert {push.signature for push in pushes} == {Signature.VALID}

"""What a tenant in arrears can do no more, and that all of it comes back when he pays."""

from typing import Any

import pytest

from maskline.domain.access import OPERATOR
from maskline.domain.application import TenantState
from maskline.domain.virtual_number import NumberState
from maskline.lab.demo.money import CREDIT, START
from maskline.lab.demo.tenant import TENANT
from maskline.lab.rest import RestClient, RestRefused
from maskline.services.administration_request import ApplicationChange, NumberChange
from maskline.services.billing.request import Adjustment, TopUp

pytestmark = [pytest.mark.sipp, pytest.mark.network, pytest.mark.enable_socket]


async def test_arrears_stop_binds_calls_and_recordings_until_all_is_paid(theatre: Any):
    stage, platform = theatre.stage, theatre.stage.platform
    application, numbers = stage.tenant.application, stage.tenant.numbers
    url = f"{stage.receiver.url}/demo/number-state"
    change = ApplicationChange(pushes_number_state=True, number_state_url=url)
    await platform.administration.change_application(application.app_key, change)
    await theatre.bind()
    paused, frozen = NumberState.PAUSED, NumberState.BINDING_FROZEN
    await platform.administration.change_number(numbers[1], NumberChange(state=paused))
    await platform.administration.change_number(numbers[2], NumberChange(state=frozen))
    before = [(await platform.store.number(one)).state for one in numbers]

    owed = START.amount + CREDIT + 1
    form = Adjustment(tenant_id=TENANT, amount=-owed, reference="a1", note="to the last cent")
    await platform.business.desk.adjust(form, OPERATOR)
    assert (await platform.store.tenant(TENANT)).state is TenantState.IN_ARREARS
    async with RestClient(stage.url, application.app_key, application.secret) as rest:
        with pytest.raises(RestRefused) as refused:
            await rest.bind(callerNum="+8613811110009", calleeNum="+8613911110009", duration=60)
        assert refused.value.code == "1010029"
        with pytest.raises(RestRefused) as refused:
            await rest.recording_link("a.wav", "d")
        assert refused.value.code == "1010029"
    await theatre.play("uac_expects_403")
    await theatre.expect(7108, "callin", "disconnect")
    assert await _told(stage, numbers[0]) == ["9"]

    paid = TopUp(tenant_id=TENANT, amount=owed, reference="p1")
    await platform.business.desk.top_up(paid, OPERATOR)
    assert (await platform.store.tenant(TENANT)).state is TenantState.NORMAL
    assert [(await platform.store.number(one)).state for one in numbers] == before
    assert before[:3] == [NumberState.NORMAL, paused, frozen]
    assert await _told(stage, numbers[0], 2) == ["9", "5"]
    await theatre.bind(callerNum="+8613811110009", calleeNum="+8613911110009")


async def _told(stage: Any, number: str, times: int = 1) -> list[str]:
    """The states that were pushed of a number, in order."""
    told = list[str]()

    def is_enough(_: Any) -> bool:
        told[:] = [
            entry["status"]
            for push in stage.receiver.about("numStatus")
            for entry in push.json()["numInfo"]
            if entry["number"] == number
        ]
        return len(told) >= times

    await stage.receiver.wait_for(is_enough)
    return told

from pathlib import Path

import pytest
from tests.unit.services.order_world import PHONE, OrderWorld

from maskline.domain.enterprise import OF_AGENT, EnterpriseState
from maskline.services.enterprise_request import NewContact
from maskline.services.ids import SystemIds
from maskline.services.person_erasure import PersonEraser


@pytest.fixture
async def world(tmp_path: Path) -> OrderWorld:
    return await OrderWorld(tmp_path).open()


async def test_who_is_erased_is_agent_and_contact_no_more(world: OrderWorld):
    enterprise = await world.approved()
    others = await world.approved("right")
    await world.contacts.add("left", NewContact(name="李雷", phone=PHONE))
    other = await world.contacts.add("left", NewContact(name="Ann", phone="+8613800000002"))
    eraser = PersonEraser(
        world.store, None, world.clock, SystemIds(), bytes(32), papers=world.papers
    )
    erased = await eraser.erase(PHONE, "left")
    assert (erased.enterprises, erased.contacts) == (1, 1)
    left = await world.enterprises.find(enterprise.dossier_id)
    assert (left.form.agent_name, left.form.agent_phone) == ("", "")
    assert left.state is EnterpriseState.DRAFT
    gone = {paper.object_name for paper in enterprise.papers if paper.kind in OF_AGENT}
    assert gone.isdisjoint(name for _, name in world.folder.kept)
    assert await world.contacts.list("left") == (other,)
    assert (await world.enterprises.find(others.dossier_id)).state is EnterpriseState.APPROVED
    again = await eraser.erase(PHONE, "left")
    assert (again.enterprises, again.contacts) == (0, 0)

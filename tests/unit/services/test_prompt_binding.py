"""From an upload to a binding that names it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.unit.services.prompt_world import InlineConverter, tone

from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.area import Areas
from maskline.domain.error import InvalidParameter
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.binding import BindingChange, BindingDesk, NewBinding
from maskline.services.clock import SteppedClock
from maskline.services.ids import CountedIds
from maskline.services.prompt_desk import PromptDesk
from maskline.services.prompt_shelf import PromptShelf
from maskline.stores.memory import MemoryStore

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
APP = Application(
    app_key="app", tenant_id="t", name="a", mode=Mode.AXB, secret="s", created_at=NOW
)  # fmt: skip


async def test_a_binding_may_name_a_prompt_from_its_approval_to_its_removal(tmp_path: Path):
    store, clock = MemoryStore(), SteppedClock(NOW)
    await store.add_tenant(Tenant(tenant_id="t", name="T", created_at=NOW))
    await store.add_application(APP)
    await store.add_numbers(
        [VirtualNumber(number="+8617000000001", app_key="app", area_code="0755", created_at=NOW)]
    )
    shelf = PromptShelf(store, clock, tmp_path)
    prompts = PromptDesk(store, InlineConverter(), shelf.forget, clock)
    desk = BindingDesk(store, clock, CountedIds(), Areas([], bytes(1_200_000)), shelf)
    free = NewBinding(a="+8613900001001", b="+8613900002002", x="+8617000000001")
    bound = await desk.bind_axb(APP, free)

    async def name(prompt: str) -> None:
        await desk.modify_axb(APP, bound.binding_id, BindingChange(a_waiting_tone=prompt))

    for step in (None, prompts.submit):
        if step is not None:
            await step("app", "wait.wav", tone())
        with pytest.raises(InvalidParameter) as refused:
            await name("wait.wav")
        assert refused.value.detail == "wait.wav does not exist."
    await prompts.approve("app", "wait.wav")
    await name("wait.wav")
    await prompts.remove("app", "wait.wav")
    await desk.modify_axb(APP, bound.binding_id, BindingChange(user_data="goes on"))
    kept = await desk.find(APP, bound.binding_id)
    assert kept.voice.a_waiting_tone == "wait.wav"
    await name("default-please-wait-zh.wav")
    with pytest.raises(InvalidParameter):
        await name("wait.wav")

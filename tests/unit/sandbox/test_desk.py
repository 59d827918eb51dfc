"""Who may try what, and where pushes go when a run is over or was cut off."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.error import InvalidParameter, SandboxRefused, UnknownRecord
from maskline.domain.trunk import Trunk
from maskline.sandbox.desk import Developer, SandboxDesk, SandboxRules
from maskline.sandbox.phone_number import PhoneNumbers
from maskline.sandbox.receiver_switch import ReceiverSwitch
from maskline.sandbox.request import RequestDesk
from maskline.sandbox.run import Lab
from maskline.services.administration_request import ApplicationChange
from maskline.services.clock import SteppedClock
from maskline.services.given import given_fields
from maskline.services.ids import CountedIds
from maskline.stores.memory import MemoryStore

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CARRIER = ("127.0.0.1", 5170)
APP = Application(
    app_key="key", tenant_id="ours", name="rides", mode=Mode.AXB, secret="secret",
    status_url="https://customer.example/status", created_at=NOW,
)  # fmt: skip
RULES = SandboxRules(
    apps=frozenset(), number_prefix="+861380000", runs_per_tenant=10, idle_s=1_800.0
)
OURS = Developer(name="li", tenant_id="ours")


class Administration:
    """Changes the one application there is."""

    def __init__(self) -> None:
        self.application = APP
        self.refuses = False

    async def change_application(self, app_key: str, change: ApplicationChange) -> Application:
        if self.refuses:
            raise InvalidParameter("status_url", "is a private or loopback address")
        assert app_key == APP.app_key
        self.application = replace(self.application, **given_fields(change))
        return self.application

    def switch(self, folder: Path) -> ReceiverSwitch:
        return ReceiverSwitch(cast("Any", self), "http://127.0.0.1:8080", folder)


@pytest.fixture
async def store() -> AsyncIterator[MemoryStore]:
    store = MemoryStore()
    await store.open()
    await store.add_tenant(Tenant(tenant_id="ours", name="Ours", created_at=NOW))
    await store.add_application(APP)
    yield store
    await store.close()


def _desk(store: MemoryStore, folder: Path, rules: SandboxRules = RULES) -> SandboxDesk:
    return SandboxDesk(
        store,
        Lab(carrier=CARRIER),
        RequestDesk("http://here", "http://here"),
        Administration().switch(folder),
        clock=SteppedClock(NOW),
        ids=CountedIds(),
        rules=rules,
    )


async def test_only_what_is_marked_or_named_may_be_tried(store: MemoryStore, tmp_path: Path):
    with pytest.raises(SandboxRefused) as refused:
        await _desk(store, tmp_path).application("key", OURS)
    assert (refused.value.code, "is_sandbox" in refused.value.hint) == ("not_for_sandbox", True)
    for apps in (frozenset({"key"}), frozenset({"*"})):
        desk = _desk(store, tmp_path, replace(RULES, apps=apps))
        assert await desk.application("key", OURS) == APP
    await store.save_application(replace(APP, is_sandbox=True))
    assert (await _desk(store, tmp_path).application("key", OURS)).is_sandbox


async def test_an_application_of_another_tenant_is_not_there(store: MemoryStore, tmp_path: Path):
    desk = _desk(store, tmp_path, replace(RULES, apps=frozenset({"*"})))
    with pytest.raises(UnknownRecord):
        await desk.application("key", Developer(name="eve", tenant_id="theirs"))


async def test_phones_have_numbers_of_their_own_that_must_lead_to_the_lab(store: MemoryStore):
    numbers = PhoneNumbers(store, CARRIER, "+861380000", CountedIds())
    drawn = numbers.draw(())
    assert {number[-1] for number in drawn.values()} == {"1", "2", "3"}
    assert all(len(number) == 14 for number in drawn.values())
    with pytest.raises(SandboxRefused) as refused:
        await numbers.check_routes(drawn.values())
    assert "--prefix +861380000" in refused.value.hint
    await store.save_trunk(Trunk(name="real", host="192.0.2.1"))
    with pytest.raises(SandboxRefused):
        await numbers.check_routes(drawn.values())
    lab = Trunk(name="lab", host=CARRIER[0], port=CARRIER[1], prefixes=("+861380000",))
    await store.save_trunk(lab)
    await numbers.check_routes(drawn.values())


async def test_pushes_come_here_and_go_back_also_after_a_sudden_end(tmp_path: Path):
    administration = Administration()
    await administration.switch(tmp_path).turn_here(APP, "token")
    assert administration.application.status_url == (
        "http://127.0.0.1:8080/sandbox/receiver/token/status"
    )
    assert administration.application.sms_url is None
    await administration.switch(tmp_path).recover()
    assert administration.application == APP
    assert list(tmp_path.iterdir()) == []


async def test_where_pushes_may_not_come_here_it_is_told_and_nothing_is_kept(tmp_path: Path):
    administration = Administration()
    administration.refuses = True
    with pytest.raises(SandboxRefused) as refused:
        await administration.switch(tmp_path).turn_here(APP, "token")
    assert "receiver_url" in refused.value.hint
    assert list(tmp_path.iterdir()) == []

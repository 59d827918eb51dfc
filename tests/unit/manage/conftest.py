from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.unit.manage.operating import (
    NOW,
    TOKEN,
    CallerDoor,
    Calls,
    Operator,
    ScriptedTrial,
    SmsLinks,
)
from tests.unit.manage.visiting import PASSWORD, House
from tests.unit.services.prompt_world import InlineConverter

from maskline.bootstrap.accounts import AccountDesk
from maskline.bootstrap.bindings import wired_binding_endpoints
from maskline.bootstrap.business import Business
from maskline.bootstrap.call_rule import call_rule_endpoints
from maskline.bootstrap.messages import message_endpoints
from maskline.domain.access import Role
from maskline.domain.application import Tenant
from maskline.domain.area import load_areas
from maskline.domain.trace import Trace
from maskline.manage.app import create_manage
from maskline.manage.application_secret import ApplicationSecretEndpoints
from maskline.manage.condition import ChangeConditions
from maskline.manage.directory import DirectoryEndpoints
from maskline.manage.endpoints import build_endpoints, watched_endpoints
from maskline.manage.guard import Guard
from maskline.manage.health import MetricsEndpoints
from maskline.manage.keyed_change import KeyedChanges
from maskline.manage.number_pool import NumberPoolEndpoints
from maskline.manage.person import PersonEndpoints
from maskline.manage.prompt_review import PromptReviewEndpoints
from maskline.manage.reach import Reach
from maskline.manage.reveal import RevealEndpoints
from maskline.manage.sound_peaks import PeaksEndpoints
from maskline.manage.version import Versions
from maskline.services.administration import Administration
from maskline.services.bulletin import BulletinBoard
from maskline.services.clock import SteppedClock
from maskline.services.directory import Directory
from maskline.services.ids import SystemIds
from maskline.services.link_watch import LinkWatch
from maskline.services.lockout import Lockout, LockoutLimits
from maskline.services.notice_desk import NoticeDesk
from maskline.services.number_token import NumberTokens
from maskline.services.password import PasswordCost, Passwords
from maskline.services.person import PersonFinder
from maskline.services.person_erasure import PersonEraser
from maskline.services.prompt_desk import PromptDesk
from maskline.services.prompt_shelf import PromptShelf
from maskline.services.registration import RegistrationDesk
from maskline.services.reveal import RevealDesk
from maskline.services.sms_link_desk import SmsLinkDesk
from maskline.services.tenant_token import TenantTokens
from maskline.services.trace import TraceDesk
from maskline.settings import Settings
from maskline.settings_business import BusinessSection
from maskline.stores.memory import MemoryStore

AREAS = load_areas()


async def _page() -> bytes:
    return b"maskline_live_calls 3.0\n"


@pytest.fixture
async def operator(tmp_path: Path) -> AsyncIterator[Operator]:
    store, clock, calls = MemoryStore(), SteppedClock(NOW), Calls()
    planes = {"call": True}
    lockout, token_lockout = (Lockout(clock, LockoutLimits(failures=1)) for _ in range(2))
    traces: dict[str, Trace] = {}
    await store.open()
    shelf = PromptShelf(store, clock, tmp_path)
    door, tokens = CallerDoor(), NumberTokens(bytes(32), clock)
    trial, hints = ScriptedTrial(), list[str]()
    directory, sms_links = Directory(store, clock), SmsLinks()
    board = BulletinBoard(store, clock, "w1", has_readers=False)
    watch = LinkWatch(board, clock)
    sms_links.tell = watch.hear
    administration = Administration(store, directory, clock, SystemIds(), prompts=shelf)
    prompts = PromptDesk(store, InlineConverter(), shelf.forget, clock, max_upload_bytes=20_000)
    business = Business(
        BusinessSection(is_charging=True, how_to_pay="to account 7"),
        store,
        administration,
        clock=clock,
        ids=SystemIds(),
        zone=ZoneInfo("Asia/Shanghai"),
    )
    app = create_manage(
        door=door,
        endpoints=build_endpoints(
            store=store,
            administration=administration,
            calls=calls,
            clock=clock,
            prompts=prompts,
            registration=RegistrationDesk(store, clock, needs_review=True),
            tenant_tokens=TenantTokens(store, clock, SystemIds()),
            notices=NoticeDesk(store, trial, clock, lambda: hints.append("hint")),
            lockouts={"rest": lockout, "registration": token_lockout},
            traces=TraceDesk(store, lambda session, **_: traces.get(session), clock),
            persons=PersonEndpoints(
                PersonFinder(store, clock), PersonEraser(store, None, clock, SystemIds(), bytes(32))
            ),
            others=(
                *message_endpoints(
                    store, SmsLinkDesk(store, sms_links.changed), watch.states, clock
                ),
                *RevealEndpoints(RevealDesk(store, clock), tokens, clock).endpoints(),
                *ApplicationSecretEndpoints(store, administration, clock).endpoints(),
                *NumberPoolEndpoints(store, AREAS).endpoints(),
                *PromptReviewEndpoints(store, prompts, clock).endpoints(),
                *PeaksEndpoints(prompts, None).endpoints(),
                *call_rule_endpoints(store, clock, SystemIds(), lambda: hints.append("call rules")),
                *business.endpoints(),
                *wired_binding_endpoints(store, clock, SystemIds(), AREAS, shelf),
            ),
        ),
        watched=watched_endpoints(
            store, lambda: planes, "1.2.3", MetricsEndpoints(_page, "text/plain")
        ),
        version="1.2.3",
        max_body_bytes=5000,
        look=Guard(Reach(store), tokens).admit,
    )
    yield Operator(
        app,
        store,
        calls,
        clock,
        planes,
        lockout,
        token_lockout,
        trial,
        hints,
        traces,
        sms_links,
        door,
    )
    await store.close()


@pytest.fixture
async def house() -> AsyncIterator[House]:
    store, clock = MemoryStore(), SteppedClock(NOW)
    await store.open()
    cheap = PasswordCost(memory_kib=8, passes=1)
    desk = AccountDesk(Settings(), store, clock, SystemIds(), passwords=Passwords(cheap))
    shelf = DirectoryEndpoints(
        store, Administration(store, Directory(store, clock), clock, SystemIds())
    )
    endpoints = (*desk.endpoints(), *shelf.endpoints())
    app = create_manage(
        door=desk.door(TOKEN),
        endpoints=endpoints,
        watched=(),
        version="1.2.3",
        look=Guard(Reach(store), NumberTokens(bytes(32), clock)).admit,
        porch=desk.porch,
        recorder=desk.recorder(endpoints),
        conditions=ChangeConditions(KeyedChanges(store, clock, SystemIds()), Versions(endpoints)),
    )
    house = House(app, desk, store, clock)
    await store.add_tenant(Tenant(tenant_id="shop", name="Shop", created_at=NOW))
    hashed = await Passwords(cheap).hash(PASSWORD)
    for role in Role:
        await house.add(role.value, role, None if role.is_staff else "shop", hashed)
    yield house
    await desk.audit.close()
    await store.close()

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import structlog
import uvicorn
from click.testing import CliRunner
from tests.unit.manage.job_world import HeldFiles, InlineReader

from maskline.api.number_state import number_state_message
from maskline.bootstrap.accounts import AccountDesk
from maskline.bootstrap.business import Business
from maskline.bootstrap.call_rule import call_rule_endpoints
from maskline.bootstrap.delivery import build_trial
from maskline.bootstrap.job import Jobs
from maskline.bootstrap.messages import message_endpoints
from maskline.cli import main
from maskline.commands.invocation import Invocation
from maskline.domain.area import load_areas
from maskline.manage.app import create_manage
from maskline.manage.door import OperatorDoor
from maskline.manage.endpoints import build_endpoints, watched_endpoints
from maskline.manage.person import PersonEndpoints
from maskline.manage.real_name import RealNameEndpoints
from maskline.manage.stock import StockEndpoints
from maskline.services.administration import Administration
from maskline.services.bulletin import BulletinBoard
from maskline.services.clock import SystemClock
from maskline.services.directory import Directory
from maskline.services.ids import SystemIds
from maskline.services.link_watch import LinkWatch
from maskline.services.lockout import Lockout, LockoutLimits
from maskline.services.notice_desk import NoticeDesk
from maskline.services.number_life import NumberLives
from maskline.services.number_state import NumberNews
from maskline.services.number_token import NumberTokens
from maskline.services.person import PersonFinder
from maskline.services.person_erasure import PersonEraser
from maskline.services.prompt_converter import ProcessConverter
from maskline.services.prompt_desk import PromptDesk
from maskline.services.prompt_shelf import PromptShelf
from maskline.services.registration import RegistrationDesk
from maskline.services.sms_link_desk import SmsLinkDesk
from maskline.services.stock import StockDesk
from maskline.services.tenant_token import TenantTokens
from maskline.services.trace import TraceDesk
from maskline.settings import DeliverySection, Settings
from maskline.settings_business import BusinessSection
from maskline.stores.memory import MemoryStore

TOKEN = "token-of-the-operator"


@dataclass
class Platform:
    """A management API on a port of the loopback interface, in a thread with its own loop."""

    url: str
    store: MemoryStore
    loop: asyncio.AbstractEventLoop
    stoppable: set[str]
    lockout: Lockout

    def keep(self, work: Callable[[], Any]) -> Any:
        """Run a coroutine of the store where the store lives."""

        async def kept() -> Any:
            return await work()

        return asyncio.run_coroutine_threadsafe(kept(), self.loop).result(10)

    async def stop(self, session_id: str) -> bool:
        return session_id in self.stoppable

    def run(self, *arguments: str, code: int = 0) -> Any:
        """Run `maskline --json ...` and give back its value."""
        invocation = Invocation(
            environ={"MASKLINE_URL": self.url, "MASKLINE_TOKEN": TOKEN, "MASKLINE_DATA": "/none"}
        )
        result = CliRunner().invoke(main, [*arguments, "--json"], obj=invocation)
        assert result.exit_code == code, result.output
        return json.loads(result.stdout)

    def read(self, *arguments: str) -> str:
        """Run `maskline ...` and give back what people see."""
        invocation = Invocation(environ={"MASKLINE_DATA": "/none"}, url=self.url, token=TOKEN)
        result = CliRunner().invoke(main, list(arguments), obj=invocation)
        assert result.exit_code == 0, result.output
        return result.output


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    started = threading.Event()
    found: list[Platform] = []
    servers: list[uvicorn.Server] = []

    async def serve() -> None:
        store, clock = MemoryStore(), SystemClock()
        await store.open()
        lockout = Lockout(clock, LockoutLimits(failures=1))
        shelf = PromptShelf(store, clock, tmp_path / "prompts")
        settings = Settings(delivery=DeliverySection(allow_private=True))
        one = Platform("", store, asyncio.get_running_loop(), set(), lockout)
        directory = Directory(store, clock)
        watch = LinkWatch(BulletinBoard(store, clock, "w1", has_readers=False), clock)
        administration = Administration(store, directory, clock, SystemIds(), prompts=shelf)
        business = Business(
            BusinessSection(is_charging=True),
            store,
            administration,
            clock=clock,
            ids=SystemIds(),
            zone=ZoneInfo("Asia/Shanghai"),
        )
        news = NumberNews(number_state_message, clock, SystemIds(), lambda: None)
        lives = NumberLives(store, news, clock, ZoneInfo("Asia/Shanghai"), timedelta(days=90))
        jobs = Jobs(
            store,
            administration,
            lives,
            storage=HeldFiles(),
            key=bytes(32),
            spool=tmp_path,
            clock=clock,
            ids=SystemIds(),
            sheets=InlineReader(),
        )
        running = asyncio.create_task(jobs.runner.run())
        app = create_manage(
            door=OperatorDoor(TOKEN),
            endpoints=build_endpoints(
                store=store,
                administration=administration,
                calls=one,
                prompts=PromptDesk(store, ProcessConverter(), shelf.forget, clock),
                registration=RegistrationDesk(store, clock, needs_review=True),
                tenant_tokens=TenantTokens(store, clock, SystemIds()),
                notices=NoticeDesk(
                    store,
                    build_trial(settings, clock, SystemIds()),
                    clock,
                    lambda: None,
                ),
                lockouts={"rest": lockout},
                traces=TraceDesk(store, lambda *_, **__: None, clock),
                persons=PersonEndpoints(
                    PersonFinder(store, clock),
                    PersonEraser(store, None, clock, SystemIds(), bytes(32)),
                ),
                others=(
                    *AccountDesk(settings, store, clock, SystemIds()).endpoints(),
                    *business.endpoints(),
                    *call_rule_endpoints(store, clock, SystemIds(), lambda: None),
                    *jobs.endpoints(NumberTokens(bytes(32), clock)),
                    *RealNameEndpoints(store, lives).endpoints(),
                    *StockEndpoints(StockDesk(store, clock), load_areas()).endpoints(),
                    *message_endpoints(
                        store, SmsLinkDesk(store, lambda: None), watch.states, clock
                    ),
                ),
                clock=clock,
            ),
            watched=watched_endpoints(store, dict, "0"),
            version="0",
        )
        config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, lifespan="off")
        server = uvicorn.Server(config)
        servers.append(server)
        task = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn tells it by a flag only
            await asyncio.sleep(0.005)
        port = server.servers[0].sockets[0].getsockname()[1]
        one.url = f"http://127.0.0.1:{port}"
        found.append(one)
        started.set()
        await task
        running.cancel()
        await store.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert started.wait(10)
    with structlog.testing.capture_logs():  # server and client share this process's stdout
        yield found[0]
    servers[0].should_exit = True
    thread.join(10)

"""A carrier's two phones around a call plane, joined in memory: real SIP, no socket."""

import asyncio
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from tests.stepped_loop import LoopClock, SteppedLoop
from tests.unit.planes.call.scripted_asker import ScriptedAsker

from maskline.api.notification import CompatibleFormat
from maskline.api.x_answer import read_answer
from maskline.domain.application import Application, ApplicationPrompts, Mode, Tenant
from maskline.domain.binding import AxbBinding
from maskline.domain.trunk import Trunk
from maskline.domain.virtual_number import VirtualNumber
from maskline.planes.call.caller_memory import CallerMemory
from maskline.planes.call.edge import Edges
from maskline.planes.call.gate import TrunkGate
from maskline.planes.call.limits import CallLimits
from maskline.planes.call.live_call import CallServices
from maskline.planes.call.plane import CallPlane
from maskline.planes.call.session_name import SessionNames
from maskline.planes.call.trunk_board import TrunkBoard
from maskline.planes.media.engine import MediaEngine
from maskline.planes.media.silent import SilentEngine
from maskline.protocols.sip.config import EndpointConfig
from maskline.protocols.sip.endpoint import SipEndpoint
from maskline.protocols.sip.flow import Flow
from maskline.protocols.sip.header import NameAddr
from maskline.services.call_screen import CallScreen
from maskline.services.calls import CallLedger
from maskline.services.directory import Directory
from maskline.services.ids import SystemIds
from maskline.services.prompt import FixedPrompts
from maskline.services.question import CustomerDesk
from maskline.services.store import BindLimits, Page, RecordFilter
from maskline.stores.memory import MemoryStore

A, B, X = "+8613900001001", "+8613900003003", "+8617000002001"
START = datetime(2026, 1, 2, tzinfo=UTC)
PLATFORM = Flow("udp", "192.0.2.1", 5060)
CALLER = Flow("udp", "192.0.2.10", 5060)
CALLEE = Flow("udp", "192.0.2.20", 5060)
SPARE = Flow("udp", "192.0.2.30", 5060)
SDP = (
    b"v=0\r\no=alice 1 1 IN IP4 198.51.100.7\r\ns=secret\r\nc=IN IP4 198.51.100.7\r\nt=0 0\r\n"
    b"m=audio 40000 RTP/AVP 0 8 96\r\na=rtpmap:96 telephone-event/8000\r\n"
)


class Wires:
    """Every packet goes to whoever has its address, one turn of the loop later."""

    def __init__(self):
        self.shells = {}
        self.sent = []

    def carry(self, data, source, target):
        self.sent.append((source, target, data))
        shell = self.shells.get(target)
        if shell is not None:
            asyncio.get_running_loop().call_soon(shell.receive, data, source)

    def bytes_to(self, target):
        return b"".join(data for _, to, data in self.sent if to == target)


class MemoryShell:
    def __init__(self, wires, flow, handler):
        self.flow = flow
        self.endpoint = SipEndpoint(
            EndpointConfig(local={"udp": (flow.host, flow.port)}), secrets.token_hex
        )
        self._wires = wires
        self.handler = handler
        self._alarm = None
        self.backlog_bytes = 0
        wires.shells[flow] = self

    async def start(self):
        pass

    async def close(self):
        if self._alarm:
            self._alarm.cancel()

    def now(self):
        return asyncio.get_running_loop().time()

    def receive(self, data, source):
        self.endpoint.receive(data, source, self.now())
        self.wake()

    def wake(self):
        while (event := self.endpoint.next_event()) is not None:
            self.handler(event)
        for data, target in self.endpoint.data_to_send():
            self._wires.carry(data, self.flow, target)
        if self._alarm:
            self._alarm.cancel()
            self._alarm = None
        due = self.endpoint.next_timer()
        if due is not None:
            self._alarm = asyncio.get_running_loop().call_at(due, self._ring)

    def _ring(self):
        self.endpoint.handle_timer(self.now())
        self.wake()


class Phone:
    """One end: its events in the order they came, verbs through its sessions."""

    def __init__(self, wires, flow):
        self.events = asyncio.Queue()
        self.shell = MemoryShell(wires, flow, self.events.put_nowait)
        self.session = None

    async def until(self, kind, timeout=2.0):
        """The next event of this kind; those before it are passed over."""
        async with asyncio.timeout(timeout):
            while True:
                event = await self.events.get()
                if isinstance(event, kind):
                    if self.session is None:
                        self.session = event.session
                    return event

    def dial(self, number=X, caller=A, body=SDP, headers=(), max_forwards=70):
        self.session = self.shell.endpoint.invite(
            target=f"sip:{number}@{PLATFORM.host}:{PLATFORM.port}",
            flow=PLATFORM,
            from_=NameAddr("Alice Secret", f"sip:{caller}@alice-laptop.example"),
            to=f"sip:{number}@{PLATFORM.host}",
            body=body,
            headers=headers,
            max_forwards=max_forwards,
            now=self.shell.now(),
        )
        self.shell.wake()

    def do(self, verb, *args, **kwargs):
        getattr(self.session, verb)(*args, now=self.shell.now(), **kwargs)
        self.shell.wake()


@dataclass
class Stage:
    """The plane under test, its phones, its store and engine."""

    plane: CallPlane
    store: MemoryStore
    directory: Directory
    engine: MediaEngine
    wires: Wires
    caller: Phone
    callee: Phone
    spare: Phone
    board: TrunkBoard
    services: CallServices

    async def bind(self, **changes):
        values = {
            "binding_id": "b1", "app_key": "k", "x": X, "a": A, "b": B,
            "created_at": START, "modified_at": START, "user_data": "trip-7",
        }  # fmt: skip
        await self.store.bind(AxbBinding(**values | changes), BindLimits(pairs=5000), START, None)

    async def record(self):
        """The one record, once the call is over."""
        async with asyncio.timeout(3):
            while True:
                found = await self.store.call_records(RecordFilter(), Page())
                if found.rows and not self.plane.live_calls:
                    assert len(found.rows) == 1
                    return found.rows[0]
                await asyncio.sleep(0.005)

    def queued(self):
        """Purpose and body of every notice, in the order they were written."""
        rows = sorted(self.store._tables.outbox.values(), key=lambda row: row.sequence)
        return [(row.notice.purpose, row.notice.body) for row in rows]

    async def trunks(self, *trunks):
        for known in await self.store.trunks():
            await self.store.remove_trunk(known.name)
        for trunk in trunks:
            await self.store.save_trunk(trunk)
        await self.board.refresh(await self.store.trunks())


@pytest.fixture
def limits():
    return CallLimits(
        ring_timeout_s=0.6, trunk_response_timeout_s=0.15, ping_interval_s=0, drain_s=0.1
    )


@pytest.fixture
def engine():
    return SilentEngine()


@pytest.fixture
def prompts():
    return FixedPrompts()


@pytest.fixture
def recordings():
    return None


@pytest.fixture
def application_prompts():
    return ApplicationPrompts()


@pytest.fixture
def mode():
    return Mode.AXB


@pytest.fixture
def application_settings():
    """What else differs of the application."""
    return {}


@pytest.fixture
def application(mode, application_prompts, application_settings):
    plain = Application(
        app_key="k",
        tenant_id="t",
        name="n",
        mode=mode,
        secret="s",
        created_at=START,
        status_url="http://192.0.2.99/status",
        cdr_url="http://192.0.2.99/cdr",
        may_record=True,
        prompts=application_prompts,
    )
    return replace(plain, **application_settings)


@pytest.fixture
def asker():
    return ScriptedAsker()


@pytest.fixture
def edges():
    return ()


@pytest.fixture
async def stage(limits, engine, prompts, recordings, application, asker, edges):
    store, clock, ids, wires = MemoryStore(), LoopClock(), SystemIds(), Wires()
    await store.open()
    await store.add_tenant(Tenant(tenant_id="t", name="T", created_at=START))
    await store.add_application(application)
    await store.add_numbers(
        [VirtualNumber(number=X, app_key="k", area_code="0755", created_at=START)]
    )
    directory = Directory(store, clock)
    await engine.start()
    board = TrunkBoard(limits, clock.monotonic, ids.draw)
    shell = MemoryShell(wires, PLATFORM, None)
    services = CallServices(
        store=store,
        directory=directory,
        ledger=CallLedger(store, CompatibleFormat(), clock, ids, lambda: None),
        engine=engine,
        sip=shell,
        board=board,
        memory=CallerMemory(store, clock),
        clock=clock,
        ids=ids,
        names=SessionNames("maskline.example", ids),
        limits=limits,
        host_name="maskline.example",
        sip_host="maskline.example",
        customers=CustomerDesk(asker, CompatibleFormat().call_in, read_answer, prompts),
        prompts=prompts,
        recordings=recordings,
        screen=CallScreen(store, clock),
    )
    gate = TrunkGate(board, "maskline.example", b"k", clock.monotonic, Edges(edges))
    plane = CallPlane(services, gate)
    shell.endpoint.screen = plane.screen
    shell.handler = plane.handle
    caller, callee, spare = (Phone(wires, flow) for flow in (CALLER, CALLEE, SPARE))
    stage = Stage(plane, store, directory, engine, wires, caller, callee, spare, board, services)
    await stage.trunks(
        Trunk(name="in", host=CALLER.host, prefixes=("+999",)),
        Trunk(name="out", host=CALLEE.host, priority=1),
    )
    await plane.start()
    yield stage
    await plane.close()
    assert plane.live_calls == 0


def pytest_asyncio_loop_factories(config, item):
    return {"stepped": SteppedLoop}

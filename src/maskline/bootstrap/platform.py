"""Where everything meets: settings in, a running platform out."""

import asyncio
import secrets
import socket
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import structlog
import uvicorn
from starlette.types import ASGIApp

from maskline import __version__
from maskline.api.idempotency import IdempotencyLimits, KeyedBinds
from maskline.api.notification import CompatibleFormat
from maskline.api.number_state import number_state_message
from maskline.api.signature import sign
from maskline.api.x_answer import read_answer
from maskline.bootstrap.accounts import AccountDesk
from maskline.bootstrap.business import build_business
from maskline.bootstrap.call import call_limits, trace_limits, trace_rule
from maskline.bootstrap.change import Changes
from maskline.bootstrap.claim import claim_name
from maskline.bootstrap.delivery import (
    build_asker,
    build_client,
    delivery_settings,
)
from maskline.bootstrap.doors import open_doors
from maskline.bootstrap.http import build_server, lockout_limits
from maskline.bootstrap.insight import Insight, build_events
from maskline.bootstrap.job import Jobs
from maskline.bootstrap.journal import build_journal
from maskline.bootstrap.media import build_engine
from maskline.bootstrap.messages import MessageServices, open_messages
from maskline.bootstrap.metrics import MetricsPort
from maskline.bootstrap.number_life import build_lives
from maskline.bootstrap.ordering import Ordering
from maskline.bootstrap.oversight import parts_of
from maskline.bootstrap.plane import ALL_PLANES, Plane, PlaneFailed
from maskline.bootstrap.recording import Recordings
from maskline.bootstrap.report import Reports
from maskline.bootstrap.sandbox import Sandbox, open_sandbox
from maskline.bootstrap.secret import prepare_secrets
from maskline.bootstrap.sip import build_sip, family, server_tls
from maskline.bootstrap.store import build_store
from maskline.bootstrap.sweep import build_sweeper
from maskline.domain.error import PlatformError
from maskline.domain.trace import Trace
from maskline.manage.keyed_change import KeyedChanges
from maskline.monitoring.exposition import Exposition, Sources
from maskline.monitoring.listener import create_listener
from maskline.planes.call.busy_number import BusyNumbers, SharedNumbers
from maskline.planes.call.caller_memory import CallerMemory
from maskline.planes.call.edge import Edges
from maskline.planes.call.gate import TrunkGate
from maskline.planes.call.life_sign import LifeSign
from maskline.planes.call.live_call import CallServices
from maskline.planes.call.past_call import PastCall, keepsakes_of, read_past_calls
from maskline.planes.call.plane import CallPlane
from maskline.planes.call.recorder import FinishedFiles
from maskline.planes.call.revival import Revival
from maskline.planes.call.session_name import SessionNames
from maskline.planes.call.trace import CallTraces
from maskline.planes.call.trunk_board import TrunkBoard
from maskline.planes.delivery.plane import DeliveryPlane
from maskline.planes.delivery.share import BucketShare
from maskline.planes.media.engine import MediaEngine, RecordingDone
from maskline.planes.sms.plane import MessagePlane
from maskline.sandbox.run import Lab
from maskline.services.administration import Administration
from maskline.services.bulletin import BulletinBoard, BulletinReader, ReaderLimits
from maskline.services.call_screen import CallScreen
from maskline.services.call_stop import CallStopper
from maskline.services.calls import CallLedger
from maskline.services.clock import Clock, SystemClock, UnturnedClock
from maskline.services.directory import Directory
from maskline.services.ids import SystemIds
from maskline.services.lockout import Lockout
from maskline.services.number_state import NumberNews
from maskline.services.number_token import NumberTokens
from maskline.services.prompt_converter import ProcessConverter
from maskline.services.prompt_desk import PromptDesk
from maskline.services.prompt_shelf import PromptShelf
from maskline.services.question import CustomerDesk
from maskline.services.readiness import Readiness
from maskline.services.recording_archive import recording_url
from maskline.services.registration import RegistrationDesk
from maskline.services.retention import RetentionJob
from maskline.services.secret_use import SecretUses
from maskline.services.sms_link_desk import SmsLinkDesk
from maskline.services.spending import Spending
from maskline.services.store import Store
from maskline.services.tenant_token import TenantTokens
from maskline.services.trace import TraceDesk
from maskline.settings import Settings
from maskline.stores.keys import Keys

log = structlog.get_logger("platform")


class Platform:
    """One process of the platform.

    `start` opens everything and returns once all ports answer; `close` undoes it in the
    reverse order. `failure` is done when a plane dies. Raises OSError for a taken port,
    PlatformError for a store or key that cannot be used. `store` None takes the one that the
    settings ask for, `lab` is what is around the phones of the sandbox, None opens one; `clock`
    None is that of the machine.
    """

    def __init__(
        self,
        settings: Settings,
        planes: frozenset[Plane] = ALL_PLANES,
        *,
        store: Store | None = None,
        lab: Lab | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.settings = settings
        self._planes = planes
        self._stack = AsyncExitStack()
        self._servers: list[uvicorn.Server] = []
        self._is_closing = False
        self._tasks: list[asyncio.Task[None]] = []
        self._sweeper: asyncio.Task[None] | None = None
        self._runner: asyncio.Task[None] | None = None
        self._reader: asyncio.Task[None] | None = None
        self._noting: asyncio.Task[None] | None = None
        self._telling: asyncio.Task[None] | None = None
        self.clock = clock or SystemClock()
        self.ids = SystemIds()
        self.failure: asyncio.Future[PlaneFailed] = asyncio.get_running_loop().create_future()
        self.admin_token, keys = prepare_secrets(settings)
        self._note_key = keys.derive("rtpengine notes")
        self.store = store or build_store(settings, keys, self.clock)
        self.erasure_key = keys.derive("erasures")
        self.number_tokens = NumberTokens(keys.derive("number look-ups"), self.clock)
        self.insight = Insight(settings, self.store, self.clock)
        self._count()
        self.directory = Directory(self.store, self.clock, is_told=not self.store.is_shared)
        self.host_name = settings.calls.host_name or socket.gethostname()
        self.prompts = self._prompt_shelf()
        self.board = BulletinBoard(
            self.store, self.clock, self.ids.uuid(), has_readers=self.store.is_shared
        )
        self.spending = Spending(self.store, self.clock, ZoneInfo(settings.numbers.zone))
        self.call_screen = CallScreen(self.store, self.clock, self.spending)
        self.changes = Changes(
            self.board, self.directory, self.prompts, self.clock, self.call_screen
        )
        self.prompt_desk = self._prompt_desk()
        self.stopper = CallStopper(self.store, self.board, self.host_name)
        self.recordings = self._recordings(keys)
        self.journal = build_journal(settings, self.store, keys, self.clock, self.host_name)
        self._admit(settings)
        self._administer(settings)
        self.jobs = self._job_desks(keys.derive("job files"))
        self.ordering = Ordering(
            self,
            keys.derive("papers"),
            self._own(settings.store.data_path / "recordings" / "papers-spool"),
        )
        self.calls: CallPlane | None = None
        self.messages: MessagePlane | None = None
        self.delivery: DeliveryPlane | None = None
        self.engine: MediaEngine | None = None
        self.sandbox: Sandbox | None = None
        self._lab = lab

    def _recordings(self, keys: Keys) -> Recordings:
        return Recordings(
            self.settings,
            keys,
            self.store,
            self.directory,
            clock=self.clock,
            ids=self.ids,
            host_name=self.host_name,
            spool=self._own(self.settings.store.data_path / "recordings" / "spool"),
        )

    def _prompt_desk(self) -> PromptDesk:
        section = self.settings.prompts
        return PromptDesk(
            self.store,
            ProcessConverter(),
            self.changes.forget_prompt,
            self.clock,
            needs_review=section.needs_review,
            max_upload_bytes=section.max_upload_bytes,
        )

    def _job_desks(self, key: bytes) -> Jobs:
        return Jobs(
            self.store,
            self.administration,
            self.number_lives,
            storage=self.recordings.storage,
            key=key,
            spool=self._own(self.settings.store.data_path / "recordings" / "jobs-spool"),
            clock=self.clock,
            ids=self.ids,
            hint=self.hint,
            import_rows=self.settings.manage.import_rows_per_day,
            months=ZoneInfo(self.settings.numbers.zone),
        )

    def _own(self, folder: Path) -> Path:
        """The folder, or where several workers may share it, the one in it for this worker."""
        return folder / f"worker-{self.host_name}" if self.store.is_shared else folder

    def _prompt_shelf(self) -> PromptShelf:
        shared = self.settings.prompts.shared_dir
        folder = Path(shared) if shared else self.settings.store.data_path / "prompts"
        return PromptShelf(self.store, self.clock, self._own(folder), is_shared=bool(shared))

    def _count(self) -> None:
        """What is counted; each plane adds its own when it starts."""
        self.counted = Sources(
            version=__version__,
            clock=self.clock,
            checks=self.checks,
            outbox=self.store,
            store=self.store.counters,
        )
        self.metrics = Exposition(self.counted)

    def _admit(self, settings: Settings) -> None:
        """What the doors remember of those who knock."""
        self.lockout = Lockout(self.clock, lockout_limits(settings.api))
        self.token_lockout = Lockout(self.clock, lockout_limits(settings.api))
        self.accounts = AccountDesk(settings, self.store, self.clock, self.ids)
        self.lockouts = {
            "rest": self.lockout,
            "registration": self.token_lockout,
            **self.accounts.lockouts,
        }
        self.changes.share_lockouts(self.lockouts)
        self.tenant_tokens = TenantTokens(self.store, self.clock, self.ids)
        self.secret_uses = SecretUses(self.store, self.clock)
        self.keyed_changes = KeyedChanges(
            self.store, self.clock, self.ids, settings.api.idempotency_keep_s
        )
        self.keyed_binds = KeyedBinds(
            self.store,
            self.clock,
            self.ids,
            IdempotencyLimits(
                keep_s=settings.api.idempotency_keep_s, keys=settings.api.idempotency_keys
            ),
        )

    def _administer(self, settings: Settings) -> None:
        """What operators and tenants change."""
        news = NumberNews(number_state_message, self.clock, self.ids, self.hint)
        self.administration = Administration(
            self.store,
            self.changes,
            self.clock,
            self.ids,
            allow_private=settings.delivery.allow_private,
            has_nats=bool(settings.nats.url),
            max_numbers=settings.manage.max_numbers_per_request,
            retention_days=settings.recording.retention_days,
            record_days=settings.retention.record_days,
            binding_days=settings.retention.binding_days,
            prompts=self.prompts,
            news=news,
        )
        self.number_lives = build_lives(self, news)
        self.business = build_business(self)
        self.reports = Reports(self)
        rule = trace_rule(settings.trace)
        self.traces = TraceDesk(self.store, self._live_trace, self.clock, rule)
        self.retention = RetentionJob(
            self.store, self.traces, self.clock, settings.retention.interval_s
        )
        self.events = build_events(self.store, self.traces, self.clock)
        self.sms_links = SmsLinkDesk(self.store, self.changes.forget_sms_links)
        self.registration = RegistrationDesk(
            self.store, self.clock, needs_review=settings.registration.needs_review
        )

    async def start(self) -> None:
        """Open the store, then the planes, then the doors."""
        try:
            await self.store.open()
            self._stack.push_async_callback(self.store.close)
            self._stack.push_async_callback(self.accounts.audit.close)
            watched = create_listener(
                self.metrics.page, Readiness(self.store, self.checks), __version__
            )
            port = MetricsPort(self.settings, watched)
            await port.start()
            self._stack.push_async_callback(port.close)
            if Plane.CALL in self._planes:
                await self.prompts.start()
            await self.recordings.storage.start()
            self._stack.push_async_callback(self.recordings.aclose)
            self._stack.push_async_callback(self.insight.flush)
            self._noting = self._spawn("happenings", self.insight.run())
            if Plane.DELIVERY in self._planes:
                self._start_delivery()
            if Plane.CALL in self._planes:
                await self._start_calls()
            if Plane.MESSAGES in self._planes:
                await self._start_messages()
            if Plane.MANAGE in self._planes:
                self.sandbox = await open_sandbox(self, self._lab, self._stack)
                self.accounts.has_sandbox = self.sandbox is not None
            if self._planes & {Plane.API, Plane.MANAGE}:
                await self._serve_http()
            if Plane.MANAGE in self._planes:
                self._runner = self._spawn("jobs", self.jobs.runner.run())
            if Plane.API in self._planes:
                self._sweeper = self._spawn("sweeper", build_sweeper(self).run())
            if self.board.has_readers:
                self._reader = self._spawn("bulletins", self._read_bulletins())
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Stop taking work, finish what runs within the drain times, let go of everything."""
        self._is_closing = True
        if self.sandbox is not None:
            await self.sandbox.close()
        self.events.close()
        for server in self._servers:
            server.should_exit = True
        for task in (self._sweeper, self._runner):
            if task is not None:
                task.cancel()
        await asyncio.gather(
            *(plane.close() for plane in (self.calls, self.messages) if plane is not None)
        )
        self.journal.stop()
        if self.delivery is not None:
            await self.delivery.close()
        # Until here, as calls that drain may be asked to end.
        for task in (self._reader, self._noting, self._telling):
            if task is not None:
                task.cancel()
        await self.board.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._stack.aclose()

    def checks(self) -> Mapping[str, bool]:
        """Which planes are up, for readiness."""
        works = not self.failure.done() and not self._is_closing
        return {plane.value: works for plane in sorted(self._planes)}

    def _live_trace(self, session_id: str, *, has_details: bool) -> Trace | None:
        if self.calls is None:
            return None
        return self.calls.trace(session_id, has_details=has_details)

    def hint(self) -> None:
        """Wake the delivery plane, where it runs here."""
        if self.delivery is not None:
            self.delivery.hint()

    def _start_delivery(self) -> None:
        settings = delivery_settings(self.settings)
        self.delivery = DeliveryPlane(
            store=self.store,
            lookup=self.directory.application,
            sign=sign,
            record_message=CompatibleFormat().record_message,
            client=build_client(self.settings),
            clock=self.clock,
            ids=self.ids,
            settings=settings,
            share=self._queue_share(),
            made=self.insight.pushes.made if settings.delivered_retention else None,
        )
        self.counted.delivery = self.delivery.counters
        self._spawn("delivery", self.delivery.run())

    def _queue_share(self) -> BucketShare | None:
        if not self.store.is_shared:
            return None
        return BucketShare(self.store, self.host_name, UnturnedClock(self.clock))

    def _claim_name(self, part: str) -> None:
        """A second worker of our name would take what is ours for what an earlier run left."""
        if self.store.is_shared:
            claim = claim_name(self.settings.store.data_path, part, self.host_name)
            self._stack.callback(claim.release)

    def _show_life(self) -> LifeSign:
        """Until when this worker lived, should it be killed; and until when the last one did."""
        folder = self.settings.store.data_path
        life = LifeSign(folder / f"alive-{quote(self.host_name, safe='')}")
        life.start(self.clock.now())
        self._stack.push_async_callback(life.aclose)
        return life

    async def _start_journal(self) -> None:
        """Before anything is made of calls of an earlier run: it knows more of them."""
        self._stack.push_async_callback(self.journal.aclose)
        calls = await self.journal.start()
        if calls:
            log.warning("facts of calls that waited in the journal are in the store", calls=calls)
        self._spawn("call journal", self.journal.run())
        self.counted.journal = self.journal

    async def _start_calls(self) -> None:
        settings = self.settings
        self._claim_name("worker")
        await self._start_journal()
        formats = self._formats()
        ledger = CallLedger(self.journal, formats, self.clock, self.ids, self.hint)
        office, finished_files = self.recordings.office, FinishedFiles()

        def take_recording(done: RecordingDone) -> None:
            finished_files.done(done)
            office.done(done)

        # No other worker can hold an SQLite file: whatever lives in it is left over from before.
        host = self.host_name if self.store.is_shared else None
        past = await read_past_calls(self.store, host)
        life = self._show_life()
        engine = build_engine(settings, take_recording, self._note_key, self.host_name)
        await self._start_engine(engine, past)
        limits = call_limits(settings)
        board = TrunkBoard(limits, self.clock.monotonic, self.ids.draw, family(settings.sip.bind))
        sip_host = settings.sip.advertised_address or settings.sip.bind
        edges = Edges(settings.sip.edges)
        endpoint, transport = build_sip(settings, self.clock, board, edges)
        services = CallServices(
            store=self.store,
            directory=self.directory,
            ledger=ledger,
            engine=engine,
            sip=transport,
            board=board,
            memory=CallerMemory(self.store, self.clock),
            clock=self.clock,
            ids=self.ids,
            names=SessionNames(self.host_name, self.ids),
            limits=limits,
            host_name=self.host_name,
            sip_host=sip_host,
            customers=await self._customer_desk(formats),
            prompts=self.prompts,
            recordings=office,
            finished_files=finished_files,
            busy=BusyNumbers(self._shared_numbers()),
            traces=CallTraces(self.clock, trace_limits(settings.trace)),
            trace_store=self.store,
            backlog=self.journal,
            refusals=self.insight.refusals,
            screen=self.call_screen,
        )
        gate = TrunkGate(board, sip_host, secrets.token_bytes(32), self.clock.monotonic, edges)
        calls = CallPlane(services, gate, Revival(services, past, life.last_alive))
        self.calls = calls
        endpoint.screen = calls.screen
        endpoint.witness = services.traces
        transport.handler = calls.handle
        self.counted.calls, self.counted.board = calls, board
        self.counted.sip, self.counted.media = endpoint.counters, engine
        await calls.start()
        self._tell_of_parts(calls, board, engine)
        self._tell_of_changes(calls)

    async def _start_engine(self, engine: MediaEngine, past: Sequence[PastCall]) -> None:
        self.engine = engine
        await engine.start(keepsakes_of(past))
        self._stack.push_async_callback(engine.aclose)
        await self._recover(engine)

    def _tell_of_parts(self, calls: CallPlane, board: TrunkBoard, engine: MediaEngine) -> None:
        """How many calls are up, and how trunks and the engine stand, from now on."""
        self.insight.sample_calls(calls.calls_by_application)
        look = partial(parts_of, self.host_name, self.settings.media.engine, board, engine)
        self._telling = self._spawn(
            "parts", self.changes.parts.tell(lambda: look(self.clock.monotonic()))
        )

    def _tell_of_changes(self, calls: CallPlane) -> None:
        """What this process or another one changes or stops, from now on."""
        self.changes.on_trunks = calls.trunks_changed
        self.changes.on_stop = calls.stop
        self.stopper.stop_here = calls.stop

    async def _start_messages(self) -> None:
        self._claim_name("messages")
        tell = partial(self.changes.links.tell, self.host_name)
        services = MessageServices(
            self.store,
            self.directory,
            self.clock,
            self.ids,
            self.hint,
            counted=self.insight.numbers.message_done,
            tell_links=tell,
        )
        self.messages = await open_messages(self.settings, services, self.host_name, self._stack)
        self.counted.messages = self.messages
        self.changes.on_sms_links = self.messages.links_changed
        self._spawn("messages", self.messages.run())

    async def _customer_desk(self, formats: CompatibleFormat) -> CustomerDesk:
        """Who asks customers of mode X about their calls."""
        asker = build_asker(self.settings, self.clock, self.ids)
        await asker.open()
        self._stack.push_async_callback(asker.close)
        return CustomerDesk(asker, formats.call_in, read_answer, self.prompts)

    def _shared_numbers(self) -> SharedNumbers | None:
        if not self.store.is_shared:
            return None
        return SharedNumbers(self.store, self.host_name, self.clock)

    async def _recover(self, engine: MediaEngine) -> None:
        """Recordings first, as the records of the calls tell their lengths."""
        office = self.recordings.office
        for path in engine.unfinished():
            office.expect(path)
        recovered = await office.recover()
        if recovered:
            log.warning("recordings of an earlier run are being kept", recordings=recovered)

    def _formats(self) -> CompatibleFormat:
        return CompatibleFormat(
            recording_url=lambda record: recording_url(
                self.recordings.links, record, self.clock.now()
            )
        )

    async def _serve_http(self) -> None:
        section, tls = self.settings.http, self.settings.tls
        app = open_doors(self, self._planes)
        await self._listen(app, section.port)
        if tls.cert and section.tls_port:
            server_tls(tls)
            await self._listen(app, section.tls_port, cert=tls.cert, key=tls.key)

    async def _listen(self, app: ASGIApp, port: int, *, cert: str = "", key: str = "") -> None:
        shares_port = self.settings.workers.shares_http_ports
        server, listening = build_server(
            app, self.settings.http, port, cert=cert, key=key, shares_port=shares_port
        )
        self._servers.append(server)
        self._spawn(f"http {port}", server.serve(sockets=[listening]))
        while not server.started:
            if self.failure.done():
                raise PlatformError(f"the HTTP server on port {port} did not start")
            await asyncio.sleep(0.01)

    async def _read_bulletins(self) -> None:
        limits = ReaderLimits(interval_s=self.settings.workers.look_interval_s)
        apply, hear_all = self.changes.apply, self.directory.hear_all
        reader = BulletinReader(
            self.store, self.clock, self.board.origin, apply, limits, on_look=hear_all
        )
        await reader.run()

    def _spawn(self, name: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work, name=name)
        task.add_done_callback(self._ended)
        self._tasks.append(task)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if not self.failure.done() and error is not None:
            self.failure.set_result(PlaneFailed(task.get_name(), error))

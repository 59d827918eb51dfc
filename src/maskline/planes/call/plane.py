"""The call plane: takes SIP events, gives each call its task, watches the trunks, drains."""

import asyncio
from collections import Counter
from contextlib import suppress

import structlog

from maskline.domain.error import BusyError, MasklineError, PlatformError
from maskline.domain.release import ReleaseCode
from maskline.domain.trace import Trace
from maskline.planes.call.gate import STRANGER, TrunkGate
from maskline.planes.call.identity import calling_number, dialled_number
from maskline.planes.call.inbox import StopRequested, WorkerStopping
from maskline.planes.call.live_call import CallServices, LiveCall
from maskline.planes.call.parting import Parting
from maskline.planes.call.rate import CallRate
from maskline.planes.call.revival import ReturnedCall, Revival
from maskline.planes.call.story import tell_story
from maskline.planes.call.trunk_board import TrunkLine
from maskline.protocols.sip.event import Event, InviteReceived, RequestAnswered, SessionClosed
from maskline.protocols.sip.flow import Flow, bracket
from maskline.protocols.sip.header import NameAddr
from maskline.protocols.sip.intake import DROP, Refusal, Screened
from maskline.protocols.sip.message import Request
from maskline.protocols.sip.out_of_dialog import OutOfDialogRequest
from maskline.protocols.sip.stack import EndpointBusy

TRUNK_REFRESH_S = 1.0
"""How soon a trunk is used that another process changed."""

PING_LOOK_S = 1.0
"""How often the trunks are looked at for one that is due."""

TRACE_LOOK_S = 1.0
"""How often the traces of ended calls are written."""

HANG_UP_S = 2.0
"""How long the last calls may take to hang up and to have their records kept."""

log = structlog.get_logger("calls")


class CallPlane:
    """Owns the live calls of one worker. `handle` is the SIP shell's event handler."""

    def __init__(
        self, services: CallServices, gate: TrunkGate, revival: Revival | None = None
    ) -> None:
        """`revival` has the calls of an earlier run, which `start` finishes."""
        self._services = services
        self._revival = revival or Revival(services)
        self._gate = gate
        self._retry_after = (("Retry-After", str(services.limits.retry_after_s)),)
        self._calls: dict[str, LiveCall] = {}
        self._stories: set[asyncio.Task[None]] = set()
        self._watchers: list[asyncio.Task[None]] = []
        self._is_stopping = False
        self._rate = CallRate()
        self._trunks_changed = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self.counters = services.counters

    @property
    def is_draining(self) -> bool:
        """Whether new calls are refused because the worker stops."""
        return self._is_stopping

    @property
    def live_calls(self) -> int:
        """How many calls are up now."""
        return len(self._calls)

    def calls_by_application(self) -> Counter[str]:
        """The same by application; empty for those whose application is not known yet."""
        apps = (live.application for live in self._calls.values())
        return Counter("" if app is None else app.app_key for app in apps)

    async def start(self) -> None:
        """Learn the trunks, open the SIP ports, begin to watch; finish what an earlier run left."""
        await self.learn_trunks()
        returned = self._revival.restore()
        await self._services.sip.start()
        for call in returned:
            self._bring_back(call)
        self._watchers.append(asyncio.create_task(self._watch_trunks()))
        self._watchers.append(asyncio.create_task(self._keep_traces()))
        if self._services.limits.ping_interval_s > 0:
            self._watchers.append(asyncio.create_task(self._ping_trunks()))

    def trunks_changed(self) -> None:
        """Say that an operator changed trunks: they are looked at now, not at the next look."""
        self._trunks_changed.set()

    async def learn_trunks(self) -> None:
        """Use the trunks as they are in the store now, without waiting for the next look."""
        await self._services.board.refresh(await self._services.directory.trunks())

    async def close(self) -> None:
        """Refuse new calls, let live ones end for a while, end the rest, close the ports."""
        self._is_stopping = True
        for watcher in self._watchers:
            watcher.cancel()
        await asyncio.gather(*self._watchers, return_exceptions=True)
        await self._wait_for_stories(self._services.limits.drain_s)
        for live in self._calls.values():
            live.inbox.post(WorkerStopping())
        await self._wait_for_stories(HANG_UP_S)
        for story in self._stories:
            story.cancel()
        # Each still tells its parties that the call is over.
        await asyncio.gather(*self._stories, return_exceptions=True)
        await self._store_traces(everything=True)
        await self._services.memory.close()
        await self._services.sip.close()

    def trace(self, session_id: str, *, has_details: bool = True) -> Trace | None:
        """What happened so far in a call of this worker that is up or has just ended."""
        return self._services.traces.find(session_id, has_details=has_details)

    def stop(self, session_id: str, app_key: str | None = None) -> bool:
        """End a live call, of this application unless None; False when there is none here."""
        live = self._calls.get(session_id)
        if live is None or live.is_ending:
            return False
        owner = None if live.application is None else live.application.app_key
        if app_key is not None and app_key != owner:
            return False
        live.inbox.post(StopRequested())
        return True

    def screen(self, request: Request, source: Flow) -> Refusal | Screened | None:
        """Whether a request outside any call may make us work; the endpoint's screen."""
        verdict = self._gate.screen(request, source)
        if request.method == "INVITE" and verdict is not None:
            self._note_refusal(request, source, verdict)
        if verdict is DROP or verdict is STRANGER:
            self.counters.strangers += 1
        elif verdict is None and request.method == "INVITE" and not self._has_room():
            self.counters.refused_busy += 1
            self._note_refusal(request, source, None)
            return (503, None, self._retry_after)
        elif verdict is None and request.method == "OPTIONS" and self._is_stopping:
            # Whoever pings sends new calls elsewhere from now on.
            return (503, None, self._retry_after)
        return verdict

    def _note_refusal(
        self, request: Request, source: Flow, verdict: Refusal | Screened | None
    ) -> None:
        """An INVITE that makes no call; a first one without its password makes one soon."""
        refusals = self._services.refusals
        line = self._gate.line_of(request, source)
        trunk = None if line is None else line.trunk.name
        if refusals is None:
            return
        if verdict is None:
            refusals.refused(source.host, "busy", request.uri, 503, trunk)
        elif verdict is DROP or verdict is STRANGER:
            status = None if verdict is DROP else 403
            refusals.refused(source.host, "stranger", request.uri, status)
        elif request.headers.get("Authorization") is not None:
            refusals.refused(source.host, "password", request.uri, 401, trunk)

    def handle(self, event: Event) -> None:
        """Give an event to the call it belongs to."""
        if isinstance(event, InviteReceived):
            self._take(event)
        elif isinstance(event, RequestAnswered):
            line: TrunkLine = event.owner
            # Any answer shows a living peer; 503 is its own word that it is not.
            self._services.board.pinged(line, is_alive=event.status not in {408, 503})
        elif isinstance(event, SessionClosed):
            parting = event.session.owner
            if isinstance(parting, Parting):
                parting.closed(event.session)
        else:
            live = event.session.owner
            if isinstance(live, LiveCall):
                live.inbox.post(event)

    def _has_room(self) -> bool:
        """Whether one more call can be taken without spoiling those that live.

        Work that waits in the socket is answered too late anyway: refusing it costs a tenth of
        taking it, and callers then go elsewhere instead of repeating themselves.
        """
        limits = self._services.limits
        if not self._services.backlog.has_room:
            return False  # not even the record of its refusal could be kept
        if self._is_stopping or self._services.sip.backlog_bytes > limits.backlog_bytes:
            return False
        if limits.max_calls and len(self._calls) >= limits.max_calls:
            return False
        return self._rate.passes(limits.new_calls_per_s, self._services.clock.monotonic())

    def _take(self, event: InviteReceived) -> None:
        """Start the story of a new call."""
        services = self._services
        now = services.clock.monotonic()
        line = self._gate.line_of(event.request, event.source)
        if line is None or not line.take(now):
            self.counters.refused_busy += 1
            event.session.reject(503, headers=self._retry_after, q850=42, now=now)
            return
        dialled = dialled_number(event.request, line.trunk)
        if dialled is None:
            self.counters.not_a_number += 1
            line.give_back()
            event.session.reject(404, q850=1, now=now)
            return
        live = LiveCall.of_invite(
            services,
            event,
            line,
            dialled=dialled,
            caller_number=calling_number(event.request, line.trunk),
            loop=self._loop,
        )
        self.counters.accepted += 1
        self._calls[live.session_id] = live
        story = self._loop.create_task(tell_story(live))
        self._stories.add(story)
        story.add_done_callback(lambda done: self._forget(live, done))

    def _bring_back(self, returned: ReturnedCall) -> None:
        """Start the rest of a call of an earlier run."""
        live = returned.live
        story = self._loop.create_task(self._revival.finish(returned))
        self._stories.add(story)
        if live is None:
            story.add_done_callback(self._stories.discard)
        else:
            self._calls[live.session_id] = live
            story.add_done_callback(lambda done: self._forget(live, done))

    def _forget(self, live: LiveCall, story: asyncio.Task[None]) -> None:
        # A story that broke off has not hung up.
        live.free_number()
        if live.trace.release is None:
            self._services.traces.end(live.trace, ReleaseCode.SERVICE_ABNORMAL)
        self._stories.discard(story)
        self._calls.pop(live.session_id, None)

    async def _wait_for_stories(self, timeout_s: float) -> None:
        if self._stories:
            await asyncio.wait(self._stories, timeout=timeout_s)

    async def _watch_trunks(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(TRUNK_REFRESH_S):
                    await self._trunks_changed.wait()
            self._trunks_changed.clear()
            try:
                await self.learn_trunks()
            except MasklineError as error:
                # The trunks as they were known stay in use until the store answers again.
                log.warning("trunks not refreshed", error=str(error))
            except Exception:
                log.exception("trunks not refreshed")

    async def _keep_traces(self) -> None:
        while True:
            await asyncio.sleep(TRACE_LOOK_S)
            await self._store_traces()

    async def _store_traces(self, *, everything: bool = False) -> None:
        store = self._services.trace_store
        traces: list[Trace] = []
        for trace in self._services.traces.take_finished(everything=everything):
            traces.append(trace)
            await asyncio.sleep(0)  # calls come first
        if store is None or not traces:
            return
        try:
            await store.save_traces(traces)
        except (BusyError, PlatformError) as error:
            # They explain calls; nothing depends on them.
            log.warning("traces not kept", traces=len(traces), error=str(error))

    async def _ping_trunks(self) -> None:
        services = self._services
        look_s = min(PING_LOOK_S, services.limits.ping_interval_s)
        while True:
            await asyncio.sleep(look_s)
            for line in services.board.due_for_ping():
                self._ping(line)
            services.sip.wake()

    def _ping(self, line: TrunkLine) -> None:
        flow = line.flow
        if flow is None:
            return
        services = self._services
        target = line.target()
        try:
            request = services.sip.endpoint.request(
                method="OPTIONS",
                target=target,
                flow=flow,
                from_=NameAddr("", f"sip:ping@{bracket(services.sip_host)}"),
                to=target,
                headers=(),
                body=b"",
                now=services.clock.monotonic(),
                owner=line,
            )
        except EndpointBusy:
            log.warning("trunk not pinged", trunk=line.trunk.name)
        else:
            self._loop.call_later(services.limits.ping_answer_s, self._give_up, request)

    def _give_up(self, ping: OutOfDialogRequest) -> None:
        services = self._services
        ping.give_up(services.clock.monotonic())
        services.sip.wake()

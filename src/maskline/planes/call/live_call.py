"""A live call: its two SIP sessions, its audio and its journal, with the verbs of a story."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog

from maskline.domain.application import Application
from maskline.domain.call import Call, CallEnd
from maskline.domain.plan import Connect, Refuse
from maskline.domain.trunk import Protection, Trunk
from maskline.planes.call.audio import CallAudio, Unusable
from maskline.planes.call.busy_number import BusyNumbers
from maskline.planes.call.caller_memory import CallerMemory
from maskline.planes.call.counter import CallCounters
from maskline.planes.call.inbox import CallEvent, Inbox
from maskline.planes.call.journal import CallJournal
from maskline.planes.call.keeping import pack_call
from maskline.planes.call.keypress import DTMF_RELAY, KeyPress
from maskline.planes.call.limits import CallLimits
from maskline.planes.call.over import CallOver
from maskline.planes.call.recorder import CallRecorder, FinishedFiles
from maskline.planes.call.session_name import SessionNames
from maskline.planes.call.shell import SipShell
from maskline.planes.call.trace import CallTraces
from maskline.planes.call.trace_word import tell_plan, tell_reasons, tell_sums
from maskline.planes.call.trunk_board import TrunkBoard, TrunkLine
from maskline.planes.call.voice import CallVoice
from maskline.planes.media.engine import MediaEngine, Side
from maskline.protocols.sip.authentication import Account
from maskline.protocols.sip.event import InviteReceived, OfferReceived
from maskline.protocols.sip.flow import bracket
from maskline.protocols.sip.header import NameAddr
from maskline.protocols.sip.session import Session
from maskline.protocols.sip.session_incoming import IncomingSession
from maskline.protocols.sip.session_state import SessionState
from maskline.protocols.sip.stack import EndpointBusy, SipStateError
from maskline.services.call_screen import CallScreen
from maskline.services.calls import CallLedger, Receivers
from maskline.services.clock import Clock
from maskline.services.directory import Directory
from maskline.services.ids import Ids
from maskline.services.prompt import FixedPrompts, PromptCatalogue, PromptFile
from maskline.services.question import CustomerDesk
from maskline.services.recording import RecordingDesk
from maskline.services.refusal_log import RefusalLog
from maskline.services.route_memory import Backlog, NoBacklog, RouteMemory
from maskline.services.routing import RoutedCall, RoutingStore
from maskline.services.trace_store import TraceStore

MAX_FORWARDS = 70
HOPS_A_STEP = 10
"""Max-Forwards goes down by whole steps: loops end (RFC 7332), and the callee's side does not
learn how far away the caller is."""

NEVER_CONNECTED = 480
"""What a caller gets whose call ended normally, but before it was answered."""

log = structlog.get_logger("calls")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallServices:
    """What every call of a worker shares.

    `busy` has the virtual numbers that carry one call at a time, `memory` keeps who called.
    `host_name` stands in session ids and records, `sip_host` in SIP addresses. `customers` decides
    about calls of mode X. Without
    `recordings` no call can be recorded; `finished_files` hears of every file that is complete.
    Without `trace_store` traces end with their worker, without `screen` no rule stops calls.
    `routes` and `backlog` say what to do with calls that come while the store fails.
    """

    store: RoutingStore
    directory: Directory
    ledger: CallLedger
    engine: MediaEngine
    sip: SipShell
    board: TrunkBoard
    memory: CallerMemory
    clock: Clock
    ids: Ids
    names: SessionNames
    limits: CallLimits
    host_name: str
    sip_host: str
    customers: CustomerDesk
    prompts: PromptCatalogue = field(default_factory=FixedPrompts)
    recordings: RecordingDesk | None = None
    finished_files: FinishedFiles = field(default_factory=FinishedFiles)
    busy: BusyNumbers = field(default_factory=BusyNumbers)
    counters: CallCounters = field(default_factory=CallCounters)
    traces: CallTraces = field(default_factory=CallTraces)
    trace_store: TraceStore | None = None
    routes: RouteMemory = field(default_factory=RouteMemory)
    backlog: Backlog = field(default_factory=NoBacklog)
    refusals: RefusalLog | None = None
    screen: CallScreen | None = None


class LiveCall:
    """One incoming call and, once forwarded, its outgoing leg.

    Only the call's own task uses it; everybody else posts to `inbox`. `ring_back` is what a caller
    hears while the callee's phone rings, None leaves that to the caller's phone. `answer` is what a
    caller is sent who is about to be connected. `may_go_on` says that a later run may let the
    parties talk on: nothing has to be heard or recorded before. `invited` is the caller's session
    while it can be answered; the call of an earlier run has none, and may lack a trunk.
    """

    __slots__ = (
        "_arrived_s",
        "_loop",
        "answer",
        "application",
        "audio",
        "callee",
        "caller",
        "caller_number",
        "dialled",
        "ends_at",
        "hops_left",
        "inbound",
        "inbox",
        "invited",
        "is_caller_answered",
        "is_ending",
        "journal",
        "last_minute",
        "lost_sides",
        "may_go_on",
        "offer",
        "outbound",
        "recorder",
        "ring_back",
        "services",
        "session_id",
        "trace",
        "voice",
    )

    def __init__(
        self,
        services: CallServices,
        caller: Session,
        inbound: TrunkLine | None,
        *,
        session_id: str,
        dialled: str,
        caller_number: str,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self.services = services
        self.session_id = session_id
        self.inbox = Inbox(loop, services.limits.inbox_events)
        self.dialled = dialled
        self.caller_number = caller_number
        self.offer = b""
        self.hops_left = 0
        self.caller = caller
        self.callee: Session | None = None
        self.is_caller_answered = False
        self.may_go_on = False
        self.is_ending = False
        self.ends_at: float | None = None
        self.last_minute: PromptFile | None = None
        self.application: Application | None = None
        self.recorder: CallRecorder | None = None
        self.ring_back: PromptFile | None = None
        self.lost_sides: set[Side] = set()
        self.journal: CallJournal | None = None
        description_ids = (int(services.ids.draw() * 2**31), int(services.ids.draw() * 2**31))
        self.trace = services.traces.begin(session_id, caller.call_id)
        self.trace.caller = caller_number
        listener = self.trace.around(self.inbox.post)
        self.audio = CallAudio(services.engine, session_id, listener, description_ids)
        self.audio.on_agreed = self.trace.agreed
        self.voice = CallVoice(services.engine, session_id, self.inbox, self.trace.note)
        self.inbound = inbound
        self._arrived_s: float | None = services.clock.monotonic()
        self._loop = loop
        self.outbound: TrunkLine | None = None
        self.invited: IncomingSession | None = None
        self.answer: bytes | None = None

    @classmethod
    def of_invite(
        cls,
        services: CallServices,
        event: InviteReceived,
        inbound: TrunkLine,
        *,
        dialled: str,
        caller_number: str,
        loop: asyncio.AbstractEventLoop,
    ) -> "LiveCall":
        """A call that has just arrived."""
        live = cls(
            services,
            event.session,
            inbound,
            session_id=services.names.next(services.clock.now()),
            dialled=dialled,
            caller_number=caller_number,
            loop=loop,
        )
        services.traces.arrived(live.trace, event.request)
        live.invited = event.session
        live.offer = event.request.body
        given = event.request.max_forwards
        hops = MAX_FORWARDS if given is None else min(given, MAX_FORWARDS)
        live.hops_left = (hops - 1) // HOPS_A_STEP * HOPS_A_STEP
        event.session.owner = live
        return live

    def resume(self, call: Call, application: Application | None, ends_at: float | None) -> None:
        """Take up a call of an earlier run: it is connected, and may go on."""
        services = self.services
        self.application = application
        self.is_caller_answered = self.may_go_on = True
        self._arrived_s = None
        self.ends_at = ends_at
        self.trace.app_key = call.app_key
        self.trace.virtual, self.trace.callee = (call.x,), call.callee or ""
        self.trace.note("plan", f"go on after a restart, binding {call.binding_id or 'none'}")
        if call.binding_id is not None:
            structlog.contextvars.bind_contextvars(binding_id=call.binding_id)
        receivers = Receivers(None, None) if application is None else Receivers.of(application)
        self.journal = CallJournal(
            services.ledger,
            services.clock,
            call,
            receivers,
            self._pack,
            trace=self.trace,
            is_resumed=True,
        )

    def begin(self, routed: RoutedCall) -> None:
        """Open the journal: from here on the call has a record, whatever happens."""
        services = self.services
        self.application = routed.application
        self.trace.app_key = routed.application.app_key
        self.trace.virtual = (self.dialled,)
        self.trace.is_wanted = routed.application.is_sandbox
        call = Call(
            session_id=self.session_id,
            icid=services.ids.uuid().replace("-", ""),
            host=services.host_name,
            app_key=routed.application.app_key,
            tenant_id=routed.tenant.tenant_id,
            mode=routed.application.mode,
            x=self.dialled,
            caller=self.caller_number,
            arrived_at=services.clock.now(),
        )
        self.journal = CallJournal(
            services.ledger,
            services.clock,
            call,
            Receivers.of(routed.application),
            self._pack,
            trace=self.trace,
        )

    def side_of(self, event: CallEvent) -> Side | None:
        """Whose event it is; None for one of a leg that was given up, or of no leg."""
        session = getattr(event, "session", None)
        if session is None:
            return None
        if session is self.caller:
            return Side.CALLER
        return Side.CALLEE if session is self.callee else None

    def settle(self, plan: Connect | Refuse) -> None:
        """It is known what becomes of the call: its record tells of that from here on."""
        if self.journal is None:
            raise RuntimeError("a call without a journal was settled")
        self.journal.planned(plan)
        mode = None if self.application is None else self.application.mode
        if isinstance(plan, Connect):
            self.trace.callee = plan.callee
            self.trace.virtual = (self.dialled, plan.shown)
        self.trace.note("plan", tell_plan(plan, mode), tell_reasons(plan, mode))
        if plan.binding_id is not None:
            structlog.contextvars.bind_contextvars(binding_id=plan.binding_id)

    async def hold_number(self) -> bool:
        """Keep X for this call until it hangs up; False when another call has it.

        Raises StoreBusy, StoreFailed.
        """
        return await self.services.busy.hold(self.dialled, self.session_id)

    def resume_number(self) -> None:
        """Keep X for this call of an earlier run, which held it."""
        self.services.busy.resume(self.dialled, self.session_id)

    def free_number(self) -> None:
        """Let other calls have X, if this one held it."""
        self.services.busy.free(self.dialled, self.session_id)

    async def dial(self, line: TrunkLine, plan: Connect) -> bool:
        """Send the INVITE to the callee over this trunk; False when the trunk takes no call now.

        The callee's network learns X, the number to ring and our own address; nothing else.
        """
        services = self.services
        flow = line.flow
        if flow is None:
            return False
        offer = await self.audio.offer_to_callee(line.trunk.protection)
        if offer is None:
            log.warning("trunk wants encryption that the media cannot do", trunk=line.trunk.name)
            return False
        now = services.clock.monotonic()
        if not line.take(now):
            return False
        target, shown = line.trunk.write(plan.callee), line.trunk.write_caller(plan.shown)
        from_uri = f"sip:{shown}@{bracket(services.sip_host)}"
        try:
            self.callee = services.sip.endpoint.invite(
                target=line.target(target),
                flow=flow,
                from_=NameAddr("", from_uri),
                to=line.uri(target),
                body=offer,
                headers=(("P-Asserted-Identity", f"<{from_uri}>"),),
                credentials=account_of(line.trunk),
                max_forwards=self.hops_left,
                now=now,
                owner=self,
            )
        except EndpointBusy:
            line.give_back()
            return False
        self.outbound = line
        services.traces.add_callee(self.trace, self.callee.call_id)
        self.trace.note("plan", f"trunk {line.trunk.name}")
        services.sip.wake()
        return True

    @property
    def caller_protection(self) -> Protection:
        """How the trunk that the caller came over encrypts its audio."""
        return Protection.NONE if self.inbound is None else self.inbound.trunk.protection

    @property
    def has_rung(self) -> bool:
        """Whether the callee's phone has rung in this call."""
        return self.journal is not None and self.journal.call.alerted_at is not None

    @property
    def is_callee_silent(self) -> bool:
        """Whether the callee's trunk has not answered the INVITE with anything, not even 100."""
        return self.callee is not None and self.callee.state is SessionState.CALLING

    def now(self) -> datetime:
        """The moment, on the clock that the record of this call is dated by."""
        return self.services.clock.now() if self.journal is None else self.journal.now()

    def deadline(self, seconds: float) -> float:
        """The moment so many seconds from now, on the clock of the inbox."""
        return self._loop.time() + seconds

    def has_passed(self, deadline: float) -> bool:
        """Whether that moment is over."""
        return self._loop.time() >= deadline

    def tell_arrived(self) -> None:
        """The caller is asked for something first: the customer learns of the call at once."""
        if self.journal is not None:
            self.journal.arrived()

    def tell_collected(self, digits: str) -> None:
        """The caller has keyed in these digits, "" for none."""
        if self.journal is not None:
            self.journal.collected(digits)

    def tell_forwarded(self, plan: Connect) -> None:
        """The first INVITE to the callee's side is out; later trunks are not told again."""
        if self.journal is None or self.journal.call.forwarded_at is not None:
            return
        self.journal.forwarded()
        seconds, binding_id = plan.remembers_caller_s, plan.binding_id
        if seconds is not None and binding_id is not None:
            app_key = self.journal.call.app_key
            self.services.memory.remember(app_key, binding_id, self.caller_number, seconds)

    def tell_alerted(self) -> None:
        """The callee rings."""
        if self.journal is not None:
            self.journal.alerted()

    def tell_answered(self, at: datetime, answer: bytes | None) -> "asyncio.Future[None]":
        """The callee answered; the result is awaited before the caller is connected.

        `answer` is what the caller is sent then, None when something else comes first.
        """
        if self.journal is None:
            raise RuntimeError("a call without a journal was answered")
        self.answer = answer
        return self.journal.answered(at)

    def go_on(self) -> None:
        """The talk has begun: from here on it outlives us, where its media does."""
        if not self.may_go_on:
            self.may_go_on = True
            self.keep()

    def keep(self) -> None:
        """Something has changed that a later run would need to know."""
        if self.journal is not None:
            self.journal.keep()

    async def start_recording(self) -> None:
        """Record from now on. Raises CannotRecord, MediaGone."""
        services, journal = self.services, self.journal
        if journal is None:
            raise RuntimeError("a call without a journal was to be recorded")
        self.recorder = CallRecorder(
            services.engine,
            self.session_id,
            services.finished_files,
            services.limits,
            services.clock.monotonic,
        )
        journal.recorded(await self.recorder.start(services.recordings, journal.call))
        self.trace.note("media", "recording begins")

    def drop_callee(self, *, q850: int | None = None) -> None:
        """End the outgoing leg, in whatever state it is, and forget it."""
        if self.callee is not None:
            self._end(self.callee, q850)
            self.callee.owner = None
            self.callee = None
        if self.outbound is not None:
            self.outbound.give_back()
            self.outbound = None

    def ring_caller(self, *, status: int, answer: bytes | None) -> None:
        """Pass on that the callee rings, with early media when there is some."""
        self._measure_set_up()
        invited = self.invited
        if invited is not None:
            self._say(lambda now: invited.ring(status, body=answer, now=now))

    def answer_caller(self, body: bytes) -> None:
        """Connect the caller; a caller who has gone meanwhile has said so in the inbox."""
        self.is_caller_answered = True
        self.answer = body
        self._measure_set_up()
        invited = self.invited
        if invited is not None:
            self._say(lambda now: invited.answer(body, now=now))

    def reply_to_offer(self, offer: OfferReceived, answer: bytes | Unusable) -> None:
        """Accept a change of the session with `answer`, or refuse it when it is unusable.

        One that was withdrawn meanwhile is left alone, also where another has taken its place.
        """
        session, cseq = offer.session, offer.cseq
        if isinstance(answer, Unusable):
            headers = self._warning_lines(answer.warning)
            self._say(lambda now: session.reject_offer(488, headers=headers, cseq=cseq, now=now))
        else:
            self._say(lambda now: session.accept_offer(answer, cseq=cseq, now=now))

    def ask_parties(self) -> None:
        """Find out whether both parties still know the call; one that does not ends it."""
        for session in (self.caller, self.callee):
            if session is not None:
                self._say(lambda now, session=session: session.refresh(now=now))

    def pass_keypress(self, pressed_by: Side, key: KeyPress) -> None:
        """Let the other party's network have a key press that came in an INFO."""
        session = self.callee if pressed_by is Side.CALLER else self.caller
        if session is not None:
            self._say(lambda now: session.info(DTMF_RELAY, key.body, now=now))

    def reject_caller(self, over: CallOver) -> None:
        """Refuse the caller with the status and cause of the release."""
        release = over.release
        # A callee may answer and hang up before the caller is connected.
        status = release.sip_status if release.sip_status >= 300 else NEVER_CONNECTED
        headers: list[tuple[str, str]] = []
        if status == 503:
            headers.append(("Retry-After", str(self.services.limits.retry_after_s)))
        headers += self._warning_lines(over.warning)
        invited = self.invited
        if invited is not None:
            self._say(
                lambda now: invited.reject(status, headers=headers, q850=release.q850, now=now)
            )

    def _warning_lines(self, warning: tuple[int, str] | None) -> list[tuple[str, str]]:
        if warning is None:
            return []
        code, text = warning
        return [("Warning", f'{code} {bracket(self.services.sip_host)} "{text}"')]

    def hang_up(self, over: CallOver) -> None:
        """End both legs as their state asks."""
        self.is_ending = True
        self.free_number()
        self.drop_callee(q850=over.release.q850)
        if self.is_caller_answered:
            self._end(self.caller, over.release.q850)
        else:
            self.reject_caller(over)

    async def close(self, end: CallEnd) -> None:
        """Let go of the sessions and the media, then keep the record.

        Raises StoreBusy or StoreFailed.
        """
        self.caller.owner = None
        if self.inbound is not None:
            self.inbound.give_back()
        recorded_s = await self._close_media()
        if self.journal is not None:
            await self.journal.close(replace(end, recorded_s=recorded_s) if recorded_s else end)

    async def _close_media(self) -> float:
        """Free the ports; how many seconds were recorded. A bug there costs no record of a call."""
        recorded_s = 0.0
        try:
            if self.recorder is not None:
                recorded_s = await self.recorder.finish()
                self.trace.note("media", f"recording ends, {recorded_s:.0f} s")
        except Exception:
            log.exception("recording not ended", session_id=self.session_id)
        try:
            closed = await self.audio.close()
            self.services.counters.closed(closed)
            for side, sums in ((Side.CALLER, closed.caller), (Side.CALLEE, closed.callee)):
                if sums.received_packets or sums.sent_packets:
                    self.trace.note("media", *tell_sums(side, sums))
        except Exception:
            log.exception("media not closed", session_id=self.session_id)
        return recorded_s

    def _pack(self) -> bytes:
        return pack_call(self)

    def _measure_set_up(self) -> None:
        """The caller is sent the first sign of the callee, or of us."""
        if self._arrived_s is not None:
            services = self.services
            services.counters.set_up.add(services.clock.monotonic() - self._arrived_s)
            self._arrived_s = None

    def _end(self, session: Session, q850: int | None) -> None:
        self._say(lambda now: session.end(q850=q850, now=now))

    def _say(self, verb: Callable[[float], None]) -> None:
        # A leg whose far end has just gone takes no verb any more; why it went is in the inbox.
        with suppress(SipStateError, EndpointBusy):
            verb(self.services.clock.monotonic())
        self.services.sip.wake()


def account_of(trunk: Trunk) -> Account | None:
    """What proves to a trunk who we are; None where it does not ask."""
    if trunk.username is None or trunk.password is None:
        return None
    return Account(trunk.username, trunk.password)

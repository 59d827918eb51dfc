"""The calls of an earlier run: those whose media lives go on, the others are ended and recorded."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NoReturn

import msgspec
import structlog

from maskline.domain.application import Application
from maskline.domain.call import CallRecord
from maskline.domain.release import ReleaseCode
from maskline.planes.call.audio import CallAudio
from maskline.planes.call.call_snapshot import CallSnapshot, KeptMedia
from maskline.planes.call.live_call import CallServices, LiveCall, account_of
from maskline.planes.call.parting import Parting
from maskline.planes.call.past_call import PastCall
from maskline.planes.call.recorder import CallRecorder
from maskline.planes.call.story import tell_story
from maskline.planes.call.talking import SECONDS_A_MINUTE, talk_on
from maskline.planes.call.trunk_board import TrunkLine
from maskline.protocols.sip.error import SipError
from maskline.protocols.sip.session import Session
from maskline.protocols.sip.session_snapshot import (
    IncomingInvite,
    LegSnapshot,
    OutgoingInvite,
    SessionSnapshot,
)
from maskline.services.calls import Receivers, end_of_orphan
from maskline.services.prompt import PromptFile

MAX_AT_ONCE = 200
"""Calls that are taken up or ended at the same time."""

BYE_WAIT_S = 4.0
"""How long the record of a call that is ended waits for its parties to answer the BYE, which has
been sent four times by then: a worker that is killed meanwhile begins again."""

REFRESH_AFTER_S = 5.0
"""When parties are first asked whether they are still there: one that has hung up says so itself
before, as a BYE is repeated every 4 s."""

REFRESHES_A_S = 50
"""Calls a second whose parties are asked whether they are still there."""

log = structlog.get_logger("calls")


def _unknown(_at: datetime) -> datetime | None:
    """Nobody has seen the earlier runs."""
    return None


@dataclass(slots=True)
class ReturnedCall:
    """A call of an earlier run with those of its legs that could be restored.

    `live` is there when the call goes on if its media has survived, and until then hears what
    happens.
    """

    past: PastCall
    refresh_after_s: float
    inbound: TrunkLine | None = None
    outbound: TrunkLine | None = None
    sessions: list[Session] = field(default_factory=list[Session])
    unanswered: list[IncomingInvite | OutgoingInvite] = field(
        default_factory=list[IncomingInvite | OutgoingInvite]
    )
    live: LiveCall | None = None


class Revival:
    """Brings back `past`, once.

    `last_alive` says of a moment when the run that lived then was last seen alive, None where that
    is not known. `restore` is for before the SIP ports are opened, so that no party is told that
    its call is unknown; `finish` for afterwards.
    """

    def __init__(
        self,
        services: CallServices,
        past: Sequence[PastCall] = (),
        last_alive: Callable[[datetime], datetime | None] = _unknown,
    ) -> None:
        self._services = services
        self._past = past
        self._last_alive = last_alive
        self._room = asyncio.Semaphore(MAX_AT_ONCE)

    def restore(self) -> list[ReturnedCall]:
        """Have the legs of all calls known again. Nothing is sent."""
        past, self._past = self._past, ()
        return [
            self._restore(one, REFRESH_AFTER_S + at / REFRESHES_A_S) for at, one in enumerate(past)
        ]

    async def finish(self, returned: ReturnedCall) -> None:
        """Go on with a call to its end, or end it now; never raises but when cancelled.

        What cannot be finished stays in the store: it is tried again at the next start.
        """
        try:
            async with self._room:
                live = await self._take_up(returned)
                if live is None:
                    await self._end(returned)
                    return
        except Exception:
            session_id = returned.past.call.session_id
            log.exception("call of an earlier run not finished", session_id=session_id)
            return
        await tell_story(live, partial(_go_on, refresh_after_s=returned.refresh_after_s))

    def _restore(self, past: PastCall, refresh_after_s: float) -> ReturnedCall:
        returned = ReturnedCall(past, refresh_after_s)
        kept, board = past.snapshot, self._services.board
        if kept is None:
            return returned
        returned.inbound = board.line(kept.inbound)
        returned.outbound = None if kept.outbound is None else board.line(kept.outbound)
        self._restore_leg(returned, kept, kept.caller, returned.inbound)
        self._restore_leg(returned, kept, kept.callee, returned.outbound)
        if past.media is not None:
            self._expect(returned)
        return returned

    def _restore_leg(
        self,
        returned: ReturnedCall,
        kept: CallSnapshot,
        leg: LegSnapshot | None,
        line: TrunkLine | None,
    ) -> None:
        if leg is None:
            return
        if not isinstance(leg, SessionSnapshot):
            returned.unanswered.append(leg)
            return
        if leg.flow.is_reliable and line is not None and line.flow is not None:
            # That connection is gone, and its far port may never have listened.
            leg = msgspec.structs.replace(leg, flow=line.flow)
        clock = self._services.clock
        session = self._services.sip.endpoint.restore(
            leg,
            elapsed_s=(clock.now() - kept.kept_at).total_seconds(),
            credentials=None if line is None else account_of(line.trunk),
            now=clock.monotonic(),
        )
        returned.sessions.append(session)

    def _expect(self, returned: ReturnedCall) -> None:
        """Collect what happens in a call that may go on."""
        call = returned.past.call
        caller, callee = returned.sessions
        live = returned.live = LiveCall(
            self._services,
            caller,
            returned.inbound,
            session_id=call.session_id,
            dialled=call.x,
            caller_number=call.caller,
            loop=asyncio.get_running_loop(),
        )
        live.callee, live.outbound = callee, returned.outbound
        caller.owner = callee.owner = live
        self._services.traces.add_callee(live.trace, callee.call_id)

    async def _take_up(self, returned: ReturnedCall) -> LiveCall | None:
        """The call as it was, None when its media is gone."""
        live, kept, media = returned.live, returned.past.snapshot, returned.past.media
        if live is None or kept is None or media is None:
            return None
        services, call = self._services, returned.past.call
        listener = live.trace.around(live.inbox.post)
        audio = CallAudio.from_state(services.engine, call.session_id, listener, media.audio)
        if not await audio.adopt(media.keepsake):
            returned.live = None
            return None
        audio.on_agreed = live.trace.agreed
        live.audio = audio
        for line in (returned.inbound, returned.outbound):
            if line is not None:
                line.resume()
        self._resume_recording(live, media, returned)
        live.resume(call, await self._application(call.app_key), self._deadline(live, kept))
        if kept.holds_number:
            live.resume_number()
        live.keep()
        log.info("call goes on", session_id=call.session_id)
        return live

    def _resume_recording(self, live: LiveCall, media: KeptMedia, returned: ReturnedCall) -> None:
        services, recording = self._services, returned.past.call.recording
        if recording is None or not media.recording_path:
            return
        live.recorder = CallRecorder.of_earlier_run(
            services.engine,
            live.session_id,
            services.finished_files,
            services.limits,
            services.clock.monotonic,
            path=media.recording_path,
            elapsed_s=(services.clock.now() - recording.started_at).total_seconds(),
        )

    def _deadline(self, live: LiveCall, kept: CallSnapshot) -> float | None:
        """When the call has to end; its last minute is announced unless it was."""
        if kept.ends_at is None:
            return None
        warning = kept.last_minute
        alive_at = self._last_alive(kept.kept_at) or kept.kept_at
        if warning is not None and kept.ends_at - timedelta(seconds=SECONDS_A_MINUTE) > alive_at:
            live.last_minute = PromptFile(Path(warning.path), warning.duration_ms)
        return live.deadline((kept.ends_at - self._services.clock.now()).total_seconds())

    async def _end(self, returned: ReturnedCall) -> None:
        """Tell the parties that are still there, then keep the record."""
        services, call = self._services, returned.past.call
        q850 = ReleaseCode.SERVICE_ABNORMAL.q850
        now = services.clock.monotonic()
        parting = Parting(returned.sessions)
        parting.hang_up(q850=q850, now=now)
        for invite in returned.unanswered:
            try:
                services.sip.endpoint.give_up(invite, q850=q850, now=now)
            except SipError as error:
                log.warning("party not told", session_id=call.session_id, reason=str(error))
        services.sip.wake()
        await parting.over(BYE_WAIT_S)
        desk = services.recordings
        recorded_s = 0.0 if desk is None else await desk.recorded_s(call)
        kept = returned.past.snapshot
        known_at = call.answered_at if kept is None else kept.kept_at
        alive_at = None if known_at is None else self._last_alive(known_at)
        end = end_of_orphan(call, recorded_s, alive_at)
        is_answered = call.answered_at is not None
        services.counters.over(call.mode.value, end.release, is_answered=is_answered)
        application = await self._application(call.app_key)
        receivers = Receivers(None, None) if application is None else Receivers.of(application)
        await services.ledger.close(CallRecord(call=call.resumable(b""), end=end), receivers)
        log.info("call of an earlier run ended", session_id=call.session_id)

    async def _application(self, app_key: str) -> Application | None:
        owner = await self._services.directory.application(app_key)
        return None if owner is None else owner[0]


async def _go_on(live: LiveCall, *, refresh_after_s: float) -> NoReturn:
    """Let the parties talk on; one that hung up while nobody was here is found out."""
    asyncio.get_running_loop().call_later(refresh_after_s, live.ask_parties)
    await talk_on(live)

"""What of a live call is kept for a later run, beside what its record tells."""

from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
import structlog

from maskline.planes.call.call_snapshot import (
    VERSION,
    CallSnapshot,
    KeptMedia,
    KeptWarning,
    pack_snapshot,
)
from maskline.planes.media.engine import MediaError
from maskline.protocols.sip.session_outgoing import OutgoingSession
from maskline.protocols.sip.session_snapshot import (
    IncomingInvite,
    OutgoingInvite,
    SessionSnapshot,
)
from maskline.protocols.sip.session_state import SessionState
from maskline.protocols.sip.stack import SipStateError

if TYPE_CHECKING:
    from maskline.planes.call.live_call import LiveCall

log = structlog.get_logger("calls")


def pack_call(live: "LiveCall") -> bytes:
    """What a later run needs to go on with the call or to end it; empty when that is unknown.

    Nothing that fails here may cost a call that lives.
    """
    try:
        return pack_snapshot(_snapshot(live))
    except (SipStateError, msgspec.MsgspecError, OverflowError, ValueError):
        log.exception("no snapshot of the call", session_id=live.session_id)
        return b""


def _snapshot(live: "LiveCall") -> CallSnapshot:
    now = live.services.clock.now()
    media = _media(live)
    warning = live.last_minute
    return CallSnapshot(
        version=VERSION,
        kept_at=now,
        caller=_caller(live, is_kept=media is not None),
        inbound="" if live.inbound is None else live.inbound.trunk.name,
        callee=_callee(live, is_kept=media is not None),
        outbound=None if live.outbound is None else live.outbound.trunk.name,
        media=media,
        ends_at=(
            None
            if live.ends_at is None
            else now + timedelta(seconds=live.ends_at - live.deadline(0.0))
        ),
        last_minute=(
            None if warning is None else KeptWarning(str(warning.path), warning.duration_ms)
        ),
        holds_number=live.services.busy.is_held(live.dialled, live.session_id),
    )


def _caller(live: "LiveCall", *, is_kept: bool) -> SessionSnapshot | IncomingInvite:
    invited = live.invited
    if invited is not None and not live.is_caller_answered and live.answer is None:
        return invited.invite_snapshot()
    kept = live.caller.snapshot()
    if not is_kept:
        return _without_descriptions(kept)
    if invited is not None and live.answer and invited.state <= SessionState.PROCEEDING:
        return msgspec.structs.replace(kept, local_sdp=live.answer)
    return kept


def _callee(live: "LiveCall", *, is_kept: bool) -> SessionSnapshot | OutgoingInvite | None:
    callee = live.callee
    if isinstance(callee, OutgoingSession) and callee.state <= SessionState.PROCEEDING:
        return callee.invite_snapshot()
    if callee is None or callee.dialog is None:
        return None
    kept = callee.snapshot()
    return kept if is_kept else _without_descriptions(kept)


def _without_descriptions(kept: SessionSnapshot) -> SessionSnapshot:
    """Of a call that can only be ended nobody asks what was described."""
    return msgspec.structs.replace(kept, local_sdp=b"", remote_sdp=b"")


def _media(live: "LiveCall") -> KeptMedia | None:
    """The audio of a call that may go on, where the engine lets it outlive us."""
    audio = live.audio.state if live.may_go_on else None
    if audio is None:
        return None
    try:
        keepsake = live.audio.keepsake
    except MediaError:
        return None
    path = "" if live.recorder is None else live.recorder.path
    return KeptMedia(audio, keepsake, path) if keepsake else None

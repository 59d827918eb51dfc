"""What happens to a call that is none of its parties' doing: media, operator, worker."""

import structlog

from maskline.domain.release import ReleaseCode
from maskline.planes.call.inbox import CallEvent, StopRequested, WorkerStopping
from maskline.planes.call.live_call import LiveCall
from maskline.planes.call.over import CallOver
from maskline.planes.media.engine import (
    EngineFailed,
    MediaLost,
    MediaResumed,
    PlayEnded,
    RecordingBroke,
    Side,
)

log = structlog.get_logger("calls")


def heed_platform(live: LiveCall, event: CallEvent) -> None:
    """What ends a call at any time, and what is noted for later."""
    match event:
        case EngineFailed() | WorkerStopping():
            raise CallOver(ReleaseCode.SERVICE_ABNORMAL, is_abrupt=True)
        case StopRequested():
            raise CallOver(ReleaseCode.STOPPED)
        case PlayEnded():
            live.voice.heed(event)
        case MediaLost(side=side):
            live.lost_sides.add(side)
        case MediaResumed(side=side):
            live.lost_sides.discard(side)
        case RecordingBroke():
            _heed_broken_recording(live)
        case _:
            pass


def check_media(live: LiveCall) -> None:
    """End a call in which neither party can hear the other any more."""
    if len(live.lost_sides) == len(Side):
        raise CallOver(ReleaseCode.SERVICE_ABNORMAL, is_abrupt=True)


def _heed_broken_recording(live: LiveCall) -> None:
    log.warning("recording broke", session_id=live.session_id)
    if not live.services.limits.may_go_on_unrecorded:
        raise CallOver(ReleaseCode.RECORDING_BROKEN)

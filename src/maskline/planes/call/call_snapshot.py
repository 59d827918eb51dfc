"""What is kept of a live call besides what its record tells: enough to go on with it or end it."""

from datetime import datetime

import msgspec
from msgspec import Struct

from maskline.planes.call.audio import AudioState
from maskline.protocols.sip.session_snapshot import (
    IncomingInvite,
    OutgoingInvite,
    SessionSnapshot,
)

VERSION = 1
"""Of the form below. A snapshot of another one is not read: its call is only recorded."""


class SnapshotUnreadable(Exception):
    """What was kept is no snapshot of this release."""


class KeptWarning(Struct, frozen=True, array_like=True, gc=False):
    """The voice file that announces the last minute."""

    path: str
    duration_ms: int


class KeptMedia(Struct, frozen=True, array_like=True, gc=False):
    """Audio that may outlive us; `keepsake` is the engine's, `recording_path` empty for none."""

    audio: AudioState
    keepsake: bytes
    recording_path: str


class CallSnapshot(Struct, frozen=True, array_like=True, gc=False):
    """One call at `kept_at`. Names of trunks are those of its legs, `outbound` None without one.

    Without `media` the call cannot go on: not both have been connected, or something has to be
    heard or recorded first. `ends_at` is the limit of its duration. `holds_number` says that X
    carries no other call meanwhile.
    """

    version: int
    kept_at: datetime
    caller: SessionSnapshot | IncomingInvite
    inbound: str
    callee: SessionSnapshot | OutgoingInvite | None = None
    outbound: str | None = None
    media: KeptMedia | None = None
    ends_at: datetime | None = None
    last_minute: KeptWarning | None = None
    holds_number: bool = False


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(CallSnapshot).decode


def pack_snapshot(snapshot: CallSnapshot) -> bytes:
    """The snapshot as bytes."""
    return _encode(snapshot)


def unpack_snapshot(packed: bytes) -> CallSnapshot:
    """The snapshot of `pack_snapshot`. Raises SnapshotUnreadable."""
    try:
        snapshot = _decode(packed)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise SnapshotUnreadable(type(error).__name__) from error
    if snapshot.version != VERSION:
        raise SnapshotUnreadable(f"version {snapshot.version}")
    return snapshot

"""What goes into the sealed blob of a call's trace, as msgpack arrays; rules as in `blob.py`."""

import zlib

import msgspec

from maskline.domain.release import ReleaseCode
from maskline.domain.trace import Trace, TraceStep
from maskline.stores.moment import from_us, to_us


class _Trace(msgspec.Struct, array_like=True, frozen=True, gc=False):
    began_at: int
    release: int | None
    dropped: int
    steps: list[tuple[float, str, str]]


FAST = 1
"""How hard details are compressed: messages of one call repeat each other, so that is enough."""

_Details = list[tuple[int, str]]
"""What stands behind steps, by their places."""

_pack = msgspec.msgpack.Encoder().encode
_details = msgspec.msgpack.Decoder(_Details).decode
_trace = msgspec.msgpack.Decoder(_Trace).decode


def pack_trace(trace: Trace) -> bytes:
    """All of a trace but its details, and its session and application, which are columns."""
    steps = [(step.at_s, step.where, step.what) for step in trace.steps]
    return _pack(_Trace(to_us(trace.began_at), trace.release, trace.dropped, steps))


def pack_details(trace: Trace) -> bytes | None:
    """The details of a trace's steps, which are kept for another time; None without any."""
    details = [(place, step.detail) for place, step in enumerate(trace.steps) if step.detail]
    return zlib.compress(_pack(details), FAST) if details else None


def unpack_trace(
    packed: bytes, details: bytes | None = None, *, session_id: str, app_key: str
) -> Trace:
    """The trace of `pack_trace`, `pack_details` and its columns."""
    kept = _trace(packed)
    behind = {} if details is None else dict(_details(zlib.decompress(details)))
    return Trace(
        session_id=session_id,
        app_key=app_key,
        began_at=from_us(kept.began_at),
        steps=tuple(
            TraceStep(*step, behind.get(place, "")) for place, step in enumerate(kept.steps)
        ),
        dropped=kept.dropped,
        release=None if kept.release is None else ReleaseCode(kept.release),
    )

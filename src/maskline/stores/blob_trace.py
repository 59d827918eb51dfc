"""What goes into the sealed blob of a call's trace, as msgpack arrays; rules as in `blob.py`."""

import msgspec

from maskline.domain.release import ReleaseCode
from maskline.domain.trace import Trace, TraceStep
from maskline.stores.moment import from_us, to_us


class _Trace(msgspec.Struct, array_like=True, frozen=True, gc=False):
    began_at: int
    release: int | None
    dropped: int
    steps: list[tuple[float, str, str]]


_pack = msgspec.msgpack.Encoder().encode
_trace = msgspec.msgpack.Decoder(_Trace).decode


def pack_trace(trace: Trace) -> bytes:
    """All of a trace but its session and application, which are columns."""
    steps = [(step.at_s, step.where, step.what) for step in trace.steps]
    return _pack(_Trace(to_us(trace.began_at), trace.release, trace.dropped, steps))


def unpack_trace(packed: bytes, *, session_id: str, app_key: str) -> Trace:
    """The trace of `pack_trace` and its columns."""
    kept = _trace(packed)
    return Trace(
        session_id=session_id,
        app_key=app_key,
        began_at=from_us(kept.began_at),
        steps=tuple(TraceStep(*step) for step in kept.steps),
        dropped=kept.dropped,
        release=None if kept.release is None else ReleaseCode(kept.release),
    )

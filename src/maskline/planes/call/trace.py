"""Traces of the calls of this worker: a few words a step, in memory while a call lives.

A step costs a look-up and an appended tuple of words that all calls share. What is worth keeping is
written later, many calls at a time, by the plane.
"""

from collections import deque
from dataclasses import dataclass, field
from sys import intern
from typing import Literal

from maskline.domain.release import ReleaseCode
from maskline.domain.trace import MAX_STEPS, Trace, TraceStep
from maskline.planes.call.trace_word import tell_media
from maskline.planes.media.engine import MediaEvent, MediaListener
from maskline.protocols.sip.message import Request, Response
from maskline.protocols.sip.stack import METHODS
from maskline.services.clock import Clock, SystemClock

LINGER_S = 1.0
"""How long after its end a call is still listened to: the answer to the last BYE belongs to it."""

Keeping = Literal["off", "failed", "all"]
"""Which calls leave a trace in the store."""

_CALL_ID = b"\r\nCall-ID: "
_CSEQ = b"\r\nCSeq: "


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceLimits:
    """`ended` traces stay in memory after their calls; `keeping` says which are stored as well."""

    keeping: Keeping = "failed"
    ended: int = 500


class CallTrace:
    """The steps of one call as they are taken. One that `is_wanted` is stored however it ended."""

    __slots__ = ("_began_s", "_now", "_steps", "app_key", "began_at", "call_ids", "dropped",
                 "ended_s", "is_wanted", "release", "session_id")  # fmt: skip

    def __init__(self, session_id: str, clock: Clock) -> None:
        self.session_id = session_id
        self.app_key = ""
        self.is_wanted = False
        self.began_at = clock.now()
        self.call_ids: list[str] = []
        self.dropped = 0
        self.release: ReleaseCode | None = None
        self.ended_s = 0.0
        self._now = clock.monotonic
        self._began_s = clock.monotonic()
        self._steps: list[tuple[float, str, str]] = []

    def note(self, where: str, what: str) -> None:
        """Add a step; over the limit it is only counted."""
        if len(self._steps) < MAX_STEPS:
            self._steps.append((self._now(), where, what))
        else:
            self.dropped += 1

    def around(self, post: MediaListener) -> MediaListener:
        """The listener, with what it hears noted."""

        def listen(event: MediaEvent) -> None:
            self.note("media", tell_media(event))
            post(event)

        return listen

    def told(self) -> Trace:
        """The trace as it is now."""
        began = self._began_s
        return Trace(
            session_id=self.session_id,
            app_key=self.app_key,
            began_at=self.began_at,
            steps=tuple(
                TraceStep(round(at - began, 4), where, what) for at, where, what in self._steps
            ),
            dropped=self.dropped,
            release=self.release,
        )


@dataclass(frozen=True, slots=True)
class _Leg:
    trace: CallTrace
    incoming: str
    outgoing: str


@dataclass(slots=True)
class CallTraces:
    """All traces of a worker; the witness of its SIP endpoint.

    Live ones are as many as there are calls, ended ones are bounded, the oldest go first.
    """

    clock: Clock = field(default_factory=SystemClock)
    limits: TraceLimits = field(default_factory=TraceLimits)
    _by_session: dict[str, CallTrace] = field(default_factory=dict[str, CallTrace])
    _legs: dict[str, _Leg] = field(default_factory=dict[str, _Leg])
    _ended: deque[CallTrace] = field(default_factory=deque[CallTrace])
    _to_keep: deque[CallTrace] = field(default_factory=deque[CallTrace])

    def begin(self, session_id: str, call_id: str) -> CallTrace:
        """The trace of a call; `call_id` is that of its incoming leg."""
        trace = self._by_session[session_id] = CallTrace(session_id, self.clock)
        self._add_leg(trace, call_id, _Leg(trace, "A>X", "X>A"))
        return trace

    def add_callee(self, trace: CallTrace, call_id: str) -> None:
        """The call has an outgoing leg."""
        self._add_leg(trace, call_id, _Leg(trace, "B>X", "X>B"))

    def end(self, trace: CallTrace, release: ReleaseCode) -> None:
        """The call is over."""
        trace.release = release
        trace.ended_s = self.clock.monotonic()
        trace.note("end", f"{int(release)} {release.name.lower()}")
        self._ended.append(trace)
        while len(self._ended) > self.limits.ended:
            self._forget(self._ended.popleft())
        if self._is_kept(trace, release) and len(self._to_keep) < self.limits.ended:
            self._to_keep.append(trace)

    def find(self, session_id: str) -> Trace | None:
        """The trace of a call that is up or has ended lately."""
        trace = self._by_session.get(session_id)
        return None if trace is None else trace.told()

    def take_finished(self, *, everything: bool = False) -> list[Trace]:
        """Those to be stored, once nothing more is to come; each is given once."""
        until = self.clock.monotonic() - LINGER_S
        taken: list[Trace] = []
        while self._to_keep and (everything or self._to_keep[0].ended_s <= until):
            taken.append(self._to_keep.popleft().told())
        return taken

    def received(self, message: Request | Response) -> None:
        """See `Witness`."""
        leg = self._legs.get(message.call_id)
        if leg is not None:
            leg.trace.note(leg.incoming, _kind(message))

    def sent(self, data: bytes) -> None:
        """See `Witness`: the lines that we write ourselves are found by how we write them."""
        start = data.find(_CALL_ID) + len(_CALL_ID)
        leg = self._legs.get(data[start : data.find(b"\r\n", start)].decode("utf-8", "replace"))
        if leg is not None:
            leg.trace.note(leg.outgoing, _title(data))

    def _add_leg(self, trace: CallTrace, call_id: str, leg: _Leg) -> None:
        trace.call_ids.append(call_id)
        self._legs[call_id] = leg

    def _forget(self, trace: CallTrace) -> None:
        self._by_session.pop(trace.session_id, None)
        for call_id in trace.call_ids:
            self._legs.pop(call_id, None)

    def _is_kept(self, trace: CallTrace, release: ReleaseCode) -> bool:
        keeping, is_failed = self.limits.keeping, release is not ReleaseCode.NORMAL
        return keeping == "all" or (keeping == "failed" and (is_failed or trace.is_wanted))


def _kind(message: Request | Response) -> str:
    if isinstance(message, Request):
        return _known(message.method)
    return intern(f"{message.status} {_known(message.cseq.method)}")


def _known(method: str) -> str:
    """A method, unless a peer made it up: then it may say anything."""
    return method if method in METHODS else "other"


def _title(data: bytes) -> str:
    """`INVITE`, or `180 INVITE`: never more of a message than its kind."""
    if not data.startswith(b"SIP/2.0 "):
        return intern(data[: data.find(b" ")].decode())  # a request of ours
    start = data.find(_CSEQ) + len(_CSEQ)
    method = data[data.find(b" ", start) + 1 : data.find(b"\r\n", start)]
    return intern(f"{data[8:11].decode()} {_known(method.decode())}")

"""Traces of the calls of this worker: a few words a step, in memory while a call lives.

A step costs a look-up and an appended tuple of words that all calls share; a SIP message besides
is only held on to. What is worth keeping is written later by the plane, its messages without
numbers, which costs more and is done for few calls.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from sys import intern
from typing import Literal

from maskline.domain.release import ReleaseCode
from maskline.domain.trace import MAX_STEPS, Trace, TraceStep
from maskline.planes.call.alias import Aliases
from maskline.planes.call.trace_message import learn_message, tell_message
from maskline.planes.call.trace_word import Facts, tell_media, tell_peer
from maskline.planes.media.engine import MediaEvent, MediaListener, MediaPeer, Side
from maskline.protocols.sip.message import Request, Response
from maskline.protocols.sip.stack import METHODS
from maskline.services.clock import Clock, SystemClock

LINGER_S = 1.0
"""How long after its end a call is still listened to: the answer to the last BYE belongs to it."""

Keeping = Literal["off", "failed", "all"]
"""Which calls leave a trace in the store."""

MAX_CALL_BYTES = 64 * 1024
"""SIP messages held of one call; those of a usual one have 15,000 bytes."""

_CALL_ID = b"\r\nCall-ID: "
SENT = frozenset({"X>A", "X>B"})
"""Steps whose messages are our own."""

_CSEQ = b"\r\nCSeq: "


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceLimits:
    """`ended` traces stay in memory after their calls; `keeping` says which are stored as well.

    Of calls that ended normally a `sampled` share is stored besides where failed ones are. With
    `has_sip` SIP messages are held, up to `held_bytes` in all; at most `sip_calls` traces have
    theirs each time that traces are taken to be stored.
    """

    keeping: Keeping = "failed"
    ended: int = 500
    sampled: float = 0.0
    has_sip: bool = True
    held_bytes: int = 64 * 1024 * 1024
    sip_calls: int = 10


class CallTrace:
    """The steps of one call as they are taken. One that `is_wanted` is stored however it ended.

    `caller`, `callee` and the `virtual` numbers are what the call's messages have tokens for.
    """

    __slots__ = ("_began_s", "_behind", "_now", "_steps", "app_key", "began_at", "call_ids",
                 "callee", "caller", "dropped", "ended_s", "held_bytes", "is_wanted", "release",
                 "session_id", "virtual")  # fmt: skip

    def __init__(self, session_id: str, clock: Clock) -> None:
        self.session_id = session_id
        self.app_key = ""
        self.caller = self.callee = ""
        self.virtual: tuple[str, ...] = ()
        self.is_wanted = False
        self.began_at = clock.now()
        self.call_ids: list[str] = []
        self.dropped = self.held_bytes = 0
        self.release: ReleaseCode | None = None
        self.ended_s = 0.0
        self._now = clock.monotonic
        self._began_s = clock.monotonic()
        self._steps: list[tuple[float, str, str]] = []
        # A few places have something behind them: a message as it passed, or facts.
        self._behind: dict[int, bytes | Facts] = {}

    def note(self, where: str, what: str, facts: Facts = ()) -> None:
        """Add a step; over the limit it is only counted."""
        if len(self._steps) < MAX_STEPS:
            if facts:
                self._behind[len(self._steps)] = facts
            self._steps.append((self._now(), where, what))
        else:
            self.dropped += 1

    def hold(self, data: bytes) -> int:
        """Keep the message of the last step as well; how many bytes that took."""
        if self.dropped or self.held_bytes + len(data) > MAX_CALL_BYTES:
            return 0
        self._behind[len(self._steps) - 1] = data
        self.held_bytes += len(data)
        return len(data)

    def agreed(self, side: Side, peer: MediaPeer) -> None:
        """A far end was agreed with a party's network."""
        self.note("media", *tell_peer(side, peer))

    def around(self, post: MediaListener) -> MediaListener:
        """The listener, with what it hears noted."""

        def listen(event: MediaEvent) -> None:
            self.note("media", tell_media(event))
            post(event)

        return listen

    def told(self, *, has_details: bool = True) -> Trace:
        """The trace as it is now. Details are some milliseconds of work."""
        began = self._began_s
        behind = self._details() if has_details else {}
        return Trace(
            session_id=self.session_id,
            app_key=self.app_key,
            began_at=self.began_at,
            steps=tuple(
                TraceStep(round(at - began, 4), where, what, behind.get(place, ""))
                for place, (at, where, what) in enumerate(self._steps)
            ),
            dropped=self.dropped,
            release=self.release,
        )

    def _details(self) -> dict[int, str]:
        """What stands behind the steps, by their places, with tokens."""
        aliases = Aliases(caller=self.caller, callee=self.callee, virtual=self.virtual)
        behind = self._behind.items()
        for place, known in behind:
            if isinstance(known, bytes) and self._steps[place][1] in SENT:
                learn_message(known, aliases)
        return {
            place: tell_message(known, aliases)
            if isinstance(known, bytes)
            else "\n".join([f"{name}: {aliases.fact(value)}" for name, value in known])
            for place, known in behind
        }


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
    _held_bytes: int = 0
    _normal: int = 0

    def begin(self, session_id: str, call_id: str) -> CallTrace:
        """The trace of a call; `call_id` is that of its incoming leg."""
        trace = self._by_session[session_id] = CallTrace(session_id, self.clock)
        self._add_leg(trace, call_id, _Leg(trace, "A>X", "X>A"))
        return trace

    def arrived(self, trace: CallTrace, invite: Request) -> None:
        """The first step: what the call came with, which nobody could witness as the call's."""
        trace.note("A>X", "INVITE")
        self._hold(trace, invite, None)

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

    def find(self, session_id: str, *, has_details: bool = True) -> Trace | None:
        """The trace of a call that is up or has ended lately.

        Somebody looks at it, so that it is kept: of a good call there would be none later.
        """
        trace = self._by_session.get(session_id)
        if trace is None:
            return None
        trace.is_wanted = True
        return trace.told(has_details=has_details)

    def take_finished(self, *, everything: bool = False) -> Iterator[Trace]:
        """Those to be stored, once nothing more is to come; each is given once.

        As many as `limits` allows have their details; let others work between two of them.
        """
        until = self.clock.monotonic() - LINGER_S
        taken = 0
        while self._to_keep and (everything or self._to_keep[0].ended_s <= until):
            yield self._to_keep.popleft().told(has_details=taken < self.limits.sip_calls)
            taken += 1

    def received(self, message: Request | Response, data: bytes | None) -> None:
        """See `Witness`."""
        leg = self._legs.get(message.call_id)
        if leg is not None:
            leg.trace.note(leg.incoming, _kind(message))
            self._hold(leg.trace, message, data)

    def sent(self, data: bytes) -> None:
        """See `Witness`: the lines that we write ourselves are found by how we write them."""
        start = data.find(_CALL_ID) + len(_CALL_ID)
        leg = self._legs.get(data[start : data.find(b"\r\n", start)].decode("utf-8", "replace"))
        if leg is not None:
            leg.trace.note(leg.outgoing, _title(data))
            if self.limits.has_sip and self._held_bytes < self.limits.held_bytes:
                self._held_bytes += leg.trace.hold(data)

    def _hold(self, trace: CallTrace, message: Request | Response, data: bytes | None) -> None:
        if self.limits.has_sip and self._held_bytes < self.limits.held_bytes:
            self._held_bytes += trace.hold(message.to_bytes() if data is None else data)

    def _add_leg(self, trace: CallTrace, call_id: str, leg: _Leg) -> None:
        trace.call_ids.append(call_id)
        self._legs[call_id] = leg

    def _forget(self, trace: CallTrace) -> None:
        self._held_bytes -= trace.held_bytes
        trace.held_bytes = 0
        self._by_session.pop(trace.session_id, None)
        for call_id in trace.call_ids:
            self._legs.pop(call_id, None)

    def _is_kept(self, trace: CallTrace, release: ReleaseCode) -> bool:
        keeping = self.limits.keeping
        if keeping != "failed" or trace.is_wanted or release is not ReleaseCode.NORMAL:
            return keeping != "off"
        # Evenly, so that a share of them needs no chance.
        self._normal += 1
        share = self.limits.sampled
        return int(self._normal * share) > int((self._normal - 1) * share)


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

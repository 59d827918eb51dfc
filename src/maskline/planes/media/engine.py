"""The media seam: what a call script may ask of a media engine, and what the engine tells back.

A call has two sides. Each side is a local port that one party sends to, and the negotiated far
end of that party. The engine relays between the sides and hides each from the other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Literal, Protocol

from maskline.domain.error import BusyError, MasklineError, PlatformError

CALL_ID_MAX_CHARS = 128
"""Longest call id that an engine accepts."""


class Side(Enum):
    """Which of the two parties of a call."""

    CALLER = 0
    CALLEE = 1

    @property
    def other(self) -> "Side":
        """The side that this one talks to."""
        return Side.CALLEE if self is Side.CALLER else Side.CALLER


@dataclass(frozen=True, slots=True)
class AudioCodec:
    """An audio codec under the payload type that the side negotiated for it (RFC 3551 6)."""

    name: Literal["PCMA", "PCMU"]
    payload_type: int


@dataclass(frozen=True, slots=True)
class MediaPeer:
    """The negotiated far end of one side.

    `address` is numeric. `telephone_event` is the payload type of RFC 4733 digits, None when the
    side did not negotiate them. `sends` and `receives` are the far end's directions: a party on
    hold does not receive. `rtcp_port` None is `port` + 1 (RFC 3550 11). `comfort_noise` says that
    payload type 13 was negotiated (RFC 3389).

    A party is sent `codec` and `telephone_event`. Where it answered an offer of ours it may send
    `other_codecs` of its answer as well, and digits under the type of our offer, `offered_event`
    (RFC 3264 6.1, 7).
    """

    address: str
    port: int
    codec: AudioCodec
    telephone_event: int | None
    sends: bool = True
    receives: bool = True
    rtcp_port: int | None = None
    comfort_noise: bool = False
    other_codecs: tuple[AudioCodec, ...] = ()
    offered_event: int | None = None


@dataclass(frozen=True, slots=True)
class LocalMedia:
    """The address and RTP port to announce to one side; RTCP is on the next port."""

    address: str
    port: int


@dataclass(frozen=True, slots=True)
class OpenedMedia:
    """What to announce to each side of a call."""

    caller: LocalMedia
    callee: LocalMedia


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaStats:
    """What passed between the engine and the party of one side.

    `received_*` came from the party and was accepted; `sent_*` went to it. Octets are payload.
    `lost`, `late` and `jitter_ms` describe what came in (RFC 3550 A.3, A.8); `late` counts
    packets out of order and duplicates. `strangers` came from a source that is not the party's;
    `invalid` were no RTP, of a payload type that was not negotiated, or a flood. Times are
    seconds of the system-wide monotonic clock. `remote_*` and `round_trip_ms` are what the
    party's own reports said of what we sent; None without a report.
    """

    received_packets: int = 0
    received_octets: int = 0
    sent_packets: int = 0
    sent_octets: int = 0
    lost: int = 0
    late: int = 0
    jitter_ms: float = 0.0
    strangers: int = 0
    invalid: int = 0
    first_packet_at: float | None = None
    last_packet_at: float | None = None
    remote_lost: int | None = None
    remote_jitter_ms: float | None = None
    round_trip_ms: float | None = None


@dataclass(frozen=True, slots=True)
class ClosedMedia:
    """The sums of a call. Both are zero for a call that the engine no longer knew."""

    caller: MediaStats = MediaStats()
    callee: MediaStats = MediaStats()


@dataclass(frozen=True, slots=True)
class Prompt:
    """A voice file that the engine can open: absolute path, 8 kHz mono."""

    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitRule:
    """When collecting digits ends: at `max_digits`, at `terminator`, or at a silence.

    `first_timeout_s` runs until the first digit, `next_timeout_s` between digits.
    """

    max_digits: int
    terminator: str | None = None
    first_timeout_s: float = 10.0
    next_timeout_s: float = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRule:
    """Where a recording goes and how long it may get."""

    path: str
    limit_s: float


class PlayEnd(StrEnum):
    """Why a prompt is no longer heard."""

    FINISHED = "finished"
    STOPPED = "stopped"
    CUT_BY_DIGIT = "cut_by_digit"
    FAILED = "failed"


class CollectEnd(StrEnum):
    """Why collecting digits ended."""

    COMPLETE = "complete"
    TERMINATOR = "terminator"
    TIMEOUT = "timeout"


@dataclass(frozen=True, slots=True)
class DigitPressed:
    """A party pressed a key (`0`-`9`, `*`, `#`, `A`-`D`); reported once, when it is released."""

    call_id: str
    side: Side
    digit: str
    duration_ms: int


@dataclass(frozen=True, slots=True)
class DigitsCollected:
    """What `collect` asked for has ended. `digits` is without the terminator."""

    call_id: str
    side: Side
    digits: str
    why: CollectEnd


@dataclass(frozen=True, slots=True)
class PlayEnded:
    """A prompt has ended."""

    call_id: str
    play_id: str
    why: PlayEnd


@dataclass(frozen=True, slots=True)
class MediaLost:
    """A party that sent media, and should, has sent none for the engine's loss time."""

    call_id: str
    side: Side


@dataclass(frozen=True, slots=True)
class MediaResumed:
    """After `MediaLost`: media of the party came back, or is no longer expected of it."""

    call_id: str
    side: Side


@dataclass(frozen=True, slots=True)
class RecordingEnded:
    """A recording is complete. `path` None: it failed."""

    call_id: str
    path: str | None
    duration_s: float


@dataclass(frozen=True, slots=True)
class EngineFailed:
    """The media of a call is gone with its engine; None: the engine itself, all calls with it."""

    call_id: str | None


MediaEvent = (
    DigitPressed
    | DigitsCollected
    | PlayEnded
    | MediaLost
    | MediaResumed
    | RecordingEnded
    | EngineFailed
)

MediaListener = Callable[[MediaEvent], None]
"""Called on the event loop that started the engine. It must neither block nor raise."""


class MediaError(MasklineError):
    """Root of what a media engine raises."""


class EngineBusy(MediaError, BusyError):
    """No port, call or request slot is free."""


class EngineGone(MediaError, PlatformError):
    """The engine is not running, or did not answer in time."""


class UnknownCall(MediaError, PlatformError):
    """The engine has no such call: it was never opened, was closed, or died with the engine."""


class CallExists(MediaError, PlatformError):
    """A call with this id is open already."""


class BadMedia(MediaError, PlatformError):
    """A value given to the engine is unusable: address, port or payload type."""


class NotSupportedYet(MediaError, PlatformError):
    """This engine cannot do that."""


class MediaEngine(Protocol):
    """Sockets, relay, prompts, digits and recordings of calls.

    Every method but `start` and `aclose` raises `EngineGone` when the engine is down, and every
    one that names an open call raises `UnknownCall` when it is not open. A method that returns
    has taken effect.
    """

    async def start(self) -> None:
        """Get ready to open calls. Raises `EngineGone` when that fails."""
        ...

    async def aclose(self) -> None:
        """Close every call without events and free all ports. May be repeated."""
        ...

    async def open(self, call_id: str, listener: MediaListener) -> OpenedMedia:
        """Take the ports of both sides, so that an answer can be built at any time.

        Nothing flows yet. Raises `EngineBusy`, `CallExists`, `BadMedia` (id over
        `CALL_ID_MAX_CHARS`).
        """
        ...

    async def connect(self, call_id: str, side: Side, peer: MediaPeer) -> None:
        """Set the negotiated far end of a side; again after a re-negotiation or a hold.

        Raises `BadMedia` for an address or payload type that cannot be used.
        """
        ...

    async def early(self, call_id: str) -> None:
        """Let the callee's media flow to the caller, and nothing the other way."""
        ...

    async def bridge(self, call_id: str) -> None:
        """Let media flow both ways."""
        ...

    async def block(self, call_id: str, side: Side, blocked: bool) -> None:  # noqa: FBT001 - the state itself
        """Stop or restart what `side` sends from reaching the other; its digits still report."""
        ...

    async def play(
        self, call_id: str, to: frozenset[Side], prompt: Prompt, times: int | None
    ) -> str:
        """Play a prompt in place of the other side's media; None repeats it until stopped.

        Returns the play's id. It ends with exactly one `PlayEnded`. Raises `NotSupportedYet`.
        """
        ...

    async def stop(self, call_id: str, play_id: str) -> None:
        """End a prompt; one that has ended already is no error. Raises `NotSupportedYet`."""
        ...

    async def collect(self, call_id: str, side: Side, rule: DigitRule) -> None:
        """Gather digits; ends with one `DigitsCollected`. Raises `NotSupportedYet`."""
        ...

    async def record(self, call_id: str, rule: RecordRule) -> None:
        """Record both sides; ends with one `RecordingEnded`. Raises `NotSupportedYet`."""
        ...

    async def stop_record(self, call_id: str) -> None:
        """End the recording. Raises `NotSupportedYet`."""
        ...

    async def close(self, call_id: str) -> ClosedMedia:
        """Free the call's ports and return its sums. No event of the call follows.

        Never raises: a call that is unknown, or whose engine is gone, has zero sums.
        """
        ...

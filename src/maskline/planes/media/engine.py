"""The media seam: what a call script may ask of a media engine, and what the engine tells back.

A call has two sides. Each side is a local port that one party sends to, and the negotiated far
end of that party. The engine relays between the sides and hides each from the other.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Literal, Protocol

from msgspec import Struct

from maskline.domain.error import BusyError, MasklineError, PlatformError
from maskline.domain.trunk import Protection

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
    """An audio codec under the payload type that the side negotiated for it (RFC 3551 6).

    `name` is the encoding name of its `a=rtpmap`, `clock_rate`, `channels` and `parameters`
    (`a=fmtp`) as there.
    """

    name: str
    payload_type: int
    clock_rate: int = 8000
    channels: int = 1
    parameters: str = ""


class SdesKey(Struct, frozen=True, tag="sdes"):
    """The key under which its owner sends (RFC 4568 4): `a=crypto:tag suite inline:key`.

    `suite` is the registered name (`AES_CM_128_HMAC_SHA1_80`), `key` the master key and salt.
    """

    tag: int
    suite: str
    key: bytes

    def __repr__(self) -> str:
        """Show all but the key."""
        return f"SdesKey(tag={self.tag}, suite={self.suite!r})"


class DtlsIdentity(Struct, frozen=True, tag="dtls"):
    """The certificate its owner shows in the DTLS handshake (RFC 8122, RFC 5763 5).

    `algorithm` is the hash's name (`sha-256`), `fingerprint` its colon-separated value, `setup`
    `actpass`, `active` or `passive`.
    """

    algorithm: str
    fingerprint: str
    setup: str


Keying = SdesKey | DtlsIdentity
"""What a side's description says of its encryption; None where it is not encrypted."""


@dataclass(frozen=True, slots=True)
class Abilities:
    """What an engine can do with the packets of a call.

    `codecs` are those it relays, best first, by encoding name; between those in `transcoded` it
    translates, and those it can play, record and listen to. One that is not there needs the same
    codec on both sides, and no prompt, recording or in-band digit. One that never `records` says
    so before anybody is rung for a call that must be.
    """

    codecs: tuple[str, ...]
    transcoded: frozenset[str]
    protections: frozenset[Protection]
    records: bool = True


@dataclass(frozen=True, slots=True)
class MediaPeer:
    """The negotiated far end of one side.

    `address` is numeric. `telephone_event` is the payload type of RFC 4733 digits, None when the
    side did not negotiate them. `sends` and `receives` are the far end's directions: a party on
    hold does not receive. `rtcp_port` None is `port` + 1 (RFC 3550 11). `comfort_noise` says that
    payload type 13 was negotiated (RFC 3389).

    `keying` is how the party encrypts what it sends, None when it does not.

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
    keying: Keying | None = None


@dataclass(frozen=True, slots=True)
class LocalMedia:
    """What to announce to one side; RTCP is on the next port.

    `keying` is how we encrypt what we send there, None when we do not.
    """

    address: str
    port: int
    keying: Keying | None = None


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
    packets out of order and duplicates. `strangers` came from a source that is not the party's,
    while the side was open to all. `invalid` were no RTP, of a payload type that was not
    negotiated, or a flood. Times are seconds of the system-wide monotonic clock. `remote_*` and
    `round_trip_ms` are what the party's own reports said of what we sent; None without a
    report.
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

    `first_timeout_s` runs until the first digit, `next_timeout_s` between digits. While the
    prompt `cuts` is heard the first time-out has not begun; the first digit ends that prompt.
    `is_private` keeps the digits from the other party.
    """

    max_digits: int
    terminator: str | None = None
    first_timeout_s: float = 10.0
    next_timeout_s: float = 5.0
    cuts: str | None = None
    is_private: bool = True


@dataclass(frozen=True, slots=True)
class RecordFile:
    """A sealed recording to be written (`maskline.protocols.recording`).

    `head` stands in clear at the start of the file, `key` seals the audio after it.
    """

    path: str
    head: bytes
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRule:
    """Where a recording goes, and how long it may get.

    One channel mixes both; of two, the first holds what the caller said, the second the callee.
    """

    file: RecordFile
    limit_s: float
    channels: Literal[1, 2] = 1


class PlayEnd(StrEnum):
    """Why a prompt is no longer heard."""

    FINISHED = "finished"
    STOPPED = "stopped"
    CUT_BY_DIGIT = "cut_by_digit"
    FAILED = "failed"


class CollectEnd(StrEnum):
    """Why collecting digits ended. STOPPED: by `stop_collect`, or another `collect`."""

    COMPLETE = "complete"
    TERMINATOR = "terminator"
    TIMEOUT = "timeout"
    STOPPED = "stopped"


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
class RecordingBroke:
    """The recording of a call that goes on cannot be continued; what there is is kept."""

    call_id: str


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
    | RecordingBroke
    | EngineFailed
)

MediaListener = Callable[[MediaEvent], None]
"""Called on the event loop that started the engine. It must neither block nor raise."""


@dataclass(frozen=True, slots=True)
class RecordingDone:
    """The file at `path` is complete, or as complete as it can get: a repaired one counts.

    `duration_s` 0 says that nothing was kept and the file is gone. It may come after the call was
    closed, and also when the media of a call died.
    """

    path: str
    duration_s: float


RecordingListener = Callable[[RecordingDone], None]
"""Called as a `MediaListener` is, with each recording that an engine has finished."""


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


class CannotPlay(MediaError, PlatformError):
    """The prompt's file is missing or is no A-law WAV of 8 kHz, mono."""


class CannotRecord(MediaError, PlatformError):
    """The recording could not be started: its file, or whatever would write it, fails."""


class Unable(MediaError, PlatformError):
    """This engine cannot do that at all: see its `abilities`."""


MEDIA_GONE = (EngineGone, UnknownCall)
"""Raised by the verbs of an open call when its media died; `EngineFailed` may be told later."""


class MediaEngine(Protocol):
    """Sockets, relay, prompts, digits and recordings of calls.

    Every method but `start` and `aclose` raises `EngineGone` when the engine is down, and every
    one that names an open call raises `UnknownCall` when it is not open. A method that returns
    has taken effect.
    """

    @property
    def abilities(self) -> Abilities:
        """What it can do; the same from `start` to `aclose`."""
        ...

    @property
    def is_up(self) -> bool:
        """Whether calls can be opened now, ports permitting."""
        ...

    async def start(self, keepsakes: Collection[bytes] = ()) -> None:
        """Get ready to open calls. Raises `EngineGone` when that fails.

        Of what an earlier run left, the media of these calls goes on until it is adopted or
        closed; everything else ends.
        """
        ...

    async def aclose(self) -> None:
        """Close every call without events and free all ports. May be repeated."""
        ...

    def unfinished(self) -> Sequence[str]:
        """Recordings that are still to be told, after `start` those that an earlier run left."""
        ...

    async def open(self, call_id: str, listener: MediaListener) -> OpenedMedia:
        """Take the ports of both sides, so that an answer can be built at any time.

        Nothing flows yet. Raises `EngineBusy`, `CallExists`, `BadMedia` (id over
        `CALL_ID_MAX_CHARS`).
        """
        ...

    def keepsake(self, call_id: str) -> bytes:
        """By what a later run finds the media of an open call; empty when it ends with this one."""
        ...

    async def adopt(
        self,
        call_id: str,
        keepsake: bytes,
        opened: OpenedMedia,
        peers: Mapping[Side, MediaPeer],
        listener: MediaListener,
    ) -> bool:
        """Go on with the bridged call of an earlier run, which `start` was told of; False: gone.

        A recording goes on as well. Without it, what `start` left alive for the keepsake ends with
        the engine.
        """
        ...

    async def secure(self, call_id: str, side: Side, protection: Protection) -> LocalMedia:
        """Say how a side that is to be offered media is to be encrypted; what to offer it.

        Raises `Unable` for a protection that is not among the abilities.
        """
        ...

    async def connect(self, call_id: str, side: Side, peer: MediaPeer) -> LocalMedia:
        """Set the negotiated far end of a side; again after a re-negotiation or a hold.

        Returns what to announce to the party: address and port are those of `open`, and its
        `keying` answers that of the peer. Raises `BadMedia` for an address, payload type or key
        that cannot be used, `Unable` for a codec or protection that is not among the abilities.
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

        It needs a connected side but neither `early` nor `bridge`. A side hears one prompt at a
        time: a later one takes the place of an earlier, which ends as stopped once nobody hears
        it. A side on hold misses it. Returns the play's id; it ends with exactly one `PlayEnded`,
        and then the side hears the other again. Raises `CannotPlay`, `BadMedia` (no side, a side
        that is not connected, times below 1), `Unable` (a codec that it cannot play).
        """
        ...

    async def stop(self, call_id: str, play_id: str) -> None:
        """End a prompt; one that has ended already is no error."""
        ...

    async def collect(self, call_id: str, side: Side, rule: DigitRule) -> None:
        """Gather the digits of a side, one collection a side; ends with one `DigitsCollected`.

        Digits come as RFC 4733 events; from a side that negotiated none, as tones in its audio; and
        by `press`. One key press that comes in two ways counts once, and stays private if it was.
        Keys pressed before are not among them. `DigitPressed` is told as well. Raises `BadMedia`
        for a rule that cannot end.
        """
        ...

    async def stop_collect(self, call_id: str, side: Side) -> None:
        """End collecting; without one it is no error."""
        ...

    async def press(self, call_id: str, side: Side, digit: str, duration_ms: int) -> None:
        """Take a key press of a side that came in signalling (SIP INFO)."""
        ...

    async def record(self, call_id: str, rule: RecordRule) -> None:
        """Record both sides from now on. Raises `CannotRecord`, `Unable`, `BadMedia` (it does)."""
        ...

    async def stop_record(self, call_id: str) -> float:
        """End the recording; its length in seconds, 0 without one. The file is done later."""
        ...

    async def close(self, call_id: str) -> ClosedMedia:
        """Free the call's ports and return its sums. No event of the call follows.

        A recording ends with it. Never raises: a call that is unknown, or whose engine is gone,
        has zero sums.
        """
        ...

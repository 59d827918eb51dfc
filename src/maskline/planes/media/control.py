"""The frames between the engine and its worker: batches of numbered requests, replies, events.

A frame is one message of a sequenced-packet socket. Both ends are the same release, so the form
may change with any release.
"""

from typing import ClassVar

import msgspec

from maskline.planes.media.engine import MediaPeer, MediaStats, PlayEnd, SdesKey, Side
from maskline.planes.media.flow import Flow
from maskline.planes.media.gathering import Gathering
from maskline.planes.media.settings import EmbeddedSettings

MAX_FRAME_BYTES = 65536
"""Largest frame."""

MAX_BATCH = 32
"""Messages in one frame, fewer where they are long: see `MAX_FRAME_BYTES`."""


class Message(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """Base of everything in a frame."""


class Configure(Message, frozen=True):
    """First frame to a worker; it answers `Done`, or `Refused` when it cannot start."""

    settings: EmbeddedSettings


class Ping(Message, frozen=True):
    """Show that you are alive; answered `Done`."""


class Open(Message, frozen=True):
    """Take the ports of a call; answered `Opened`."""

    call_id: str


class Connect(Message, frozen=True):
    """Set the far end of a side, and our key towards one that encrypts; answered `Done`."""

    call_id: str
    side: Side
    peer: MediaPeer
    key: SdesKey | None = None


class SetFlow(Message, frozen=True):
    """Say between which sides media flows; answered `Done`."""

    call_id: str
    flow: Flow


class Block(Message, frozen=True):
    """Hold back what a side sends, or no longer; answered `Done`."""

    call_id: str
    side: Side
    blocked: bool


class Play(Message, frozen=True):
    """Play a prompt to some sides; answered `Done`, and followed by one `Ended`."""

    call_id: str
    play_id: str
    to: frozenset[Side]
    path: str
    times: int | None


class EndPlay(Message, frozen=True):
    """End a prompt, if it is heard; answered `Done`."""

    call_id: str
    play_id: str
    why: PlayEnd


class Gather(Message, frozen=True):
    """Listen for digits of a side; answered `Done`."""

    call_id: str
    side: Side
    gathering: Gathering


class Record(Message, frozen=True):
    """Record a call under the number that the recorder knows it by; answered `Done`."""

    call_id: str
    number: int
    limit_s: float
    is_mixed: bool


class StopRecord(Message, frozen=True):
    """End the recording of a call; answered `Recorded`."""

    call_id: str


class Close(Message, frozen=True):
    """Free the ports of a call, and end its recording; answered `Closed`."""

    call_id: str


CallChange = Connect | SetFlow | Block | Play | EndPlay | Gather | Record | StopRecord
Request = Configure | Ping | Open | CallChange | Close


class Opened(Message, frozen=True):
    """The ports of a call's two sides."""

    caller_port: int
    callee_port: int


class Done(Message, frozen=True):
    """The request took effect."""


class Closed(Message, frozen=True):
    """The sums of a call that was closed."""

    caller: MediaStats
    callee: MediaStats


class Recorded(Message, frozen=True):
    """How much was recorded; 0 without a recording."""

    samples: int


class Refused(Message, frozen=True):
    """The request had no effect. `why` names the error of the seam."""

    BUSY: ClassVar = "busy"
    UNKNOWN: ClassVar = "unknown"
    EXISTS: ClassVar = "exists"
    BAD: ClassVar = "bad"
    UNABLE: ClassVar = "unable"
    NO_SOUND: ClassVar = "no sound"
    NO_RECORDER: ClassVar = "no recorder"

    why: str
    detail: str


class Pressed(Message, frozen=True):
    """A key was pressed and released; `is_tone`: it was heard in the audio."""

    call_id: str
    side: Side
    digit: str
    duration_ms: int
    is_tone: bool = False


class Ended(Message, frozen=True):
    """A prompt is no longer heard."""

    call_id: str
    play_id: str
    why: PlayEnd


class Lost(Message, frozen=True):
    """A side's media stopped."""

    call_id: str
    side: Side


class Resumed(Message, frozen=True):
    """A side's media came back."""

    call_id: str
    side: Side


class EventsDropped(Message, frozen=True):
    """So many events found no room since the last word of it: the engine did not read in time."""

    count: int


Reply = Opened | Done | Closed | Recorded | Refused
CallEvent = Pressed | Ended | Lost | Resumed
Event = CallEvent | EventsDropped

EVENT_ID = 0
"""The number that events carry in place of a request's."""

RequestBatch = list[tuple[int, Request]]
AnswerBatch = list[tuple[int, Reply | Event]]

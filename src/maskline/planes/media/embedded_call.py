"""What the embedded engine knows of an open call on its own side of the channel."""

from collections.abc import Callable

import structlog

from maskline.planes.media.call_digits import CallDigits
from maskline.planes.media.control import CallEvent, Ended, Lost, Pressed, Resumed
from maskline.planes.media.digits import KeySource
from maskline.planes.media.engine import (
    LocalMedia,
    MediaEvent,
    MediaListener,
    MediaLost,
    MediaPeer,
    MediaResumed,
    PlayEnded,
    SdesKey,
    Side,
)

_log = structlog.stdlib.get_logger()


class EmbeddedCall:
    """Listener, prompts, digits, keys and recording of a call.

    `keys` are those under which we send to each side that is encrypted.
    `playing` are the ids of prompts that have not ended. `recording` is the number that the
    recorder knows the recording by.
    """

    __slots__ = (
        "_listener",
        "call_id",
        "digits",
        "keys",
        "local",
        "peers",
        "playing",
        "recording",
    )

    def __init__(
        self,
        call_id: str,
        listener: MediaListener,
        *,
        cut: Callable[[str], None],
        ended: Callable[[Side], None],
    ) -> None:
        """`cut` is to end a prompt, `ended` to let a side's digits pass again."""
        self.call_id = call_id
        self.local: dict[Side, LocalMedia] = {}
        self.keys: dict[Side, SdesKey] = {}
        self.playing: set[str] = set()
        self.peers: dict[Side, MediaPeer] = {}
        self.recording: int | None = None
        self.digits = CallDigits(call_id, self.tell, cut=cut, ended=ended)
        self._listener = listener

    def take(self, event: CallEvent) -> None:
        """Take what the worker tells of the call."""
        match event:
            case Pressed():
                source = KeySource.TONE if event.is_tone else KeySource.EVENT
                self.digits.press(event.side, event.digit, event.duration_ms, source)
            case Ended():
                self.playing.discard(event.play_id)
                self.digits.end_play(event.play_id)
                self.tell(PlayEnded(self.call_id, event.play_id, event.why))
            case Lost():
                self.tell(MediaLost(self.call_id, event.side))
            case Resumed():
                self.tell(MediaResumed(self.call_id, event.side))

    def tell(self, event: MediaEvent) -> None:
        """Give an event to the call's listener."""
        try:
            self._listener(event)
        except Exception:  # noqa: BLE001 - a listener is foreign code
            # The fault of one call's script must not reach the calls behind it in the queue.
            _log.exception("media listener failed", call_id=self.call_id)

    def close(self) -> None:
        """Let go of timers: nothing more is told."""
        self.digits.close()

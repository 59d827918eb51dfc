"""Two sides of a call, and what each of them hears: the other, a prompt, or nothing."""

from maskline.planes.media.engine import BadMedia, MediaPeer, PlayEnd, SdesKey, Side, Unable
from maskline.planes.media.flow import Flow
from maskline.planes.media.gathering import Gathering
from maskline.planes.media.loss_watch import LossWatch
from maskline.planes.media.payload_rule import check_codec
from maskline.planes.media.player import Play
from maskline.planes.media.relay import CallEvents, MediaSide
from maskline.planes.media.settings import EmbeddedSettings
from maskline.planes.media.tap import Tap


class MediaCall:
    """Two sides and what flows between them."""

    __slots__ = ("_events", "_flow", "_watch", "callee", "caller", "tap")

    def __init__(
        self, caller: MediaSide, callee: MediaSide, settings: EmbeddedSettings, events: CallEvents
    ) -> None:
        """Lost media is watched for once both ways are open."""
        self.caller = caller
        self.callee = callee
        self.tap: Tap | None = None
        self._events = events
        self._flow = Flow.NONE
        self._watch = LossWatch(settings.loss_after_s, settings.start_after_s)

    def at(self, side: Side) -> MediaSide:
        """Return one side."""
        return self.caller if side is Side.CALLER else self.callee

    def connect(
        self, side: Side, peer: MediaPeer, now: float, *, key: SdesKey | None = None
    ) -> None:
        """Set the far end of a side, and our key towards it where it encrypts.

        Raises `BadMedia`, `Unable`; then nothing has changed.
        """
        ear = self.at(side)
        check_codec(peer, self.at(side.other).peer)
        before = ear.party.negotiated
        ear.connect(peer, key, now)
        if ear.party.negotiated != before:
            self.at(side.other).interrupt()
        if ear.law is None and ear.play is not None:
            self.end_play(ear.play, PlayEnd.FAILED)
        self._rewire()

    def set_flow(self, flow: Flow, now: float) -> None:
        """Say between which sides media flows."""
        if flow is not self._flow:
            self._flow = flow
            self._watch.since = now
            self._rewire()

    def block(self, side: Side, *, is_blocked: bool) -> None:
        """Hold back what a side sends, or no longer."""
        self.at(side).is_blocked = is_blocked
        self._rewire()

    def gather(self, side: Side, gathering: Gathering, now: float) -> None:
        """Listen for digits of a side, or no longer. Raises `Unable`."""
        ear = self.at(side)
        has_no_digits = (
            ear.peer is not None and ear.peer.telephone_event is None and ear.law is None
        )
        if gathering is not Gathering.NO and has_no_digits:
            raise Unable("no digits can be heard in this codec")
        if gathering is Gathering.NO:
            ear.end_gathering(now)
        else:
            ear.gathering = gathering
        self._rewire()

    def sweep(self, now: float) -> None:
        """Do what is due every `SWEEP_S`."""
        watch = self._watch if self._flow is Flow.BOTH else None
        self.caller.sweep(now, watch)
        self.callee.sweep(now, watch)
        for ear in (self.caller, self.callee):
            if ear.gathering is Gathering.ENDING and ear.has_gathered(now):
                ear.gathering = Gathering.NO
                self._rewire()
        self._speed_up()

    # Prompts.

    def check_ears(self, sides: frozenset[Side]) -> list[MediaSide]:
        """Return the sides that are to hear a prompt. Raises `BadMedia`, `Unable`."""
        ears = [self.at(side) for side in Side if side in sides]
        if not ears or any(ear.peer is None for ear in ears):
            raise BadMedia("a prompt needs a connected side")
        if any(ear.law is None for ear in ears):
            raise Unable("no prompt can be played in this codec")
        return ears

    def play(self, play: Play, ears: list[MediaSide]) -> None:
        """Let `ears` hear a prompt, in place of what they hear now."""
        for ear in ears:
            former = ear.play
            ear.begin_play(play)
            if former is not None:
                former.ears.remove(ear)
                if not former.ears:
                    self._events.ended(former.play_id, PlayEnd.STOPPED)
        self._rewire()

    def find_play(self, play_id: str) -> Play | None:
        """The prompt with this id, None when nobody hears it any more."""
        for ear in (self.caller, self.callee):
            if ear.play is not None and ear.play.play_id == play_id:
                return ear.play
        return None

    def end_play(self, play: Play, why: PlayEnd) -> None:
        """End a prompt; its ears hear the other side again."""
        play.ears.clear()
        for ear in (self.caller, self.callee):
            if ear.play is play:
                ear.play = None
        self._rewire()
        self._events.ended(play.play_id, why)

    def close(self) -> None:
        """Let go of all that refers to the call, without events."""
        self.caller.close()
        self.callee.close()

    # Recording.

    def check_tap(self) -> None:
        """Raise `BadMedia` when it is recorded already, `Unable` when it cannot be."""
        if self.tap is not None:
            raise BadMedia("the call is being recorded")
        if any(ear.peer is not None and ear.law is None for ear in (self.caller, self.callee)):
            raise Unable("no recording can be made of this codec")

    def set_tap(self, tap: Tap | None) -> None:
        """Put what both sides are sent on a recording, or no longer."""
        self._settle()
        self.tap = tap
        # What the caller says is what the callee hears.
        self.callee.lane = None if tap is None else tap.first
        self.caller.lane = None if tap is None else tap.second

    def flush_tap(self, tap: Tap, now: float) -> None:
        """Write what is finished of a recording, also of one that has been stopped."""
        tap.flush(now)
        if tap.is_over and tap is self.tap:
            # It is kept for its length, but takes no more sound.
            self._settle()
            self.caller.lane = self.callee.lane = None
        self.caller.find_place()
        self.callee.find_place()
        self._speed_up()

    def _settle(self) -> None:
        self.caller.settle()
        self.callee.settle()

    def _speed_up(self) -> None:
        self.caller.speed_up()
        self.callee.speed_up()

    def _rewire(self) -> None:
        self._rewire_side(self.caller, self.callee, is_open=self._flow is Flow.BOTH)
        self._rewire_side(self.callee, self.caller, is_open=self._flow is not Flow.NONE)

    def _rewire_side(self, side: MediaSide, other: MediaSide, *, is_open: bool) -> None:
        side.set_rules(other.peer)
        forwards_to = other if is_open and side.is_heard and other.hears_other else None
        if forwards_to is not None and side.forwards_to is None:
            other.interrupt()
        side.forwards_to = forwards_to

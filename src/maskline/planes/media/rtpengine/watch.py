"""Whether the parties of a call still send, by the counts that a daemon is asked for."""

from dataclasses import dataclass

from maskline.planes.media.engine import MediaEvent, MediaLost, MediaResumed, Side


@dataclass(slots=True)
class _Seen:
    packets: int = 0
    changed_at: float = 0.0
    expected_since: float | None = None
    is_lost: bool = False


class MediaWatch:
    """Watches one call. A loss is noticed as late as the daemon is asked."""

    __slots__ = ("_call_id", "_loss_after_s", "_seen", "_start_after_s")

    def __init__(self, call_id: str, loss_after_s: float, start_after_s: float) -> None:
        """`loss_after_s` and `start_after_s` as in the settings, 0 for never."""
        self._call_id = call_id
        self._loss_after_s = loss_after_s
        self._start_after_s = start_after_s
        self._seen = {side: _Seen() for side in Side}

    def expect(self, side: Side, expected: bool, now: float) -> None:  # noqa: FBT001 - the state itself
        """Say whether media of a side is due: both ways are open, and it is not on hold."""
        seen = self._seen[side]
        if not expected:
            seen.expected_since = None
        elif seen.expected_since is None:
            seen.expected_since = now

    def count(self, side: Side, packets: int, now: float) -> MediaEvent | None:
        """Take how many packets came from a side in all; what is to be told of that."""
        seen = self._seen[side]
        has_come = packets != seen.packets
        if has_come:
            seen.packets = packets
            seen.changed_at = now
        if seen.expected_since is None or has_come:
            was_lost, seen.is_lost = seen.is_lost, False
            return MediaResumed(self._call_id, side) if was_lost else None
        limit = self._loss_after_s if packets else self._start_after_s
        silent_since = max(seen.changed_at, seen.expected_since)
        if seen.is_lost or not limit or now - silent_since < limit:
            return None
        seen.is_lost = True
        return MediaLost(self._call_id, side)

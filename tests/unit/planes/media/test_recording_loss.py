"""What of a recording is in its file at any moment: all but the last second."""

import pytest

from maskline.planes.media.recorder_mix import Mixer
from maskline.planes.media.tap import FLUSH_S, HOLD_BACK_S, Tap
from maskline.protocols.recording.head import RATE, SEGMENT_FRAMES

LOST_S = 1.0
"""Issue: a crash loses at most the last second of a recording."""

WAKE_S = 0.01
"""How late the media worker may come to a flush that is due."""


class Sealer:
    """A recorder that seals at once what it is given."""

    def __init__(self) -> None:
        self._mixer = Mixer(SEGMENT_FRAMES, None)
        self.sealed_s = 0.0

    def write(self, number: int, first: bytes, second: bytes) -> bool:
        self._mixer.add(first, second, self._seal)
        return True

    def finish(self, number: int) -> None:
        raise AssertionError("it ended")

    def _seal(self, audio: bytes) -> None:
        self.sealed_s += len(audio) / 2 / RATE


def test_the_parts_of_the_loss_make_less_than_a_second():
    assert FLUSH_S + HOLD_BACK_S + SEGMENT_FRAMES / RATE + 5 * WAKE_S < LOST_S


@pytest.mark.parametrize("late_s", [0.0, 0.003, WAKE_S])
def test_whenever_the_recorder_dies_all_but_the_last_second_is_sealed(late_s: float):
    began = 5000.0
    sealer = Sealer()
    tap = Tap(1, sealer, began, 60.0, is_mixed=False)
    longest = 0.0
    for step in range(1, 20_000):
        now = began + step / 1000
        # What is lost is most just before a flush.
        longest = max(longest, now - began - sealer.sealed_s)
        if now >= tap.next_at + late_s:
            tap.flush(now)
    assert longest < LOST_S
    assert longest == pytest.approx(0.9, abs=0.12)

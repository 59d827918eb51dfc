"""The prompts that the parties of a call hear: who hears which, until when, and why they end."""

import asyncio
from dataclasses import dataclass

from maskline.planes.media.engine import Prompt, Side


@dataclass(slots=True, eq=False)
class Play:
    """A prompt on its way. `listeners` empties as later prompts take its place.

    `began_at` is the event loop's time.
    """

    play_id: str
    prompt: Prompt
    times: int | None
    listeners: set[Side]
    began_at: float
    timer: asyncio.TimerHandle | None = None

    def cancel(self) -> None:
        """Forget the end that was planned."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None


class PlayBook:
    """The plays of one call, at most one a side."""

    __slots__ = ("_heard", "_number")

    def __init__(self) -> None:
        self._heard: dict[Side, Play] = {}
        self._number = 0

    @property
    def listening(self) -> set[Side]:
        """The sides that hear a prompt."""
        return set(self._heard)

    def heard_by(self, side: Side) -> Play | None:
        """The prompt of a side."""
        return self._heard.get(side)

    def find(self, play_id: str) -> Play | None:
        """The play with this id, None when it has ended."""
        return next((play for play in self._heard.values() if play.play_id == play_id), None)

    def begin(
        self, to: frozenset[Side], prompt: Prompt, times: int | None, now: float
    ) -> tuple[Play, list[Play]]:
        """Note a new play; return it, and those that nobody hears any more."""
        self._number += 1
        play = Play(str(self._number), prompt, times, set(to), now)
        ended: list[Play] = []
        for side in to:
            earlier = self._heard.get(side)
            self._heard[side] = play
            if earlier is not None:
                earlier.listeners.discard(side)
                if not earlier.listeners:
                    earlier.cancel()
                    ended.append(earlier)
        return play, ended

    def end(self, play: Play) -> set[Side]:
        """Take a play off; return who heard it until now."""
        play.cancel()
        sides = {side for side in play.listeners if self._heard.get(side) is play}
        for side in sides:
            del self._heard[side]
        play.listeners.clear()
        return sides

    def clear(self) -> None:
        """Forget all."""
        for play in list(self._heard.values()):
            play.cancel()
        self._heard.clear()

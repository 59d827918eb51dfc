"""A media engine without media whose prompts, digits and recordings go as the test says."""

import asyncio
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from maskline.planes.media.engine import (
    CollectEnd,
    DigitRule,
    DigitsCollected,
    PlayEnd,
    PlayEnded,
    Side,
)
from maskline.planes.media.silent import SilentEngine

PATIENCE_S = 2.0


@dataclass
class Play:
    play_id: str
    call_id: str
    to: frozenset[Side]
    name: str
    times: int | None
    is_over: bool = False


@dataclass
class ScriptedEngine(SilentEngine):
    """`deeds` are the verbs that change what is heard, in order; `refusals` raise for a verb."""

    deeds: list[str] = field(default_factory=list)
    plays: list[Play] = field(default_factory=list)
    rules: list[DigitRule] = field(default_factory=list)
    pressed: list[tuple[Side, str, int]] = field(default_factory=list)
    refusals: dict[str, type[Exception]] = field(default_factory=dict)
    recorded_s: float = 0.0
    records: bool = True
    record_rule: object = None

    def __post_init__(self):
        super().__init__()

    @property
    def abilities(self):
        return replace(super().abilities, records=self.records)

    async def until_heard(self, name):
        """The prompt of this name once it is played and has not ended."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                for play in self.plays:
                    if play.name == name and not play.is_over:
                        return play
                await asyncio.sleep(0.002)

    async def until_asked(self, count=1):
        async with asyncio.timeout(PATIENCE_S):
            while len(self.rules) < count:  # noqa: ASYNC110 - nobody signals it
                await asyncio.sleep(0.002)
        return self.rules[-1]

    def finish(self, play, why=PlayEnd.FINISHED):
        play.is_over = True
        self.emit(PlayEnded(play.call_id, play.play_id, why))

    def type_in(self, call_id, side, digits, why=CollectEnd.COMPLETE):
        self.emit(DigitsCollected(call_id, side, digits, why))

    def names(self):
        return [play.name for play in self.plays]

    async def early(self, call_id):
        await super().early(call_id)
        self.deeds.append("early")

    async def bridge(self, call_id):
        await super().bridge(call_id)
        self.deeds.append("bridge")

    async def block(self, call_id, side, blocked):
        await super().block(call_id, side, blocked)
        self.deeds.append(f"{'block' if blocked else 'unblock'} {side.name.lower()}")

    async def play(self, call_id, to, prompt, times):
        call = self._call(call_id)
        self._refuse("play")
        name = PurePath(prompt.path).name
        self._refuse(name)
        play = Play(f"p{len(self.plays)}", call_id, to, name, times)
        # As engines do: BadMedia for a side that is not connected.
        if not to <= call.peers.keys():
            raise AssertionError(f"{name} is played to a side that is not connected")
        self.plays.append(play)
        self.deeds.append(f"play {name}")
        return play.play_id

    async def stop(self, call_id, play_id):
        self._call(call_id)
        for play in self.plays:
            if play.play_id == play_id and not play.is_over:
                self.deeds.append(f"stop {play.name}")
                self.finish(play, PlayEnd.STOPPED)

    async def collect(self, call_id, side, rule):
        self._call(call_id)
        self._refuse("collect")
        self.rules.append(rule)

    async def press(self, call_id, side, digit, duration_ms):
        self._call(call_id)
        self.pressed.append((side, digit, duration_ms))

    async def record(self, call_id, rule):
        self._call(call_id)
        self._refuse("record")
        self.record_rule = rule
        self.deeds.append("record")

    async def stop_record(self, call_id):
        self._call(call_id)
        self._refuse("stop_record")
        self.deeds.append("stop recording")
        return self.recorded_s

    def _refuse(self, verb):
        if verb in self.refusals:
            raise self.refusals[verb]

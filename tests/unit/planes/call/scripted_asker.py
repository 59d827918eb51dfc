"""A customer's server in memory that answers as the test says."""

import asyncio
import json
from dataclasses import dataclass, field


@dataclass
class ScriptedAsker:
    """`answer` is raised, or sent: bytes as they are, anything else as JSON; if held, not yet."""

    answer: object = b""
    asked: list[dict] = field(default_factory=list)
    given_up: int = 0
    _released: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self):
        self._released.set()

    def connects(self, callee, **info):
        self.answer = {"operation": "connect", "connectInfo": {"calleeNum": callee, **info}}

    def closes(self, **info):
        self.answer = {"operation": "close", "closeInfo": info}

    def hold(self):
        self._released.clear()

    def release(self):
        self._released.set()

    async def until_asked(self):
        async with asyncio.timeout(2):
            while not self.asked:  # noqa: ASYNC110 - nobody signals it
                await asyncio.sleep(0.002)

    async def ask(self, application, url, question):
        self.asked.append(json.loads(question))
        try:
            await self._released.wait()
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        if isinstance(self.answer, Exception):
            raise self.answer
        if isinstance(self.answer, bytes):
            return self.answer
        return json.dumps(self.answer).encode()

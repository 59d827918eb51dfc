"""`maskline demo voice`: a recorded call with a waiting tone and a notice, and its recording."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import aiohttp

from maskline.lab.demo.certificate import write_whole
from maskline.lab.demo.first_call import DemoFailed, curl_line
from maskline.lab.demo.number import fresh_number, read_address
from maskline.lab.demo.text import Language
from maskline.lab.demo.voice_text import FAILURES, SAYS
from maskline.lab.manage import ManageClient, ManageRefused
from maskline.lab.phone import Phone, RegistrationFailed
from maskline.lab.phone_audio import Sound
from maskline.lab.phone_call import CallFailed, CallState, PhoneCall
from maskline.lab.rest import AXB_PATH, RestClient, RestRefused
from maskline.lab.timeline import Slice, Span, listen, mismatches, span
from maskline.lab.wav import BadWav, read_channels, wav_bytes
from maskline.protocols.rtp.packet import CLOCK_RATE
from maskline.protocols.rtp.tone import make_tone

VOICES = {"a": 440.0, "b": 620.0, "w": 900.0, "h": 1150.0}
"""A, B, the waiting tone and the notice, by the sign that the drawing has for them."""

PROMPTS = {"w": "demo-waiting.wav", "h": "demo-notice.wav"}
PROMPT_S = 1.5
RING_S = 3.0
TURN_S = 1.5
"""How long A speaks, then B, then both."""

GUARD_S = 0.35
SETUP_S = 10.0
RECORD_S = 10.0
POLL_S = 0.1
BINDING_S = 600


@dataclass(slots=True)
class VoiceOutcome:
    """What came of the call, as far as it came; times are seconds from A's INVITE."""

    a: str
    b: str
    x: str
    request: str = ""
    rows: dict[str, list[Slice]] = field(default_factory=dict[str, list[Slice]])
    record: dict[str, Any] | None = None
    link: str = ""
    path: str = ""
    size: int = 0
    seconds: float = 0.0
    ended_s: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """The whole for programs."""
        return {
            "a": self.a,
            "b": self.b,
            "x": self.x,
            "request": self.request,
            "heard": {
                who: [[one.begin_s, one.end_s, sorted(one.heard)] for one in slices]
                for who, slices in self.rows.items()
            },
            "record": self.record,
            "link": self.link,
            "path": self.path,
            "size": self.size,
            "seconds": self.seconds,
        }


class VoiceCall:
    """One run. `known` is the content of `demo.json`, `path` where the recording is written."""

    def __init__(
        self,
        known: Mapping[str, Any],
        path: Path,
        language: Language,
        note: Callable[[str], None],
    ) -> None:
        self._path = path
        self._note = note
        self._say = SAYS[language]
        self._failures = FAILURES[language]
        try:
            app = known["apps"]["axb"]
            self._url, self._manage_url = str(known["api"]), str(known["manage"])
            self._token = str(known["admin_token"])
            self._key, self._secret = str(app["app_key"]), str(app["app_secret"])
            self._carrier = read_address(str(known["lab"]["carrier"]))
            self._pushes_url = str(known["lab"]["pushes"])
            x = str(app["numbers"][1])
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise self._failed("incomplete", what=str(error)) from error
        self.outcome = VoiceOutcome(fresh_number("138"), fresh_number("139"), x)

    async def run(self) -> None:
        """Upload, bind, call, fetch, compare. Raises DemoFailed; `outcome` tells how far."""
        outcome = self.outcome
        async with self._told("prompts", self._manage_url):
            await self._prepare()
        async with RestClient(self._url, self._key, self._secret) as rest:
            async with self._told("the binding", self._url):
                await self._bind(rest)
            async with await Phone.start(outcome.a) as a, await Phone.start(outcome.b) as b:
                found = await self._talk(a, b)
            async with self._told("the recording", self._url):
                found += await self._fetch(rest)
        if found:
            who, first = found[0]
            raise self._failed("heard", who=who, first=first, count=len(found))

    async def _prepare(self) -> None:
        """The tones as prompts, and an application that may record."""
        async with ManageClient(self._manage_url, self._token) as manage:
            for sign, name in PROMPTS.items():
                sound = wav_bytes(make_tone(VOICES[sign], PROMPT_S))
                await manage.add_prompt(self._key, name, sound)
                await manage.approve_prompt(self._key, name)
            await manage.change_app(self._key, {"may_record": True})
        self._note(self._say["prompts"].format(names=", ".join(PROMPTS.values())))

    async def _bind(self, rest: RestClient) -> None:
        outcome = self.outcome
        body: dict[str, object] = {
            "callerNum": outcome.a,
            "calleeNum": outcome.b,
            "relationNum": outcome.x,
            "duration": BINDING_S,
            "preVoice": {"callerHintTone": PROMPTS["w"]},
            "recordFlag": "true",
            "recordHintTone": PROMPTS["h"],
        }
        outcome.request = curl_line(self._url + AXB_PATH, self._key, body)
        self._note(self._say["binding"].format(request=outcome.request))
        await rest.bind(**body)

    async def _talk(self, a: Phone, b: Phone) -> list[tuple[str, str]]:
        """The call; what was heard otherwise than it should be, by who heard it."""
        outcome = self.outcome
        told = self._say["calling"].format(a=outcome.a, b=outcome.b, x=outcome.x, ring=RING_S)
        self._note(told)
        try:
            await b.register(self._carrier, SETUP_S)
            mine = await a.dial(outcome.x, via=self._carrier)
            theirs = await b.next_call(SETUP_S)
            await self._converse(mine, theirs)
        except RegistrationFailed as error:
            raise self._failed("step", step=f"REGISTER ({error})") from error
        except TimeoutError as error:
            raise self._failed("step", step="INVITE, answer or end") from error
        except CallFailed as error:
            raise self._failed("ended", why=str(error)) from error
        return self._judge(mine, theirs)

    async def _converse(self, mine: PhoneCall, theirs: PhoneCall) -> None:
        await theirs.ring()
        await mine.wait_until(CallState.RINGING, SETUP_S)
        await asyncio.sleep(RING_S)
        await theirs.answer(SETUP_S)
        await mine.wait_until(CallState.TALKING, SETUP_S)
        await asyncio.sleep(PROMPT_S + GUARD_S)
        for speaking in ({mine}, {theirs}, {mine, theirs}):
            mine.speak(_tone("a") if mine in speaking else None)
            theirs.speak(_tone("b") if theirs in speaking else None)
            await asyncio.sleep(TURN_S)
        await mine.hang_up()
        await theirs.wait_until(CallState.ENDED)

    def _judge(self, mine: PhoneCall, theirs: PhoneCall) -> list[tuple[str, str]]:
        origin = mine.moments[CallState.DIALLING]
        ended = mine.moments[CallState.ENDED] - origin
        ringing = mine.moments[CallState.RINGING] - origin
        answered = mine.moments[CallState.TALKING] - origin
        talk = answered + PROMPT_S + GUARD_S
        notice = span(answered, answered + PROMPT_S, "h")
        expected = {
            "A": [span(ringing, answered, "w"), notice, *_turns(talk, "", "b", "b")],
            "B": [notice, *_turns(talk, "a", "", "a")],
        }
        self.outcome.ended_s = ended
        found: list[tuple[str, str]] = []
        for who, call in (("A", mine), ("B", theirs)):
            samples, _ = call.audio.timed.between(origin, origin + ended)
            self.outcome.rows[who] = listen(samples, VOICES)
            wrong = mismatches(samples, expected[who], VOICES, guard_s=GUARD_S)
            found += [(self._say[who], one) for one in wrong]
        return found

    async def _fetch(self, rest: RestClient) -> list[tuple[str, str]]:
        """Download the recording as a customer does; what it holds otherwise than it should."""
        outcome = self.outcome
        record = outcome.record = await self._wait_for_record()
        if not record.get("recordObjectName"):
            raise self._failed("none")
        outcome.link = await rest.recording_link(record["recordObjectName"], record["recordDomain"])
        data = await rest.fetch(outcome.link)
        try:
            write_whole(self._path, data)
            (mix, *_) = await asyncio.to_thread(read_channels, BytesIO(data))
        except (OSError, BadWav) as error:
            raise self._failed("write", path=self._path, why=error) from error
        outcome.path, outcome.size = str(self._path.resolve()), len(data)
        outcome.seconds = len(mix) / CLOCK_RATE
        begin = max(0.0, outcome.ended_s - outcome.seconds)
        outcome.rows["recording"] = listen(mix, VOICES, begin_s=begin)
        turns = _turns(outcome.ended_s - 3 * TURN_S, "a", "b", "ab")
        wrong = mismatches(mix, turns, VOICES, begin_s=begin, guard_s=GUARD_S)
        return [(self._say["recording"], one) for one in wrong]

    async def _wait_for_record(self) -> dict[str, Any]:
        about = {"about": self.outcome.a}
        deadline = time.monotonic() + RECORD_S
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=RECORD_S)) as http:
            while time.monotonic() < deadline:
                async with http.get(self._pushes_url, params=about) as answer:
                    for push in await answer.json():
                        for entry in push["body"].get("feeLst", ()):
                            return cast("dict[str, Any]", entry)
                await asyncio.sleep(POLL_S)
        raise self._failed("record")

    @asynccontextmanager
    async def _told(self, what: str, where: str) -> AsyncGenerator[None]:
        """Turn what an interface refuses into a word to the user."""
        try:
            yield
        except (RestRefused, ManageRefused) as error:
            raise self._failed("refused", what=what, why=str(error)) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise self._failed("unreachable", where=where) from error

    def _failed(self, reason: str, /, **values: object) -> DemoFailed:
        return DemoFailed(self._failures[reason].format(**values))


def _tone(sign: str) -> Sound:
    return Sound.tone(round(VOICES[sign]))


def _turns(begin: float, *voices: str) -> list[Span]:
    """Spans of one turn each; every letter is a voice."""
    return [
        span(begin + turn * TURN_S, begin + (turn + 1) * TURN_S, *names)
        for turn, names in enumerate(voices)
    ]

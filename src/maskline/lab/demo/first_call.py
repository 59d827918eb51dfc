"""`maskline demo call`: a masked call between two phones of this process, through the demo."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import aiohttp
import msgspec

from maskline.lab.demo.number import fresh_number, read_address
from maskline.lab.demo.text import FAILURES, TITLES, Language
from maskline.lab.hearing import HeardTone, hears_only
from maskline.lab.ladder import Step, as_rows, climb
from maskline.lab.leak import Leak, find_leaks, secrets_of
from maskline.lab.phone import Phone, RegistrationFailed
from maskline.lab.phone_audio import Sound
from maskline.lab.phone_call import CallFailed, CallState, PhoneCall
from maskline.lab.rest import AXB_PATH, RestClient, RestRefused

A_TONE_HZ, B_TONE_HZ = 440, 660
RING_S = 1.0
SETTLE_S = 0.3
"""After the answer, until speech is judged: the first frames meet a jitter buffer."""

SETUP_S = 10.0
"""How long each step of the set-up may take."""

PUSHES_S = 10.0
"""How long after the call its events and record are waited for."""

POLL_S = 0.1
BINDING_S = 600
EVENTS = ["callin", "callout", "alerting", "answer", "disconnect"]
SHOWN_HEADERS = ("From", "To", "P-Asserted-Identity", "Contact", "Call-ID", "User-Agent", "Server")


class DemoFailed(Exception):
    """The call did not do what it should; the text says why, in the user's language."""


@dataclass(slots=True)
class Outcome:
    """What came of the call, as far as it came."""

    a: str
    b: str
    x: str
    binding: dict[str, Any] = field(default_factory=dict[str, Any])
    request: str = ""
    heard: dict[str, list[HeardTone]] = field(default_factory=dict[str, list[HeardTone]])
    saw: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    steps: list[Step] = field(default_factory=list[Step])
    pushes: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    leaks: list[tuple[str, Leak]] = field(default_factory=list[tuple[str, Leak]])

    @property
    def events(self) -> list[dict[str, Any]]:
        """The call events, as pushed."""
        return [push["body"] for push in self.pushes if "statusInfo" in push["body"]]

    @property
    def record(self) -> dict[str, Any] | None:
        """The call record, as pushed."""
        binding_id = self.binding.get("subscriptionId")
        for push in self.pushes:
            for entry in push["body"].get("feeLst", ()):
                if entry.get("subscriptionId") == binding_id:
                    return cast("dict[str, Any]", entry)
        return None

    def as_json(self) -> dict[str, Any]:
        """The whole for programs."""
        return {
            "a": self.a,
            "b": self.b,
            "x": self.x,
            "binding": self.binding,
            "request": self.request,
            "tones": {
                who: [[round(t.frequency_hz, 1), round(t.level_dbfs, 1)] for t in tones]
                for who, tones in self.heard.items()
            },
            "saw": self.saw,
            "ladder": as_rows(self.steps),
            "events": self.events,
            "record": self.record,
            "leaks": [{"to": who, "what": leak.what, "in": leak.where} for who, leak in self.leaks],
        }


class FirstCall:
    """One run of the demo's call. `known` is the content of `demo.json`."""

    def __init__(
        self,
        known: Mapping[str, Any],
        seconds: float,
        language: Language,
        note: Callable[[str], None],
    ) -> None:
        self._seconds = seconds
        self._note = note
        self._say = TITLES[language]
        self._failures = FAILURES[language]
        try:
            app = known["apps"]["axb"]
            self._url = str(known["api"])
            self._key, self._secret = str(app["app_key"]), str(app["app_secret"])
            self._carrier = read_address(str(known["lab"]["carrier"]))
            self._pushes_url = str(known["lab"]["pushes"])
            x = str(app["numbers"][0])
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise self._failed("incomplete", what=str(error)) from error
        self.outcome = Outcome(fresh_number("138"), fresh_number("139"), x)

    async def run(self) -> None:
        """Bind, call, listen, compare. Raises DemoFailed; `outcome` tells how far it came."""
        await self._bind()
        outcome = self.outcome
        try:
            async with await Phone.start(outcome.a) as a, await Phone.start(outcome.b) as b:
                await b.register(self._carrier, SETUP_S)
                await self._talk(a, b)
        except RegistrationFailed as error:
            raise self._failed("step", step=f"REGISTER ({error})") from error
        self._check_tones()
        self._check_pushes()
        self._check_leaks()

    async def _bind(self) -> None:
        outcome = self.outcome
        body = {
            "callerNum": outcome.a,
            "calleeNum": outcome.b,
            "relationNum": outcome.x,
            "duration": BINDING_S,
        }
        outcome.request = curl_line(self._url + AXB_PATH, self._key, body)
        self._note(f"{self._say['binding']}\n  {outcome.request}")
        async with RestClient(self._url, self._key, self._secret) as rest:
            try:
                outcome.binding = await rest.bind(**body)
            except RestRefused as error:
                raise self._failed("refused", why=str(error)) from error
            except (aiohttp.ClientError, TimeoutError) as error:
                raise self._failed("unreachable", where=self._url) from error

    async def _talk(self, a: Phone, b: Phone) -> None:
        """The call itself; what can be told of it is told even when it fails."""
        outcome = self.outcome
        mine = await a.dial(outcome.x, via=self._carrier, display=f"Demo A {outcome.a}")
        theirs: PhoneCall | None = None
        try:
            theirs = await self._connect(mine, b)
            outcome.heard = await self._listen(mine, theirs)
            await mine.hang_up()
            await theirs.wait_until(CallState.ENDED)
        except TimeoutError as error:
            step = "INVITE to B" if theirs is None else "answer or end"
            raise self._failed("step", step=step) from error
        except CallFailed as error:
            raise self._failed("ended", why=str(error)) from error
        finally:
            await self._gather_pushes()
            self._tell(mine, theirs)

    async def _connect(self, mine: PhoneCall, b: Phone) -> PhoneCall:
        theirs = await b.next_call(SETUP_S)
        await theirs.ring()
        await mine.wait_until(CallState.RINGING, SETUP_S)
        await asyncio.sleep(RING_S)
        mine.speak(Sound.tone(A_TONE_HZ))
        theirs.speak(Sound.tone(B_TONE_HZ))
        await theirs.answer(SETUP_S)
        await mine.wait_until(CallState.TALKING, SETUP_S)
        return theirs

    async def _listen(self, mine: PhoneCall, theirs: PhoneCall) -> dict[str, list[HeardTone]]:
        await asyncio.sleep(SETTLE_S)
        heard = await asyncio.gather(
            mine.heard(self._seconds), theirs.heard(self._seconds), return_exceptions=True
        )
        return {
            who: [] if isinstance(tones, BaseException) else tones
            for who, tones in zip(("A", "B"), heard, strict=True)
        }

    async def _gather_pushes(self) -> None:
        """What the lab's receiver got about this binding, once it is complete or time is up."""
        about = {"about": str(self.outcome.binding.get("subscriptionId"))}
        timeout = aiohttp.ClientTimeout(total=PUSHES_S)
        deadline = asyncio.get_running_loop().time() + PUSHES_S
        async with aiohttp.ClientSession(timeout=timeout) as http:
            while True:
                try:
                    async with http.get(self._pushes_url, params=about) as answer:
                        self.outcome.pushes = await answer.json()
                except (aiohttp.ClientError, TimeoutError) as error:
                    raise self._failed("unreachable", where=self._pushes_url) from error
                is_over = asyncio.get_running_loop().time() > deadline
                if is_over or (self.outcome.record and len(self.outcome.events) >= len(EVENTS)):
                    return
                await asyncio.sleep(POLL_S)

    def _tell(self, mine: PhoneCall, theirs: PhoneCall | None) -> None:
        outcome = self.outcome
        of_a, of_b = mine.messages, [] if theirs is None else theirs.messages
        arrivals = [
            (push["received_at"], push["body"].get("eventType", "?")) for push in outcome.pushes
        ]
        outcome.steps = climb(of_a, of_b, arrivals)
        outcome.saw = {"A": _seen(mine), "B": {} if theirs is None else _seen(theirs)}
        if theirs is not None:
            found = (
                ("B", find_leaks(secrets_of(mine, outcome.a), of_b)),
                ("A", find_leaks(secrets_of(theirs, outcome.b), of_a)),
            )
            outcome.leaks = [(who, leak) for who, leaks in found for leak in leaks]

    def _check_tones(self) -> None:
        for who, frequency in (("A", B_TONE_HZ), ("B", A_TONE_HZ)):
            tones = self.outcome.heard[who]
            if not tones:
                raise self._failed("silence", who=who)
            if not hears_only(tones, frequency):
                heard = ", ".join(f"{tone.frequency_hz:.0f} Hz" for tone in tones)
                raise self._failed("tone", who=who, frequency=frequency, heard=heard)

    def _check_pushes(self) -> None:
        outcome = self.outcome
        got = [event["eventType"] for event in outcome.events]
        if got != EVENTS:
            raise self._failed("event", expected=" ".join(EVENTS), got=" ".join(got) or "-")
        if outcome.record is None:
            raise self._failed("record")
        for push in outcome.pushes:
            if push["signature"] != "valid":
                raise self._failed("signature", state=push["signature"])

    def _check_leaks(self) -> None:
        outcome = self.outcome
        for who, leak in outcome.leaks:
            raise self._failed("leak", who=who, what=leak.what, where=leak.where)
        shown = outcome.saw["B"].get("From", "")
        if f"<sip:{outcome.x}@" not in shown:
            raise self._failed("shown", shown=shown, x=outcome.x)

    def _failed(self, reason: str, /, **values: object) -> DemoFailed:
        return DemoFailed(self._failures[reason].format(**values))


def curl_line(url: str, app_key: str, body: Mapping[str, object]) -> str:
    """A shell line that sends the same request; it takes the secret from $APP_SECRET."""
    fields = msgspec.json.encode(body).decode()
    return (
        "N=$(openssl rand -hex 16); T=$(date -u +%Y-%m-%dT%H:%M:%SZ); "
        'D=$(printf %s "$N$T" | openssl dgst -sha256 -hmac "$APP_SECRET" -binary | base64); '
        f"curl -X POST '{url}' -H 'Content-Type: application/json;charset=UTF-8' "
        """-H 'Authorization: AKSK realm="SDP",profile="UsernameToken",type="Appkey"' """
        f'-H "X-AKSK: UsernameToken Username=\\"{app_key}\\",PasswordDigest=\\"$D\\",'
        f'Nonce=\\"$N\\",Created=\\"$T\\"" -d \'{fields}\''
    )


def _seen(call: PhoneCall) -> dict[str, str]:
    """The headers of the first message with a To tag, or of the INVITE, that the phone got."""
    for traced in call.messages:
        message = traced.message
        if message is not None and not traced.is_sent and message.headers.get("Contact"):
            found = {name: message.headers.get(name) for name in SHOWN_HEADERS}
            return {name: value for name, value in found.items() if value is not None}
    return {}

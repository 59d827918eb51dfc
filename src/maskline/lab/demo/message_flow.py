"""`maskline demo sms`: short messages in each mode that has them, through the demo."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from maskline.lab.demo.first_call import DemoFailed, curl_line
from maskline.lab.demo.message_text import FAILURES, LONG
from maskline.lab.demo.number import fresh_number
from maskline.lab.demo.text import TITLES, Language
from maskline.lab.rest import AXB_PATH, RestClient, RestRefused

AX_PATH = "/rest/provision/caas/privatenumber/v1.0"
ARRIVAL_S = 10.0
"""How long a message may take to a handset, and its notification to the customer."""

POLL_S = 0.1
BINDING_S = 600
BAD_REQUEST = 400


@dataclass(slots=True, kw_only=True)
class Exchange:
    """One message: who wrote what to which X, what a handset got, and what was pushed."""

    title: str
    sender: str
    x: str
    text: str
    got: dict[str, Any] | None = None
    pushes: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def as_json(self) -> dict[str, Any]:
        """The whole for programs."""
        return {
            "from": self.sender,
            "to": self.x,
            "text": self.text,
            "got": self.got,
            "pushes": [push["body"] for push in self.pushes],
        }


@dataclass(frozen=True, slots=True)
class _Application:
    key: str
    secret: str
    x: str


class MessageFlow:
    """One run of the demo's messages. `known` is the content of `demo.json`."""

    def __init__(
        self, known: Mapping[str, Any], language: Language, note: Callable[[str], None]
    ) -> None:
        self._note = note
        self._say = TITLES[language]
        self._failures = FAILURES[language]
        self.exchanges: list[Exchange] = []
        try:
            self._url = str(known["api"])
            self._axb, self._ax, self._x = (
                _Application(
                    str(known["apps"][mode]["app_key"]),
                    str(known["apps"][mode]["app_secret"]),
                    str(known["apps"][mode]["numbers"][place]),
                )
                for mode, place in (("axb", -1), ("ax", -1), ("x", 0))
            )
            self._messages = str(known["lab"]["messages"])
            self._pushes = str(known["lab"]["pushes"])
            self._asked_goes_to = str(known["lab"]["asked_messages_go_to"])
        except (KeyError, IndexError, TypeError) as error:
            raise self._failed("incomplete", what=str(error)) from error

    def as_json(self) -> list[dict[str, Any]]:
        """What happened, for programs."""
        return [exchange.as_json() for exchange in self.exchanges]

    async def run(self) -> None:
        """Write, and look at what arrives. Raises DemoFailed; `exchanges` tell how far it came."""
        timeout = aiohttp.ClientTimeout(total=ARRIVAL_S)
        async with aiohttp.ClientSession(timeout=timeout) as http:
            self._http = http
            try:
                await self._in_axb()
                await self._in_ax()
                await self._in_x()
            except (aiohttp.ClientError, TimeoutError) as error:
                raise self._failed("unreachable", where=self._url) from error
            except RestRefused as error:
                raise self._failed("refused", why=str(error)) from error

    async def _in_axb(self) -> None:
        a, b, app = fresh_number("138"), fresh_number("139"), self._axb
        body = {"callerNum": a, "calleeNum": b, "relationNum": app.x, "duration": BINDING_S}
        request = curl_line(self._url + AXB_PATH, app.key, body)
        self._note(f"{self._say['binding']}\n  {request}\n")
        async with RestClient(self._url, app.key, app.secret) as rest:
            bound = await rest.bind(**body)
            try:
                await self._write("axb", a, app, LONG, to=b)
                await self._write("axb", b, app, "收到,马上下楼取 👍", to=a)
            finally:
                await rest.unbind(subscriptionId=bound["subscriptionId"])

    async def _in_ax(self) -> None:
        a, b, app = fresh_number("138"), fresh_number("139"), self._ax
        async with RestClient(self._url, app.key, app.secret) as rest:
            bound = await rest.ask("POST", AX_PATH, body={"origNum": a, "privateNum": app.x})
            try:
                text = "Is the flat still free?"
                await self._write("ax", b, app, text, to=a, arrives=f"{text}[From{b}]")
                text = "Yes, come and see it"
                await self._write("ax", a, app, f"{text}@{b[3:]}", to=b, arrives=text)
                await self._write("asked", a, app, "To whom is this?", to=self._asked_goes_to)
            finally:
                binding_id = bound["subscriptionId"]
                await rest.ask("DELETE", AX_PATH, query={"subscriptionId": binding_id})

    async def _in_x(self) -> None:
        sender = fresh_number("138")
        await self._write("asked", sender, self._x, "我的包裹在哪里?", to=self._asked_goes_to)

    async def _write(
        self,
        title: str,
        sender: str,
        app: _Application,
        text: str,
        *,
        to: str,
        arrives: str | None = None,
    ) -> None:
        exchange = Exchange(title=title, sender=sender, x=app.x, text=text)
        self.exchanges.append(exchange)
        last = max((one["sequence"] for one in await self._received(to)), default=0)
        written = {"from": sender, "to": app.x, "text": text}
        async with self._http.post(self._messages, json=written) as answer:
            if answer.status >= BAD_REQUEST:
                raise self._failed("not_taken", why=(await answer.json()).get("message"))
        exchange.got = await self._arrived(to, last)
        exchange.pushes = await self._told(sender)
        self._check(exchange, to, text if arrives is None else arrives)

    async def _received(self, number: str) -> list[dict[str, Any]]:
        async with self._http.get(self._messages, params={"number": number}) as answer:
            return await answer.json()

    async def _arrived(self, number: str, last: int) -> dict[str, Any] | None:
        deadline = asyncio.get_running_loop().time() + ARRIVAL_S
        while asyncio.get_running_loop().time() < deadline:
            for one in await self._received(number):
                if one["sequence"] > last:
                    return one
            await asyncio.sleep(POLL_S)
        return None

    async def _told(self, sender: str) -> list[dict[str, Any]]:
        """What the receiver got about the latest message of a sender, once that is over."""
        deadline = asyncio.get_running_loop().time() + ARRIVAL_S
        known = {
            push["body"]["smsEvent"]["smsIdentifier"]
            for exchange in self.exchanges[:-1]
            for push in exchange.pushes
        }
        while True:
            async with self._http.get(self._pushes, params={"about": sender}) as answer:
                found = [
                    push
                    for push in await answer.json()
                    if push["body"].get("smsEvent", {}).get("calling") == sender
                    and push["body"]["smsEvent"]["smsIdentifier"] not in known
                ]
            is_over = any("sendResult" in push["body"]["smsEvent"] for push in found)
            if is_over or asyncio.get_running_loop().time() > deadline:
                return found
            await asyncio.sleep(POLL_S)

    def _check(self, exchange: Exchange, to: str, arrives: str) -> None:
        got = exchange.got
        if got is None:
            raise self._failed("lost", number=to)
        if got["sender"] != exchange.x:
            raise self._failed("sender", number=to, sender=got["sender"], x=exchange.x)
        if got["text"] != arrives:
            raise self._failed("text", number=to, text=got["text"])
        results = [push["body"]["smsEvent"].get("sendResult") for push in exchange.pushes]
        if not any(result is not None for result in results):
            raise self._failed("push")
        for result in results:
            if result:
                raise self._failed("result", result=result)
        for push in exchange.pushes:
            if push["signature"] != "valid":
                raise self._failed("signature", state=push["signature"])

    def _failed(self, reason: str, /, **values: object) -> DemoFailed:
        return DemoFailed(self._failures[reason].format(**values))

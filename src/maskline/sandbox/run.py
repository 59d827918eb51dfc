"""One run: three phones, what they were used for, and what came of it."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from maskline.domain.error import SandboxRefused, UnknownRecord
from maskline.lab.handset import ReceivedMessage
from maskline.lab.message_centre import MessageCentre, NotTaken
from maskline.lab.phone import Phone, RegistrationFailed
from maskline.protocols.smpp.segment import TooLong
from maskline.sandbox.event_log import RunLog
from maskline.sandbox.live_audio import LiveAudio
from maskline.sandbox.operation import Operation
from maskline.sandbox.phone import PhoneState, SandboxPhone
from maskline.sandbox.receiver import BuiltInReceiver
from maskline.sandbox.request import Exchange

PHONES = ("a", "b", "c")
HOST = "127.0.0.1"

MAX_BINDINGS = 100
"""Bindings of a run that are undone at its end; older ones stay until they expire."""

LOOK_S = 0.5
"""How often phones look for new messages."""

KEPT_INBOX = 50
"""Messages of a phone that are shown."""

RENEW_S = 1_500.0
"""How often phones register again: well before the carrier forgets them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """The network around the phones. Without a `centre` they have no short messages."""

    carrier: tuple[str, int]
    centre: MessageCentre | None = field(default=None, repr=False)


class Run:
    """`open` starts the phones, `close` ends their calls. `user` is whose it is.

    `used_at` is when somebody last did something, in seconds of the monotonic clock; `bindings` are
    the ids of those that were made in it, `receiver` takes the application's pushes.
    """

    def __init__(
        self, *, run_id: str, app_key: str, tenant_id: str, user: str, log: RunLog, lab: Lab
    ) -> None:
        self.run_id = run_id
        self.app_key = app_key
        self.tenant_id = tenant_id
        self.user = user
        self.log = log
        self.used_at = 0.0
        self._started_at = log.now()
        self.phones: Mapping[str, SandboxPhone] = {}
        self.bindings: deque[str] = deque(maxlen=MAX_BINDINGS)
        self.receiver: BuiltInReceiver | None = None
        self.audio: LiveAudio | None = None
        self._lab = lab
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def has_messages(self) -> bool:
        """Whether its phones can write short messages."""
        return self._lab.centre is not None

    @property
    def is_talking(self) -> bool:
        """Whether one of its phones is in a call."""
        return any(phone.state is not PhoneState.IDLE for phone in self.phones.values())

    async def open(self, numbers: Mapping[str, str]) -> None:
        """Start a phone for each number. Raises OSError, SandboxRefused."""
        try:
            self.phones = {
                phone_id: SandboxPhone(
                    phone_id, await Phone.start(number, HOST), self._lab.carrier, self.log
                )
                for phone_id, number in numbers.items()
            }
            await asyncio.gather(*(phone.open() for phone in self.phones.values()))
        except RegistrationFailed as error:
            await self.close()
            raise SandboxRefused(
                "no_carrier", f"the phones have no network: {error}", "see the server's log"
            ) from error
        except BaseException:
            await self.close()
            raise
        self.audio = LiveAudio(self.phones["a"], self.phones["b"])
        self._tasks.append(asyncio.create_task(self._renew()))
        if self._lab.centre is not None:
            self._tasks.append(asyncio.create_task(self._look_for_messages()))

    async def close(self) -> None:
        """Hang up, and free everything."""
        if self.audio is not None:
            self.audio.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(phone.close() for phone in self.phones.values()))

    def listen(self) -> AsyncGenerator[bytes]:
        """What A and B hear from now on. Raises SandboxRefused."""
        if self.audio is None:
            raise SandboxRefused("not_started", "the phones are being started", "try again")
        return self.audio.listen()

    def note_request(self, operation: Operation, exchange: Exchange) -> None:
        """Remember a request, and what it bound."""
        if operation.name == "bind" and exchange.is_success:
            self.bindings.append(str(exchange.told("subscriptionId")))
        self.log.note(
            "request",
            operation=operation.name,
            method=exchange.method,
            url=exchange.url,
            status=exchange.status,
            answer=exchange.answer,
            took_ms=exchange.took_ms,
        )

    def phone(self, phone_id: str) -> SandboxPhone:
        """One of them. Raises UnknownRecord."""
        try:
            return self.phones[phone_id]
        except KeyError:
            raise UnknownRecord(f"no phone {phone_id}: there are {', '.join(PHONES)}") from None

    def inbox(self, phone: SandboxPhone) -> tuple[ReceivedMessage, ...]:
        """The newest short messages that a phone was sent in this run, oldest first."""
        if self._lab.centre is None:
            return ()
        received = self._lab.centre.handsets.received(phone.number)
        return tuple(one for one in received if one.at >= self._started_at)[-KEPT_INBOX:]

    async def write(self, phone: SandboxPhone, to: str, text: str) -> None:
        """Write a short message. Raises SandboxRefused."""
        if self._lab.centre is None:
            raise SandboxRefused(
                "no_messages",
                "this sandbox has no message centre",
                "an operator sets [sandbox] centre_port and adds an SMS link to it",
            )
        try:
            parts = await self._lab.centre.send(phone.number, to, text)
        except (NotTaken, TooLong) as error:
            raise SandboxRefused(
                "message_not_taken", f"nobody took the message: {error}", "is SMS switched on?"
            ) from error
        self.log.note("text", phone.phone_id, is_sent=True, to=to, text=text, parts=parts)

    async def _look_for_messages(self) -> None:
        seen = dict.fromkeys(self.phones, 0)
        while True:
            await asyncio.sleep(LOOK_S)
            for phone_id, phone in self.phones.items():
                new = [one for one in self.inbox(phone) if one.sequence > seen[phone_id]]
                for one in new:
                    seen[phone_id] = one.sequence
                    detail = {"sender": one.sender, "text": one.text, "parts": one.parts}
                    self.log.note("text", phone_id, is_sent=False, **detail)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW_S)
            for phone in self.phones.values():
                with suppress(RegistrationFailed):
                    await phone.renew()

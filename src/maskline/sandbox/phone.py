"""A phone of a run: the lab's, with buttons, a display, and a behaviour of its own."""

import asyncio
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum

from maskline.domain.error import SandboxRefused
from maskline.lab.phone import Phone
from maskline.lab.phone_call import CallFailed, CallState, PhoneCall
from maskline.sandbox.behaviour import Behaviour, behave
from maskline.sandbox.event_log import RunLog
from maskline.sandbox.voice import clip, voices_in

IDLE_S = 3_600.0
LONGEST_CALL_S = 3_600.0
"""After this a phone hangs up."""

LOOK_S = 0.2
"""How often a phone in a call looks for keys that came."""

KEPT_KEYS = 64
END_STATUS_BUSY = 486


class PhoneState(StrEnum):
    """Where a phone stands for its user."""

    IDLE = "idle"
    DIALLING = "dialling"
    ALERTING = "alerting"
    RINGING = "ringing"
    TALKING = "talking"


_HEARS_KEYS = frozenset({PhoneState.ALERTING, PhoneState.TALKING})
"""In these the other side takes keys: extensions are asked for before the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Display:
    """What the handset was sent about the other party, as it was sent.

    `number` is the user part of From, which handsets show; `from_header` and `asserted_header` are
    the whole headers.
    """

    number: str
    from_header: str
    asserted_header: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnd:
    """How the last call ended: by whom, SIP status where nobody answered, and Q.850 cause."""

    is_by_peer: bool
    status: int | None
    cause: int | None


class SandboxPhone:
    """`open` registers it with the carrier; `close` hangs up."""

    def __init__(self, phone_id: str, phone: Phone, carrier: tuple[str, int], log: RunLog) -> None:
        self.phone_id = phone_id
        self.behaviour = Behaviour()
        self.call: PhoneCall | None = None
        self.end: CallEnd | None = None
        self.keys: deque[str] = deque(maxlen=KEPT_KEYS)
        self.display: Display | None = None
        self._phone = phone
        self._carrier = carrier
        self._log = log
        self._behaving: asyncio.Task[None] | None = None
        self._following: set[asyncio.Task[None]] = set()
        self._taking: asyncio.Task[None] | None = None

    @property
    def number(self) -> str:
        """Its number."""
        return self._phone.number

    @property
    def state(self) -> PhoneState:
        """Where it stands."""
        call = self.call
        if call is None or call.state is CallState.ENDED:
            return PhoneState.IDLE
        if call.state is CallState.TALKING:
            return PhoneState.TALKING
        if call.is_incoming:
            return PhoneState.RINGING
        is_alerting = call.state is CallState.RINGING
        return PhoneState.ALERTING if is_alerting else PhoneState.DIALLING

    @property
    def hears(self) -> tuple[str, ...]:
        """Whose voices it hears now."""
        if self.call is None or self.state is PhoneState.IDLE:
            return ()
        return voices_in(self.call.recorded())

    async def open(self) -> None:
        """Register, and wait for calls. Raises RegistrationFailed."""
        await self._phone.register(self._carrier)
        self._taking = asyncio.create_task(self._take_calls())

    async def renew(self) -> None:
        """Register again. Raises RegistrationFailed."""
        await self._phone.register(self._carrier)

    async def close(self) -> None:
        """Hang up and be gone."""
        tasks = [self._taking, self._behaving, *self._following]
        for task in tasks:
            if task is not None:
                task.cancel()
        await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)
        await self._phone.close()

    async def dial(self, number: str) -> None:
        """Call a number; returns once the INVITE is sent. Raises SandboxRefused."""
        if self.state is not PhoneState.IDLE:
            raise SandboxRefused("phone_busy", "the phone is in a call", "hang up first")
        self.display = None
        call = await self._phone.dial(number, self._carrier)
        call.speak(clip(self.phone_id))
        self._follow(call, PhoneState.DIALLING, to=number)

    async def answer(self) -> None:
        """Take the call that rings. Raises SandboxRefused."""
        call = self._ringing()
        call.speak(clip(self.phone_id))
        with _told("the call ended before it was answered"):
            await call.answer()

    async def reject(self) -> None:
        """Refuse the call that rings, as a busy phone does. Raises SandboxRefused."""
        call = self._ringing()
        with _told("the call ended before it was rejected"):
            await call.reject(END_STATUS_BUSY, q850=17)

    async def hang_up(self) -> None:
        """End the call, or give it up. Raises SandboxRefused."""
        call = self.call
        if call is None or self.state is PhoneState.IDLE:
            raise _no_call("it has no call to end")
        self._leave_alone()
        if self.state is PhoneState.RINGING:
            await self.reject()
            return
        with _told("the other side does not answer the end of the call"):
            await call.hang_up()

    def press(self, digits: str) -> None:
        """Press keys in a call, before the answer too, as for extensions. Raises SandboxRefused."""
        if self.call is None or self.state not in _HEARS_KEYS:
            raise _no_call("keys need a call in which something is heard")
        try:
            self.call.press(digits)
        except ValueError as error:
            raise SandboxRefused("no_keys", str(error), "wait until you hear something") from error

    def _ringing(self) -> PhoneCall:
        if self.call is None or self.state is not PhoneState.RINGING:
            raise _no_call("it does not ring")
        self._leave_alone()
        return self.call

    def _leave_alone(self) -> None:
        """From now on a person decides about this call."""
        if self._behaving is not None:
            self._behaving.cancel()
            self._behaving = None

    async def _take_calls(self) -> None:
        while True:
            try:
                call = await self._phone.next_call(IDLE_S)
            except TimeoutError:
                continue
            if self.state is not PhoneState.IDLE:
                with suppress(CallFailed, TimeoutError):
                    await call.reject(END_STATUS_BUSY, q850=17)
                continue
            self.display = _display(call)
            self._follow(call, PhoneState.RINGING, shows=self.display.number)
            self._behaving = asyncio.create_task(self._behave(call))

    async def _behave(self, call: PhoneCall) -> None:
        with suppress(CallFailed, TimeoutError):  # the caller gave up first
            await behave(call, self.behaviour, clip(self.phone_id))

    def _follow(self, call: PhoneCall, state: PhoneState, **detail: str) -> None:
        self.call, self.end = call, None
        self.keys.clear()
        self._log.note("phone", self.phone_id, state=state.value, **detail)
        task = asyncio.create_task(self._watch(call))
        self._following.add(task)
        task.add_done_callback(self._following.discard)

    async def _watch(self, call: PhoneCall) -> None:
        """Tell what becomes of a call, until it is over."""
        with suppress(CallFailed, TimeoutError):
            await call.wait_until(CallState.RINGING, LONGEST_CALL_S)
            if not call.is_incoming:
                self._log.note("phone", self.phone_id, state=PhoneState.ALERTING.value)
            await call.wait_until(CallState.TALKING, LONGEST_CALL_S)
            self._log.note("phone", self.phone_id, state=PhoneState.TALKING.value)
            await self._listen_for_keys(call)
        if call.state is not CallState.ENDED:
            with suppress(CallFailed, TimeoutError):
                await call.hang_up()
        self.end = CallEnd(
            is_by_peer=call.is_ended_by_peer, status=call.end_status, cause=call.end_cause
        )
        self._log.note(
            "phone",
            self.phone_id,
            state=PhoneState.IDLE.value,
            is_by_peer=call.is_ended_by_peer,
            status=call.end_status,
            cause=call.end_cause,
        )

    async def _listen_for_keys(self, call: PhoneCall) -> None:
        """Until the call ends. Raises TimeoutError when it lasts too long."""
        async with asyncio.timeout(LONGEST_CALL_S):
            while call.state is CallState.TALKING:
                with suppress(TimeoutError):
                    await call.wait_until(CallState.ENDED, LOOK_S)
                self._hear_keys(call)

    def _hear_keys(self, call: PhoneCall) -> None:
        came: list[str] = []
        while call.audio.keys:
            came.append(call.audio.keys.popleft().digit)
        if came:
            self.keys.extend(came)
            self._log.note("keys", self.phone_id, digits="".join(came))


@contextmanager
def _told(message: str) -> Generator[None]:
    """Turn what a call can no longer do into a word to the user."""
    try:
        yield
    except (CallFailed, TimeoutError) as error:
        raise SandboxRefused("call_over", message, "look at the events of the run") from error


def _no_call(why: str) -> SandboxRefused:
    return SandboxRefused("no_call", why, "the state of the phone says what it can do")


def _display(call: PhoneCall) -> Display:
    invite = call.invite
    headers = None if invite is None else invite.headers
    return Display(
        number=call.number,
        from_header=(headers.get("From") if headers else None) or "",
        asserted_header=headers.get("P-Asserted-Identity") if headers else None,
    )

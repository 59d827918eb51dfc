"""Everybody who has no phone of their own in the lab: what they do stands in their number."""

import asyncio
import re
from contextlib import suppress

from maskline.lab.phone import Phone
from maskline.lab.phone_audio import Sound
from maskline.lab.phone_call import CallFailed, CallState, PhoneCall
from maskline.protocols.sip.status import REASON_PHRASES

RING_S = 1.0
"""How long a phone rings before somebody answers."""

LONGEST_RING_S = 180.0
"""How long a phone that nobody answers rings: timer C of the networks before it is shorter."""

LONGEST_TALK_S = 3600.0
"""After this the answering side hangs up."""

IDLE_S = 3600.0
TONE_HZ = 440

_NEVER_ANSWERS = "0999"
_REFUSAL = re.compile(r"0([3-6]\d\d)$")


class Public:
    """Answers for any number that is dialled.

    A number ending in `0` and a known SIP status from 300 up (`0486`, `0603`) refuses with that
    status; one ending in `0999` rings and never answers; any other rings a second, answers,
    plays a tone and listens until the other side hangs up.
    """

    def __init__(self, phone: Phone) -> None:
        self._phone = phone
        self._calls: set[asyncio.Task[None]] = set()
        self._answering = asyncio.get_running_loop().create_task(self._answer_calls())

    @classmethod
    async def start(cls, host: str) -> "Public":
        """Begin to answer on a free port. Raises OSError."""
        return cls(await Phone.start("public", host))

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of the SIP socket."""
        return self._phone.address

    async def close(self) -> None:
        """End every call and stop."""
        tasks = [self._answering, *self._calls]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._phone.close()

    async def _answer_calls(self) -> None:
        while True:
            try:
                call = await self._phone.next_call(IDLE_S)
            except TimeoutError:
                continue
            task = asyncio.get_running_loop().create_task(_behave(call))
            self._calls.add(task)
            task.add_done_callback(self._calls.discard)


async def _behave(call: PhoneCall) -> None:
    with suppress(CallFailed, TimeoutError):  # the caller gave up first
        await _follow_number(call)
    if call.state is not CallState.ENDED:
        with suppress(TimeoutError):
            await call.hang_up()


async def _follow_number(call: PhoneCall) -> None:
    refusal = refusal_of(call.dialled)
    if refusal is not None:
        await call.reject(refusal)
        return
    await call.ring()
    if call.dialled.endswith(_NEVER_ANSWERS):
        await call.wait_until(CallState.ENDED, LONGEST_RING_S)
        return
    await asyncio.sleep(RING_S)
    call.speak(Sound.tone(TONE_HZ))
    await call.answer()
    await call.wait_until(CallState.ENDED, LONGEST_TALK_S)


def refusal_of(number: str) -> int | None:
    """The status that a number refuses calls with; None when it takes them."""
    match = _REFUSAL.search(number)
    if match is None or int(match[1]) not in REASON_PHRASES:
        return None
    return int(match[1])

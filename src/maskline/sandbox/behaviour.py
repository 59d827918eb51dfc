"""How a phone behaves when it is called and nobody touches it."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum

from maskline.lab.phone_audio import Sound
from maskline.lab.phone_call import PhoneCall

REJECT_S = 1.0
"""How long a phone rings before its owner rejects the call."""


class Manner(StrEnum):
    """What a called phone does."""

    ANSWERS = "answers"
    RINGS_ON = "rings_on"
    BUSY = "busy"
    REJECTS = "rejects"
    SWITCHED_OFF = "switched_off"
    NO_SUCH_NUMBER = "no_such_number"
    NO_RINGING_TONE = "no_ringing_tone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """A manner, and for those that answer after how many seconds."""

    manner: Manner = Manner.RINGS_ON
    after_s: float = 3.0


# The SIP status of a network's refusal, and its Q.850 cause (`spec/codes.md`: release points).
_REFUSALS: dict[Manner, tuple[int, int | None]] = {
    Manner.BUSY: (486, 17),
    Manner.SWITCHED_OFF: (480, 20),
    Manner.NO_SUCH_NUMBER: (404, 1),
}


async def behave(call: PhoneCall, behaviour: Behaviour, voice: Sound) -> None:
    """Ring, answer or refuse as the behaviour says. Raises CallFailed, TimeoutError."""
    refusal = _REFUSALS.get(behaviour.manner)
    if refusal is not None:
        await call.reject(refusal[0], q850=refusal[1])
        return
    if behaviour.manner is not Manner.NO_RINGING_TONE:
        await call.ring()
    match behaviour.manner:
        case Manner.REJECTS:
            await asyncio.sleep(REJECT_S)
            await call.reject(603, q850=21)
        case Manner.ANSWERS | Manner.NO_RINGING_TONE:
            await asyncio.sleep(behaviour.after_s)
            call.speak(voice)
            await call.answer()
        case _:
            pass

"""What each phone of a run says, so that everybody who listens can tell them apart."""

from collections.abc import Sequence

from maskline.lab.hearing import find_tones
from maskline.lab.phone_audio import Sound
from maskline.protocols.rtp.packet import CLOCK_RATE
from maskline.protocols.rtp.tone import make_tone

VOICES = {"a": 440.0, "b": 660.0, "c": 880.0}
"""Phone -> the frequency of its clip, in Hz."""

WORD_S, PAUSE_S = 0.8, 0.4
LISTEN_S = WORD_S + PAUSE_S
"""How much of what was heard last is listened to: a word of every voice is in it."""


def clip(phone_id: str) -> Sound:
    """A word and a pause, over and over."""
    silence = [0] * round(PAUSE_S * CLOCK_RATE)
    return Sound([*make_tone(VOICES[phone_id], WORD_S), *silence], loops=True)


def voices_in(samples: Sequence[int]) -> tuple[str, ...]:
    """Whose clips are in `samples`, then `other` for any other tone; empty for silence."""
    tones = find_tones(samples[-round(LISTEN_S * CLOCK_RATE) :])
    heard = tuple(
        phone for phone, hertz in VOICES.items() if any(tone.is_at(hertz) for tone in tones)
    )
    others = [tone for tone in tones if not any(tone.is_at(hertz) for hertz in VOICES.values())]
    # A word that begins or ends within a window smears beside its own frequency.
    return heard if heard or not others else ("other",)

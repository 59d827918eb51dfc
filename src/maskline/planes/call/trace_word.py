"""The words of a trace's steps: what was decided and heard, never a number or a file's name."""

from maskline.domain.application import Mode
from maskline.domain.plan import Connect, Refuse
from maskline.planes.media.engine import (
    DigitPressed,
    DigitsCollected,
    EngineFailed,
    MediaEvent,
    MediaLost,
    MediaResumed,
    PlayEnded,
    RecordingBroke,
    Side,
)

_SIDES = {Side.CALLER: "the caller", Side.CALLEE: "the callee"}
_BOTH = "both"


def tell_plan(plan: Connect | Refuse, mode: Mode | None) -> str:
    """Which rule decided, by the mode and who the caller is in it, and what it decided."""
    rule = f"rule {'of no mode' if mode is None else mode.value}"
    whose = f"binding {plan.binding_id or 'none'}, caller is {plan.role or 'nobody'}"
    if isinstance(plan, Refuse):
        what = f"refuse {int(plan.release)} {plan.release.name.lower()}"
        return f"{rule}: {what}, {whose}{', with a prompt' if plan.prompt else ''}"
    return f"{rule}: connect, {whose}{', recorded' if plan.voice.record else ''}"


def tell_media(event: MediaEvent) -> str:
    """What the engine told. The digits of a key are nobody's business, how many there were is."""
    match event:
        case PlayEnded(why=why):
            return f"prompt ends: {why.value}"
        case DigitsCollected(side=side, digits=digits, why=why):
            return f"{len(digits)} digits from {_SIDES[side]}: {why.value}"
        case DigitPressed(side=side):
            return f"a key from {_SIDES[side]}"
        case MediaLost(side=side):
            return f"no sound comes from {_SIDES[side]}"
        case MediaResumed(side=side):
            return f"sound comes from {_SIDES[side]} again"
        case RecordingBroke():
            return "recording breaks off"
        case EngineFailed():
            return "media engine fails"


def tell_listeners(to: frozenset[Side]) -> str:
    """Who hears something."""
    return _SIDES[next(iter(to))] if len(to) == 1 else _BOTH

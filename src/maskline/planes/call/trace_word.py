"""The words of a trace's steps: what was decided and heard, never a number or a file's name."""

from maskline.domain.application import Mode
from maskline.domain.plan import Connect, Refuse
from maskline.planes.media.engine import (
    DigitPressed,
    DigitsCollected,
    DtlsIdentity,
    EngineFailed,
    MediaEvent,
    MediaLost,
    MediaPeer,
    MediaResumed,
    MediaStats,
    PlayEnded,
    RecordingBroke,
    SdesKey,
    Side,
)
from maskline.services.routing import TABLES

Facts = tuple[tuple[str, str], ...]
"""What stands behind a step, as names and values; numbers in it get tokens before they are kept."""

_SIDES = {Side.CALLER: "the caller", Side.CALLEE: "the callee"}
_BOTH = "both"
_PROTECTION = {type(None): "none", SdesKey: "keys in SDP", DtlsIdentity: "DTLS"}


def tell_plan(plan: Connect | Refuse, mode: Mode | None) -> str:
    """Which rule decided, by the mode and who the caller is in it, and what it decided."""
    rule = f"rule {'of no mode' if mode is None else mode.value}"
    whose = f"binding {plan.binding_id or 'none'}, caller is {plan.role or 'nobody'}"
    if isinstance(plan, Refuse):
        what = f"refuse {int(plan.release)} {plan.release.name.lower()}"
        return f"{rule}: {what}, {whose}{', with a prompt' if plan.prompt else ''}"
    return f"{rule}: connect, {whose}{', recorded' if plan.voice.record else ''}"


def tell_reasons(plan: Connect | Refuse, mode: Mode | None) -> Facts:
    """Why the plan is what it is: the row that decided, those that let the call through, the rest.

    What is checked comes from the outcome table itself, so that it cannot say more than was done.
    """
    rows = () if mode is None else TABLES[mode]
    names = [row.name for row in rows]
    passed = names[: names.index(plan.rule)] if plan.rule in names else []
    facts = [
        ("decided by", plan.rule or "nothing in the table of the mode"),
        ("found not to be so", "; ".join(passed) or "nothing was looked at before"),
        ("binding", plan.binding_id or "none"),
        ("the caller is", plan.role or "nobody in it"),
    ]
    if isinstance(plan, Refuse):
        facts.append(("prompt", "yes" if plan.prompt else "no"))
        return tuple(facts)
    return (
        *facts,
        ("callee", plan.callee),
        ("shown to the callee", plan.shown),
        ("recorded", "yes" if plan.voice.record else "no"),
        ("longest talk", f"{plan.voice.max_duration_min} min" if plan.voice.max_duration_min
         else "no limit"),
        ("one call at a time", "yes" if plan.is_exclusive else "no"),
    )  # fmt: skip


def tell_peer(side: Side, peer: MediaPeer) -> tuple[str, Facts]:
    """What was agreed with one party's network: its codec and how keys come."""
    codec = peer.codec
    rate = f"{codec.name}/{codec.clock_rate}"
    keys = "no keys in audio" if peer.telephone_event is None else "keys in audio"
    held = "" if peer.sends and peer.receives else ", on hold"
    facts = (
        ("codec", f"{rate}, payload type {codec.payload_type}"),
        ("format", codec.parameters or "nothing special"),
        ("keys", "not in audio" if peer.telephone_event is None
         else f"payload type {peer.telephone_event}"),
        ("sends us audio", "yes" if peer.sends else "no"),
        ("wants audio", "yes" if peer.receives else "no"),
        ("encryption", _PROTECTION[type(peer.keying)]),
    )  # fmt: skip
    return f"audio of {_SIDES[side]}: {rate}, {keys}{held}", facts


def tell_sums(side: Side, sums: MediaStats) -> tuple[str, Facts]:
    """What passed of one party's audio."""
    facts = (
        ("packets received", str(sums.received_packets)),
        ("packets sent", str(sums.sent_packets)),
        ("lost", str(sums.lost)),
        ("late", str(sums.late)),
        ("jitter", f"{sums.jitter_ms:.1f} ms"),
        ("from strangers", str(sums.strangers)),
        ("invalid", str(sums.invalid)),
    )
    return f"{sums.received_packets} packets came from {_SIDES[side]}, {sums.lost} lost", facts


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

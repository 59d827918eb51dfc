"""The demo's call as people read it."""

import json

from maskline.lab.demo.first_call import A_TONE_HZ, B_TONE_HZ, Outcome
from maskline.lab.demo.text import TITLES, Language
from maskline.lab.ladder import draw


def report(outcome: Outcome, language: Language) -> str:
    """Ladder, events, record, tones and headers; what is missing is left out."""
    say = TITLES[language]
    heads = (f"A {outcome.a}", f"X {outcome.x}", f"B {outcome.b}")
    parts = [say["ladder"] + "\n" + draw(outcome.steps, heads)] if outcome.steps else []
    if outcome.pushes:
        parts.append(say["events"] + "\n" + _events(outcome, say["signed"]))
    if outcome.record is not None:
        parts.append(say["record"] + "\n  " + json.dumps(outcome.record, ensure_ascii=False))
    if outcome.heard:
        parts.append(say["heard"] + "\n" + _heard(outcome, say))
    if outcome.saw:
        parts.append(say["saw"] + "\n" + _saw(outcome))
    return "\n\n".join(parts)


def conclusion(outcome: Outcome, language: Language) -> str:
    """The last words on a call that worked."""
    say = TITLES[language]
    told = say["ok"].format(a=outcome.a, b=outcome.b, x=outcome.x)
    return f"{say['no_leak']}\n{told}"


def _events(outcome: Outcome, signed: str) -> str:
    lines: list[str] = []
    for push in outcome.pushes:
        body = push["body"]
        info = body.get("statusInfo", {})
        parties = f"{info.get('caller', '')} -> {info.get('called', '')}" if info else ""
        code = f"  stateCode {info['stateCode']}" if "stateCode" in info else ""
        state = signed.format(state=push["signature"])
        lines.append(f"  {body.get('eventType', '?'):<11}{parties}{code}  [{state}]")
    return "\n".join(lines)


def _heard(outcome: Outcome, say: dict[str, str]) -> str:
    lines: list[str] = []
    for who, plays in (("A", A_TONE_HZ), ("B", B_TONE_HZ)):
        tones = outcome.heard.get(who, [])
        heard = ", ".join(f"{t.frequency_hz:.0f} Hz ({t.level_dbfs:.0f} dBFS)" for t in tones)
        lines.append(
            "  " + say["hears"].format(who=who, plays=plays, hears=heard or say["nothing"])
        )
    return "\n".join(lines)


def _saw(outcome: Outcome) -> str:
    lines = [
        f"  {who}  {name}: {value}"
        for who, headers in outcome.saw.items()
        for name, value in headers.items()
    ]
    return "\n".join(lines)

"""The demo's recorded call as people read it."""

from collections.abc import Sequence

from maskline.lab.demo.text import Language
from maskline.lab.demo.voice_call import VOICES, VoiceOutcome
from maskline.lab.demo.voice_text import SAYS
from maskline.lab.timeline import SLICE_S, Slice, draw, merged

SECOND_MARK = 4
"""Seconds from one number of the scale to the next."""


def report_voice(outcome: VoiceOutcome, language: Language) -> str:
    """Time line and recording; what is missing is left out."""
    say = SAYS[language]
    parts: list[str] = []
    if outcome.rows:
        parts.append(
            say["timeline"].format(slice=SLICE_S)
            + "\n"
            + _drawing(outcome)
            + "\n  "
            + say["legend"]
        )
    if outcome.record is not None and outcome.path:
        names = {
            "object_name": outcome.record.get("recordObjectName"),
            "bucket": outcome.record.get("recordBucketName"),
            "domain": outcome.record.get("recordDomain"),
        }
        files = say["files"].format(
            **names,
            link=outcome.link,
            path=outcome.path,
            seconds=outcome.seconds,
            size=outcome.size,
        )
        parts.append(say["record"] + "\n" + files)
        rows = _contents(_known(outcome.rows["recording"]), say["silence"])
        parts.append(say["spans"] + "\n" + "\n".join(rows))
    return "\n\n".join(parts)


def conclusion_of_voice(language: Language) -> str:
    """The last words on a call that worked."""
    return SAYS[language]["ok"]


def _drawing(outcome: VoiceOutcome) -> str:
    names = {"A": "A", "B": "B", "recording": "REC"}
    rows = {names[who]: _known(slices) for who, slices in outcome.rows.items()}
    lines = draw(rows, {sign: sign for sign in VOICES}).splitlines()
    label = max(len(name) for name in rows) + 2
    end_s = (max(len(line) for line in lines) - label) * SLICE_S
    scale = "".join(
        f"{second:<{int(SECOND_MARK / SLICE_S)}}"
        for second in range(0, int(end_s) + 1, SECOND_MARK)
    )
    return "\n".join(f"  {line}".rstrip() for line in [*lines, " " * label + scale])


def _contents(slices: Sequence[Slice], silence: str) -> list[str]:
    """What the file holds, in seconds of its own: the time line has it from A's INVITE."""
    begin_s = slices[0].begin_s if slices else 0.0
    return [
        f"  {one.begin_s - begin_s:6.2f}-{one.end_s - begin_s:.2f} s  "
        + (" + ".join(sorted(one.heard)) or silence)
        for one in merged(slices)
    ]


def _known(slices: Sequence[Slice]) -> list[Slice]:
    """Without the clicks that lie between two tones."""
    return [Slice(one.begin_s, one.end_s, one.heard & VOICES.keys()) for one in slices]

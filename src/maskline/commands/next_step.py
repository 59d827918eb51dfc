"""What to do after the platform refused, where it does not say so itself."""

import click

_OF_FIELDS = {
    "prompts": (
        "`maskline prompt list --state waiting` shows what waits for its review, "
        "`maskline prompt approve NAME --app APP_KEY` ends that; "
        "`maskline prompt shipped` lists those that need none"
    ),
    "since": "give date, time and offset, as in --since 2026-11-20T00:00:00+08:00",
    "sound": (
        "send WAV, MP3, FLAC or OGG of at most four minutes and 20 MB; "
        "`ffmpeg -i FILE -ac 1 -ar 8000 sound.wav` makes one of nearly everything"
    ),
    "until": "give date, time and offset, as in --until 2026-11-21T00:00:00+08:00",
}
"""By the wrong field of a request, or the object that it is in."""

_OF_CODES = {
    "not_found": "the `list` of the same group shows what there is",
    "exists": "choose another, or change it with `set`",
    "busy": "try again in a moment",
    "too_large": "send less at once; a sound is smaller as MP3",
}
"""By the code of the refusal."""


def next_step(code: str, field: str) -> str:
    """One sentence, empty where there is nothing to say."""
    if code != "invalid_field":
        return _OF_CODES.get(code, "")
    known = _OF_FIELDS.get(field.partition(".")[0])
    if known is not None:
        return known
    context = click.get_current_context(silent=True)
    command = "maskline" if context is None else context.command_path
    return f"`{command} --help` says what it takes"

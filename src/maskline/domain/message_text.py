"""What stands in texts of short messages beside what people wrote (`spec/ax.md` 11.1).

A names who gets a message at its end, and is shown at the end who wrote one: by the real number,
or by a reply tag that stands for it.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from unicodedata import normalize

from maskline.domain.message import CameSegment

MISSING = "[...]"
"""What stands for parts that never came."""

ESCAPE = "\x1b"
"""At the end of a part that was cut behind the escape of GSM's alphabet."""

_ESCAPED = dict(zip("\nΛ()/<=>¡e", "\f^{}\\[~]|€", strict=True))
"""What a character stands for behind the escape (TS 23.038 6.2.1.1)."""

_NUMBER_SUFFIX = re.compile(r"@((?:\+86)?1[3-9][0-9]{9})\Z")
_TAG_SUFFIX = re.compile(r"@#([1-9][0-9]{0,3})\Z")


def read_number_suffix(text: str) -> tuple[str, str] | None:
    """The mobile number that a text ends with, in global form, and the text before `@<number>`.

    The number may be written in global or national form. None without such an end.
    """
    found = _NUMBER_SUFFIX.search(text)
    if found is None:
        return None
    number = found[1]
    return number if number.startswith("+") else f"+86{number}", text[: found.start()]


def read_tag_suffix(text: str) -> tuple[int, str] | None:
    """The reply tag that a text ends with, and the text before `@#<tag>`; None without one."""
    found = _TAG_SUFFIX.search(text)
    return None if found is None else (int(found[1]), text[: found.start()])


def show_sender(text: str, sender: str) -> str:
    """The text as A gets it: with the number of who wrote."""
    return f"{text}[From{sender}]"


def show_tag(text: str, tag: int) -> str:
    """The text as A gets it where a reply tag stands for who wrote."""
    return f"{text}[From#{tag}]"


def join_segments(segments: Sequence[CameSegment]) -> str:
    """The text of a message from its parts, by number; `MISSING` stands for each run that lacks.

    Characters that were cut in two, of UTF-16 or behind an escape, are whole again.
    """
    texts: list[str] = []
    expected, is_escaped = 1, False
    for segment in segments:
        text = segment.text
        if segment.number > expected:
            texts.append(MISSING)
        elif is_escaped:
            text = _ESCAPED.get(text[:1], text[:1]) + text[1:]
        expected = segment.number + 1
        is_escaped = text.endswith(ESCAPE)
        texts.append(text.removesuffix(ESCAPE))
    if segments and expected <= segments[0].total:
        texts.append(MISSING)
    return mend("".join(texts))


def mend(text: str) -> str:
    """The text with halves of UTF-16 characters joined; what stays a half becomes U+FFFD."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def is_among(text: str, words: Sequence[str]) -> bool:
    """Whether a text is one of these words and nothing else, whatever the case and width."""
    return bool(words) and _folded(text).strip() in {_folded_word(word).strip() for word in words}


def has_any(text: str, words: Sequence[str]) -> bool:
    """Whether one of these words stands in a text, whatever the case and width of letters."""
    if not words:
        return False
    folded = _folded(text)
    return any(_folded_word(word) in folded for word in words)


@lru_cache(maxsize=4096)
def _folded_word(word: str) -> str:
    return _folded(word)


def _folded(text: str) -> str:
    """How words compare: full-width letters, which Chinese keyboards write, are the others."""
    if text.isascii():
        return text.lower()
    return normalize("NFKC", normalize("NFKC", text).casefold())

"""The demo: a platform with everything around it on this machine, and a first masked call."""

import asyncio
import os
from collections.abc import Callable, Mapping
from typing import Any

from maskline.lab.demo.first_call import DemoFailed, FirstCall
from maskline.lab.demo.report import conclusion, report
from maskline.lab.demo.server import serve
from maskline.lab.demo.text import choose_language

__all__ = ["call", "serve"]


def call(
    known: Mapping[str, Any],
    seconds: float,
    note: Callable[[str], None],
    lang: str | None = None,
) -> dict[str, Any]:
    """Bind a fresh pair, have A call X, and tell what each side heard and saw.

    `known` is the content of `demo.json`; `note` tells people how it goes on. The result has
    `ok`, a `message` for people, and the facts; without `ok` the message says what is wrong.
    """
    language = choose_language(lang or os.environ.get("LC_ALL") or os.environ.get("LANG"))
    try:
        run = FirstCall(known, seconds, language, note)
    except DemoFailed as error:
        return {"ok": False, "message": str(error)}
    try:
        asyncio.run(run.run())
    except DemoFailed as error:
        note(report(run.outcome, language))
        return {"ok": False, "message": str(error), **run.outcome.as_json()}
    told = report(run.outcome, language) + "\n\n" + conclusion(run.outcome, language)
    return {"ok": True, "message": told, **run.outcome.as_json()}

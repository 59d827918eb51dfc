"""The demo: a platform with everything around it on this machine, and calls through it."""

import asyncio
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from maskline.lab.demo.first_call import DemoFailed, FirstCall
from maskline.lab.demo.message_flow import MessageFlow
from maskline.lab.demo.message_report import conclusion_of_messages, report_messages
from maskline.lab.demo.report import conclusion, report
from maskline.lab.demo.server import serve
from maskline.lab.demo.text import choose_language
from maskline.lab.demo.voice_call import VoiceCall
from maskline.lab.demo.voice_report import conclusion_of_voice, report_voice

__all__ = ["call", "serve", "sms", "voice"]


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


def voice(
    known: Mapping[str, Any],
    path: Path,
    note: Callable[[str], None],
    lang: str | None = None,
) -> dict[str, Any]:
    """A recorded call with a waiting tone and a notice; its recording is written to `path`.

    Arguments and result as for `call`.
    """
    language = choose_language(lang or os.environ.get("LC_ALL") or os.environ.get("LANG"))
    try:
        run = VoiceCall(known, path, language, note)
    except DemoFailed as error:
        return {"ok": False, "message": str(error)}
    try:
        asyncio.run(run.run())
    except DemoFailed as error:
        note(report_voice(run.outcome, language))
        return {"ok": False, "message": str(error), **run.outcome.as_json()}
    told = report_voice(run.outcome, language) + "\n\n" + conclusion_of_voice(language)
    return {"ok": True, "message": told, **run.outcome.as_json()}


def sms(
    known: Mapping[str, Any],
    note: Callable[[str], None],
    lang: str | None = None,
) -> dict[str, Any]:
    """Short messages in each mode that has them: who wrote what, who got what, what was told.

    Arguments and result as for `call`.
    """
    language = choose_language(lang or os.environ.get("LC_ALL") or os.environ.get("LANG"))
    try:
        run = MessageFlow(known, language, note)
    except DemoFailed as error:
        return {"ok": False, "message": str(error)}
    try:
        asyncio.run(run.run())
    except DemoFailed as error:
        note(report_messages(run.exchanges, language))
        return {"ok": False, "message": str(error), "exchanges": run.as_json()}
    told = report_messages(run.exchanges, language) + "\n\n" + conclusion_of_messages(language)
    return {"ok": True, "message": told, "exchanges": run.as_json()}

"""The demo's messages as people read them."""

from collections.abc import Sequence
from typing import Any

from maskline.lab.demo.message_flow import Exchange
from maskline.lab.demo.message_text import SAYS
from maskline.lab.demo.text import Language

SHOWN = 48
"""Characters of a text that are printed."""


def report_messages(exchanges: Sequence[Exchange], language: Language) -> str:
    """What was written, who got it and what the customer was told, message by message."""
    say = SAYS[language]
    parts: list[str] = []
    title = ""
    for exchange in exchanges:
        if exchange.title != title:
            title = exchange.title
            parts.append(say[title])
        parts.append("\n".join(_lines(exchange, say)))
    return "\n\n".join(parts)


def conclusion_of_messages(language: Language) -> str:
    """The last words on messages that worked."""
    return SAYS[language]["ok"]


def _lines(exchange: Exchange, say: dict[str, str]) -> list[str]:
    lines = [say["wrote"].format(sender=exchange.sender, x=exchange.x, text=_cut(exchange.text))]
    got = exchange.got
    lines.append(
        say["nothing"]
        if got is None
        else say["got"].format(
            number=got["number"], sender=got["sender"], parts=got["parts"], text=_cut(got["text"])
        )
    )
    lines += [_told(push, say["told"]) for push in exchange.pushes]
    return lines


def _told(push: dict[str, Any], line: str) -> str:
    event = push["body"]["smsEvent"]
    said = [f"sendResult {event['sendResult']}"] if "sendResult" in event else []
    extra = event.get("extInfo", {}).get("extParas", ())
    said += [f"{one['key']} {one['value']}" for one in extra]
    result = "".join(f" {one}" for one in said)
    return line.format(mode=event["notificationMode"], result=result, signature=push["signature"])


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"

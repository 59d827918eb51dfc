"""The `[messages]` section: short messages over SMPP."""

from typing import Annotated

from msgspec import Meta, Struct


class MessagesSection(Struct, frozen=True, kw_only=True):
    """Short messages; the links they come and go over are set by the management API.

    in_work: messages of one worker that are under way at once; more are answered "throttled".
    decision_s: how long a customer may take to say what to do with a message, all tries together.
    forward_within_s: how long after it came a message is still forwarded, as when links are down.
    assembly_s: how long the missing parts of a long message are waited for after the latest came.
    repeat_s: when a message is tried again that no link took; doubles up to a minute.
    answer_s: how long a message centre may take to answer a message; after that it may have arrived
        or not, and is sent once more.
    close_s: how long messages in flight may take at a stop, and their links after that.
    forbidden_words: messages of every application with one of these words go to nobody (sendResult
        13), looked for as the forbidden words of applications are.
    ca: authorities that may vouch for TLS links, PEM file. Empty: those of the system.
    """

    in_work: Annotated[int, Meta(ge=1, le=100_000)] = 1_000
    decision_s: Annotated[float, Meta(gt=0, le=60)] = 30.0
    forward_within_s: Annotated[float, Meta(gt=0, le=604_800)] = 3_600.0
    assembly_s: Annotated[float, Meta(gt=0, le=86_400)] = 300.0
    repeat_s: Annotated[float, Meta(gt=0, le=60)] = 5.0
    answer_s: Annotated[float, Meta(gt=0, le=30)] = 30.0
    close_s: Annotated[float, Meta(gt=0, le=5)] = 2.0
    forbidden_words: Annotated[
        tuple[Annotated[str, Meta(pattern=r"\S", max_length=64)], ...], Meta(max_length=1000)
    ] = ()
    ca: str = ""

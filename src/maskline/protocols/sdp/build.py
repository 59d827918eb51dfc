from collections.abc import Sequence

from maskline.protocols.sdp.model import RTP_AVP, Codec, Direction, SessionDescription

_TELEPHONE_EVENTS = "0-15"
"""The sixteen DTMF digits (RFC 4733 2.5.1.1)."""


def build_offer(
    *,
    address: str,
    port: int,
    codecs: Sequence[Codec],
    telephone_event: int | None,
    direction: Direction,
    session_id: int,
    version: int,
    ptime: int | None = 20,
) -> bytes:
    """An offer of one audio stream (RFC 3264 5.1).

    `session_id` stays for a dialog, `version` goes up by one with each change (RFC 3264 8);
    both should be random at first. `address` is an IPv4 or IPv6 address. Raises ValueError when
    there is no codec or a value would break a line.
    """
    lines = _session_lines(address, session_id, version)
    lines += _audio_lines(port, codecs, telephone_event, direction, ptime)
    return _join(lines)


def build_answer(
    offer: SessionDescription,
    *,
    address: str,
    port: int,
    codecs: Sequence[Codec],
    telephone_event: int | None,
    direction: Direction,
    session_id: int,
    version: int,
    ptime: int | None = 20,
) -> bytes:
    """An answer that accepts the offer's `audio` and refuses every other stream (RFC 3264 6).

    `codecs` as `choose_codecs` gave them, or fewer; `telephone_event` is the offer's payload
    type or None; `direction` as from `answer_direction`. Raises ValueError when the offer has no
    audio to accept, there is no codec, or a value would break a line.
    """
    accepted = offer.audio_index
    if accepted is None:
        raise ValueError("the offer has no audio stream to accept")
    lines = _session_lines(address, session_id, version)
    for index, media in enumerate(offer.media):
        if index == accepted:
            lines += _audio_lines(port, codecs, telephone_event, direction, ptime)
        else:
            lines.append(f"m={media.kind} 0 {media.protocol} {media.formats[0]}")
    return _join(lines)


def _session_lines(address: str, session_id: int, version: int) -> list[str]:
    network = f"IN IP6 {address}" if ":" in address else f"IN IP4 {address}"
    return ["v=0", f"o=- {session_id} {version} {network}", "s=-", f"c={network}", "t=0 0"]


def _audio_lines(
    port: int,
    codecs: Sequence[Codec],
    telephone_event: int | None,
    direction: Direction,
    ptime: int | None,
) -> list[str]:
    if not codecs:
        raise ValueError("no codec")
    formats = [str(codec.payload_type) for codec in codecs]
    if telephone_event is not None:
        formats.append(str(telephone_event))
    lines = [f"m=audio {port} {RTP_AVP} {' '.join(formats)}"]
    for codec in codecs:
        channels = "" if codec.channels == 1 else f"/{codec.channels}"
        lines.append(f"a=rtpmap:{codec.payload_type} {codec.name}/{codec.clock_rate}{channels}")
        if codec.fmtp is not None:
            lines.append(f"a=fmtp:{codec.payload_type} {codec.fmtp}")
    if telephone_event is not None:
        lines.append(f"a=rtpmap:{telephone_event} telephone-event/8000")
        lines.append(f"a=fmtp:{telephone_event} {_TELEPHONE_EVENTS}")
    if ptime is not None:
        lines.append(f"a=ptime:{ptime}")
    lines.append(f"a={direction.value}")
    return lines


def _join(lines: list[str]) -> bytes:
    text = "\r\n".join([*lines, ""])
    if text.count("\n") != len(lines) or text.count("\r") != len(lines):
        raise ValueError("line break inside a session description line")
    return text.encode()

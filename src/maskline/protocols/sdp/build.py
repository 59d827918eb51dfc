from collections.abc import Sequence

from maskline.protocols.sdp.model import AudioMedia, Codec, Direction, SessionDescription
from maskline.protocols.sdp.security import (
    PROFILE_OF,
    RTP_AVP,
    Crypto,
    Fingerprint,
    Security,
    security_lines,
)

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
    security: Crypto | Fingerprint | None = None,
) -> bytes:
    """An offer of one audio stream (RFC 3264 5.1).

    `session_id` stays for a dialog, `version` goes up by one with each change (RFC 3264 8);
    both should be random at first. `address` is an IPv4 or IPv6 address. `security` says how we
    encrypt, and the profile with it. Raises ValueError when there is no codec or a value would
    break a line.
    """
    lines = _session_lines(address, session_id, version)
    stream = f"m=audio {port} {_profile(security)}"
    lines += _audio_lines(stream, codecs, telephone_event, direction, ptime)
    lines += security_lines(security)
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
    audio: AudioMedia | None = None,
    security: Crypto | Fingerprint | None = None,
) -> bytes:
    """An answer that accepts `audio` and refuses every other stream of the offer (RFC 3264 6).

    `audio` None is the first audio stream over plain RTP. `codecs` as `choose_codecs` gave them,
    or fewer; `telephone_event` is the offer's payload type or None; `direction` as from
    `answer_direction`; `security` is of the kind that the stream asks for. Raises ValueError when
    it is of another, there is no audio to accept, no codec, or a value would break a line.
    """
    audio = audio or offer.audio
    if audio is None:
        raise ValueError("the offer has no audio stream to accept")
    if audio.security is not _security_of(security):
        raise ValueError("the answer is encrypted in another way than the offer")
    lines = _session_lines(address, session_id, version)
    for index, media in enumerate(offer.media):
        if index == audio.position:
            stream = f"m=audio {port} {audio.protocol}"
            lines += _audio_lines(stream, codecs, telephone_event, direction, ptime)
            lines += security_lines(security)
        else:
            lines.append(f"m={media.kind} 0 {media.protocol} {media.formats[0]}")
    return _join(lines)


def _session_lines(address: str, session_id: int, version: int) -> list[str]:
    network = f"IN IP6 {address}" if ":" in address else f"IN IP4 {address}"
    return ["v=0", f"o=- {session_id} {version} {network}", "s=-", f"c={network}", "t=0 0"]


def _security_of(security: Crypto | Fingerprint | None) -> Security:
    match security:
        case Crypto():
            return Security.SDES
        case Fingerprint():
            return Security.DTLS
        case None:
            return Security.NONE


def _profile(security: Crypto | Fingerprint | None) -> str:
    return RTP_AVP if security is None else PROFILE_OF[_security_of(security)]


def _audio_lines(
    stream: str,
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
    lines = [f"{stream} {' '.join(formats)}"]
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

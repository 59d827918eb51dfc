import re
import socket

from maskline.protocols.sdp.error import SdpParseError
from maskline.protocols.sdp.limits import DEFAULT_SDP_LIMITS, SdpLimits
from maskline.protocols.sdp.model import (
    Codec,
    Direction,
    MediaDescription,
    Origin,
    SessionDescription,
)
from maskline.protocols.sdp.security import (
    DEFAULT_SETUP,
    Crypto,
    Fingerprint,
    read_crypto,
    read_fingerprint,
    read_setup,
)

STATIC_CODECS: dict[int, Codec] = {
    0: Codec(0, "PCMU"),
    3: Codec(3, "GSM"),
    4: Codec(4, "G723"),
    8: Codec(8, "PCMA"),
    9: Codec(9, "G722"),
    13: Codec(13, "CN"),
    15: Codec(15, "G728"),
    18: Codec(18, "G729"),
}
"""Payload types that need no a=rtpmap (RFC 3551 6)."""

LAST_PAYLOAD_TYPE = 127
LAST_PORT = 65_535
LONGEST_PTIME_MS = 400

_MEDIA = re.compile(
    r"([\w.+\-]{1,64}) (\d{1,5})(?:/\d{1,5})? ([\w.+\-/]{1,64})((?: [\w.+*\-]++)+)", re.ASCII
)
_RTPMAP = re.compile(r"(\d{1,3})\s++([\w.+\-]{1,64})/(\d{1,7})(?:/(\d{1,2}))?", re.ASCII)
_FMTP = re.compile(r"(\d{1,3})\s++(.++)", re.ASCII)
_ORIGIN = re.compile(r"\S+ (\d{1,40}) (\d{1,40}) IN IP[46] \S+", re.ASCII)
_NUMBER = re.compile(r"(\d{1,5})(?:\s.*|\.\d+)?", re.ASCII)
_FAMILIES = {"IP4": socket.AF_INET, "IP6": socket.AF_INET6}
_DIRECTIONS = {direction.value: direction for direction in Direction}


_Encoding = tuple[str, int, int]
"""Name, clock rate and channels of a codec."""


class _Section:
    """What was read so far of the session part or of one m= line."""

    __slots__ = (
        "connection",
        "crypto_lines",
        "cryptos",
        "direction",
        "fingerprint",
        "fmtps",
        "formats",
        "kind",
        "port",
        "protocol",
        "ptime",
        "rtcp_port",
        "rtpmaps",
        "setup",
    )

    def __init__(
        self, kind: str = "", port: int = 0, protocol: str = "", formats: tuple[str, ...] = ()
    ) -> None:
        self.kind = kind
        self.port = port
        self.protocol = protocol
        self.formats = formats
        self.connection: str | None = None
        self.direction: Direction | None = None
        self.ptime: int | None = None
        self.rtcp_port: int | None = None
        self.rtpmaps: dict[int, _Encoding] = {}
        self.fmtps: dict[int, str] = {}
        self.crypto_lines = 0
        self.cryptos: dict[int, Crypto] = {}
        self.fingerprint: tuple[str, str] | None = None
        self.setup: str | None = None


def parse_sdp(data: bytes, limits: SdpLimits = DEFAULT_SDP_LIMITS) -> SessionDescription:
    """Read a session description (RFC 8866).

    Tolerant where senders slip: LF or CR line ends, a missing o=, s= or t=, lines out of order,
    unknown lines and attributes. Raises SdpParseError for what is no SDP, for an m= line that
    can't be read, and over the limits.
    """
    if len(data) > limits.message_bytes:
        raise SdpParseError("too long")
    text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if len(lines) > limits.line_count:
        raise SdpParseError("too many lines")
    if len(data) > limits.line_bytes and max(map(len, lines)) > limits.line_bytes:
        raise SdpParseError("line too long")
    if lines[0].rstrip() != "v=0":
        raise SdpParseError("not version 0")
    session = _Section()
    section = session
    sections: list[_Section] = []
    origin: Origin | None = None
    for line in lines:
        kind = line[:2]
        if kind == "a=":
            _read_attribute(section, line, limits)
        elif kind == "m=":
            section = _read_media(line, limits)
            sections.append(section)
            if len(sections) > limits.media_count:
                raise SdpParseError("too many streams")
        elif kind == "c=":
            section.connection = line[2:].strip()
        elif kind == "o=":
            origin = _read_origin(line)
    return SessionDescription(tuple([_describe(s, session) for s in sections]), origin)


def _read_origin(line: str) -> Origin | None:
    match = _ORIGIN.fullmatch(line[2:].strip())
    return None if match is None else Origin(match.group(1), match.group(2))


def _read_media(line: str, limits: SdpLimits) -> _Section:
    match = _MEDIA.fullmatch(line[2:].strip())
    if match is None:
        raise SdpParseError("bad media line")
    kind, port, protocol, formats = match.groups()
    section = _Section(kind.lower(), int(port), protocol, tuple(formats.split()))
    if section.port > LAST_PORT or len(section.formats) > limits.format_count:
        raise SdpParseError("bad media line")
    return section


def _read_attribute(section: _Section, line: str, limits: SdpLimits) -> None:
    name, _, value = line[2:].rstrip().partition(":")
    if name == "rtpmap":
        _read_rtpmap(section, value)
    elif name == "fmtp":
        match = _FMTP.fullmatch(value)
        if match is not None:
            section.fmtps.setdefault(int(match.group(1)), match.group(2))
    elif name in _DIRECTIONS:
        section.direction = _DIRECTIONS[name]
    elif name == "ptime":
        match = _NUMBER.fullmatch(value.strip())
        if match is not None and 0 < int(match.group(1)) <= LONGEST_PTIME_MS:
            section.ptime = int(match.group(1))
    elif name == "rtcp":
        match = _NUMBER.fullmatch(value)
        if match is not None and 0 < int(match.group(1)) <= LAST_PORT:
            section.rtcp_port = int(match.group(1))
    else:
        _read_security(section, name, value, limits)


def _read_security(section: _Section, name: str, value: str, limits: SdpLimits) -> None:
    if name == "crypto":
        section.crypto_lines += 1
        if section.crypto_lines > limits.crypto_count:
            raise SdpParseError("too many keys")
        crypto = read_crypto(value)
        if crypto is not None:
            section.cryptos.setdefault(crypto.tag, crypto)
    elif name == "fingerprint":
        section.fingerprint = section.fingerprint or read_fingerprint(value)
    elif name == "setup":
        section.setup = read_setup(value)


def _read_rtpmap(section: _Section, value: str) -> None:
    match = _RTPMAP.fullmatch(value)
    if match is None or int(match.group(1)) > LAST_PAYLOAD_TYPE:
        return
    name, clock_rate, channels = match.group(2), int(match.group(3)), int(match.group(4) or 1)
    section.rtpmaps.setdefault(int(match.group(1)), (name, clock_rate, channels))


def _describe(section: _Section, session: _Section) -> MediaDescription:
    codecs, telephone_event = _codecs(section) if section.kind == "audio" else ((), None)
    return MediaDescription(
        section.kind,
        section.port,
        section.protocol,
        section.formats,
        _address(section.connection or session.connection),
        codecs,
        telephone_event,
        section.direction or session.direction or Direction.SENDRECV,
        section.ptime or session.ptime,
        section.rtcp_port,
        tuple(section.cryptos.values()),
        _fingerprint(section, session),
    )


def _fingerprint(section: _Section, session: _Section) -> Fingerprint | None:
    """The certificate of a stream, for itself or for the whole session (RFC 8122 5)."""
    found = section.fingerprint or session.fingerprint
    if found is None:
        return None
    return Fingerprint(*found, section.setup or session.setup or DEFAULT_SETUP)


def _codecs(section: _Section) -> tuple[tuple[Codec, ...], int | None]:
    """The codecs of a stream, and the payload type of its telephone events."""
    codecs: dict[int, Codec] = {}
    telephone_event: int | None = None
    for text in section.formats:
        # anything but a payload type belongs to a transport that is not RTP
        if not text.isdecimal() or len(text) > 3 or (payload_type := int(text)) in codecs:
            continue
        encoding = section.rtpmaps.get(payload_type)
        if encoding is not None and encoding[0].lower() == "telephone-event":
            if telephone_event is None and encoding[1] == 8000:
                telephone_event = payload_type
            continue
        codec = _codec(payload_type, encoding, section.fmtps.get(payload_type))
        if codec is not None:
            codecs[payload_type] = codec
    return tuple(codecs.values()), telephone_event


def _codec(payload_type: int, encoding: _Encoding | None, fmtp: str | None) -> Codec | None:
    static = STATIC_CODECS.get(payload_type)
    if static is not None:
        encoding = encoding or static[1:4]
        # the usual case takes the codec that is there
        if fmtp is None and encoding == static[1:4]:
            return static
    return None if encoding is None else Codec(payload_type, *encoding, fmtp)


def _address(connection: str | None) -> str | None:
    """The unicast IP address of a c= line; None for host names, multicast and other networks."""
    words = (connection or "").split()
    if len(words) != 3 or words[0].upper() != "IN":
        return None
    family = _FAMILIES.get(words[1].upper())
    if family is None:
        return None
    try:
        packed = socket.inet_pton(family, words[2])
    except (OSError, ValueError):
        return None
    is_multicast = packed[0] == 0xFF if len(packed) == 16 else packed[0] >> 4 == 0xE
    return None if is_multicast else words[2]

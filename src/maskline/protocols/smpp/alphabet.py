"""The GSM 7 bit default alphabet and its extension table (3GPP TS 23.038 6.2.1)."""

from codecs import charmap_decode, charmap_encode

ESCAPE = 0x1B

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The 128 characters by their septet; the escape stands in its own place."""

EXTENSION = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}

_SEPTETS: dict[str, bytes] = {
    character: bytes((septet,)) for septet, character in enumerate(BASIC) if septet != ESCAPE
} | {character: bytes((ESCAPE, septet)) for septet, character in EXTENSION.items()}


# Without escapes both ways are one look-up a character: in C, as every message comes through here.
_DECODING = {octet: ord((BASIC + " " * 128)[octet]) for octet in range(256)}
_ENCODING = {ord(character): septet for septet, character in enumerate(BASIC) if septet != ESCAPE}


def encode_gsm(text: str) -> bytes:
    """One septet an octet, as links carry it. Raises `UnicodeEncodeError`."""
    try:
        return charmap_encode(text, "strict", _ENCODING)[0]
    except UnicodeEncodeError:
        return _encode_with_escapes(text)


def _encode_with_escapes(text: str) -> bytes:
    try:
        return b"".join([_SEPTETS[character] for character in text])
    except KeyError as error:
        at = text.index(error.args[0])
        raise UnicodeEncodeError("gsm", text, at, at + 1, "not in the alphabet") from None


def decode_gsm(data: bytes, *, keeps_escape: bool = False) -> str:
    """The text of one septet an octet. Never fails.

    After an escape, a septet that is not in the extension table shows its basic character (TS
    23.038 6.2.1.1); a lone escape is a space, and so is what is no septet. With `keeps_escape` one
    at the very end stays: what it stands before may come with the next part.
    """
    if ESCAPE not in data:
        return charmap_decode(data, "strict", _DECODING)[0]
    characters: list[str] = []
    is_escaped = False
    for septet in data:
        if septet == ESCAPE and not is_escaped:
            is_escaped = True
            continue
        basic = BASIC[septet] if septet < len(BASIC) and septet != ESCAPE else " "
        characters.append(EXTENSION.get(septet, basic) if is_escaped else basic)
        is_escaped = False
    if is_escaped:
        characters.append(chr(ESCAPE) if keeps_escape else " ")
    return "".join(characters)


def pack_septets(septets: bytes, *, fill_bits: int = 0) -> bytes:
    """Eight septets in seven octets (TS 23.038 6.1.2.1), after `fill_bits` of zero."""
    bits, held, packed = 0, fill_bits, bytearray()
    for septet in septets:
        bits |= septet << held
        held += 7
        while held >= 8:
            packed.append(bits & 0xFF)
            bits >>= 8
            held -= 8
    if held:
        packed.append(bits)
    return bytes(packed)


def unpack_septets(data: bytes, *, fill_bits: int = 0) -> bytes:
    """The septets of packed octets; a last one of seven zero bits is taken for filling."""
    count = (len(data) * 8 - fill_bits) // 7
    bits = int.from_bytes(data, "little") >> fill_bits
    septets = bytes(bits >> 7 * place & 0x7F for place in range(count))
    is_filled = len(septets) % 8 == 0 and septets.endswith(b"\0") and not fill_bits
    return septets[:-1] if is_filled else septets

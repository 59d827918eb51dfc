"""Texts as octets: which coding a text needs, and what a data coding means on a link.

`data_coding` 0 is "the default of the message centre" (SMPP 3.4 5.2.19): what that is, each link
has to say.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from maskline.protocols.smpp.alphabet import (
    decode_gsm,
    encode_gsm,
    pack_septets,
    unpack_septets,
)


class Coding(StrEnum):
    """How a text is written. GSM_PACKED has eight septets in seven octets."""

    GSM = "gsm"
    GSM_PACKED = "gsm_packed"
    ASCII = "ascii"
    LATIN1 = "latin1"
    UCS2 = "ucs2"


_UNITS: dict[Coding, Callable[[str], bytes]] = {
    Coding.GSM: encode_gsm,
    Coding.GSM_PACKED: encode_gsm,
    Coding.ASCII: lambda text: text.encode("ascii"),
    Coding.LATIN1: lambda text: text.encode("latin-1"),
    Coding.UCS2: lambda text: text.encode("utf-16-be"),
}
_CODES = {1: Coding.ASCII, 3: Coding.LATIN1, 8: Coding.UCS2}
_BINARY = frozenset({2, 4})
_MESSAGE_CLASS = 0xF0
_EIGHT_BITS = 0x04
_GENERAL_GROUPS = 0xC0
_ALPHABET = 0x0C


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What is particular about the texts of a link.

    `default` is what `data_coding` 0 means; `sends_latin1` has a text that the default cannot
    write sent in Latin-1 where that can; `ucs2_code` is the data coding that it takes for UCS-2.
    """

    default: Coding = Coding.GSM
    sends_latin1: bool = False
    ucs2_code: int = 8


@dataclass(frozen=True, slots=True)
class Coded:
    """A coding and the `data_coding` that says so."""

    coding: Coding
    data_coding: int


def choose_coding(text: str, dialect: Dialect) -> Coded:
    """The coding that needs the fewest parts for `text`."""
    return encode_shortest(text, dialect)[0]


def encode_shortest(text: str, dialect: Dialect) -> tuple[Coded, bytes]:
    """The coding that needs the fewest parts, and the text in it; septets are not packed.

    Raises `UnicodeEncodeError` for half a character.
    """
    try:
        return Coded(dialect.default, 0), _UNITS[dialect.default](text)
    except UnicodeEncodeError:
        pass
    if dialect.sends_latin1:
        try:
            return Coded(Coding.LATIN1, 3), text.encode("latin-1")
        except UnicodeEncodeError:
            pass
    return Coded(Coding.UCS2, dialect.ucs2_code), text.encode("utf-16-be")


def encode_text(text: str, coding: Coding) -> bytes:
    """The octets of a text. Raises `UnicodeEncodeError` where the coding has no such character."""
    units = encode_units(text, coding)
    return pack_septets(units) if coding is Coding.GSM_PACKED else units


def encode_units(text: str, coding: Coding) -> bytes:
    """The same with one septet an octet in every coding of septets."""
    return _UNITS[coding](text)


def decode_text(
    data: bytes, coding: Coding, *, fill_bits: int = 0, keeps_halves: bool = False
) -> str:
    """The text of octets; never fails: what cannot be read shows as U+FFFD.

    With `keeps_halves` halves of UTF-16 pairs, and an escape of GSM at the end, stay as they are:
    the neighbouring parts of a long message may complete them.
    """
    match coding:
        case Coding.GSM:
            return decode_gsm(data, keeps_escape=keeps_halves)
        case Coding.GSM_PACKED:
            septets = unpack_septets(data, fill_bits=fill_bits)
            return decode_gsm(septets, keeps_escape=keeps_halves)
        case Coding.ASCII:
            return data.decode("ascii", "replace")
        case Coding.LATIN1:
            return data.decode("latin-1")
        case Coding.UCS2:
            if keeps_halves:
                return data[: len(data) // 2 * 2].decode("utf-16-be", "surrogatepass")
            return data.decode("utf-16-be", "replace")


def coding_of(data_coding: int, dialect: Dialect) -> Coding | None:
    """How a message of this `data_coding` is written; None for one that is no text.

    Besides SMPP's own values those of GSM appear (TS 23.038 4): their groups say the alphabet.
    """
    if data_coding == dialect.ucs2_code:
        return Coding.UCS2
    if data_coding == 0:
        return dialect.default
    if data_coding in _CODES:
        return _CODES[data_coding]
    if data_coding in _BINARY:
        return None
    if data_coding & _MESSAGE_CLASS == _MESSAGE_CLASS:
        return None if data_coding & _EIGHT_BITS else dialect.default
    if data_coding & _GENERAL_GROUPS == 0 and data_coding > 0x0F:
        alphabet = data_coding & _ALPHABET
        return {0: dialect.default, 0x08: Coding.UCS2}.get(alphabet)
    return None

"""SMS links: the message centres that messages come from and go to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from maskline.domain.number import NumberFormat, read_number, write_number

SMPP_PORT = 2775


class BindKind(StrEnum):
    """How a link binds: one connection both ways, or one for each direction."""

    TRANSCEIVER = "transceiver"
    SEPARATE = "separate"


class DefaultAlphabet(StrEnum):
    """What `data_coding` 0 means on a link."""

    GSM = "gsm"
    GSM_PACKED = "gsm_packed"
    ASCII = "ascii"
    LATIN1 = "latin1"
    UCS2 = "ucs2"


class LongMessages(StrEnum):
    """How a link takes messages of several parts."""

    UDH = "udh"
    UDH16 = "udh16"
    SAR = "sar"
    PAYLOAD = "payload"


class ReceiptIds(StrEnum):
    """How the message ids of receipts are written, beside those of the answers to submits.

    The first are the same; HEX: the answer's is hexadecimal and the receipt's decimal; DECIMAL: the
    other way round.
    """

    SAME = "same"
    HEX = "hex"
    DECIMAL = "decimal"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsLink:
    """A message centre that we bind to over SMPP 3.4.

    A message goes over the links that own its X and reach its receiver: `owns` and `prefixes` are
    prefixes of such numbers, empty for all. Among these the longest match of X comes first, then
    that of the receiver, then the lowest `priority`; the next one is taken when one is down or
    refuses for good. `window` submits wait for their answers at once, `per_s` are sent a
    second, 0 is no limit. `ton` and `npi` of -1 follow from the form of the number.
    """

    name: str
    host: str
    port: int = SMPP_PORT
    is_tls: bool = False
    system_id: str
    password: str = field(default="", repr=False)
    system_type: str = ""
    bind: BindKind = BindKind.TRANSCEIVER
    owns: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    priority: int = 10
    window: int = 32
    per_s: int = 0
    enquire_s: int = 30
    number_format: NumberFormat = NumberFormat.E164
    ton: int = -1
    npi: int = -1
    default_alphabet: DefaultAlphabet = DefaultAlphabet.GSM
    sends_latin1: bool = False
    ucs2_code: int = 8
    long_messages: LongMessages = LongMessages.UDH
    receipt_ids: ReceiptIds = ReceiptIds.SAME
    is_enabled: bool = True

    def read(self, text: str) -> str | None:
        """A number as this link writes it, in global form; None when it is no number."""
        return read_number(text)

    def write(self, number: str) -> str:
        """A global number as this link expects it."""
        return write_number(number, self.number_format)

    def fit(self, x: str, receiver: str) -> tuple[int, int] | None:
        """How well it fits, the longer the better; None when it does not carry such messages."""
        owned = _longest(self.owns, x)
        reached = _longest(self.prefixes, receiver)
        return None if owned is None or reached is None else (owned, reached)


def _longest(prefixes: tuple[str, ...], number: str) -> int | None:
    if not prefixes:
        return 0
    return max((len(p) for p in prefixes if number.startswith(p)), default=None)


def order_links(links: Iterable[SmsLink], x: str, receiver: str) -> list[SmsLink]:
    """The links that may carry a message from `x` to `receiver`, best first."""
    ranked: list[tuple[int, int, int, str, SmsLink]] = []
    for link in links:
        fit = link.fit(x, receiver) if link.is_enabled else None
        if fit is not None:
            ranked.append((-fit[0], -fit[1], link.priority, link.name, link))
    ranked.sort(key=lambda entry: entry[:4])
    return [entry[4] for entry in ranked]

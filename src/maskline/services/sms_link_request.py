"""What an operator may ask of SMS links: the values `SmsLinkDesk` takes.

Types are checked when a request is decoded into one of these; rules are `SmsLinkDesk`'s.
"""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from maskline.domain.number import NumberFormat
from maskline.domain.sms_link import (
    SMPP_PORT,
    BindKind,
    DefaultAlphabet,
    LongMessages,
    ReceiptIds,
)

Prefixes = Annotated[tuple[str, ...], Meta(max_length=1000)]
Port = Annotated[int, Meta(ge=1, le=65535)]
Priority = Annotated[int, Meta(ge=0, le=1_000_000)]
Window = Annotated[int, Meta(ge=1, le=1000)]
Rate = Annotated[int, Meta(ge=0, le=100_000)]
Enquire = Annotated[int, Meta(ge=1, le=3600)]
Octet = Annotated[int, Meta(ge=0, le=255)]
OctetOrDerived = Annotated[int, Meta(ge=-1, le=255)]
# SMPP 3.4 4.1.1: 16, 9 and 13 octets, one of which ends the string.
SystemId = Annotated[str, Meta(min_length=1, max_length=15)]
Password = Annotated[str, Meta(max_length=8)]
SystemType = Annotated[str, Meta(max_length=12)]


class SmsLinkForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A link as an operator describes it; fields as in `maskline.domain.sms_link.SmsLink`."""

    name: str
    host: str
    system_id: SystemId
    port: Port = SMPP_PORT
    is_tls: bool = False
    password: Password = ""
    system_type: SystemType = ""
    bind: BindKind = BindKind.TRANSCEIVER
    owns: Prefixes = ()
    prefixes: Prefixes = ()
    priority: Priority = 10
    window: Window = 32
    per_s: Rate = 0
    enquire_s: Enquire = 30
    number_format: NumberFormat = NumberFormat.E164
    ton: OctetOrDerived = -1
    npi: OctetOrDerived = -1
    default_alphabet: DefaultAlphabet = DefaultAlphabet.GSM
    sends_latin1: bool = False
    ucs2_code: Octet = 8
    long_messages: LongMessages = LongMessages.UDH
    receipt_ids: ReceiptIds = ReceiptIds.SAME
    is_enabled: bool = True


class SmsLinkChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change of a link; absent fields stay."""

    host: str | UnsetType = UNSET
    system_id: SystemId | UnsetType = UNSET
    port: Port | UnsetType = UNSET
    is_tls: bool | UnsetType = UNSET
    password: Password | UnsetType = UNSET
    system_type: SystemType | UnsetType = UNSET
    bind: BindKind | UnsetType = UNSET
    owns: Prefixes | UnsetType = UNSET
    prefixes: Prefixes | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    window: Window | UnsetType = UNSET
    per_s: Rate | UnsetType = UNSET
    enquire_s: Enquire | UnsetType = UNSET
    number_format: NumberFormat | UnsetType = UNSET
    ton: OctetOrDerived | UnsetType = UNSET
    npi: OctetOrDerived | UnsetType = UNSET
    default_alphabet: DefaultAlphabet | UnsetType = UNSET
    sends_latin1: bool | UnsetType = UNSET
    ucs2_code: Octet | UnsetType = UNSET
    long_messages: LongMessages | UnsetType = UNSET
    receipt_ids: ReceiptIds | UnsetType = UNSET
    is_enabled: bool | UnsetType = UNSET

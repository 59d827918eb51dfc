from enum import IntEnum, IntFlag


class Command(IntEnum):
    """`command_id` of requests (SMPP 3.4 5.1.2.1); an answer has `ANSWER` set besides."""

    NACK = 0x00
    BIND_RECEIVER = 0x01
    BIND_TRANSMITTER = 0x02
    SUBMIT = 0x04
    DELIVER = 0x05
    UNBIND = 0x06
    BIND_TRANSCEIVER = 0x09
    ENQUIRE_LINK = 0x15


ANSWER = 0x80000000
"""Bit of `command_id` that makes an answer; a generic_nack has it without a request."""

BINDS = frozenset({Command.BIND_RECEIVER, Command.BIND_TRANSMITTER, Command.BIND_TRANSCEIVER})
MESSAGES = frozenset({Command.SUBMIT, Command.DELIVER})


class EsmClass(IntFlag):
    """Bits of `esm_class` (SMPP 3.4 5.2.12)."""

    STORE_AND_FORWARD = 0x03
    RECEIPT = 0x04
    UDH = 0x40


MESSAGE_TYPES = 0x3C
"""Bits of `esm_class` that say what kind of message it is: RECEIPT alone is a delivery receipt."""


class Ton(IntEnum):
    """Type of a number (SMPP 3.4 5.2.5)."""

    UNKNOWN = 0
    INTERNATIONAL = 1
    NATIONAL = 2
    NETWORK = 3
    SUBSCRIBER = 4
    ALPHANUMERIC = 5
    ABBREVIATED = 6


class Npi(IntEnum):
    """Numbering plan of a number (SMPP 3.4 5.2.6)."""

    UNKNOWN = 0
    ISDN = 1


class Tag(IntEnum):
    """Tags of optional parameters (SMPP 3.4 5.3.2), those that we read or write."""

    RECEIPTED_MESSAGE_ID = 0x001E
    SAR_REFERENCE = 0x020C
    SAR_TOTAL = 0x020E
    SAR_NUMBER = 0x020F
    SC_VERSION = 0x0210
    NETWORK_ERROR = 0x0423
    MESSAGE_PAYLOAD = 0x0424
    MESSAGE_STATE = 0x0427

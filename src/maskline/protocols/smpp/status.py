from enum import IntEnum


class Status(IntEnum):
    """`command_status` (SMPP 3.4 5.1.3), those that we give or treat in their own way."""

    OK = 0x00
    INVALID_MESSAGE_LENGTH = 0x01
    INVALID_COMMAND_LENGTH = 0x02
    INVALID_COMMAND_ID = 0x03
    INVALID_BIND_STATUS = 0x04
    ALREADY_BOUND = 0x05
    SYSTEM_ERROR = 0x08
    INVALID_SOURCE = 0x0A
    INVALID_DESTINATION = 0x0B
    INVALID_MESSAGE_ID = 0x0C
    BIND_FAILED = 0x0D
    INVALID_PASSWORD = 0x0E
    INVALID_SYSTEM_ID = 0x0F
    QUEUE_FULL = 0x14
    INVALID_ESM_CLASS = 0x43
    SUBMIT_FAILED = 0x45
    THROTTLED = 0x58
    RECEIVER_TEMPORARY = 0x64
    RECEIVER_PERMANENT = 0x65
    INVALID_TLV = 0xC0
    INVALID_TLV_LENGTH = 0xC2
    MISSING_TLV = 0xC3
    DELIVERY_FAILED = 0xFE
    UNKNOWN_ERROR = 0xFF


SLOW_DOWN = frozenset({Status.THROTTLED, Status.QUEUE_FULL})
"""Answers that ask for fewer messages."""

PASSING = SLOW_DOWN | {Status.SYSTEM_ERROR, Status.RECEIVER_TEMPORARY}
"""Answers after which the same message may be sent again later."""

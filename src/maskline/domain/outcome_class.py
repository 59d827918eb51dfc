"""What people want to know of how a call ended, before any code: five classes, one of them live."""

from enum import StrEnum

from maskline.domain.release import ReleaseCode


class OutcomeClass(StrEnum):
    """Of a call that has ended."""

    CONNECTED = "connected"
    UNANSWERED = "unanswered"
    REFUSED = "refused"
    """By a rule, or by what is set up."""
    FAILED = "failed"
    """By us, or by a network."""


class Fault(StrEnum):
    """Where the cause lies."""

    NOBODY = "nobody"
    CALLER = "caller"
    CALLEE = "callee"
    BINDING = "binding"
    TENANT = "tenant"
    CONTROL = "control"
    PLATFORM = "platform"
    NETWORK = "network"


_CODES: dict[Fault, tuple[int, ...]] = {
    Fault.NOBODY: (0, 8010),
    Fault.CALLER: (7501, 7502, 7516, 8009, 8033),
    Fault.CALLEE: (7503, 7504, 8002, 8003, 8004, 8035, *range(8100, 8106)),
    Fault.BINDING: (7103, 7104, 8013, 8014, 8016, 8017, 8019, 8022, 8025, 8030, 8032),
    Fault.TENANT: (7100, 7101, 7105, 7106, 7108, 7507, 8006, 8012),
    Fault.CONTROL: (
        *range(7001, 7006), 7500, 8018, 8023, 8024, *range(8042, 8045), *range(8046, 8052),
        *range(8055, 8060),
    ),
    Fault.PLATFORM: (
        522, 7102, 7107, 7109, 8005, 8007, 8008, 8011, 8015, 8020, 8031, 8040, 8041, 8139,
    ),
    Fault.NETWORK: (7505, 7506, 7508),
}  # fmt: skip

_FAULTS = {code: fault for fault, codes in _CODES.items() for code in codes}

_CLASSES = {
    Fault.NOBODY: OutcomeClass.CONNECTED,
    Fault.CALLER: OutcomeClass.UNANSWERED,
    Fault.CALLEE: OutcomeClass.UNANSWERED,
    Fault.BINDING: OutcomeClass.REFUSED,
    Fault.TENANT: OutcomeClass.REFUSED,
    Fault.CONTROL: OutcomeClass.REFUSED,
    Fault.PLATFORM: OutcomeClass.FAILED,
    Fault.NETWORK: OutcomeClass.FAILED,
}


def fault_of(code: ReleaseCode | int) -> Fault:
    """Where the cause of a release code lies. Raises KeyError for one that is not known."""
    return _FAULTS[int(code)]


def class_of(code: ReleaseCode | int) -> OutcomeClass:
    """The class of a release code. Raises KeyError for one that is not known."""
    return _CLASSES[fault_of(code)]

"""Why calls end: one table of release codes and what each means on every wire."""

from dataclasses import dataclass
from enum import IntEnum


class HungUpBy(IntEnum):
    """Who ended an answered call (`callRelDirection`, `spec/codes.md` 6)."""

    CALLER = 1
    CALLEE = 2


class ReleaseCode(IntEnum):
    """`stateCode` and `ulFailReason` (`spec/codes.md` 3 and 4)."""

    NORMAL = 0
    VOICE_PORTS_EXHAUSTED = 522
    TENANT_TOO_FREQUENT = 7001
    APPLICATION_TOO_FREQUENT = 7002
    SHOWN_NUMBER_TOO_FREQUENT = 7003
    CALLEE_BLOCKED = 7004
    CALLER_BLOCKED = 7005
    NO_CALL_ABILITY = 7106
    TENANT_FROZEN = 7108
    DESTINATION_FORBIDDEN = 7500
    CALLER_GAVE_UP_BEFORE_RINGING = 7501
    CALLER_GAVE_UP_RINGING = 7502
    CALLEE_REJECTED = 7503
    CALL_REFUSED = 7504
    CALLER_NETWORK = 7505
    CALLEE_NETWORK = 7506
    NO_PROMPT = 7507
    NO_ROUTE = 7508
    CALLER_GAVE_UP_BEFORE_FORWARDING = 7516
    PROMPT_MISSING = 8006
    COLLECTING_FAILED = 8008
    MAX_DURATION = 8010
    INTERNAL = 8011
    NO_TEMPORARY_CALLEE = 8013
    NO_BINDING = 8014
    RECORDING_NOT_STARTED = 8015
    DIRECTION_FORBIDDEN = 8016
    STOPPED = 8017
    NO_PERMISSION = 8018
    NOBODY_TO_CALL_BACK = 8019
    SERVICE_ABNORMAL = 8020
    NO_EXTENSION_BINDING = 8022
    LANDLINE_CALLER = 8023
    REAL_CALLER_SHOWN = 8024
    NO_XY_BINDING = 8030
    NO_Y_LEFT = 8031
    CALLED_OWN_NUMBER = 8032
    NO_EXTENSION_KEYED = 8033
    RING_TIMEOUT = 8035
    RECORDING_BROKEN = 8041
    CALLER_TOO_FREQUENT = 8047
    CALLEE_TOO_FREQUENT = 8048
    NUMBER_TOO_FREQUENT = 8049
    NUMBER_UNAVAILABLE = 8055
    NOT_REGISTERED = 8058
    UNKNOWN_CALLEE = 8100
    NO_ANSWER = 8101
    BUSY = 8102
    UNREACHABLE = 8103
    POWERED_OFF = 8104
    SUSPENDED = 8105

    @property
    def text(self) -> str:
        """The sentence sent as `stateDesc`."""
        return _WIRE[self].text

    @property
    def sip_status(self) -> int:
        """The SIP status a caller gets when the call ends so before answer."""
        return _WIRE[self].sip_status

    @property
    def q850(self) -> int:
        """The Q.850 cause that goes with it in a Reason header (RFC 3326)."""
        return _WIRE[self].q850


@dataclass(frozen=True, slots=True)
class _Wire:
    text: str
    sip_status: int
    q850: int


# SIP statuses follow RFC 3398 7.2.4.1 for the cause beside them. 503 is kept for our own overload:
# a carrier that gets it stops sending to this host.
_WIRE = {
    ReleaseCode.NORMAL: _Wire("The user releases the call.", 200, 16),
    ReleaseCode.VOICE_PORTS_EXHAUSTED: _Wire("The voice ports are exhausted.", 503, 34),
    ReleaseCode.TENANT_TOO_FREQUENT: _Wire("The developer calls too frequently.", 403, 21),
    ReleaseCode.APPLICATION_TOO_FREQUENT: _Wire("The application calls too frequently.", 403, 21),
    ReleaseCode.SHOWN_NUMBER_TOO_FREQUENT: _Wire(
        "The display number calls too frequently.", 403, 21
    ),
    ReleaseCode.CALLEE_BLOCKED: _Wire("The callee is in the blacklist.", 403, 21),
    ReleaseCode.CALLER_BLOCKED: _Wire("The caller is in the blacklist.", 403, 21),
    ReleaseCode.NO_CALL_ABILITY: _Wire("The application has no call ability.", 403, 21),
    ReleaseCode.TENANT_FROZEN: _Wire("The subscriber status is frozen.", 403, 21),
    ReleaseCode.DESTINATION_FORBIDDEN: _Wire("The call prefix is restricted.", 403, 21),
    ReleaseCode.CALLER_GAVE_UP_BEFORE_RINGING: _Wire(
        "The caller hangs up before the callee rings.", 487, 16
    ),
    ReleaseCode.CALLER_GAVE_UP_RINGING: _Wire(
        "The caller hangs up while the callee rings.", 487, 16
    ),
    ReleaseCode.CALLEE_REJECTED: _Wire("The callee rejects the call.", 603, 21),
    ReleaseCode.CALL_REFUSED: _Wire("The call is refused.", 603, 21),
    ReleaseCode.CALLER_NETWORK: _Wire("The network of the caller is abnormal.", 488, 41),
    ReleaseCode.CALLEE_NETWORK: _Wire("The network of the callee is abnormal.", 502, 27),
    ReleaseCode.NO_PROMPT: _Wire("The prompt file does not exist.", 500, 41),
    ReleaseCode.NO_ROUTE: _Wire("The call cannot be routed.", 480, 34),
    ReleaseCode.CALLER_GAVE_UP_BEFORE_FORWARDING: _Wire(
        "The caller hangs up before the call is forwarded.", 487, 16
    ),
    ReleaseCode.PROMPT_MISSING: _Wire("The prompt file does not exist.", 500, 41),
    ReleaseCode.COLLECTING_FAILED: _Wire("Playing and collecting digits failed.", 500, 41),
    ReleaseCode.MAX_DURATION: _Wire("The maximum call duration is reached.", 480, 102),
    ReleaseCode.INTERNAL: _Wire("Internal error.", 500, 41),
    ReleaseCode.NO_TEMPORARY_CALLEE: _Wire("No callee is set for this call.", 403, 21),
    ReleaseCode.NO_BINDING: _Wire("The binding relationship does not exist.", 403, 21),
    ReleaseCode.RECORDING_NOT_STARTED: _Wire("Recording failed.", 500, 41),
    ReleaseCode.DIRECTION_FORBIDDEN: _Wire("The call direction is not allowed.", 403, 21),
    ReleaseCode.STOPPED: _Wire("The call is ended on instruction.", 480, 31),
    ReleaseCode.NO_PERMISSION: _Wire("The application has no call permission.", 403, 21),
    ReleaseCode.NOBODY_TO_CALL_BACK: _Wire("There is no call to call back.", 404, 1),
    ReleaseCode.SERVICE_ABNORMAL: _Wire("The service is abnormal.", 500, 41),
    ReleaseCode.NO_EXTENSION_BINDING: _Wire("The extension is not bound.", 404, 1),
    ReleaseCode.LANDLINE_CALLER: _Wire("The fixnum cannot be caller.", 403, 21),
    ReleaseCode.REAL_CALLER_SHOWN: _Wire("The real caller may not be shown.", 403, 21),
    ReleaseCode.NO_XY_BINDING: _Wire("The binding relationship does not exist.", 403, 21),
    ReleaseCode.NO_Y_LEFT: _Wire("No virtual number can be allotted.", 480, 34),
    ReleaseCode.CALLED_OWN_NUMBER: _Wire("The caller dials its own virtual number.", 403, 21),
    ReleaseCode.NO_EXTENSION_KEYED: _Wire("No extension is entered.", 480, 31),
    ReleaseCode.RING_TIMEOUT: _Wire("The callee does not answer in time.", 480, 19),
    ReleaseCode.RECORDING_BROKEN: _Wire("Recording failed.", 500, 41),
    ReleaseCode.CALLER_TOO_FREQUENT: _Wire("The caller calls too frequently.", 403, 21),
    ReleaseCode.CALLEE_TOO_FREQUENT: _Wire("The callee is called too frequently.", 403, 21),
    ReleaseCode.NUMBER_TOO_FREQUENT: _Wire("The service number is called too frequently.", 403, 21),
    ReleaseCode.NUMBER_UNAVAILABLE: _Wire("The virtual number is unavailable.", 480, 31),
    ReleaseCode.NOT_REGISTERED: _Wire("The actual user is not registered.", 403, 21),
    ReleaseCode.UNKNOWN_CALLEE: _Wire("The callee number does not exist.", 404, 1),
    ReleaseCode.NO_ANSWER: _Wire("The callee does not answer.", 480, 19),
    ReleaseCode.BUSY: _Wire("The callee is busy.", 486, 17),
    ReleaseCode.UNREACHABLE: _Wire("The callee cannot be reached.", 480, 20),
    ReleaseCode.POWERED_OFF: _Wire("The callee is powered off.", 480, 20),
    ReleaseCode.SUSPENDED: _Wire("The callee is suspended.", 480, 20),
}

# A cause in a Reason header says more than the status it came with.
_BY_CAUSE = {
    1: ReleaseCode.UNKNOWN_CALLEE,
    17: ReleaseCode.BUSY,
    18: ReleaseCode.UNREACHABLE,
    19: ReleaseCode.NO_ANSWER,
    20: ReleaseCode.POWERED_OFF,
    21: ReleaseCode.CALLEE_REJECTED,
    22: ReleaseCode.UNKNOWN_CALLEE,
    27: ReleaseCode.UNREACHABLE,
    28: ReleaseCode.CALLEE_NETWORK,
    50: ReleaseCode.SUSPENDED,
    55: ReleaseCode.SUSPENDED,
}
_BY_STATUS = {
    403: ReleaseCode.CALL_REFUSED,
    404: ReleaseCode.UNKNOWN_CALLEE,
    408: ReleaseCode.UNREACHABLE,
    410: ReleaseCode.UNKNOWN_CALLEE,
    433: ReleaseCode.CALL_REFUSED,
    480: ReleaseCode.NO_ANSWER,
    484: ReleaseCode.UNKNOWN_CALLEE,
    486: ReleaseCode.BUSY,
    487: ReleaseCode.NO_ANSWER,
    600: ReleaseCode.BUSY,
    603: ReleaseCode.CALLEE_REJECTED,
    604: ReleaseCode.UNKNOWN_CALLEE,
    607: ReleaseCode.CALL_REFUSED,
    608: ReleaseCode.CALL_REFUSED,
}


def release_of_callee(status: int, q850: int | None) -> ReleaseCode:
    """Why a callee's leg failed, from its final SIP status and Q.850 cause, if it sent one."""
    if q850 in _BY_CAUSE:
        return _BY_CAUSE[q850]
    return _BY_STATUS.get(status, ReleaseCode.CALLEE_NETWORK)


_CAUSE_OF_STATUS = {
    403: 21, 404: 1, 408: 102, 410: 22, 480: 18, 484: 28, 486: 17, 487: 16, 488: 65,
    500: 41, 502: 38, 503: 41, 504: 102, 600: 17, 603: 21, 604: 1, 607: 21, 608: 21,
}  # fmt: skip


def q850_of_status(status: int) -> int:
    """The Q.850 cause of a SIP status without a Reason header (RFC 3398 8.2.6.1)."""
    return _CAUSE_OF_STATUS.get(status, 127)

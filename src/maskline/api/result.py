"""Result codes: each with its HTTP status and exact text (`spec/codes.md` 2)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from maskline.api.encoding import encode
from maskline.domain.error import (
    AlreadyBound,
    BusyError,
    CustomerError,
    DailyLimitReached,
    ExtensionTaken,
    InvalidParameter,
    MasklineError,
    MessagingNotEnabled,
    NumberFull,
    NumberNotOwned,
    NumberPoolExhausted,
    NumberUnavailable,
    RealCallerNotAllowed,
    RecordingNotEnabled,
    TooManyNumbers,
    UnknownRecord,
)

JSON = b"application/json;charset=utf-8"

_CODE = re.compile(rb'{"resultcode":"(\d{1,7})"')


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status and a body, JSON unless it says otherwise; `headers` go beside its length."""

    status: int
    body: bytes
    content_type: bytes = JSON
    headers: tuple[tuple[bytes, bytes], ...] = ()


def code_of(answer: Answer) -> str:
    """The result code of an answer; one without a body of that kind is a success or its status."""
    found = _CODE.match(answer.body)
    if found is not None:
        return found[1].decode()
    return "0" if answer.status < 400 else str(answer.status)


class Result(Enum):
    """`resultcode`, `resultdesc` and the HTTP status they come with.

    The number alone is not unique: 1010010 means another thing with 401 than with 403.
    """

    SUCCESS = (200, "0", "Success")

    NO_AUTHORIZATION = (400, "1023006", "Authorization not contained in the HTTP header.")
    NO_REALM = (400, "1023007", "realm not contained in Authorization.")
    NO_PROFILE = (400, "1023008", "profile not contained in Authorization.")
    WRONG_REALM = (400, "1023009", "The value of realm in Authorization must be SDP.")
    WRONG_PROFILE = (400, "1023010", "The value of profile in Authorization must be UsernameToken.")
    WRONG_TYPE = (400, "1023011", "The value of type in Authorization must be app_key.")
    NO_TYPE = (400, "1023012", "type not contained in Authorization.")
    NO_AKSK = (400, "1023033", "HTTP header not found X-AKSK field.")
    NO_AKSK_USERNAME = (400, "1023034", "UserName not contained in X-AKSK.")
    NO_AKSK_NONCE = (400, "1023035", "Nonce not contained in X-AKSK.")
    NO_AKSK_CREATED = (400, "1023036", "Created not contained in X-AKSK.")
    NO_AKSK_DIGEST = (400, "1023037", "PasswordDigest not contained in X-AKSK.")
    NO_AKSK_TOKEN = (400, "1023038", "UsernameToken not contained in X-AKSK.")

    # `spec/codes.md` 2.4; the text of 1023031 is known only up to "The format of Creat".
    NO_WSSE_SCHEME = (400, "1023013", "WSSE not contained in Authorization.")
    NO_WSSE = (400, "1023026", "X-WSSE not contained in the HTTP header.")
    NO_WSSE_USERNAME = (400, "1023027", "Username not contained in X-WSSE.")
    NO_WSSE_NONCE = (400, "1023028", "Nonce not contained in X-WSSE.")
    NO_WSSE_CREATED = (400, "1023029", "Created not contained in X-WSSE.")
    NO_WSSE_DIGEST = (400, "1023030", "PasswordDigest not contained in X-WSSE.")
    WRONG_WSSE_CREATED = (400, "1023031", "The format of Created in X-WSSE is incorrect.")

    INVALID_DIGEST = (401, "1010010", "Invalid digest.")
    TIME_OUT = (401, "1010013", "Time out limit.")

    INVALID_REQUEST = (403, "1010002", "Invalid request.")
    INVALID_APP_KEY = (403, "1010003", "Invalid app_key.")
    APP_KEY_UNAVAILABLE = (403, "1010008", "The status of the app_key is unavailable.")
    FLOW_CONTROL = (
        403,
        "1010010",
        "The flow control upper limit is reached on the platform.",
    )
    TENANT_FROZEN = (403, "1010029", "The subscriber status is frozen.")
    WRONG_MODE = (403, "1010040", "The app_key is not allowed to invoke the API.")
    # AX has codes of its own for what other modes tell by those from 1012001 on.
    UNKNOWN_NUMBER = (403, "1011001", "The account does not exist.")
    NO_AX_NUMBER = (403, "1011002", "Insufficient number resources.")
    TOO_MANY_NUMBERS = (
        403,
        "1011003",
        "Exceeded the upper limit of resources that can be applied for.",
    )
    NUMBER_NOT_APPLIED = (403, "1011004", "The number is not applied for binding application.")
    NUMBER_ALLOCATED = (403, "1011005", "Resources have been allocated.")
    TRAFFIC_CONTROL = (403, "1011006", "Under traffic control status")
    NUMBER_NOT_OWNED = (403, "1012001", "Resource of number is not to be applied.")
    UNKNOWN_RECORD = (403, "1012007", "The record does not exist.")
    NO_NUMBER = (403, "1012008", "Insufficient number of resources.")
    ALREADY_BOUND = (403, "1012010", "The number {} has been bound.")
    NO_RECORDING = (403, "1012012", "Application does not open recording function.")
    NUMBER_ABNORMAL = (403, "1012102", "The number status is abnormal.")
    RECORD_MISSING = (403, "1016001", "The record does not exist.")
    RECORD_EXISTS = (403, "1016002", "The record already exists.")
    # `spec/common.md` 3; the statuses of these three are those of `spec/codes.md` 2.2.
    CALL_STOP_APP_KEY = (403, "1020150", "The app_key is invalid.")
    INVALID_SESSION = (403, "1020152", "Invalid sessionId.")
    NO_EXTENSION = (403, "1020167", "No idle extend Number.")
    # Its number and its sense are known, its text is not.
    DAILY_LIMIT = (403, "1020182", "The number has reached its maximum number of bindings today.")
    ADDRESS_NOT_ALLOWED = (403, "1020166", "The app client ip is not in ip white list.")
    LOCKED_OUT = (403, "1020176", "Authentication failed, try again later")
    REAL_CALLER = (403, "1020178", "The transparent mode is not allowed.")

    # The status of this one is not documented.
    WRONG_METHOD = (405, "1010006", "Invalid Rest API.")

    PARAMETER_ERROR = (500, "1020001", "Parameter error.")
    SYSTEM_ERROR = (500, "1010001", "Internal system error.")

    def __init__(self, status: int, code: str, text: str) -> None:
        self.status = status
        self.code = code
        self.text = text
        self.answer = self.worded(text)

    def worded(self, text: str) -> Answer:
        """The answer with this code and another text."""
        return Answer(self.status, encode({"resultcode": self.code, "resultdesc": text}))

    def with_detail(self, detail: str) -> Answer:
        """The answer whose text goes on, without a blank, with a parameter's or file's name."""
        return self.worded(self.text + detail)


class Refused(CustomerError):
    """A request that ends with this answer; `parameter` is the one that is wrong, if it is one."""

    def __init__(self, answer: Answer, parameter: str = "") -> None:
        super().__init__(f"HTTP {answer.status}")
        self.answer = answer
        self.parameter = parameter

    @classmethod
    def by(cls, result: Result) -> "Refused":
        """Refused with the plain text of a result."""
        return cls(result.answer)

    @classmethod
    def for_parameter(cls, parameter: str) -> "Refused":
        """1010002 with the name of the parameter."""
        return cls(Result.INVALID_REQUEST.with_detail(parameter), parameter)


Results = Mapping[type[MasklineError], Result]
"""Which code an error has."""

NO_RESULTS: Results = {}

_RESULTS: Results = {
    UnknownRecord: Result.UNKNOWN_RECORD,
    NumberNotOwned: Result.NUMBER_NOT_OWNED,
    NumberUnavailable: Result.NUMBER_ABNORMAL,
    NumberPoolExhausted: Result.NO_NUMBER,
    # 1012009 says the same, but its text is not published; 1012008 lists the case as well.
    NumberFull: Result.NO_NUMBER,
    RecordingNotEnabled: Result.NO_RECORDING,
    RealCallerNotAllowed: Result.REAL_CALLER,
    TooManyNumbers: Result.NO_NUMBER,
    DailyLimitReached: Result.DAILY_LIMIT,
    ExtensionTaken: Result.NO_EXTENSION,
}


def answer_of(
    error: MasklineError, wire_names: dict[str, str], results: Results = NO_RESULTS
) -> Answer:
    """What a customer is told about an error.

    `wire_names` maps our fields to parameters; `results` has the codes of a mode that differ.
    """
    match error:
        case Refused():
            return error.answer
        case _ if type(error) in results:
            return results[type(error)].answer
        case AlreadyBound():
            return Result.ALREADY_BOUND.worded(Result.ALREADY_BOUND.text.format(error.number))
        case InvalidParameter():
            detail = error.detail or wire_names.get(error.parameter, error.parameter)
            return Result.INVALID_REQUEST.with_detail(detail)
        case MessagingNotEnabled():
            return Result.INVALID_REQUEST.with_detail(wire_names.get("may_message", ""))
        case BusyError():
            return Result.FLOW_CONTROL.answer
        case _:
            return _RESULTS.get(type(error), Result.SYSTEM_ERROR).answer

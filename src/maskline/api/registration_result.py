"""The `PPT.xxxx` codes of the registration interfaces (`spec/codes.md` 11), all in one place."""

from enum import Enum

from maskline.api.encoding import encode
from maskline.api.result import Answer, Refused
from maskline.domain.error import (
    CustomerError,
    InvalidParameter,
    MasklineError,
    PhotoInUse,
    PhotoMissing,
    PlatformError,
    UnknownRecord,
)


class RegistrationResult(Enum):
    """`error_code` and `error_msg` with their HTTP status.

    PPT.0009, PPT.00033 are not used: whoever has a token may register.
    """

    INTERNAL_ERROR = (400, "PPT.0001", "Internal server error.")
    INVALID_PARAMETER = (400, "PPT.0002", "Invalid Parameter.")
    # The status of a wrong method is not documented.
    WRONG_METHOD = (405, "PPT.0002", "Invalid Parameter.")
    UNAUTHORIZED = (403, "PPT.0007", "Request unauthorized.")
    UNKNOWN_RESOURCE = (400, "PPT.00011", "Resource not exist.")
    FILE_USED = (400, "PPT.00017", "Voice have been used.")
    TENANT_FROZEN = (
        400,
        "PPT.00032",
        "The operation is forbidden because tenant has been frozen.",
    )
    FAILED = (400, "PPT.00039", "Operation failed.")

    def __init__(self, status: int, code: str, text: str) -> None:
        self.status = status
        self.code = code
        self.text = text

    def answer(self, **more: object) -> Answer:
        """The answer with this code, and what else its body says."""
        body = {"error_code": self.code, "error_msg": self.text, **more}
        return Answer(self.status, encode(body))


class NotAuthorized(CustomerError):
    """The request names no tenant that may do this, or its address is locked out."""


class TenantFrozen(CustomerError):
    """A frozen tenant may look, and change nothing."""


def result_of(error: MasklineError) -> RegistrationResult:
    """The code of an error."""
    match error:
        case NotAuthorized():
            return RegistrationResult.UNAUTHORIZED
        case TenantFrozen():
            return RegistrationResult.TENANT_FROZEN
        case Refused() | InvalidParameter():
            # The readers that all interfaces share refuse in words of the others.
            return RegistrationResult.INVALID_PARAMETER
        case UnknownRecord() | PhotoMissing():
            return RegistrationResult.UNKNOWN_RESOURCE
        case PhotoInUse():
            return RegistrationResult.FILE_USED
        case PlatformError():
            return RegistrationResult.INTERNAL_ERROR
        case _:
            return RegistrationResult.FAILED

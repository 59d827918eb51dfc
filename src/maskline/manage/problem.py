"""How the management API says no: one JSON shape for every error."""

from typing import Any

from msgspec import UNSET, Struct, UnsetType

from maskline.domain.error import (
    BusyError,
    CodeNeeded,
    CustomerError,
    DuplicateRecord,
    InvalidParameter,
    LastOfItsKind,
    LinkNotGood,
    MasklineError,
    NotForThisRole,
    SandboxRefused,
    SignInLocked,
    SignInRefused,
    StepUpNeeded,
    UnknownRecord,
)

RETRY_AFTER_S = 1


class ErrorDetail(Struct, frozen=True, kw_only=True):
    """`code` is for programs, `message` for people; `field` names what is wrong in a request.

    `current` is the object as it is now, where somebody has changed it meanwhile.
    """

    code: str
    message: str
    field: str | UnsetType = UNSET
    hint: str | UnsetType = UNSET
    current: Any = UNSET


class ErrorBody(Struct, frozen=True, kw_only=True):
    """The body of every answer that is no success."""

    error: ErrorDetail


class Problem(Exception):
    """A request that is answered with an error."""

    def __init__(
        self,
        *,
        status: int,
        code: str,
        message: str,
        field: str | None = None,
        hint: str | None = None,
        current: Struct | None = None,
        tag: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.field = field
        self.hint = hint
        self.current = current
        self.tag = tag

    @property
    def body(self) -> ErrorBody:
        """The answer."""
        return ErrorBody(
            error=ErrorDetail(
                code=self.code,
                message=self.message,
                field=self.field or UNSET,
                hint=self.hint or UNSET,
                current=UNSET if self.current is None else self.current,
            )
        )

    @property
    def headers(self) -> dict[str, str]:
        """Headers that belong to the status."""
        if self.status == 401:
            return {"WWW-Authenticate": 'Bearer realm="maskline"'}
        if self.tag is not None:
            return {"ETag": self.tag}
        if self.status == 503:
            return {"Retry-After": str(RETRY_AFTER_S)}
        return {}


def problem_of(error: MasklineError) -> Problem:
    """What a client is told about an error of the services."""
    match error:
        case InvalidParameter():
            return Problem(
                status=400,
                code="invalid_field",
                message=str(error),
                field=error.parameter,
            )
        case SignInRefused():
            return _sign_in_refused(error)
        case NotForThisRole():
            return Problem(status=403, code="not_allowed", message=str(error))
        case LinkNotGood():
            return Problem(
                status=410, code="link_not_good", message=str(error), hint="ask for a new one"
            )
        case LastOfItsKind():
            return Problem(
                status=409,
                code="last_of_its_kind",
                message=str(error),
                hint="give somebody else that role first",
            )
        case UnknownRecord():
            return Problem(status=404, code="not_found", message=_sentence(error, "not found"))
        case DuplicateRecord():
            return Problem(status=409, code="exists", message=str(error))
        case SandboxRefused():
            return Problem(status=409, code=error.code, message=str(error), hint=error.hint)
        case StepUpNeeded():
            return Problem(
                status=403,
                code="step_up_needed",
                message=_sentence(error, "this needs your password, or your code, once more"),
                hint="POST /session/step-up, and ask again within 15 minutes",
            )
        case CustomerError():
            return Problem(status=409, code="refused", message=_sentence(error, "refused"))
        case BusyError():
            return Problem(
                status=503,
                code="busy",
                message="too much is waiting to be written",
                hint="try again in a second",
            )
        case _:
            return Problem(
                status=500,
                code="internal",
                message="the platform failed; nothing was changed",
                hint="see the server's log",
            )


def _sign_in_refused(error: SignInRefused) -> Problem:
    match error:
        case SignInLocked():
            return Problem(
                status=423,
                code="locked",
                message=str(error),
                hint=f"try again at {error.until:%Y-%m-%dT%H:%M:%SZ}, or ask who is in charge",
            )
        case CodeNeeded():
            return Problem(status=401, code="code_needed", message=str(error), field="code")
        case _:
            return Problem(status=401, code="wrong_credentials", message=str(error))


def _sentence(error: MasklineError, otherwise: str) -> str:
    return str(error) or otherwise

"""`POST /rest/httpsessions/callStop/v2.0`: a customer ends a running call (`spec/common.md` 3)."""

from collections.abc import Awaitable, Callable

from maskline.api.encoding import encode
from maskline.api.endpoint import Endpoint
from maskline.api.operation import Operation, Parameters
from maskline.api.request import read_object
from maskline.api.result import Answer, Refused, Result
from maskline.domain.application import Application

PATH = "/rest/httpsessions/callStop/v2.0"
CONTENT_TYPE = b"text/html;charset=UTF-8"
SIGNAL = "call_stop"
MAX_SESSION_ID = 256

StopCall = Callable[[str, str], Awaitable[bool]]
"""Takes a session id and an `app_key`; False when that application has no such running call."""


_OPERATION = Operation(
    operation_id="stopCall",
    summary="End a running call",
    body=Parameters(
        {
            "sessionid": {"type": "string", "minLength": 1, "maxLength": MAX_SESSION_ID},
            "signal": {"const": SIGNAL},
        },
        required=("sessionid", "signal"),
    ),
)


class CallStopInterface:
    """Serves applications of every mode; each ends its own calls, also while they ring."""

    def __init__(self, stop: StopCall) -> None:
        self._stop = stop

    def endpoint(self) -> Endpoint:
        """The path with its own codes for what other paths call 1010002, 1010003, 1010008."""
        return Endpoint(
            mode=None,
            methods={"POST": self.stop},
            content_type=CONTENT_TYPE,
            described={"POST": _OPERATION},
            own_answers={
                Result.INVALID_APP_KEY.answer: Result.CALL_STOP_APP_KEY.answer,
                Result.APP_KEY_UNAVAILABLE.answer: Result.CALL_STOP_APP_KEY.answer,
                Result.INVALID_REQUEST.with_detail("body"): Result.PARAMETER_ERROR.answer,
            },
        )

    async def stop(self, application: Application, _query: bytes, body: bytes) -> Answer:
        """End the call that the body names. Raises Refused (1020001, 1020152)."""
        given = read_object(body)
        session_id = given.get("sessionid")
        if not isinstance(session_id, str) or not 0 < len(session_id) <= MAX_SESSION_ID:
            raise Refused.by(Result.PARAMETER_ERROR)
        if given.get("signal") != SIGNAL:
            raise Refused.by(Result.PARAMETER_ERROR)
        if not await self._stop(session_id, application.app_key):
            raise Refused.by(Result.INVALID_SESSION)
        return _STOPPED


_STOPPED = Answer(
    Result.SUCCESS.status,
    encode({"resultcode": Result.SUCCESS.code, "resultdesc": Result.SUCCESS.text}),
)

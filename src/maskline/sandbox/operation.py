"""What an application asks of the compatible interface in each mode, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from maskline.domain.application import Application, Mode
from maskline.domain.error import InvalidParameter

AX = "/rest/provision/caas/privatenumber/v1.0"
AX_CALLEE = "/rest/caas/privatenumber/calleenumber/v1.0"
AXB = "/rest/caas/relationnumber/partners/v1.0"
AXE = "/rest/caas/extendnumber/v1.0"
AXYB = "/rest/omp/xyrelationnumber/v1.0"
STOP = "/rest/httpsessions/callStop/v2.0"

ID_WORD = "SUBSCRIPTION_ID"
"""Stands in examples for the id of a binding where none is known."""

_ID = {"subscriptionId": "{id}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One request. `example` are parameters that work; `{a}`, `{b}`, `{x}`, `{id}` are filled in.

    Parameters are in the query of GET and DELETE, else in a JSON body. `names_app` puts `app_key`
    into the query (`spec/axyb.md` 2).
    """

    name: str
    method: str
    path: str
    example: Mapping[str, Any] = field(default_factory=dict[str, Any])
    names_app: bool = False

    @property
    def has_body(self) -> bool:
        """Whether its parameters are a JSON body."""
        return self.method in {"POST", "PUT"}

    def filled(self, words: Mapping[str, str]) -> dict[str, Any]:
        """The example with `{...}` replaced by `words`."""
        return {
            name: value.format_map(words) if isinstance(value, str) else value
            for name, value in self.example.items()
        }

    def target(self, app_key: str, params: Mapping[str, Any]) -> str:
        """Path and query. Raises InvalidParameter."""
        query = {"app_key": app_key} if self.names_app else {}
        if not self.has_body:
            query |= {name: _as_text(name, value) for name, value in params.items()}
        # The `+` of a number has to be escaped (`spec/auth.md` 1).
        pairs = "&".join(f"{quote(name, safe='')}={quote(query[name], safe='')}" for name in query)
        return f"{self.path}?{pairs}" if pairs else self.path


def _as_text(name: str, value: object) -> str:
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)
    raise InvalidParameter(f"params.{name}", "stands in the query: it is a text or a number")


def _four(
    path: str, bind: dict[str, Any], change: dict[str, Any], *, names_app: bool = False
) -> tuple[Operation, ...]:
    """Bind, modify, query and unbind, which share a path."""
    wanted = (
        ("bind", "POST", bind),
        ("modify", "PUT", _ID | change),
        ("query", "GET", _ID),
        ("unbind", "DELETE", _ID),
    )
    return tuple(
        Operation(name=name, method=method, path=path, example=example, names_app=names_app)
        for name, method, example in wanted
    )


_STOP_CALL = Operation(
    name="stop_call",
    method="POST",
    path=STOP,
    example={"sessionid": "SESSION_ID", "signal": "call_stop"},
)
_AXYB = _four(AXYB, {"origNum": "{a}", "areaCode": "{city}", "duration": 600}, {}, names_app=True)

OPERATIONS: Mapping[Mode, tuple[Operation, ...]] = {
    Mode.AX: (
        *_four(AX, {"origNum": "{a}", "privateNum": "{x}"}, {"maxDuration": 30}),
        Operation(
            name="set_callee",
            method="PUT",
            path=AX_CALLEE,
            example={"privateNum": "{x}", "calleeNum": "{b}", "duration": 120},
        ),
        _STOP_CALL,
    ),
    Mode.AXB: (
        *_four(
            AXB,
            {"callerNum": "{a}", "calleeNum": "{b}", "relationNum": "{x}", "duration": 600},
            {"maxDuration": 30},
        ),
        _STOP_CALL,
    ),
    Mode.AXE: (
        *_four(
            AXE,
            {"bindNum": "{a}", "virtualNum": "{x}", "timeUnit": "1", "bindExpiredTime": 60},
            {"userData": "trip-7"},
        ),
        _STOP_CALL,
    ),
    # There is no request that changes one (`spec/axyb.md` 2).
    Mode.AXYB: (
        *(one for one in _AXYB if one.name != "modify"),
        Operation(
            name="bind_y",
            method="POST",
            path=AXYB,
            example={"origNum": "{b}", "subscriptionId": "{id}"},
            names_app=True,
        ),
        _STOP_CALL,
    ),
    # Nothing is bound: the customer is asked about each call.
    Mode.X: (_STOP_CALL,),
}


def operation_of(application: Application, name: str) -> Operation:
    """An operation of the application's mode. Raises InvalidParameter."""
    known = OPERATIONS[application.mode]
    for operation in known:
        if operation.name == name:
            return operation
    names = ", ".join(operation.name for operation in known)
    raise InvalidParameter("operation", f"is one of {names} in mode {application.mode}")

"""The AX interface: bind, modify, unbind, query, temporary callee (`spec/ax.md` 4-8)."""

from collections.abc import Mapping

from maskline.api.ax_answer import Bound, Found, written_list
from maskline.api.encoding import encode
from maskline.api.endpoint import Endpoint
from maskline.api.operation import Operation, Parameters
from maskline.api.parameter import (
    CHOICE,
    CHOICE_WIRE_NAMES,
    CLOSING,
    CLOSING_WIRE_NAMES,
    MAX_BINDING_ID,
    WAITING_TONES,
    read_choice,
    read_closing,
    read_virtual_number,
    read_waiting_tones,
    wire_names,
)
from maskline.api.request import read_object, read_query
from maskline.api.result import Answer, Refused, Result, Results
from maskline.api.value import (
    MAX_AREA_CODE,
    Field,
    integer,
    read_area_match_mode,
    read_direction,
    read_display,
    read_fields,
    read_flag,
    read_number,
    read_switch,
    text,
)
from maskline.domain.application import Application, Mode
from maskline.domain.binding import AxBinding
from maskline.domain.error import (
    AlreadyBound,
    NumberFull,
    NumberNotOwned,
    NumberPoolExhausted,
    TooManyNumbers,
    UnknownNumber,
    UnknownRecord,
)
from maskline.domain.prompt import MAX_PROMPT_NAME
from maskline.services.binding_ax import AxDesk
from maskline.services.binding_ax_request import (
    MAX_TEMPORARY_CALLEE_S,
    AxChange,
    NewAxBinding,
    NewCallee,
)
from maskline.services.binding_rule import MAX_CALL_MINUTES, MAX_USER_DATA

PATH = "/rest/provision/caas/privatenumber/v1.0"
CALLEE_PATH = "/rest/caas/privatenumber/calleenumber/v1.0"

PRIVATE_NUM_TYPE = "mobile-virtual"

_CHANGEABLE = {
    "origNum": Field("a", read_number),
    "callDirection": Field("direction", read_direction),
    "recordFlag": Field("record", read_flag),
    "recordHintTone": Field("record_hint_tone", text(MAX_PROMPT_NAME), keeps_empty=True),
    "calleeNumDisplay": Field("shows_caller", read_display),
    "privateSms": Field("may_message", read_flag),
    "maxDuration": Field("max_duration_min", integer(0, MAX_CALL_MINUTES)),
    "lastMinVoice": Field("last_minute_voice", text(MAX_PROMPT_NAME), keeps_empty=True),
    "userData": Field("user_data", text(MAX_USER_DATA), keeps_empty=True),
    "turnFlag": Field("is_on", read_switch),
}
_CHOICE = {
    "areaCode": Field("area_code", text(MAX_AREA_CODE)),
    "areaMatchMode": Field("is_area_loose", read_area_match_mode),
}
# Any text is looked for: a number of a wrong form is none of the application's (1011001, 1011004).
_KEYS = {
    "subscriptionId": Field("binding_id", text(MAX_BINDING_ID)),
    "privateNum": Field("x", text(MAX_BINDING_ID)),
}
_X = {"privateNum": _KEYS["privateNum"]}
_PARTY = {"origNum": Field("a", text(MAX_BINDING_ID))}
_CALLEE = {
    "calleeNum": Field("number", read_number),
    "duration": Field("duration_s", integer(1, MAX_TEMPORARY_CALLEE_S)),
    "userData": Field("user_data", text(MAX_USER_DATA)),
}

_WIRE_NAMES = (
    wire_names(_CHANGEABLE, _CHOICE, WAITING_TONES, _KEYS) | CLOSING_WIRE_NAMES | CHOICE_WIRE_NAMES
)
_RESULTS: Results = {
    UnknownNumber: Result.UNKNOWN_NUMBER,
    NumberPoolExhausted: Result.NO_AX_NUMBER,
    TooManyNumbers: Result.TOO_MANY_NUMBERS,
    NumberNotOwned: Result.NUMBER_NOT_APPLIED,
    NumberFull: Result.NUMBER_ALLOCATED,
    UnknownRecord: Result.RECORD_MISSING,
    AlreadyBound: Result.RECORD_EXISTS,
}


_VOICE = {"preVoice": Parameters(WAITING_TONES)}
_RULES = {"numberChoice": Parameters(CHOICE)}
_TYPE = {"privateNumType": {"const": PRIVATE_NUM_TYPE}}
_OPERATIONS = {
    "POST": Operation(
        operation_id="bindAx",
        summary="Bind A to X",
        body=Parameters(
            _CHANGEABLE | _X | _TYPE | _CHOICE | _RULES | _VOICE | CLOSING, required=("origNum",)
        ),
        answer=Bound,
    ),
    "PUT": Operation(
        operation_id="modifyAx",
        summary="Change a binding",
        body=Parameters(_KEYS | _CHANGEABLE | _VOICE | CLOSING),
    ),
    "GET": Operation(
        operation_id="queryAx",
        summary="Show a binding, those of A, or that of X",
        query=Parameters(_KEYS | _PARTY),
        answer=Found,
    ),
    "DELETE": Operation(
        operation_id="unbindAx",
        summary="Remove a binding",
        query=Parameters(_KEYS | _PARTY),
    ),
}
_CALLEE_OPERATIONS = {
    "PUT": Operation(
        operation_id="setCallee",
        summary="Set whom A reaches through X",
        body=Parameters(_KEYS | _PARTY | _CALLEE, required=("calleeNum",)),
    ),
}


class AxInterface:
    """Reads the five requests, has the desk carry them out, writes the answers.

    Each raises Refused for what cannot be read, and what `AxDesk` raises.
    """

    def __init__(self, desk: AxDesk) -> None:
        self._desk = desk

    def endpoints(self) -> dict[str, Endpoint]:
        """The two paths with what each does there."""
        methods = {
            "PUT": self.modify,
            "GET": self.query,
            "DELETE": self.unbind,
        }
        callee_names = wire_names(_CALLEE, _KEYS)
        return {
            PATH: Endpoint(
                Mode.AX,
                methods,
                _WIRE_NAMES,
                _RESULTS,
                binds={"POST": self.bind},
                described=_OPERATIONS,
            ),
            CALLEE_PATH: Endpoint(
                Mode.AX,
                {"PUT": self.set_callee},
                callee_names,
                _RESULTS,
                described=_CALLEE_OPERATIONS,
            ),
        }

    async def bind(
        self, application: Application, query: bytes, body: bytes, binding_id: str | None
    ) -> Answer:
        """`POST` (4): bind A to X."""
        del query
        given = read_object(body)
        values = read_fields(given, _CHANGEABLE)
        if "a" not in values:
            raise Refused.for_parameter("origNum")
        values |= _read_number_choice(given)
        values |= read_waiting_tones(given) | read_closing(given) | read_choice(given)
        binding = await self._desk.bind(application, NewAxBinding(**values), binding_id)
        return Answer(
            Result.SUCCESS.status,
            encode(
                Bound(
                    orig_num=binding.a,
                    private_num=binding.x,
                    subscription_id=binding.binding_id,
                )
            ),
        )

    async def modify(self, application: Application, query: bytes, body: bytes) -> Answer:
        """`PUT` (5): change a binding; `privateNum` is a key, no new value."""
        del query
        given = read_object(body)
        keys = read_fields(given, _KEYS)
        values = read_fields(given, _CHANGEABLE)
        values |= read_waiting_tones(given) | read_closing(given)
        binding_id = await self._binding_id(application, keys)
        await self._desk.modify(application, binding_id, AxChange(**values))
        return Result.SUCCESS.answer

    async def unbind(self, application: Application, query: bytes, body: bytes) -> Answer:
        """`DELETE` (6): remove a binding; `origNum` is not looked at.

        The parameters stand in the URL; without any there, a JSON body is read as for AXB.
        """
        keys = read_fields(read_query(query), _KEYS)
        if not keys and body:
            keys = read_fields(read_object(body), _KEYS)
        binding_id: str | None = keys.get("binding_id")
        if binding_id is None:
            # 1011004 rather than 1010002 is what `spec/ax.md` 6 lists for missing parameters.
            binding = await self._binding_on_own(application, keys.get("x", ""))
            binding_id = binding.binding_id
        await self._desk.unbind(application, binding_id)
        return Result.SUCCESS.answer

    async def query(self, application: Application, query: bytes, body: bytes) -> Answer:
        """`GET` (7): a binding by its id, else those of A, else that of X."""
        del body
        keys = read_fields(read_query(query), _KEYS | _PARTY)
        if "binding_id" in keys:
            return written_list([await self._desk.find(application, keys["binding_id"])])
        if "a" in keys:
            a = read_virtual_number("origNum", keys["a"], Result.NUMBER_NOT_APPLIED)
            return written_list(await self._desk.find_of_a(application, a))
        if "x" not in keys:
            raise Refused.for_parameter("subscriptionId")
        return written_list([await self._binding_on_own(application, keys["x"])])

    async def set_callee(self, application: Application, query: bytes, body: bytes) -> Answer:
        """`PUT` (8): set whom A reaches through X; `origNum` only must not be that one."""
        del query
        given = read_object(body)
        keys = read_fields(given, _KEYS)
        values = read_fields(given, _CALLEE)
        if "number" not in values or values["number"] == given.get("origNum"):
            raise Refused.for_parameter("calleeNum")
        binding_id = await self._binding_id(application, keys)
        await self._desk.set_callee(application, binding_id, NewCallee(**values))
        return Result.SUCCESS.answer

    async def _binding_id(self, application: Application, keys: Mapping[str, str]) -> str:
        """The id that a request names; without one, that of the binding on its `privateNum`."""
        if "binding_id" in keys:
            return keys["binding_id"]
        if "x" not in keys:
            raise Refused.for_parameter("privateNum")
        binding = await self._desk.find_on_number(application, keys["x"])
        return binding.binding_id

    async def _binding_on_own(self, application: Application, x: str) -> AxBinding:
        """As `AxDesk.find_on_number`, where a number that exists nowhere is like another's."""
        try:
            return await self._desk.find_on_number(application, x)
        except UnknownNumber as error:
            raise NumberNotOwned from error


def _read_number_choice(given: Mapping[str, object]) -> dict[str, object]:
    """X itself, else where it is chosen: a city with `privateNumType` (4.1). Raises Refused."""
    x: str | None = read_fields(given, _X).get("x")
    if x is not None:
        return {"x": x}
    number_type = given.get("privateNumType") or None
    chosen = read_fields(given, _CHOICE)
    if number_type is None and "area_code" not in chosen:
        raise Refused.for_parameter("privateNum")
    if number_type != PRIVATE_NUM_TYPE:
        raise Refused.for_parameter("privateNumType")
    if "area_code" not in chosen:
        raise Refused.for_parameter("areaCode")
    return chosen

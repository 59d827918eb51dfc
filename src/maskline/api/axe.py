"""The AXE interface: bind, modify, unbind, query, count (`spec/axe.md` 3-8)."""

import re
from collections.abc import Mapping
from typing import Any

from msgspec import UNSET

from maskline.api.axe_answer import (
    Bound,
    Counts,
    ExtendNumInfo,
    FoundList,
    NumberCount,
    written_info,
    written_one,
)
from maskline.api.encoding import encode
from maskline.api.endpoint import Endpoint
from maskline.api.operation import Operation, Parameters
from maskline.api.parameter import (
    CHOICE,
    CHOICE_WIRE_NAMES,
    CLOSING,
    CLOSING_WIRE_NAMES,
    MAX_BINDING_ID,
    read_choice,
    read_closing,
    read_virtual_number,
    wire_names,
)
from maskline.api.request import read_object, read_query
from maskline.api.result import Answer, Refused, Result, Results
from maskline.api.value import (
    MAX_AREA_CODE,
    Field,
    integer,
    read_area_match_mode,
    read_display_mode,
    read_fields,
    read_flag,
    read_number,
    read_number_or_none,
    read_time_unit,
    text,
)
from maskline.domain.application import MAX_EXTENSION_DIGITS, Application, Mode
from maskline.domain.error import AlreadyBound, NumberFull, UnknownRecord
from maskline.domain.prompt import MAX_PROMPT_NAME
from maskline.services.axe_request import (
    AxeChange,
    BindingId,
    BindingKey,
    NewAxeBinding,
    NumberAndExtension,
)
from maskline.services.binding_axe import MAX_CALLBACK_S, MAX_LIFE_S, AxeDesk
from maskline.services.binding_rule import MAX_USER_DATA

PATH = "/rest/caas/extendnumber/v1.0"
LIST_PATH = "/rest/caas/extendnumber/v2.0"
COUNT_PATH = "/rest/caas/virtualnumber/v1.0"

DEFAULT_LIMIT, MAX_LIMIT = 50, 100
MINUTE_S = 60
MAX_CURSOR = 34  # characters: milliseconds, _ and a place
MAX_PLACE = 2**63 - 1  # a cursor may have 20 digits

_LIST_CURSOR = re.compile(r"[0-9]{13}_([0-9]{1,20})")
_COUNT_CURSOR = re.compile(r"[0-9]{1,20}")
_FIRST_LIST, _FIRST_COUNT = "0000000000000_0", "0"


_CHANGEABLE = {
    "displayNumMode": Field("shows_caller", read_display_mode),
    "recordFlag": Field("record", read_flag),
    "recordHintTone": Field("record_hint_tone", text(MAX_PROMPT_NAME), keeps_empty=True),
    "callbackTone": Field("callback_tone", text(MAX_PROMPT_NAME), keeps_empty=True),
    "callbackNum": Field("callback_number", read_number_or_none, keeps_empty=True),
    "timeUnit": Field("time_unit", read_time_unit),
    "bindExpiredTime": Field("bound_for", integer(0, MAX_LIFE_S // MINUTE_S)),
    "callbackExpiredTime": Field("callback_for", integer(0, MAX_CALLBACK_S // MINUTE_S)),
    "userData": Field("user_data", text(MAX_USER_DATA), keeps_empty=True),
}
_EXTENSION = Field("extension", text(MAX_EXTENSION_DIGITS))
_BINDABLE = _CHANGEABLE | {
    "bindNum": Field("a", read_number),
    "virtualNum": Field("x", read_number),
    "extendNum": _EXTENSION,
    "areaCode": Field("area_code", text(MAX_AREA_CODE)),
    "areaMatchMode": Field("is_area_loose", read_area_match_mode),
}
_RULES = {"numberChoice": Parameters(CHOICE)}
_KEYS = {
    "subscriptionId": Field("binding_id", text(MAX_BINDING_ID)),
    "virtualNum": Field("x", text(MAX_BINDING_ID)),
    "extendNum": _EXTENSION,
}
_PAGING = {"limit": Field("limit", integer(1, MAX_LIMIT))}

WIRE_NAMES = wire_names(_BINDABLE, _KEYS) | CLOSING_WIRE_NAMES | CHOICE_WIRE_NAMES
"""Parameters by the names that the desk gives them."""

RESULTS: Results = {
    UnknownRecord: Result.RECORD_MISSING,
    # "The same bind request was repeated" (`spec/codes.md` 2.2): one A has one extension on X.
    AlreadyBound: Result.NO_NUMBER,
    NumberFull: Result.NO_EXTENSION,
}
"""Codes that AXE has in place of those of AXB."""


_CURSOR = {"cursor": {"type": "string", "maxLength": MAX_CURSOR}}
_OPERATIONS = {
    "POST": Operation(
        operation_id="bindAxe",
        summary="Bind A to X and an extension",
        body=Parameters(_BINDABLE | _RULES | CLOSING, required=("bindNum",)),
        answer=Bound,
    ),
    "PUT": Operation(
        operation_id="modifyAxe",
        summary="Change a binding",
        body=Parameters(_KEYS | _CHANGEABLE | CLOSING),
    ),
    "GET": Operation(
        operation_id="queryAxe",
        summary="Show a binding",
        query=Parameters(_KEYS),
        answer=ExtendNumInfo,
    ),
    "DELETE": Operation(
        operation_id="unbindAxe", summary="Remove a binding", query=Parameters(_KEYS)
    ),
}
_LIST_OPERATION = Operation(
    operation_id="listAxe",
    summary="Show a binding, or those of X page by page",
    query=Parameters(_KEYS | _PAGING | _CURSOR),
    answer=FoundList,
)
_COUNT_OPERATION = Operation(
    operation_id="countAxe",
    summary="Show how many bindings virtual numbers have",
    query=Parameters({"number": {"type": "string"}} | _PAGING | _CURSOR),
    answer=Counts,
)


class AxeInterface:
    """Reads the requests, has the desk carry them out, writes the answers.

    Each raises Refused for what cannot be read, and what `AxeDesk` raises.
    """

    def __init__(self, desk: AxeDesk) -> None:
        self._desk = desk

    def endpoints(self) -> dict[str, Endpoint]:
        """The three paths."""
        methods = {"PUT": self.modify, "GET": self.query, "DELETE": self.unbind}
        return {
            PATH: Endpoint(
                Mode.AXE,
                methods,
                WIRE_NAMES,
                RESULTS,
                binds={"POST": self.bind},
                described=_OPERATIONS,
            ),
            LIST_PATH: Endpoint(
                Mode.AXE,
                {"GET": self.query_list},
                WIRE_NAMES,
                RESULTS,
                described={"GET": _LIST_OPERATION},
            ),
            COUNT_PATH: Endpoint(
                Mode.AXE,
                {"GET": self.count},
                WIRE_NAMES,
                RESULTS,
                described={"GET": _COUNT_OPERATION},
            ),
        }

    async def bind(
        self, application: Application, query: bytes, body: bytes, binding_id: str | None
    ) -> Answer:
        """`POST` (3): bind A to X and an extension; the binding has the id, where one is given."""
        del query
        given = read_object(body)
        values = read_fields(given, _BINDABLE)
        if "a" not in values:
            raise Refused.for_parameter("bindNum")
        values |= read_closing(given) | read_choice(given)
        binding = await self._desk.bind(application, NewAxeBinding(**values), binding_id)
        bound = Bound(
            subscription_id=binding.binding_id,
            virtual_num=binding.x,
            extend_num=binding.extension,
            bind_expired_time=binding.bound_for,
            callback_expired_time=binding.callback_for,
            user_data=binding.user_data or UNSET,
        )
        return Answer(Result.SUCCESS.status, encode(bound))

    async def modify(self, application: Application, query: bytes, body: bytes) -> Answer:
        """`PUT` (5): change a binding; A, X and the extension stay."""
        del query
        given = read_object(body)
        key = _required_key(read_fields(given, _KEYS))
        values = read_fields(given, _CHANGEABLE) | read_closing(given)
        await self._desk.modify(application, key, AxeChange(**values))
        return Result.SUCCESS.answer

    async def unbind(self, application: Application, query: bytes, body: bytes) -> Answer:
        """`DELETE` (4): remove one binding.

        The parameters stand in the URL; without any there, a JSON body is read as for AXB.
        """
        keys = read_fields(read_query(query), _KEYS)
        if not keys and body:
            keys = read_fields(read_object(body), _KEYS)
        await self._desk.unbind(application, _required_key(keys))
        return Result.SUCCESS.answer

    async def query(self, application: Application, query: bytes, body: bytes) -> Answer:
        """`GET` v1 (6): one binding, flat."""
        del body
        key = _required_key(read_fields(read_query(query), _KEYS))
        found = await self._desk.find(application, key)
        return Answer(Result.SUCCESS.status, encode(written_one(found)))

    async def query_list(self, application: Application, query: bytes, body: bytes) -> Answer:
        """`GET` v2 (7): one binding, or those of X page by page."""
        del body
        given = read_query(query)
        values = read_fields(given, _KEYS)
        key = _key(values)
        if key is not None:
            found = await self._desk.find(application, key)
            return Answer(
                Result.SUCCESS.status, encode(FoundList(extend_num_list=[written_info(found)]))
            )
        if "x" not in values or "extension" in values:
            raise Refused.for_parameter("virtualNum")
        after = min(int(_cursor(given, _LIST_CURSOR, _FIRST_LIST)[1]), MAX_PLACE)
        limit: int = read_fields(given, _PAGING).get("limit", DEFAULT_LIMIT)
        page = await self._desk.list_on_number(application, _x(values["x"]), after, limit)
        listed = FoundList(extend_num_list=[written_info(row) for row in page.rows])
        if page.has_more:
            milliseconds = int(page.rows[-1].created_at.timestamp() * 1000)
            listed.next_cursor = listed.next_cusor = f"{milliseconds:013}_{page.last}"
        return Answer(Result.SUCCESS.status, encode(listed))

    async def count(self, application: Application, query: bytes, body: bytes) -> Answer:
        """`GET` (8): how many bindings one virtual number has, or each of the application."""
        del body
        given = read_query(query)
        if "number" in given:
            x = read_virtual_number("number", given["number"], Result.NUMBER_NOT_OWNED)
            number = await self._desk.number(application, x)
            counts = Counts(virtual_num_list=[NumberCount(number.number, number.pairs)])
            return Answer(Result.SUCCESS.status, encode(counts))
        cursor = _cursor(given, _COUNT_CURSOR, _FIRST_COUNT)[0]
        limit: int = read_fields(given, _PAGING).get("limit", DEFAULT_LIMIT)
        after = "" if int(cursor) == 0 else f"+{cursor}"
        numbers, has_more = await self._desk.numbers(application, after, limit)
        rows = [NumberCount(number.number, number.pairs) for number in numbers]
        counts = Counts(virtual_num_list=rows)
        if has_more:
            counts.next_cursor = numbers[-1].number.removeprefix("+")
        return Answer(Result.SUCCESS.status, encode(counts))


def _key(values: Mapping[str, Any]) -> BindingKey | None:
    """Which binding is meant: its id alone decides where it is given."""
    if "binding_id" in values:
        return BindingId(binding_id=values["binding_id"])
    if "x" in values and "extension" in values:
        return NumberAndExtension(x=_x(values["x"]), extension=values["extension"])
    return None


def _required_key(values: Mapping[str, Any]) -> BindingKey:
    key = _key(values)
    if key is None:
        raise Refused.for_parameter("extendNum" if "x" in values else "virtualNum")
    return key


def _x(value: str) -> str:
    return read_virtual_number("virtualNum", value, Result.NUMBER_NOT_OWNED)


def _cursor(given: Mapping[str, str], form: re.Pattern[str], first: str) -> re.Match[str]:
    found = form.fullmatch(given.get("cursor") or first)
    if found is None:
        raise Refused.for_parameter("cursor")
    return found

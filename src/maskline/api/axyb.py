"""The AXYB interface: bind AX or YB, unbind, query (`spec/axyb.md` 3-5)."""

from collections.abc import Sequence
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from maskline.api.encoding import encode
from maskline.api.endpoint import Endpoint, Handler
from maskline.api.limits import MAX_APP_KEY
from maskline.api.operation import Operation, Parameters
from maskline.api.parameter import (
    CHOICE,
    CHOICE_WIRE_NAMES,
    MAX_BINDING_ID,
    read_choice,
    read_virtual_number,
    wire_names,
    written_flag,
    written_hint,
    written_time,
)
from maskline.api.request import read_object, read_query
from maskline.api.result import Answer, Refused, Result, Results
from maskline.api.value import (
    MAX_AREA_CODE,
    Field,
    integer,
    read_area_match_mode,
    read_direction,
    read_fields,
    read_flag,
    read_number,
    text,
)
from maskline.domain.application import Application, Mode
from maskline.domain.binding import XyRelation, YbBinding
from maskline.domain.error import AlreadyBound, UnknownRecord
from maskline.domain.prompt import MAX_PROMPT_NAME
from maskline.services.binding_axyb import AxybDesk, Group, NewRelation, NewYb
from maskline.services.binding_rule import MAX_DURATION_S, MAX_USER_DATA

PATH = "/rest/omp/xyrelationnumber/v1.0"

_APP_KEY = "app_key"

_AREA = {
    "areaCode": Field("area_code", text(MAX_AREA_CODE)),
    "areaMatchMode": Field("is_area_loose", read_area_match_mode),
}
_SHARED = _AREA | {
    "ybDuration": Field("yb_duration_s", integer(0, MAX_DURATION_S)),
    "userData": Field("user_data", text(MAX_USER_DATA)),
}
_RELATION = _SHARED | {
    "origNum": Field("a", read_number),
    "callDirection": Field("direction", read_direction),
    "duration": Field("duration_s", integer(0, MAX_DURATION_S)),
    "recordFlag": Field("record", read_flag),
    "recordHintTone": Field("record_hint_tone", text(MAX_PROMPT_NAME)),
    "preVoiceX": Field("a_waiting_tone", text(MAX_PROMPT_NAME)),
}
_RULES = {"numberChoice": Parameters(CHOICE)}
_ID = {"subscriptionId": Field("binding_id", text(MAX_BINDING_ID))}
_PART = (
    _SHARED
    | _ID
    | {
        "origNum": Field("b", read_number),
        "preVoiceY": Field("b_waiting_tone", text(MAX_PROMPT_NAME)),
    }
)
_X = {"relationNum": Field("relationNum", text(MAX_BINDING_ID))}
_SIDES = {name: Field(name, text(MAX_BINDING_ID)) for name in ("yNum", "bNum")}
_KEYS = _ID | _X | _SIDES

_B = {"bNum": Field("b", read_number)}

_WIRE_NAMES = wire_names(_RELATION, _PART) | CHOICE_WIRE_NAMES


class _Bound(Struct, rename="camel", kw_only=True):
    resultcode: str = Result.SUCCESS.code
    resultdesc: str = Result.SUCCESS.text
    subscription_id: str
    relation_number: str


class _Info(Struct, rename="camel", kw_only=True):
    bind_id: str
    num_a: str
    num_x: str
    num_y: str | UnsetType = UNSET
    num_b: str | UnsetType = UNSET
    record_flag: str
    record_hint_tone: str | UnsetType = UNSET
    subscribe_time: str
    call_direction: int
    duration: str
    yb_duration: str
    pre_voice_x: str | UnsetType = UNSET
    pre_voice_y: str | UnsetType = UNSET
    user_data: str | UnsetType = UNSET


class _Found(Struct, rename="camel", kw_only=True):
    resultcode: str = Result.SUCCESS.code
    resultdesc: str = Result.SUCCESS.text
    xy_relation_num_list: list[_Info]


_NAMED_APP = {_APP_KEY: {"type": "string", "maxLength": MAX_APP_KEY}}
_OPERATIONS = {
    "POST": Operation(
        operation_id="bindAxyb",
        summary="Bind AX (with areaCode), or YB where the body names a relation",
        query=Parameters(_NAMED_APP, required=(_APP_KEY,)),
        body=Parameters(_RELATION | _RULES | _PART, required=("origNum",)),
        answer=_Bound,
    ),
    "GET": Operation(
        operation_id="queryAxyb",
        summary="Show a relation with its YB parts",
        query=Parameters(_NAMED_APP | _ID | _X, required=(_APP_KEY,)),
        answer=_Found,
    ),
    "DELETE": Operation(
        operation_id="unbindAxyb",
        summary="Remove a relation, or one YB part of it",
        query=Parameters(_NAMED_APP | _ID | _SIDES, required=(_APP_KEY, "subscriptionId")),
    ),
}


class AxybInterface:
    """Reads the three requests, has the desk carry them out, writes the answers.

    Each raises Refused for what cannot be read, and what `AxybDesk` raises.
    """

    def __init__(self, desk: AxybDesk) -> None:
        self._desk = desk

    def endpoint(self) -> Endpoint:
        """The path with the codes of this mode."""
        methods: dict[str, Handler] = {
            "GET": self.query,
            "DELETE": self.unbind,
        }
        results: Results = {
            UnknownRecord: Result.RECORD_MISSING,
            AlreadyBound: Result.RECORD_EXISTS,
        }
        return Endpoint(
            Mode.AXYB,
            methods,
            _WIRE_NAMES,
            results,
            binds={"POST": self.bind},
            described=_OPERATIONS,
        )

    async def bind(
        self, application: Application, query: bytes, body: bytes, binding_id: str | None
    ) -> Answer:
        """`POST` (3): bind AX, or YB where the body names a relation."""
        _read_keys(application, query)
        given = read_object(body)
        if read_fields(given, _ID):
            part = NewYb(**_read_required(given, _PART, "origNum"))
            made = await self._desk.bind_yb(application, part, binding_id)
            return _bound(made.relation_id, made.y)
        values = _read_required(given, _RELATION, "origNum", "areaCode") | read_choice(given)
        wanted = NewRelation(**values)
        relation = await self._desk.bind_ax(application, wanted, binding_id)
        return _bound(relation.binding_id, relation.x)

    async def unbind(self, application: Application, query: bytes, body: bytes) -> Answer:
        """`DELETE` (4): remove a relation, or one YB part of it; `yNum` goes before `bNum`.

        The parameters stand in the URL; without any but `app_key` there, a JSON body is read as
        for AXB.
        """
        keys = _read_keys(application, query)
        if not keys and body:
            keys = read_fields(read_object(body), _KEYS)
        if not keys:
            # 1012001 is listed for this page; AXB has it for missing parameters.
            raise Refused.by(Result.NUMBER_NOT_OWNED)
        relation_id = keys.get("binding_id")
        if relation_id is None:
            raise Refused.for_parameter("subscriptionId")
        if "yNum" in keys:
            y = read_virtual_number("yNum", keys["yNum"], Result.NUMBER_NOT_OWNED)
            await self._desk.unbind_y(application, relation_id, y)
        elif "bNum" in keys:
            await self._desk.unbind_b(application, relation_id, **read_fields(keys, _B))
        else:
            await self._desk.unbind(application, relation_id)
        return Result.SUCCESS.answer

    async def query(self, application: Application, query: bytes, body: bytes) -> Answer:
        """`GET` (5): the relation of an id, or that of X, with its YB parts."""
        del body
        keys = _read_keys(application, query)
        if "binding_id" in keys:
            return _found(await self._desk.find(application, keys["binding_id"]))
        if "relationNum" not in keys:
            raise Refused.for_parameter("relationNum")
        x = read_virtual_number("relationNum", keys["relationNum"], Result.NUMBER_NOT_OWNED)
        return _found(await self._desk.find_on_number(application, x))


def _read_keys(application: Application, query: bytes) -> dict[str, str]:
    """What the URL names beside `app_key`, which has to be that of the header."""
    given = read_query(query)
    if _APP_KEY not in given:
        raise Refused.for_parameter(_APP_KEY)
    if given[_APP_KEY] != application.app_key:
        raise Refused.by(Result.INVALID_APP_KEY)
    return read_fields(given, _KEYS)


def _read_required(
    given: dict[str, object], fields: dict[str, Field], *required: str
) -> dict[str, Any]:
    values = read_fields(given, fields)
    for parameter in required:
        if fields[parameter].name not in values:
            raise Refused.for_parameter(parameter)
    return values


def _bound(relation_id: str, number: str) -> Answer:
    bound = _Bound(subscription_id=relation_id, relation_number=number)
    return Answer(Result.SUCCESS.status, encode(bound))


def _found(group: Group) -> Answer:
    parts: Sequence[YbBinding | None] = group.parts or (None,)
    infos = [_info(group.relation, part) for part in parts]
    return Answer(Result.SUCCESS.status, encode(_Found(xy_relation_num_list=infos)))


def _info(relation: XyRelation, part: YbBinding | None) -> _Info:
    """One entry; the relation's own stands for it as long as it has no part."""
    one = part or relation
    return _Info(
        bind_id=relation.binding_id,
        num_a=one.a,
        num_x=one.x,
        num_y=UNSET if part is None else part.y,
        num_b=UNSET if part is None else part.b,
        record_flag=written_flag(one.voice.record),
        record_hint_tone=written_hint(one.voice),
        subscribe_time=written_time(one.modified_at),
        call_direction=one.direction.value,
        duration=str(relation.duration_s),
        yb_duration=str(relation.yb_duration_s if part is None else part.duration_s),
        pre_voice_x=one.voice.a_waiting_tone or UNSET,
        pre_voice_y=one.voice.b_waiting_tone or UNSET,
        user_data=one.user_data or UNSET,
    )

"""The AXB interface: bind, modify, unbind, query (`spec/axb.md` 4-7)."""

from collections.abc import Mapping

from msgspec import UNSET, Struct, UnsetType

from maskline.api.encoding import encode
from maskline.api.limits import MAX_PAGE_INDEX
from maskline.api.operation import Operation, Parameters
from maskline.api.parameter import (
    CHOICE,
    CHOICE_WIRE_NAMES,
    CLOSING,
    CLOSING_WIRE_NAMES,
    MAX_BINDING_ID,
    WAITING_TONES,
    PreVoice,
    read_choice,
    read_closing,
    read_virtual_number,
    read_waiting_tones,
    wire_names,
    written_closing,
    written_flag,
    written_hint,
    written_time,
    written_tones,
)
from maskline.api.request import read_object, read_query
from maskline.api.result import Answer, Refused, Result
from maskline.api.value import (
    MAX_AREA_CODE,
    Field,
    integer,
    read_area_match_mode,
    read_direction,
    read_fields,
    read_flag,
    read_integer,
    read_number,
    text,
)
from maskline.domain.application import Application
from maskline.domain.binding import AxbBinding
from maskline.domain.prompt import MAX_PROMPT_NAME
from maskline.services.binding import BindingChange, BindingDesk, NewBinding
from maskline.services.binding_rule import MAX_CALL_MINUTES, MAX_DURATION_S, MAX_USER_DATA
from maskline.services.page import Numbered, Slice

PATH = "/rest/caas/relationnumber/partners/v1.0"

MIN_PAGE_SIZE, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE = 10, 50, 100

_CHANGEABLE = {
    "callerNum": Field("a", read_number),
    "calleeNum": Field("b", read_number),
    "callDirection": Field("direction", read_direction),
    "duration": Field("duration_s", integer(0, MAX_DURATION_S)),
    "recordFlag": Field("record", read_flag),
    "recordHintTone": Field("record_hint_tone", text(MAX_PROMPT_NAME), keeps_empty=True),
    "maxDuration": Field("max_duration_min", integer(0, MAX_CALL_MINUTES)),
    "lastMinVoice": Field("last_minute_voice", text(MAX_PROMPT_NAME), keeps_empty=True),
    "privateSms": Field("may_message", read_flag),
    "userData": Field("user_data", text(MAX_USER_DATA), keeps_empty=True),
}
_BINDABLE = _CHANGEABLE | {
    "relationNum": Field("x", read_number),
    "areaCode": Field("area_code", text(MAX_AREA_CODE)),
    "areaMatchMode": Field("is_area_loose", read_area_match_mode),
}
_PARTIES = {name: _CHANGEABLE[name] for name in ("callerNum", "calleeNum")}
_KEYS = {
    "subscriptionId": Field("binding_id", text(MAX_BINDING_ID)),
    "relationNum": Field("x", text(MAX_BINDING_ID)),
}

WIRE_NAMES = wire_names(_BINDABLE, WAITING_TONES, _KEYS) | CLOSING_WIRE_NAMES | CHOICE_WIRE_NAMES
"""Parameters by the names that `maskline.services.binding` gives them."""


class _Bound(Struct, rename="camel", kw_only=True):
    resultcode: str = Result.SUCCESS.code
    resultdesc: str = Result.SUCCESS.text
    subscription_id: str
    relation_num: str
    call_direction: int
    duration: int
    max_duration: int


class _RelationNumInfo(Struct, rename="camel", kw_only=True):
    subscription_id: str
    relation_num: str
    caller_num: str
    callee_num: str
    subscribe_time: str
    call_direction: int
    duration: int
    max_duration: int
    record_flag: str
    record_hint_tone: str | UnsetType = UNSET
    pre_voice: PreVoice | UnsetType = UNSET
    last_min_voice: str | UnsetType = UNSET
    private_sms: str | UnsetType = UNSET
    user_data: str | UnsetType = UNSET
    close_after_calls: int | UnsetType = UNSET
    idle_duration: int | UnsetType = UNSET


class _Found(Struct, rename="camel", kw_only=True):
    resultcode: str = Result.SUCCESS.code
    resultdesc: str = Result.SUCCESS.text
    total_count: int
    page_index: int
    page_size: int
    relation_num_list: list[_RelationNumInfo]


_PAGING = {
    "pageIndex": Field("page_index", integer(1, MAX_PAGE_INDEX)),
    "pageSize": Field("page_size", integer(MIN_PAGE_SIZE, MAX_PAGE_SIZE)),
}
_VOICE = {"preVoice": Parameters(WAITING_TONES)}
_RULES = {"numberChoice": Parameters(CHOICE)}

OPERATIONS = {
    "POST": Operation(
        operation_id="bindAxb",
        summary="Bind A and B to X",
        body=Parameters(_BINDABLE | _RULES | _VOICE | CLOSING, required=("callerNum", "calleeNum")),
        answer=_Bound,
    ),
    "PUT": Operation(
        operation_id="modifyAxb",
        summary="Change a binding",
        body=Parameters(_KEYS | _CHANGEABLE | _VOICE | CLOSING, required=("subscriptionId",)),
    ),
    "GET": Operation(
        operation_id="queryAxb",
        summary="Show a binding, or those of X",
        query=Parameters(_KEYS | _PARTIES | _PAGING),
        answer=_Found,
    ),
    "DELETE": Operation(
        operation_id="unbindAxb",
        summary="Remove a binding, or all of X",
        query=Parameters(_KEYS),
    ),
}
"""What each method takes and answers."""


class AxbInterface:
    """Reads the four requests, has the desk carry them out, writes the answers.

    Each raises Refused for what cannot be read, and what `BindingDesk` raises.
    """

    def __init__(self, desk: BindingDesk) -> None:
        self._desk = desk

    async def bind(
        self, application: Application, query: bytes, body: bytes, binding_id: str | None
    ) -> Answer:
        """`POST` (4): bind A and B to X."""
        del query
        given = read_object(body)
        values = read_fields(given, _BINDABLE)
        for parameter in ("callerNum", "calleeNum"):
            if _BINDABLE[parameter].name not in values:
                raise Refused.for_parameter(parameter)
        values |= read_waiting_tones(given) | read_closing(given) | read_choice(given)
        binding = await self._desk.bind_axb(application, NewBinding(**values), binding_id)
        return Answer(
            Result.SUCCESS.status,
            encode(
                _Bound(
                    subscription_id=binding.binding_id,
                    relation_num=binding.x,
                    call_direction=binding.direction.value,
                    duration=binding.duration_s,
                    max_duration=binding.voice.max_duration_min,
                )
            ),
        )

    async def modify(self, application: Application, query: bytes, body: bytes) -> Answer:
        """`PUT` (5): change a binding; X cannot be changed and is ignored."""
        del query
        given = read_object(body)
        binding_id: str | None = read_fields(given, _KEYS).get("binding_id")
        if binding_id is None:
            raise Refused.for_parameter("subscriptionId")
        values = read_fields(given, _CHANGEABLE)
        values |= read_waiting_tones(given) | read_closing(given)
        await self._desk.modify_axb(application, binding_id, BindingChange(**values))
        return Result.SUCCESS.answer

    async def unbind(self, application: Application, query: bytes, body: bytes) -> Answer:
        """`DELETE` (6): remove one binding, or all of X.

        The parameters stand in the URL; without any there, a JSON body is read as clients send.
        """
        keys = read_fields(read_query(query), _KEYS)
        if not keys and body:
            keys = read_fields(read_object(body), _KEYS)
        binding_id: str | None = keys.get("binding_id")
        if binding_id is not None:
            await self._desk.unbind(application, binding_id)
            return Result.SUCCESS.answer
        if "x" not in keys:
            # 1012001 rather than 1010002 is what `spec/axb.md` 6 lists for missing parameters.
            raise Refused.by(Result.NUMBER_NOT_OWNED)
        await self._desk.unbind_number(application, _virtual_number(keys["x"]))
        return Result.SUCCESS.answer

    async def query(self, application: Application, query: bytes, body: bytes) -> Answer:
        """`GET` (7): one binding by id, or those of X, of A or B there when given."""
        del body
        given = read_query(query)
        page_index, page_size = _paging(given)
        keys = read_fields(given, _KEYS)
        if "binding_id" in keys:
            binding = await self._desk.find(application, keys["binding_id"])
            return _found(Numbered(rows=(binding,), total=1), page_index, page_size)
        if "x" not in keys:
            raise Refused.for_parameter("relationNum")
        x = _virtual_number(keys["x"])
        parties = read_fields(given, _PARTIES)
        # Paging means nothing for the single binding of a party.
        offset = 0 if parties else (page_index - 1) * page_size
        part = Slice(offset=offset, limit=page_size)
        found = await self._desk.find_on_number(application, x, part, **parties)
        return _found(found, page_index, page_size)


def _virtual_number(value: str) -> str:
    return read_virtual_number("relationNum", value, Result.NUMBER_NOT_OWNED)


def _paging(given: Mapping[str, str]) -> tuple[int, int]:
    """`pageIndex` and `pageSize`; what is out of range counts as absent (`spec/axb.md` 7)."""
    index = _integer_or(given.get("pageIndex"), 1, MAX_PAGE_INDEX, 1)
    size = _integer_or(given.get("pageSize"), MIN_PAGE_SIZE, MAX_PAGE_SIZE, DEFAULT_PAGE_SIZE)
    return index, size


def _integer_or(value: str | None, low: int, high: int, default: int) -> int:
    if value is None:
        return default
    try:
        return read_integer(value, low, high)
    except ValueError:
        return default


def _found(found: Numbered[AxbBinding], page_index: int, page_size: int) -> Answer:
    shown = _Found(
        total_count=found.total,
        page_index=page_index,
        page_size=page_size,
        relation_num_list=[_relation_num_info(binding) for binding in found.rows],
    )
    return Answer(Result.SUCCESS.status, encode(shown))


def _relation_num_info(binding: AxbBinding) -> _RelationNumInfo:
    voice = binding.voice
    close_after_calls, idle_duration = written_closing(binding)
    return _RelationNumInfo(
        subscription_id=binding.binding_id,
        relation_num=binding.x,
        caller_num=binding.a,
        callee_num=binding.b,
        subscribe_time=written_time(binding.modified_at),
        call_direction=binding.direction.value,
        duration=binding.duration_s,
        max_duration=voice.max_duration_min,
        record_flag=written_flag(voice.record),
        record_hint_tone=written_hint(voice),
        pre_voice=written_tones(voice),
        last_min_voice=voice.last_minute_voice or UNSET,
        private_sms=UNSET if binding.may_message is None else written_flag(binding.may_message),
        user_data=binding.user_data or UNSET,
        close_after_calls=close_after_calls,
        idle_duration=idle_duration,
    )

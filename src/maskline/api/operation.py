"""What an operation of the compatible interface takes and answers, as its description shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from maskline.api.value import (
    Field,
    Integer,
    Reader,
    Text,
    read_area_codes,
    read_area_match_mode,
    read_direction,
    read_display,
    read_display_mode,
    read_flag,
    read_number,
    read_number_or_none,
    read_repeat,
    read_switch,
    read_time_unit,
)
from maskline.domain.number_choice import MAX_FALLBACK_CITIES, Repeat

Schema = Mapping[str, Any]
"""A JSON schema."""

NUMBER: Schema = {
    "type": "string",
    "pattern": r"^\+[1-9][0-9]{2,29}$",
    "examples": ["+8613900001001"],
}
_ZERO_OR_ONE: Schema = {"type": ["string", "integer"], "enum": ["0", "1", 0, 1]}

_SCHEMAS: Mapping[Reader, Schema] = {
    read_number: NUMBER,
    read_number_or_none: {"anyOf": [NUMBER, {"const": ""}]},
    read_direction: {"type": "integer", "minimum": 0, "maximum": 2},
    read_time_unit: _ZERO_OR_ONE,
    read_display_mode: _ZERO_OR_ONE,
    read_flag: {"type": ["string", "boolean"], "enum": ["true", "false", True, False]},
    read_switch: {"type": "string", "enum": ["on", "off"]},
    read_area_match_mode: _ZERO_OR_ONE,
    read_display: _ZERO_OR_ONE,
    read_repeat: {"type": "string", "enum": [*Repeat]},
    read_area_codes: {
        "type": ["array", "string"],
        "items": {"type": "string", "pattern": "^0[0-9]{2,3}$"},
        "maxItems": MAX_FALLBACK_CITIES,
    },
}


@dataclass(frozen=True, slots=True)
class Parameters:
    """Parameters by their names on the wire.

    Each is a field as the interface reads it, a schema where it is read otherwise, or other
    parameters: then an object of those, or a list of one such object.
    """

    known: "Mapping[str, Field | Schema | Parameters]" = field(
        default_factory=dict[str, "Field | Schema | Parameters"]
    )
    required: tuple[str, ...] = ()


NO_PARAMETERS = Parameters()


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path.

    `answer` is what a success says besides its result code; where it `moves`, that is 301 with
    `Location` and no body.
    """

    operation_id: str
    summary: str
    query: Parameters = NO_PARAMETERS
    body: Parameters | None = None
    answer: type[Struct] | None = None
    moves: bool = False


def schema_of(parameter: "Field | Schema | Parameters") -> Schema:
    """The JSON schema of one parameter. Raises KeyError for a field whose reader is not known."""
    if isinstance(parameter, Parameters):
        one = object_schema(parameter)
        return {"anyOf": [one, {"type": "array", "items": one, "maxItems": 1}]}
    if not isinstance(parameter, Field):
        return parameter
    read = parameter.read
    if isinstance(read, Text):
        return {"type": "string", "maxLength": read.limit}
    if isinstance(read, Integer):
        return {"type": "integer", "minimum": read.low, "maximum": read.high}
    return _SCHEMAS[read]


def object_schema(parameters: Parameters) -> dict[str, Any]:
    """The JSON schema of an object with these members."""
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {name: schema_of(known) for name, known in parameters.known.items()},
    }
    if parameters.required:
        schema["required"] = list(parameters.required)
    return schema

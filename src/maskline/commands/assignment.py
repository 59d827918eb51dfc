"""`KEY=VALUE` on the command line, typed by the field it sets."""

import difflib
from collections.abc import Iterable, Iterator
from typing import Any

import click
import msgspec
from msgspec import Struct

EMPTY = frozenset({"", "none", "null"})
YES = frozenset({"true", "yes", "on", "1"})
NO = frozenset({"false", "no", "off", "0"})


def read_assignments(pairs: Iterable[str], form: type[Struct]) -> dict[str, object]:
    """The fields of `form` that `pairs` set, as JSON values; `part.field` sets one of a part.

    Raises click.UsageError.
    """
    kinds = dict(_kinds(form))
    values: dict[str, object] = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        key = key.strip().replace("-", "_")
        if not equals:
            raise click.UsageError(f"{pair}: write KEY=VALUE")
        if key not in kinds:
            near = difflib.get_close_matches(key, kinds, n=1, cutoff=0.5)
            likely = f"; did you mean {near[0]}?" if near else ""
            raise click.UsageError(
                f"{key} is no field here{likely}; there are {', '.join(sorted(kinds))}"
            )
        _place(values, key, _typed(key, text.strip(), kinds[key]))
    return values


def _kinds(form: type[Struct], prefix: str = "") -> Iterator[tuple[str, msgspec.inspect.Type]]:
    """The fields and their types; those of a part are `part.field`."""
    for field in msgspec.structs.fields(form):
        kind = msgspec.inspect.type_info(field.type)
        if isinstance(kind, msgspec.inspect.StructType):
            yield from _kinds(kind.cls, f"{prefix}{field.encode_name}.")
        else:
            yield prefix + field.encode_name, kind


def _place(values: dict[str, Any], key: str, value: object) -> None:
    *parts, name = key.split(".")
    for part in parts:
        values = values.setdefault(part, {})
    values[name] = value


def _typed(key: str, text: str, kind: msgspec.inspect.Type) -> object:
    match kind:
        case msgspec.inspect.UnionType(types=kinds):
            if text.lower() in EMPTY:
                return None
            inner = [one for one in kinds if not isinstance(one, msgspec.inspect.NoneType)]
            return _typed(key, text, inner[0])
        case msgspec.inspect.BoolType():
            if text.lower() not in YES | NO:
                raise click.UsageError(f"{key} is true or false, not {text}")
            return text.lower() in YES
        case msgspec.inspect.IntType():
            try:
                return int(text)
            except ValueError:
                raise click.UsageError(f"{key} is a whole number, not {text}") from None
        case msgspec.inspect.VarTupleType():
            return [entry.strip() for entry in text.split(",") if entry.strip()]
        case _:
            return text

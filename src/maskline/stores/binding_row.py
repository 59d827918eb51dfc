"""Bindings as rows, with real numbers hashed and sealed: what every database keeps of them."""

from typing import Any, NamedTuple

from maskline.domain.binding import (
    AxbBinding,
    AxeBinding,
    Binding,
    Onward,
    OnwardKind,
    YbBinding,
)
from maskline.domain.virtual_number import NumberCause, NumberState, VirtualNumber
from maskline.services.list_filter import BindingFilter
from maskline.stores.blob import pack_onward, unpack_onward
from maskline.stores.blob_binding import BindingColumns, kind_of, pack_binding, unpack_binding
from maskline.stores.moment import from_us, to_us_or_none
from maskline.stores.named_sql import NamedSql
from maskline.stores.route_key import EVERY_CALLER, extension_key
from maskline.stores.sealing import Sealer

US_A_SECOND = 1_000_000
US_A_DAY = 86_400 * US_A_SECOND

KINDS_WITH_ONWARD = frozenset({"ax", "axe"})


class Pair(NamedTuple):
    """A binding as rows: parties in clear only for the error that names one, and as route keys.

    `b` is empty and `b_key` the key of every caller, or of the extension, where there is no B.
    """

    kind: str
    binding_id: str
    app_key: str
    x: str
    y: str | None
    a: str
    b: str
    a_key: bytes
    b_key: bytes
    expires_at: int | None
    sealed: bytes
    extension: str | None = None
    relation: str | None = None
    calls_left: int | None = None
    idle_us: int | None = None
    ends_at: int | None = None


def pair_of(binding: Binding, sealer: Sealer) -> Pair:
    """What is to be written of a binding."""
    close = binding.close
    b, b_key, y, extension, relation = "", EVERY_CALLER, None, None, None
    if isinstance(binding, AxbBinding | YbBinding):
        b, b_key = binding.b, sealer.lookup(binding.b)
    if isinstance(binding, YbBinding):
        y, relation = binding.y, binding.relation_id
    elif isinstance(binding, AxeBinding):
        extension, b_key = binding.extension, extension_key(binding.extension)
    return Pair(
        kind_of(binding),
        binding.binding_id,
        binding.app_key,
        binding.x,
        y,
        binding.a,
        b,
        sealer.lookup(binding.a),
        b_key,
        to_us_or_none(binding.expires_at),
        sealer.seal(binding.app_key, pack_binding(binding), _context(binding.binding_id)),
        extension,
        relation,
        close.after_calls or None,
        close.idle_s * US_A_SECOND if close.idle_s else None,
        to_us_or_none(binding.ends_at),
    )


def binding_of(row: tuple[Any, ...], sealer: Sealer) -> Binding:
    """The binding whose `BindingColumns` were read."""
    columns = BindingColumns._make(row)
    packed = sealer.open(columns.app_key, columns.sealed, _context(columns.binding_id))
    return unpack_binding(packed, columns)


def number_of_route(x: str, row: tuple[Any, ...]) -> VirtualNumber:
    """The virtual number as `route_of_call` reads it, in its first seven columns."""
    app_key, area_code, state, may_message, pairs, created_at, cause = row
    return VirtualNumber(
        number=x,
        app_key=app_key,
        area_code=area_code,
        state=NumberState(state),
        cause=None if cause is None else NumberCause(cause),
        may_message=bool(may_message),
        pairs=pairs,
        created_at=from_us(created_at),
    )


def sealed_onward(
    app_key: str, binding_id: str, kind: OnwardKind, onward: Onward, sealer: Sealer
) -> bytes:
    """Where A's next call goes, as it is kept."""
    return sealer.seal(app_key, pack_onward(onward), onward_context(binding_id, kind))


def onward_of(
    binding: Binding, kind: OnwardKind, expires_at: int | None, sealed: bytes, sealer: Sealer
) -> Onward:
    """The same as it was before `sealed_onward`."""
    packed = sealer.open(binding.app_key, sealed, onward_context(binding.binding_id, kind))
    return unpack_onward(packed, expires_at)


def narrowest_of_number(
    sql: NamedSql, wanted: BindingFilter, now_us: int, sealer: Sealer
) -> tuple[str, tuple[Any, ...]]:
    """The statement whose index narrows the bindings of a number most, and its parameters."""
    a, b = (None if number is None else sealer.lookup(number) for number in (wanted.a, wanted.b))
    if a is not None or b is not None:
        return sql.list_of_party, (now_us, wanted.app_key, wanted.x, a or b, a, b)
    return sql.list_of_number, (now_us, wanted.app_key, wanted.x)


def _context(binding_id: str) -> bytes:
    return b"binding:" + binding_id.encode()


def onward_context(binding_id: str, kind: OnwardKind) -> bytes:
    """What a sealed onward number is bound to."""
    return f"onward:{kind.value}:{binding_id}".encode()

"""Rules that stop calls as rows, and the calls that they count, for the databases."""

from array import array
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from maskline.domain.call_rule import (
    BlockDirection,
    CallAttempt,
    CallBlock,
    CallPlace,
    Counted,
    FrequencyMark,
    FrequencyRule,
)
from maskline.domain.release import ReleaseCode
from maskline.services.call_rule_store import Blocking
from maskline.stores.moment import from_us, from_us_or_none, to_us, to_us_or_none
from maskline.stores.sealing import Sealer

Row = tuple[Any, ...]
US_A_SECOND = 1_000_000


class _Sealed(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """What is sealed of a block; the rules of `blob.py` hold."""

    number: str
    reason: str
    evidence: str
    created_by: str


_pack = msgspec.msgpack.Encoder().encode
_sealed = msgspec.msgpack.Decoder(_Sealed).decode


def block_row(block: CallBlock, sealer: Sealer) -> Row:
    """What `block_add` takes."""
    place = block.place
    return (
        block.block_id,
        sealer.lookup(block.number),
        place.scope.value,
        place.tenant_id,
        place.app_key,
        place.x,
        block.direction.value,
        block.by_tenant,
        to_us_or_none(block.until),
        to_us(block.created_at),
        block.hits,
        to_us_or_none(block.last_hit_at),
        seal_block(block, sealer),
    )


def free_row(block: CallBlock, sealer: Sealer, now: datetime) -> Row:
    """What `block_free` takes."""
    place, lookup = block.place, sealer.lookup(block.number)
    there = (place.tenant_id, place.app_key, place.x, block.direction.value, block.by_tenant)
    return (lookup, *there, to_us(now))


def saved_row(block: CallBlock, sealer: Sealer) -> Row:
    """What `block_save` takes."""
    return (block.block_id, to_us_or_none(block.until), seal_block(block, sealer))


def seal_block(block: CallBlock, sealer: Sealer) -> bytes:
    """The number and what is said of it, under the key of whose calls it is about."""
    packed = _pack(_Sealed(block.number, block.reason, block.evidence, block.created_by))
    context, tenant_id = _context(block.block_id), block.place.tenant_id
    if tenant_id:
        return sealer.seal_for_tenant(tenant_id, packed, context)
    return sealer.seal_for_system(packed, context)


def tenant_of_block(row: Sequence[Any]) -> str:
    """Under whose key a row is sealed; "" is the system's."""
    return row[2]


def block_of(row: Sequence[Any], sealer: Sealer) -> CallBlock:
    """The block of the columns of a read."""
    block_id, _, tenant_id, app_key, x, direction, by_tenant, until = row[:8]
    created_at, hits, last_hit_at, sealed = row[8:]
    context = _context(block_id)
    if tenant_id:
        packed = sealer.open_for_tenant(tenant_id, sealed, context)
    else:
        packed = sealer.open_for_system(sealed, context)
    kept = _sealed(packed)
    return CallBlock(
        block_id=block_id,
        place=CallPlace(tenant_id=tenant_id, app_key=app_key, x=x),
        number=kept.number,
        direction=BlockDirection(direction),
        reason=kept.reason,
        evidence=kept.evidence,
        until=from_us_or_none(until),
        by_tenant=bool(by_tenant),
        created_by=kept.created_by,
        created_at=from_us(created_at),
        hits=hits,
        last_hit_at=from_us_or_none(last_hit_at),
    )


def attempt_row(attempt: CallAttempt, now: datetime, sealer: Sealer) -> Row:
    """What `blocking` takes."""
    place, callee = attempt.place, attempt.callee
    return (
        sealer.lookup(attempt.caller),
        None if callee is None else sealer.lookup(callee),
        place.tenant_id,
        place.app_key,
        place.x,
        to_us(now),
    )


def blocking_of(row: Sequence[Any] | None) -> Blocking | None:
    """What `blocking` found."""
    if row is None:
        return None
    block_id, is_caller = row
    release = ReleaseCode.CALLER_BLOCKED if is_caller else ReleaseCode.CALLEE_BLOCKED
    return Blocking(block_id, release)


def rule_row(rule: FrequencyRule) -> Row:
    """What `rule_add` takes."""
    place = rule.place
    return (
        rule.rule_id,
        place.scope.value,
        place.tenant_id,
        place.app_key,
        place.x,
        rule.counted.value,
        rule.calls,
        rule.within_s,
        rule.is_enabled,
        rule.note,
        rule.by_tenant,
        rule.created_by,
        to_us(rule.created_at),
        rule.hits,
        to_us_or_none(rule.last_hit_at),
    )


def saved_rule_row(rule: FrequencyRule) -> Row:
    """What `rule_save` takes."""
    return (rule.rule_id, rule.calls, rule.within_s, rule.is_enabled, rule.note)


def rule_of(row: Sequence[Any]) -> FrequencyRule:
    """The rule of the columns of a read."""
    rule_id, tenant_id, app_key, x, counted, calls, within_s, is_enabled = row[:8]
    note, by_tenant, created_by, created_at, hits, last_hit_at = row[8:]
    return FrequencyRule(
        rule_id=rule_id,
        place=CallPlace(tenant_id=tenant_id, app_key=app_key, x=x),
        counted=Counted(counted),
        calls=calls,
        within_s=within_s,
        is_enabled=bool(is_enabled),
        note=note,
        by_tenant=bool(by_tenant),
        created_by=created_by,
        created_at=from_us(created_at),
        hits=hits,
        last_hit_at=from_us_or_none(last_hit_at),
    )


def count_key(mark: FrequencyMark, sealer: Sealer) -> bytes:
    """What the count of a mark is found by: numbers do not stand there."""
    return sealer.lookup(f"call count:{mark.key}")


def since_us(mark: FrequencyMark, now_us: int) -> int:
    """Calls of this moment and before do not count any more."""
    return now_us - mark.within_s * US_A_SECOND


def with_one_more(calls_us: Iterable[int], mark: FrequencyMark, now_us: int) -> list[int] | None:
    """The calls that count from now on; None when there is no room for one more."""
    since = since_us(mark, now_us)
    recent = [at for at in calls_us if at > since]
    return None if len(recent) >= mark.calls else [*recent, now_us]


def pack_calls(calls_us: Iterable[int]) -> bytes:
    """Moments, eight bytes each."""
    return array("q", calls_us).tobytes()


def unpack_calls(packed: bytes) -> Sequence[int]:
    """The moments of `pack_calls`."""
    calls = array("q")
    calls.frombytes(packed)
    return calls


def _context(block_id: str) -> bytes:
    return b"call_block:" + block_id.encode()

"""What lists are asked for, as ways into their tables: the same for every SQL database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from maskline.domain.notice import BUCKETS, NoticeState, bucket_of
from maskline.domain.outcome_class import OutcomeClass
from maskline.domain.recording import RecordingState
from maskline.services.billing.store import PostingFilter
from maskline.services.call_rule_store import CallBlockFilter, FrequencyRuleFilter
from maskline.services.dossier_store import DossierFilter
from maskline.services.ended_binding_store import EndedFilter
from maskline.services.list_filter import (
    BindingFilter,
    CallFilter,
    NumberFilter,
    PromptFilter,
    RecordFilter,
    RecordingFilter,
)
from maskline.services.message_store import BlockFilter, MessageFilter
from maskline.services.notice_store import NOT_ANSWERED, NoticeFilter
from maskline.services.number_life_store import StockFilter, UnnamedFilter
from maskline.services.registrant_store import RegistrantFilter
from maskline.stores.list_sql import NOTHING, Condition, Split, Wanted, Way
from maskline.stores.moment import to_us, to_us_or_none
from maskline.stores.sealing import Sealer


def wanted_applications(tenant_id: str | None) -> Wanted:
    """Applications of one tenant or all."""
    return Wanted(ways=(Way(tuple(_is("of_tenant", tenant_id))),))


def wanted_numbers(wanted: NumberFilter) -> Wanted:
    """Virtual numbers."""
    span = (
        *_is("begins_at", wanted.prefix),
        *_is("begins_before", None if wanted.prefix is None else behind(wanted.prefix)),
    )
    rest = (
        *_is("in_state", wanted.state),
        *_is("in_area", wanted.area_code),
        *_is("may_message", wanted.may_message),
        *((Condition("is_free"),) if wanted.is_free else ()),
    )
    return _of_applications(wanted.app_key, wanted.app_keys, span, rest)


def wanted_stock(wanted: StockFilter) -> Wanted:
    """Virtual numbers that belong to nobody."""
    span = (
        *_is("begins_at", wanted.prefix),
        *_is("begins_before", None if wanted.prefix is None else behind(wanted.prefix)),
    )
    rest = (*_is("in_area", wanted.area_code), *_is("of_kind", wanted.kind))
    return Wanted(ways=(Way(span),), rest=rest)


def wanted_unnamed(wanted: UnnamedFilter) -> Wanted:
    """Virtual numbers without a real name."""
    rest = (
        *_is("in_state", wanted.state),
        *_is("due_before", to_us_or_none(wanted.due_before)),
    )
    return _narrowed((Way(),), wanted.app_key, wanted.app_keys, rest)


def wanted_number_events(number: str, app_keys: tuple[str, ...] | None) -> Wanted:
    """What happened to one virtual number."""
    return _narrowed((Way((Condition("number_is", (number,)),)),), None, app_keys, ())


def behind(prefix: str) -> str:
    """The first text that comes behind all that begin with a prefix."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def wanted_bindings(wanted: BindingFilter, now_us: int, sealer: Sealer) -> Wanted:
    """Live bindings."""
    rest = (
        Condition("is_live", (now_us,)),
        *_is("as_a", _lookup(wanted.a, sealer)),
        *_is("as_b", _lookup(wanted.b, sealer)),
        *_is("of_mode", wanted.mode),
        *_is("expires_before", to_us_or_none(wanted.expires_before)),
    )
    one = wanted.party or wanted.a or wanted.b
    if wanted.relation_id is not None:
        way = Way(source=Condition("bindings_of_relation", (wanted.relation_id,)))
    elif one is not None:
        way = Way(source=Condition("bindings_of_party", (sealer.lookup(one),)))
        rest += tuple(_is("of_x", wanted.x))
    elif wanted.x is not None:
        way = Way((Condition("of_x", (wanted.x,)),))
    else:
        return _of_applications(wanted.app_key, wanted.app_keys, (), rest)
    return _narrowed((way,), wanted.app_key, wanted.app_keys, rest)


def wanted_ended_bindings(wanted: EndedFilter, sealer: Sealer) -> Wanted:
    """Bindings that have ended."""
    party = _lookup(wanted.party, sealer)
    span = _span("ended", wanted.since, wanted.until)
    of_x, of_y = tuple(_is("of_x", wanted.x)), tuple(_is("of_y", wanted.y))
    rest = tuple(_is("of_mode", wanted.mode))
    if wanted.binding_id is not None:
        way = Way((Condition("binding_is", (wanted.binding_id,)),))
        rest += (*of_x, *of_y, *_is("as_party", party), *span)
    elif party is not None:
        ways = (
            Way((Condition("as_a", (party,)), *span)),
            Way((Condition("as_b_only", (party,)), *span)),
        )
        return _narrowed(ways, wanted.app_key, wanted.app_keys, (*rest, *of_x, *of_y))
    elif of_x:
        way, rest = Way((*of_x, *span)), (*rest, *of_y)
    elif of_y:
        way = Way((*of_y, *span))
    else:
        return _of_applications(wanted.app_key, wanted.app_keys, span, rest)
    return _narrowed((way,), wanted.app_key, wanted.app_keys, rest)


def wanted_calls(wanted: CallFilter) -> Wanted:
    """Live calls, which are few enough to be looked through."""
    found = (
        *_is("of_host", wanted.host),
        *_is("of_application", wanted.app_key),
        *_is("in_state", wanted.state),
    )
    if wanted.app_keys is not None:
        found += (Condition("of_applications", (wanted.app_keys,)),)
    return Wanted(ways=(Way(found),))


def wanted_records(wanted: RecordFilter, sealer: Sealer) -> Wanted:
    """Call records."""
    party = _lookup(wanted.party, sealer)
    span = _span("ended", wanted.since, wanted.until)
    of_x = tuple(_is("of_x", wanted.x))
    rest = _record_traits(wanted)
    if wanted.session_id is not None:
        way = Way((Condition("of_session", (wanted.session_id,)),))
        rest += (*of_x, *_is("call_of", party), *span)
    elif party is not None:
        ways = (
            Way((Condition("called_by", (party,)), *span)),
            Way((Condition("called_to", (party,)), *span)),
        )
        return _narrowed(ways, wanted.app_key, wanted.app_keys, (*rest, *of_x))
    elif of_x:
        way = Way((*of_x, *span))
    else:
        found = _of_applications(wanted.app_key, wanted.app_keys, span, rest)
        return _failed(wanted, found) if wanted.outcome is OutcomeClass.FAILED else found
    return _narrowed((way,), wanted.app_key, wanted.app_keys, rest)


def _failed(wanted: RecordFilter, found: Wanted) -> Wanted:
    """The same of failed calls, of which there are indexes: they are few."""
    is_of_all = wanted.app_key is None and wanted.app_keys is None
    source = Condition("failed_records" if is_of_all else "failed_records_of_application")
    failed = Condition("is_failed")
    return replace(
        found,
        ways=tuple(Way((failed, *way.conditions), source) for way in found.ways),
        rest=_record_traits(replace(wanted, outcome=None)),
    )


def _record_traits(wanted: RecordFilter) -> tuple[Condition, ...]:
    return (
        *_is("of_mode", wanted.mode),
        *_is("of_outcome", wanted.outcome),
        *_is("of_release", wanted.release),
        *_is("called_as", wanted.caller_role),
        *_is("has_recording", wanted.has_recording),
        *_is("talked_for", wanted.min_talk_s),
    )


def wanted_recordings(wanted: RecordingFilter) -> Wanted:
    """Recordings."""
    span = _span("started", wanted.since, wanted.until)
    rest = tuple(_is("in_state", wanted.state))
    if wanted.session_id is not None:
        way = Way((Condition("of_session", (wanted.session_id,)),))
        rest += span
    elif wanted.state is RecordingState.WRITING:
        way, rest = Way((Condition("is_unfinished"), *span)), ()
    else:
        return _of_applications(wanted.app_key, wanted.app_keys, span, rest)
    return _narrowed((way,), wanted.app_key, wanted.app_keys, rest)


def wanted_messages(wanted: MessageFilter, sealer: Sealer) -> Wanted:
    """Short messages."""
    party = _lookup(wanted.party, sealer)
    span = _span("came", wanted.since, wanted.until)
    of_x = tuple(_is("of_x", wanted.x))
    rest = (*_is("in_state", wanted.state), *_is("with_result", wanted.result))
    if wanted.message_id is not None:
        way = Way((Condition("message_is", (wanted.message_id,)),))
        rest += (*of_x, *_is("message_of", party), *span)
    elif party is not None:
        ways = (
            Way((Condition("sent_by", (party,)), *span)),
            Way((Condition("got_by", (party,)), *span)),
        )
        return _narrowed(ways, wanted.app_key, wanted.app_keys, (*rest, *of_x))
    elif of_x:
        way = Way((*of_x, *span))
    else:
        return _of_applications(wanted.app_key, wanted.app_keys, span, rest)
    return _narrowed((way,), wanted.app_key, wanted.app_keys, rest)


def wanted_blocks(wanted: BlockFilter, sealer: Sealer) -> Wanted:
    """Numbers whose messages are not forwarded."""
    rest = tuple(_is("of_kind", wanted.kind))
    if wanted.number is not None:
        way = Way((Condition("number_is", (sealer.lookup(wanted.number),)),))
        return _narrowed((way,), wanted.app_key, wanted.app_keys, rest)
    return _of_applications(wanted.app_key, wanted.app_keys, (), rest)


def wanted_call_blocks(wanted: CallBlockFilter, sealer: Sealer) -> Wanted:
    """Numbers whose calls are refused."""
    number = _lookup(wanted.number, sealer)
    way, rest = _of_rule(wanted)
    rest += tuple(_is("in_direction", wanted.direction))
    if number is not None:
        way, rest = (Condition("number_is", (number,)),), (*way, *rest)
    return Wanted(ways=(Way(way),), rest=rest)


def wanted_frequency_rules(wanted: FrequencyRuleFilter) -> Wanted:
    """Frequency rules."""
    way, rest = _of_rule(wanted)
    return Wanted(ways=(Way(way),), rest=rest)


def wanted_postings(wanted: PostingFilter) -> Wanted:
    """Lines of the ledger."""
    span = _span("posted", wanted.since, wanted.until)
    rest = (
        *_is("of_kind", wanted.kind),
        *_is("of_application", wanted.app_key),
        *_is("of_x", wanted.x),
    )
    return Wanted(ways=(Way((*_is("of_tenant", wanted.tenant_id), *span)),), rest=rest)


def wanted_dossiers(kind: str, wanted: DossierFilter) -> Wanted:
    """What tenants hand in."""
    of_kind, in_state = Condition("of_kind", (kind,)), tuple(_is("in_state", wanted.state))
    if wanted.tenant_id is None:
        return Wanted(ways=(Way((of_kind, *in_state)),))
    way = Way((of_kind, *_is("of_tenant", wanted.tenant_id)))
    return Wanted(ways=(way,), rest=in_state)


def _of_rule(
    wanted: CallBlockFilter | FrequencyRuleFilter,
) -> tuple[tuple[Condition, ...], tuple[Condition, ...]]:
    rest = (*_is("in_scope", wanted.scope), *_is("made_by_tenant", wanted.by_tenant))
    return tuple(_is("of_tenant", wanted.tenant_id)), rest


def wanted_notices(wanted: NoticeFilter, *, in_buckets: bool) -> Wanted:
    """Notices. With `in_buckets` they lie in order bucket by bucket, and else all together.

    Dead ones are few; of those that wait, which are forgotten once they are delivered, no index is
    kept for lists only: each push would pay for it.
    """
    state = {
        None: (),
        NoticeState.WAITING: (Condition("waits"),),
        NoticeState.DEAD: (Condition("is_dead"),),
    }[wanted.state]
    rest = (
        *_is("of_purpose", wanted.purpose),
        *_span("written", wanted.since, wanted.until),
        *_answered(wanted.answer),
    )
    if wanted.push_id is not None:
        way = Way(source=Condition("notices_of_push", (wanted.push_id,)))
        rest += (*_is("of_stream", wanted.stream), *state)
        return _narrowed((way,), wanted.app_key, wanted.app_keys, rest)
    if wanted.stream is not None:
        way = Way(source=Condition("notices_of_stream", (wanted.stream,)))
        return _narrowed((way,), wanted.app_key, wanted.app_keys, (*rest, *state))
    if wanted.state is NoticeState.DEAD:
        return _of_applications(wanted.app_key, wanted.app_keys, state, rest)
    if not in_buckets:
        return _narrowed((Way(),), wanted.app_key, wanted.app_keys, (*rest, *state))
    among = wanted.app_keys if wanted.app_key is None else (wanted.app_key,)
    buckets = range(BUCKETS) if among is None else sorted(set(map(bucket_of, among)))
    found = _narrowed((Way(),), wanted.app_key, wanted.app_keys, (*rest, *state))
    return replace(found, split=Split("in_bucket", tuple(buckets), "int"))


def _answered(answer: str | None) -> tuple[Condition, ...]:
    if answer is None:
        return ()
    if answer == NOT_ANSWERED:
        return (Condition("was_not_answered"),)
    return (Condition("answered_with", (f"HTTP {answer[0]}%",)),)


def wanted_prompts(wanted: PromptFilter) -> Wanted:
    """Prompts."""
    state = tuple(_is("in_state", wanted.state))
    if wanted.app_key is None and wanted.app_keys is None:
        return Wanted(ways=(Way(state),))
    return _of_applications(wanted.app_key, wanted.app_keys, (), state)


def wanted_registrants(wanted: RegistrantFilter) -> Wanted:
    """Registered A numbers."""
    found = (*_is("of_tenant", wanted.tenant_id), *_is("in_status", wanted.status))
    return Wanted(ways=(Way(found),))


def _of_applications(
    app_key: str | None,
    app_keys: tuple[str, ...] | None,
    way: tuple[Condition, ...],
    rest: tuple[Condition, ...],
) -> Wanted:
    """A list that each application has an index of, and all together another one."""
    if app_keys is None:
        conditions = (*_is("of_application", app_key), *way)
        return Wanted(ways=(Way(conditions),), rest=rest)
    among = tuple(key for key in dict.fromkeys(app_keys) if app_key in {None, key})
    if not among:
        return NOTHING
    return Wanted(ways=(Way(way),), rest=rest, split=Split("of_application", among))


def _narrowed(
    ways: tuple[Way, ...],
    app_key: str | None,
    app_keys: tuple[str, ...] | None,
    rest: tuple[Condition, ...],
) -> Wanted:
    """A list that something else narrows more than its applications do."""
    rest += tuple(_is("of_application", app_key))
    if app_keys is not None:
        rest += (Condition("of_applications", (app_keys,)),)
    return Wanted(ways=ways, rest=rest)


def _is(name: str, value: object) -> Iterator[Condition]:
    if value is not None:
        yield Condition(name, (value,))


def _span(what: str, since: datetime | None, until: datetime | None) -> tuple[Condition, ...]:
    return (
        *_is(f"{what}_since", None if since is None else to_us(since)),
        *_is(f"{what}_until", None if until is None else to_us(until)),
    )


def _lookup(number: str | None, sealer: Sealer) -> bytes | None:
    return None if number is None else sealer.lookup(number)

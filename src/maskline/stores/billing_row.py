"""What the SQL stores have of money in common: how values become rows, and rows values."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

import msgspec

from maskline.domain.call import CallRecord
from maskline.domain.charge_run import ChargeRun, RunKind, RunState
from maskline.domain.ledger import Account, Line, MoneyAccount, Posting, PostingKind
from maskline.domain.message import Message
from maskline.domain.package import Draw, PackageOffer, PackagePurchase, Quota
from maskline.domain.tariff import Prices, Tariff
from maskline.services.billing.store import Behind, RunStep, StatementLine
from maskline.stores.blob import unpack_record
from maskline.stores.message_row import message_of
from maskline.stores.moment import from_us, from_us_or_none, to_us, to_us_or_none
from maskline.stores.sealing import Sealer

Row: TypeAlias = tuple[Any, ...]


class _TariffTerms(msgspec.Struct, frozen=True):
    prices: Prices
    note: str
    created_by: str


class _OfferTerms(msgspec.Struct, frozen=True):
    name: str
    price: int
    minutes: int
    messages: int
    is_sold: bool


class _PurchaseTerms(msgspec.Struct, frozen=True):
    offer_id: str
    name: str
    price: int
    valid_from: int
    minutes: int
    messages: int


_tariff_terms = msgspec.json.Decoder(_TariffTerms).decode
_offer_terms = msgspec.json.Decoder(_OfferTerms).decode
_purchase_terms = msgspec.json.Decoder(_PurchaseTerms).decode
_lines = msgspec.json.Decoder(tuple[Line, ...]).decode


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def tariff_row(tariff: Tariff) -> Row:
    """The columns of a tariff."""
    return (
        tariff.tariff_id,
        tariff.tenant_id,
        to_us(tariff.valid_from),
        to_us(tariff.created_at),
        _json(_TariffTerms(tariff.prices, tariff.note, tariff.created_by)),
    )


def tariff_of(row: Row) -> Tariff:
    """The tariff of `tariff_row`."""
    tariff_id, tenant_id, valid_from, created_at, kept = row
    terms = _tariff_terms(kept)
    return Tariff(
        tariff_id=tariff_id,
        tenant_id=tenant_id,
        valid_from=from_us(valid_from),
        prices=terms.prices,
        note=terms.note,
        created_by=terms.created_by,
        created_at=from_us(created_at),
    )


def offer_row(offer: PackageOffer) -> Row:
    """The columns of a package that is sold."""
    terms = _OfferTerms(offer.name, offer.price, offer.minutes, offer.messages, offer.is_sold)
    return (offer.offer_id, to_us(offer.created_at), _json(terms))


def offer_of(row: Row) -> PackageOffer:
    """The package of `offer_row`."""
    terms = _offer_terms(row[2])
    return PackageOffer(
        offer_id=row[0],
        name=terms.name,
        price=terms.price,
        minutes=terms.minutes,
        messages=terms.messages,
        is_sold=terms.is_sold,
        created_at=from_us(row[1]),
    )


def purchase_row(purchase: PackagePurchase) -> Row:
    """The columns of a package that was bought."""
    terms = _PurchaseTerms(
        purchase.offer_id,
        purchase.name,
        purchase.price,
        to_us(purchase.valid_from),
        purchase.minutes,
        purchase.messages,
    )
    return (
        purchase.purchase_id,
        purchase.tenant_id,
        to_us(purchase.bought_at),
        to_us(purchase.valid_until),
        _json(terms),
        purchase.minutes_left,
        purchase.messages_left,
    )


def purchase_of(row: Row) -> PackagePurchase:
    """The package of `purchase_row`."""
    purchase_id, tenant_id, bought_at, valid_until, kept, minutes_left, messages_left = row
    terms = _purchase_terms(kept)
    return PackagePurchase(
        purchase_id=purchase_id,
        tenant_id=tenant_id,
        offer_id=terms.offer_id,
        name=terms.name,
        price=terms.price,
        bought_at=from_us(bought_at),
        valid_from=from_us(terms.valid_from),
        valid_until=from_us(valid_until),
        minutes=terms.minutes,
        messages=terms.messages,
        minutes_left=minutes_left,
        messages_left=messages_left,
    )


def draw_statement(draw: Draw) -> str:
    """The name of the statement that takes something out of a package."""
    return "minutes_draw" if draw.quota is Quota.MINUTES else "messages_draw"


def posting_row(posting: Posting) -> Row:
    """The columns of a posting."""
    return (
        posting.posting_id,
        posting.tenant_id,
        posting.kind.value,
        posting.source,
        to_us(posting.at),
        to_us(posting.used_at),
        _json(posting.lines),
        posting.amount,
        posting.app_key,
        posting.x,
        posting.units,
        posting.covered,
        posting.price,
        posting.note,
        posting.created_by,
    )


def posting_of(row: Row) -> Posting:
    """The posting of `posting_row`."""
    return Posting(
        posting_id=row[0],
        tenant_id=row[1],
        kind=PostingKind(row[2]),
        source=row[3],
        at=from_us(row[4]),
        used_at=from_us(row[5]),
        lines=_lines(row[6]),
        app_key=row[8],
        x=row[9],
        units=row[10],
        covered=row[11],
        price=row[12],
        note=row[13],
        created_by=row[14],
    )


def sums_of_rows(rows: Sequence[Row]) -> dict[Account, int]:
    """What stands on accounts."""
    return {Account(name): amount for name, amount in rows}


def statement_of(row: Row) -> StatementLine:
    """A line of a statement."""
    app_key, x, kind, postings, units, covered, amount = row
    return StatementLine(
        app_key=app_key,
        x=x,
        kind=PostingKind(kind),
        postings=postings,
        units=units,
        covered=covered,
        amount=amount,
    )


def account_of(row: Row) -> MoneyAccount:
    """How a tenant stands."""
    tenant_id, balance, credit, alert_below, alerted_at, arrears_since, released = row
    return MoneyAccount(
        tenant_id=tenant_id,
        balance=balance,
        credit=credit,
        alert_below=alert_below,
        alerted_at=from_us_or_none(alerted_at),
        arrears_since=from_us_or_none(arrears_since),
        released_at=from_us_or_none(released),
    )


def state_row(account: MoneyAccount, since: datetime | None) -> Row:
    """The columns of `state_save`."""
    return (
        account.tenant_id,
        to_us_or_none(account.alerted_at),
        to_us_or_none(account.arrears_since),
        to_us_or_none(account.released_at),
        to_us_or_none(since),
    )


def walk_row(since: datetime, until: datetime, behind: Behind | None, limit: int) -> Row:
    """What a walk through calls or messages asks for."""
    at, key = (-1, "") if behind is None else (to_us(behind.at), behind.key)
    return (to_us(since), to_us(until), at, key, limit)


def record_of(row: Row, sealer: Sealer) -> CallRecord:
    """The record of a row of `calls_uncharged`."""
    _, session_id, app_key, x, sealed = row
    packed = sealer.open(app_key, sealed, b"call_record:" + session_id.encode())
    return unpack_record(packed, session_id=session_id, app_key=app_key, x=x)


def bare_message_of(row: Row, sealer: Sealer) -> Message:
    """The message of a row of `messages_uncharged`."""
    return message_of(row, (), sealer)


def run_of(row: Row) -> ChargeRun:
    """The run of a row of `run_get`."""
    kind, period, cursor, postings, amount, skipped, started_at, ended_at, holder, until = row
    return ChargeRun(
        kind=RunKind(kind),
        period=period,
        state=RunState.RUNNING if ended_at is None else RunState.DONE,
        cursor=cursor,
        postings=postings,
        amount=amount,
        skipped=skipped,
        started_at=from_us(started_at),
        ended_at=from_us_or_none(ended_at),
        holder=holder,
        leased_until=from_us(until),
    )


def step_row(step: RunStep, fresh: Sequence[Posting]) -> Row:
    """The columns of `run_step` once these postings were new."""
    charged = -sum(posting.amount for posting in fresh)
    return (
        step.kind.value,
        step.period,
        step.holder,
        step.cursor,
        len(fresh) + step.extra,
        charged,
        step.skipped,
        to_us(step.leased_until),
    )


def balance_rows(fresh: Sequence[Posting]) -> list[Row]:
    """What is added to the balances, in one order everywhere: nobody waits in a circle."""
    sums: dict[str, int] = {}
    for posting in fresh:
        sums[posting.tenant_id] = sums.get(posting.tenant_id, 0) + posting.amount
    return sorted(sums.items())

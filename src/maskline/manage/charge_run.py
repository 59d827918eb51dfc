"""Endpoints of the runs that charge."""

from datetime import datetime

from msgspec import Struct

from maskline.domain.access import Right
from maskline.domain.charge_run import ChargeRun, RunKind, RunState
from maskline.domain.error import UnknownRecord
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.query import ListQuery
from maskline.manage.tariff import moment_key
from maskline.manage.view import Items, copied, view_items
from maskline.services.billing.request import NewChargeRun
from maskline.services.billing.run_desk import RunDesk
from maskline.services.list_order import CHARGE_RUNS
from maskline.services.page import page_of


class ChargeRunQuery(ListQuery, frozen=True, kw_only=True):
    """Runs of about a month, newest first."""

    kind: RunKind | None = None
    state: RunState | None = None


class ChargeRunView(Struct, frozen=True, kw_only=True):
    """One run of a kind for a period: an hour, a month, or the moment when it was asked for.

    `postings` are those that it added, which charged `amount` in all; `skipped` is what it had no
    tariff for. Of `arrears`, `postings` are the tenants that it froze, thawed or told.
    A run that was cut off is `running` until another goes on with it, after `leased_until`.
    """

    kind: RunKind
    period: str
    state: RunState
    postings: int
    amount: int
    skipped: int
    started_at: datetime
    ended_at: datetime | None
    leased_until: datetime


class ChargeRunEndpoints:
    """Acts through the desk."""

    def __init__(self, desk: RunDesk) -> None:
        self._desk = desk

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="GET",
                path="/charge-runs",
                summary="Runs that charge, newest first",
                run=self.list_charge_runs,
                right=Right.MONEY_WRITE,
                query=ChargeRunQuery,
                answer=Items[ChargeRunView],
            ),
            Endpoint(
                method="POST",
                path="/charge-runs",
                summary="Charge now what is over; nothing is charged twice",
                run=self.start_charge_run,
                right=Right.MONEY_WRITE,
                body=NewChargeRun,
                answer=ChargeRunView,
                status=201,
                refusals=(409,),
            ),
            Endpoint(
                method="POST",
                path="/charge-runs/{kind}/{period}/retry",
                summary="Go on with a run that was cut off",
                run=self.retry_charge_run,
                right=Right.MONEY_WRITE,
                answer=ChargeRunView,
                refusals=(404, 409),
            ),
        )

    async def list_charge_runs(self, asked: Asked) -> Items[ChargeRunView]:
        """Runs that charge, newest first."""
        query: ChargeRunQuery = asked.query
        runs = await self._desk.runs(query.kind, query.state)
        page = page_of(
            runs,
            CHARGE_RUNS,
            lambda run: (moment_key(run.started_at), run.kind.value, run.period),
            query.page,
        )
        return view_items(page, view_charge_run)

    async def start_charge_run(self, asked: Asked) -> ChargeRunView:
        """Charge now what is over."""
        return view_charge_run(await self._desk.start(asked.body.kind))

    async def retry_charge_run(self, asked: Asked) -> ChargeRunView:
        """Go on with a run that was cut off."""
        kind, period = asked.path["kind"], asked.path["period"]
        if kind not in {one.value for one in RunKind}:
            raise UnknownRecord(f"there is no run {kind} {period}")
        return view_charge_run(await self._desk.retry(RunKind(kind), period))


def view_charge_run(run: ChargeRun) -> ChargeRunView:
    """A run as it is shown."""
    return copied(ChargeRunView, run)

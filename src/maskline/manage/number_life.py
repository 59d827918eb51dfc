"""Endpoints of transfers and returns of virtual numbers: what they would do, and the jobs."""

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from maskline.domain.access import Right
from maskline.domain.job import JobKind
from maskline.manage.endpoint import Asked, Endpoint, FileAnswer
from maskline.manage.job_view import JobView, view_job
from maskline.services.import_sheet import ImportSheets
from maskline.services.job_desk import XLSX, JobDesk
from maskline.services.number_life_job import (
    NumberReturns,
    NumberTransfers,
    ReturnOrder,
    TransferOrder,
)
from maskline.services.number_task import LifeEffects

TRANSFERS, RETURNS = "/number-transfers", "/number-returns"


class NumberLifeEndpoints:
    """Numbers that go to another application, or back. Jobs are looked at under `/jobs`."""

    def __init__(
        self,
        desk: JobDesk,
        transfers: NumberTransfers,
        returns: NumberReturns,
        sheets: ImportSheets,
    ) -> None:
        self._desk = desk
        self._transfers = transfers
        self._returns = returns
        self._sheets = sheets

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (*self._of_transfers(), *self._of_returns())

    def _of_transfers(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="POST",
                path=f"{TRANSFERS}/preview",
                summary="What a transfer of virtual numbers would do; nothing is changed",
                run=self.preview_number_transfer,
                body=TransferOrder,
                answer=LifeEffects,
                is_recorded=False,
                right=Right.NUMBER_TRANSFER,
            ),
            Endpoint(
                method="POST",
                path=TRANSFERS,
                summary="Give virtual numbers to another application, without their bindings",
                run=self.begin_number_transfer,
                body=TransferOrder,
                answer=JobView,
                status=202,
                audited=_told,
                right=Right.NUMBER_TRANSFER,
            ),
            Endpoint(
                method="POST",
                path=f"{TRANSFERS}/{{job_id}}/retry",
                summary="Transfer the numbers of a job that have failed, as a new job",
                run=self.retry_number_transfer,
                answer=JobView,
                status=202,
                right=Right.NUMBER_TRANSFER,
                refusals=(404, 409),
            ),
            Endpoint(
                method="GET",
                path=f"{TRANSFERS}/{{job_id}}/errors.xlsx",
                summary="The numbers that were not transferred, each with its reason",
                run=self.download_number_transfer_errors,
                answer=FileAnswer,
                answer_media_type=XLSX,
                right=Right.NUMBER_READ,
                refusals=(404,),
            ),
        )

    def _of_returns(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="POST",
                path=f"{RETURNS}/preview",
                summary="What giving virtual numbers back would do, and until when rent is paid",
                run=self.preview_number_return,
                body=ReturnOrder,
                answer=LifeEffects,
                is_recorded=False,
                right=Right.NUMBER_RELEASE,
            ),
            Endpoint(
                method="POST",
                path=RETURNS,
                summary="Give virtual numbers back for good, as a job that checks all first",
                run=self.begin_number_return,
                body=ReturnOrder,
                answer=JobView,
                status=202,
                audited=_told,
                right=Right.NUMBER_RELEASE,
                needs_step_up=True,
            ),
            Endpoint(
                method="POST",
                path=f"{RETURNS}/{{job_id}}/retry",
                summary="Give back the numbers of a job that have failed, as a new job",
                run=self.retry_number_return,
                answer=JobView,
                status=202,
                right=Right.NUMBER_RELEASE,
                needs_step_up=True,
                refusals=(404, 409),
            ),
            Endpoint(
                method="GET",
                path=f"{RETURNS}/{{job_id}}/errors.xlsx",
                summary="The numbers that were not given back, each with its reason",
                run=self.download_number_return_errors,
                answer=FileAnswer,
                answer_media_type=XLSX,
                right=Right.NUMBER_READ,
                refusals=(404,),
            ),
        )

    async def preview_number_transfer(self, asked: Asked) -> LifeEffects:
        """What a transfer would do."""
        return await self._transfers.preview(asked.body, asked.caller.tenant_id)

    async def begin_number_transfer(self, asked: Asked) -> JobView:
        """Give numbers to another application."""
        order: TransferOrder = asked.body
        await self._transfers.check(order, asked.caller.tenant_id)
        return await self._begin(asked, JobKind.NUMBER_TRANSFER, order)

    async def retry_number_transfer(self, asked: Asked) -> JobView:
        """Transfer what has failed."""
        kind = JobKind.NUMBER_TRANSFER
        job = await self._desk.find(asked.caller, asked.path["job_id"], kind)
        return await self._begin(asked, kind, await self._transfers.again(job), job.tenant_id)

    async def download_number_transfer_errors(self, asked: Asked) -> FileAnswer:
        """What was not transferred."""
        return await self._errors(asked, JobKind.NUMBER_TRANSFER)

    async def preview_number_return(self, asked: Asked) -> LifeEffects:
        """What giving numbers back would do."""
        return await self._returns.preview(asked.body, asked.caller.tenant_id)

    async def begin_number_return(self, asked: Asked) -> JobView:
        """Give numbers back."""
        order: ReturnOrder = asked.body
        await self._returns.check(order)
        return await self._begin(asked, JobKind.NUMBER_RETURN, order)

    async def retry_number_return(self, asked: Asked) -> JobView:
        """Give back what has failed."""
        kind = JobKind.NUMBER_RETURN
        job = await self._desk.find(asked.caller, asked.path["job_id"], kind)
        return await self._begin(asked, kind, await self._returns.again(job), job.tenant_id)

    async def download_number_return_errors(self, asked: Asked) -> FileAnswer:
        """What was not given back."""
        return await self._errors(asked, JobKind.NUMBER_RETURN)

    async def _begin(
        self, asked: Asked, kind: JobKind, order: Struct, tenant_id: str | None = None
    ) -> JobView:
        packed = msgspec.json.encode(order)
        return view_job(await self._desk.begin(asked.caller, kind, packed, tenant_id))

    async def _errors(self, asked: Asked, kind: JobKind) -> FileAnswer:
        job = await self._desk.find(asked.caller, asked.path["job_id"], kind)
        return FileAnswer(await self._sheets.errors(job))


def _told(asked: Asked) -> Mapping[str, object]:
    """What the record of changes says of an order; the job says the rest, number by number."""
    order: TransferOrder | ReturnOrder = asked.body
    told: dict[str, object] = {
        "numbers": len(order.numbers),
        "first": order.numbers[0],
        "reason": order.reason,
    }
    return told | ({"app_key": order.app_key} if isinstance(order, TransferOrder) else {})

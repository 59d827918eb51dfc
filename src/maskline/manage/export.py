"""Endpoints of exports."""

import msgspec
from msgspec import Struct, field

from maskline.domain.access import Caller, Right
from maskline.domain.job import JobKind
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.export_list import FilterValue, read_filter
from maskline.manage.guard import open_who
from maskline.manage.job_view import JobView, view_job
from maskline.services.clock import Clock
from maskline.services.export import ExportShape, check_export, order_export
from maskline.services.job_desk import JobDesk
from maskline.services.number_token import NumberTokens


class ListExportForm(ExportShape, frozen=True, kw_only=True):
    """What to export. `filter` is what the query of the list takes: a file holds what that shows.

    `columns` empty takes all; `zone` is an IANA name for times. `counts` goes with `statistics`,
    whose filter is `app_key`, `since`, `until`; `csv_style` with `csv`. `masking` clear shows real
    numbers: it needs a right, a password shown just now, and a `reason`.
    """

    filter: dict[str, FilterValue] = field(default_factory=dict)


class ExportEndpoints:
    """Lists as files. `tokens` opens the `who` of a filter."""

    def __init__(self, desk: JobDesk, tokens: NumberTokens, clock: Clock) -> None:
        self._desk = desk
        self._tokens = tokens
        self._clock = clock

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The only one: what follows is `/jobs`."""
        return (
            Endpoint(
                method="POST",
                path="/exports",
                summary="Write a list into a file, as a job: its /jobs/{job_id}/file, for 24 hours",
                run=self.begin_export,
                body=ListExportForm,
                answer=JobView,
                status=202,
                right=Right.EXPORT_CREATE,
            ),
        )

    async def begin_export(self, asked: Asked) -> JobView:
        """Write a list into a file."""
        form: ListExportForm = asked.body
        check_export(form, asked.caller)
        wanted = read_filter(form.kind, form.filter, asked, self._open)
        order = order_export(form, wanted, self._clock.now())
        content = msgspec.json.encode(order)
        return view_job(await self._desk.begin(asked.caller, JobKind.EXPORT, content))

    def _open(self, query: Struct, caller: Caller) -> Struct:
        return open_who(query, caller, self._tokens)

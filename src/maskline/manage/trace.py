"""The endpoint of what happened in a call."""

from datetime import datetime

from msgspec import Struct

from maskline.domain.access import Right
from maskline.domain.trace import Trace
from maskline.manage.endpoint import Asked, Endpoint
from maskline.services.trace import TraceDesk


class TraceStepView(Struct, frozen=True, kw_only=True):
    """One step, `at_s` seconds after the call's arrival.

    `where` is `A>X`, `X>A`, `X>B` or `B>X` for a SIP message, else `plan`, `media`, `told`, `end`.
    `detail` is the SIP message with tokens in place of numbers (`{A}` calls, `{B}` is called),
    hosts and secrets, or facts as lines of `name: value`; empty where it is not kept. The event
    stream leaves it empty.
    """

    at_s: float
    where: str
    what: str
    detail: str


class TraceView(Struct, frozen=True, kw_only=True):
    """What happened in a call. `dropped` steps came after the last that was kept."""

    session_id: str
    app_key: str
    began_at: datetime
    release_code: int | None
    dropped: int
    steps: tuple[TraceStepView, ...]


class TraceEndpoints:
    """Traces of calls."""

    def __init__(self, desk: TraceDesk) -> None:
        self._desk = desk

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The one."""
        return (
            Endpoint(
                method="GET",
                path="/calls/{session_id}/trace",
                summary="What happened in a call, step by step and without numbers",
                run=self.show_trace,
                right=Right.CALL_READ,
                answer=TraceView,
                refusals=(404,),
            ),
        )

    async def show_trace(self, asked: Asked) -> TraceView:
        """The trace of a call that is up, has just ended, or was stored."""
        return view_trace(await self._desk.find(asked.path["session_id"]))


def view_trace(trace: Trace) -> TraceView:
    """A trace as it is shown."""
    return TraceView(
        session_id=trace.session_id,
        app_key=trace.app_key,
        began_at=trace.began_at,
        release_code=trace.release,
        dropped=trace.dropped,
        steps=tuple(
            TraceStepView(at_s=step.at_s, where=step.where, what=step.what, detail=step.detail)
            for step in trace.steps
        ),
    )

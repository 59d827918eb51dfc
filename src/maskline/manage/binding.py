"""Endpoints that bind, change and unbind, with the result codes of the customers' interface."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from maskline.domain.access import Caller, Right
from maskline.domain.application import Application, Mode
from maskline.domain.ended_binding import EndCause
from maskline.domain.error import (
    AlreadyBound,
    DailyLimitReached,
    ExtensionTaken,
    MasklineError,
    MessagingNotEnabled,
    NumberFull,
    NumberNotOwned,
    NumberPoolExhausted,
    NumberUnavailable,
    PlatformError,
    RealCallerNotAllowed,
    RecordingNotEnabled,
    TooManyNumbers,
    UnknownNumber,
    UnknownRecord,
)
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.problem import Problem, problem_of
from maskline.manage.view import BindingView, view_binding, view_ended_binding
from maskline.services.binding_ax_request import NewCallee
from maskline.services.binding_form import (
    BindingFields,
    BindingForm,
    CalleeForm,
    UnbindForm,
    wanted_of,
)
from maskline.services.binding_office import BindingOffice
from maskline.services.ended_binding_store import EndedFilter
from maskline.services.store import Page, Store

PATH = "/bindings/{binding_id}"
MAX_HISTORY = 100

ResultCode = Callable[[Mode, MasklineError], str | None]
"""The code that the customers' interface of a mode gives an error, None where it has none."""

_SENTENCES: dict[type[MasklineError], str] = {
    AlreadyBound: "a party is bound on this virtual number already: take another X",
    NumberNotOwned: "this virtual number belongs to another application, or to none",
    UnknownNumber: "this virtual number is none of the application's",
    NumberUnavailable: "this virtual number is in a state in which it may not bind",
    NumberFull: "this virtual number holds as many bindings as it may",
    NumberPoolExhausted: "no virtual number is left for it: add some, or let the choice be loose",
    TooManyNumbers: "this A holds as many virtual numbers as one may",
    DailyLimitReached: "this virtual number was given as many bindings today as it may",
    ExtensionTaken: "the extension is taken, or none is left on this virtual number",
    RecordingNotEnabled: "the application may not record: switch may_record on first",
    MessagingNotEnabled: "the application has no SMS: switch may_message on first",
    RealCallerNotAllowed: "the application may not show real callers",
}


class UnboundView(Struct, frozen=True, kw_only=True):
    """What became of one binding that was to be removed."""

    binding_id: str
    is_unbound: bool
    code: str | UnsetType = UNSET
    message: str | UnsetType = UNSET


class UnboundsView(Struct, frozen=True, kw_only=True):
    """What became of each, in the order in which they were named."""

    items: tuple[UnboundView, ...]
    unbound: int


class BindingEventView(Struct, frozen=True, kw_only=True):
    """Something that befell a binding, and how it was then; of changes the latest is known.

    `cause` says why it ended; with `replaced` a change took a party out, and it lives on.
    """

    at: datetime
    what: Literal["created", "changed", "ended"]
    cause: EndCause | None = None
    binding: BindingView


class BindingHistoryView(Struct, frozen=True, kw_only=True):
    """What is known of a binding, oldest first. Real numbers are masked."""

    binding_id: str
    is_live: bool
    items: tuple[BindingEventView, ...]


class BindingEndpoints:
    """What tenants do to bindings. In applications marked as sandboxes developers may too."""

    def __init__(self, store: Store, office: BindingOffice, result_code: ResultCode) -> None:
        self._store = store
        self._office = office
        self._result_code = result_code

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (*self._of_many(), *self._of_one())

    def _of_many(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="POST",
                path="/bindings",
                summary="Bind, by the rules of the application's mode",
                run=self.bind,
                right=Right.BINDING_WRITE,
                or_right=Right.SANDBOX_USE,
                body=BindingForm,
                answer=BindingView,
                status=201,
                refusals=(404, 409),
            ),
            Endpoint(
                method="POST",
                path="/bindings/unbind",
                summary="Remove up to 500 bindings, each by itself",
                run=self.unbind_many,
                right=Right.BINDING_DELETE,
                or_right=Right.SANDBOX_USE,
                body=UnbindForm,
                answer=UnboundsView,
            ),
        )

    def _of_one(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="PATCH",
                path=PATH,
                summary="Change a live binding",
                run=self.change_binding,
                right=Right.BINDING_WRITE,
                or_right=Right.SANDBOX_USE,
                body=BindingFields,
                answer=BindingView,
                refusals=(404, 409),
            ),
            Endpoint(
                method="DELETE",
                path=PATH,
                summary="Remove a binding; calls that run go on",
                run=self.unbind,
                right=Right.BINDING_DELETE,
                or_right=Right.SANDBOX_USE,
                status=204,
                refusals=(404, 409),
            ),
            Endpoint(
                method="PUT",
                path=f"{PATH}/callee",
                summary="Set whom A of AX reaches through X for a while",
                run=self.set_callee,
                right=Right.BINDING_WRITE,
                or_right=Right.SANDBOX_USE,
                body=CalleeForm,
                status=204,
                refusals=(404, 409),
            ),
            Endpoint(
                method="GET",
                path=f"{PATH}/history",
                summary="What is known of a binding: made, changed, ended",
                run=self.show_history,
                right=Right.BINDING_READ,
                answer=BindingHistoryView,
                refusals=(404,),
            ),
        )

    async def bind(self, asked: Asked) -> BindingView:
        """Bind."""
        form: BindingForm = asked.body
        application = await self._application(form.app_key, asked.caller, Right.BINDING_WRITE)
        try:
            binding = await self._office.bind(application, wanted_of(form))
        except MasklineError as error:
            raise self._problem(application, error) from error
        return view_binding(binding, reveal=False)

    async def change_binding(self, asked: Asked) -> BindingView:
        """Change a live binding."""
        binding_id, change = asked.path["binding_id"], asked.body
        application = await self._of_binding(binding_id, asked.caller, Right.BINDING_WRITE)
        try:
            binding = await self._office.change(application, binding_id, wanted_of(change))
        except MasklineError as error:
            raise self._problem(application, error) from error
        return view_binding(binding, reveal=False)

    async def set_callee(self, asked: Asked) -> None:
        """Set whom A reaches."""
        binding_id, form = asked.path["binding_id"], asked.body
        application = await self._of_binding(binding_id, asked.caller, Right.BINDING_WRITE)
        callee = NewCallee(number=form.number, duration_s=form.duration_s, user_data=form.user_data)
        try:
            await self._office.set_callee(application, binding_id, callee)
        except MasklineError as error:
            raise self._problem(application, error) from error

    async def unbind(self, asked: Asked) -> None:
        """Remove a binding."""
        await self._unbind(asked.path["binding_id"], asked)

    async def unbind_many(self, asked: Asked) -> UnboundsView:
        """Remove bindings, each by itself."""
        form: UnbindForm = asked.body
        items: list[UnboundView] = []
        for binding_id in form.binding_ids:
            try:
                await self._unbind(binding_id, asked)
            except PlatformError:
                raise
            except (Problem, MasklineError) as error:
                problem = error if isinstance(error, Problem) else problem_of(error)
                items.append(
                    UnboundView(
                        binding_id=binding_id,
                        is_unbound=False,
                        code=problem.code,
                        message=problem.message,
                    )
                )
            else:
                items.append(UnboundView(binding_id=binding_id, is_unbound=True))
        return UnboundsView(items=tuple(items), unbound=sum(one.is_unbound for one in items))

    async def show_history(self, asked: Asked) -> BindingHistoryView:
        """What is known of a binding."""
        binding_id = asked.path["binding_id"]
        events: list[BindingEventView] = []
        wanted = EndedFilter(binding_id=binding_id)
        ended = await self._store.ended_bindings(wanted, Page(limit=MAX_HISTORY))
        for one in reversed(ended.rows):
            shown = view_ended_binding(one, reveal=False)
            was = view_binding(one.binding, reveal=False)
            events += _made(was)
            events.append(
                BindingEventView(at=shown.ended_at, what="ended", cause=shown.cause, binding=was)
            )
        try:
            live = view_binding(await self._office.binding(None, binding_id), reveal=False)
        except UnknownRecord:
            if not events:
                raise
        else:
            events += _made(live)
        return BindingHistoryView(
            binding_id=binding_id,
            is_live=bool(events) and events[-1].what != "ended",
            items=_without_repeats(events),
        )

    async def _unbind(self, binding_id: str, asked: Asked) -> None:
        application = await self._of_binding(
            binding_id, asked.caller, Right.BINDING_DELETE, asked.app_keys
        )
        await self._office.unbind(application.app_key, binding_id)

    async def _of_binding(
        self,
        binding_id: str,
        caller: Caller,
        right: Right,
        app_keys: tuple[str, ...] | None = None,
    ) -> Application:
        binding = await self._office.binding(None, binding_id)
        if app_keys is not None and binding.app_key not in app_keys:
            raise UnknownRecord(f"there is no binding {binding_id}")
        return await self._application(binding.app_key, caller, right)

    async def _application(self, app_key: str, caller: Caller, right: Right) -> Application:
        """The application, which has to be a sandbox for who lacks the right."""
        application = await self._office.application(app_key)
        if not caller.may(right) and not application.is_sandbox:
            raise Problem(
                status=403,
                code="not_allowed",
                message="you may do this only in applications that are marked as sandboxes",
                hint=f"it needs the right {right}",
            )
        return application

    def _problem(self, application: Application, error: MasklineError) -> Problem:
        """As the management API says no, by the code of the customers' interface."""
        plain = problem_of(error)
        return Problem(
            status=plain.status,
            code=self._result_code(application.mode, error) or plain.code,
            message=_SENTENCES.get(type(error), plain.message),
            field=plain.field,
            hint=plain.hint,
        )


def _made(binding: BindingView) -> list[BindingEventView]:
    created = BindingEventView(at=binding.created_at, what="created", binding=binding)
    if binding.modified_at == binding.created_at:
        return [created]
    return [created, BindingEventView(at=binding.modified_at, what="changed", binding=binding)]


def _without_repeats(events: list[BindingEventView]) -> tuple[BindingEventView, ...]:
    """A binding that a change replaced was created once."""
    seen: dict[tuple[datetime, str], BindingEventView] = {}
    for event in events:
        seen.setdefault((event.at, event.what), event)
    return tuple(sorted(seen.values(), key=lambda event: event.at))

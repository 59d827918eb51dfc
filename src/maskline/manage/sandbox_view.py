"""What the sandbox's endpoints take and show."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from maskline.domain.application import Mode
from maskline.sandbox.behaviour import Manner
from maskline.sandbox.event_log import RunEvent
from maskline.sandbox.phone import PhoneState, SandboxPhone
from maskline.sandbox.receiver import BuiltInReceiver
from maskline.sandbox.request import Exchange
from maskline.sandbox.run import Run
from maskline.sandbox.scenario import Scenario

Text = Annotated[str, Meta(min_length=1, max_length=1_000)]
Digits = Annotated[str, Meta(pattern=r"^[0-9*#A-D]{1,64}$")]


class NewRun(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The application to try.

    `receiver` is who gets its pushes meanwhile: this server, which checks and shows them, or the
    application's own receivers.
    """

    app_key: str
    receiver: Literal["built_in", "own"] = "built_in"


class AnswersForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the built-in receiver answers pushes: `status`, after `delay_s`.

    `call` and `message` are the JSON values for those that ask what to do; `$calling` and `$called`
    in them stand for the numbers of the message. A field that is absent stays as it is.
    """

    status: Annotated[int, Meta(ge=200, le=599)] | UnsetType = UNSET
    delay_s: Annotated[float, Meta(ge=0, le=60)] | UnsetType = UNSET
    call: Any = UNSET
    message: Any = UNSET


class SandboxReceiverView(Struct, frozen=True, kw_only=True):
    """Who gets the pushes of the application while the run lasts; the rest is of the built-in."""

    kind: Literal["built_in", "own"]
    status: int | None = None
    delay_s: float | None = None
    call: Any = None
    message: Any = None


class NewRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request of the application to the compatible interface.

    `params` are as they stand on the wire. `signs_wrongly` makes its digest wrong.
    """

    app_key: str
    operation: str
    params: dict[str, Any] = {}
    signs_wrongly: bool = False


class RequestView(Struct, frozen=True, kw_only=True):
    """A request as it was sent; the digest is shortened, the secret never leaves the server."""

    method: str
    url: str
    headers: dict[str, str]
    body: str | None


class AnswerView(Struct, frozen=True, kw_only=True):
    """What the interface answered; `body` is JSON, or else text."""

    status: int
    headers: dict[str, str]
    body: Any


class ExchangeView(Struct, frozen=True, kw_only=True):
    """A request and its answer."""

    request: RequestView
    answer: AnswerView
    took_ms: float


class PhoneAction(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to do with a phone. `dial` needs `number`, `digits` needs `digits`, `text` both others.

    Numbers are virtual numbers of the application.
    """

    action: Literal["dial", "answer", "reject", "digits", "hangup", "text"]
    number: str | None = None
    digits: Digits | None = None
    to: str | None = None
    text: Text | None = None


class BehaviourForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a phone does when it is called; `after_s` is for those that answer."""

    manner: Manner
    after_s: Annotated[float, Meta(ge=0, le=120)] = 3.0


class DisplayView(Struct, frozen=True, kw_only=True):
    """What the handset was sent about who calls: `number` is what it shows."""

    number: str
    from_header: str
    asserted_header: str | None


class CallEndView(Struct, frozen=True, kw_only=True):
    """How the phone's last call ended: SIP status before the answer, Q.850 cause."""

    is_by_peer: bool
    status: int | None
    cause: int | None


class InboxView(Struct, frozen=True, kw_only=True):
    """A short message that the phone was sent."""

    sender: str
    text: str
    at: datetime


class PhoneView(Struct, frozen=True, kw_only=True):
    """A phone of a run.

    `shows` is what it was sent about the caller of its call or of the last one; `hears` are the
    phones whose clips it hears now, or `other` for another tone; `keys` came in this call.
    """

    phone_id: str
    number: str
    state: PhoneState
    shows: DisplayView | None
    hears: tuple[str, ...]
    keys: str
    last_end: CallEndView | None
    behaviour: BehaviourForm
    inbox: tuple[InboxView, ...]


class RunView(Struct, frozen=True, kw_only=True):
    """A run. `last_event` is the newest sequence number of its events."""

    run_id: str
    app_key: str
    tenant_id: str
    user: str
    phones: tuple[PhoneView, ...]
    receiver: SandboxReceiverView
    has_messages: bool
    last_event: int


class RunsView(Struct, frozen=True, kw_only=True):
    """The runs that one may see."""

    items: tuple[RunView, ...]


class RunEventView(Struct, frozen=True, kw_only=True):
    """Something that happened in a run. `kind` says what `detail` has.

    `phone`: `state`, and what the display `shows`, the number it dials `to`, or how the call ended.
    `keys`: `digits` that came. `text`: a message that was written or came. `request`: what was
    asked of the compatible interface, and its answer. `push`: what the built-in receiver got,
    whether its signatures are valid, and how it was answered.
    """

    sequence: int
    at: datetime
    kind: str
    phone: str | None
    detail: dict[str, Any]


class RunEventsView(Struct, frozen=True, kw_only=True):
    """Events in order; ask again with `after` as the last `sequence` you have."""

    items: tuple[RunEventView, ...]
    last: int


class EventsQuery(Struct, frozen=True, kw_only=True):
    """Events that came after a sequence number; `wait_s` waits for one when there is none."""

    after: Annotated[int, Meta(ge=0)] = 0
    wait_s: Annotated[float, Meta(ge=0, le=20)] = 0.0


class ScenarioQuery(Struct, frozen=True, kw_only=True):
    """Those of a mode, or all."""

    mode: Mode | None = None


class ScenariosView(Struct, frozen=True, kw_only=True):
    """Ways to break it."""

    items: tuple[Scenario, ...]


def view_run(run: Run) -> RunView:
    """A run for its developer."""
    return RunView(
        run_id=run.run_id,
        app_key=run.app_key,
        tenant_id=run.tenant_id,
        user=run.user,
        phones=tuple(view_phone(run, phone) for phone in run.phones.values()),
        receiver=_view_receiver(run.receiver),
        has_messages=run.has_messages,
        last_event=run.log.last,
    )


def view_phone(run: Run, phone: SandboxPhone) -> PhoneView:
    """A phone for its developer; its numbers belong to nobody and are not masked."""
    display, end = phone.display, phone.end
    return PhoneView(
        phone_id=phone.phone_id,
        number=phone.number,
        state=phone.state,
        shows=DisplayView(
            number=display.number,
            from_header=display.from_header,
            asserted_header=display.asserted_header,
        )
        if display
        else None,
        hears=phone.hears,
        keys="".join(phone.keys),
        last_end=CallEndView(is_by_peer=end.is_by_peer, status=end.status, cause=end.cause)
        if end
        else None,
        behaviour=BehaviourForm(manner=phone.behaviour.manner, after_s=phone.behaviour.after_s),
        inbox=tuple(
            InboxView(sender=one.sender, text=one.text, at=one.at) for one in run.inbox(phone)
        ),
    )


def view_exchange(exchange: Exchange) -> ExchangeView:
    """A request and its answer as data."""
    return ExchangeView(
        request=RequestView(
            method=exchange.method,
            url=exchange.url,
            headers=dict(exchange.headers),
            body=exchange.body,
        ),
        answer=AnswerView(
            status=exchange.status,
            headers=dict(exchange.answer_headers),
            body=exchange.answer,
        ),
        took_ms=exchange.took_ms,
    )


def _view_receiver(receiver: BuiltInReceiver | None) -> SandboxReceiverView:
    if receiver is None:
        return SandboxReceiverView(kind="own")
    answers = receiver.answers
    return SandboxReceiverView(
        kind="built_in",
        status=answers.status,
        delay_s=answers.delay_s,
        call=answers.call,
        message=answers.message,
    )


def view_event(event: RunEvent) -> RunEventView:
    """An event as data."""
    return RunEventView(
        sequence=event.sequence,
        at=event.at,
        kind=event.kind,
        phone=event.phone,
        detail=dict(event.detail),
    )

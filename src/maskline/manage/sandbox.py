"""Endpoints of the sandbox: runs, their phones and their events."""

from dataclasses import replace

from maskline.domain.access import Right
from maskline.domain.error import InvalidParameter, SandboxRefused
from maskline.manage.endpoint import Asked, Endpoint, StreamAnswer
from maskline.manage.sandbox_view import (
    AnswersForm,
    BehaviourForm,
    EventsQuery,
    ExchangeView,
    NewRequest,
    NewRun,
    PhoneAction,
    PhoneView,
    RunEventsView,
    RunsView,
    RunView,
    ScenarioQuery,
    ScenariosView,
    view_event,
    view_exchange,
    view_phone,
    view_run,
)
from maskline.sandbox.behaviour import Behaviour
from maskline.sandbox.desk import Developer, SandboxDesk
from maskline.sandbox.live_audio import MEDIA_TYPE
from maskline.sandbox.operation import operation_of
from maskline.sandbox.run import Run
from maskline.sandbox.scenario import scenarios
from maskline.services.given import given_fields

RUN = "/sandbox/runs/{run_id}"
PHONE = RUN + "/phones/{phone}"


class SandboxEndpoints:
    """What developers do with runs; without a `desk` all of it is refused with a next step."""

    def __init__(self, desk: SandboxDesk | None) -> None:
        self._known_desk = desk

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (*self._of_runs(), *self._of_phones(), *self._of_sound(), *self._of_requests())

    def _of_runs(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="GET",
                path="/sandbox/runs",
                summary="Runs of the sandbox",
                run=self.list_sandbox_runs,
                answer=RunsView,
                right=Right.SANDBOX_USE,
                refusals=(409,),
            ),
            Endpoint(
                method="POST",
                path="/sandbox/runs",
                summary="Start three phones that try an application",
                run=self.start_sandbox_run,
                body=NewRun,
                answer=RunView,
                status=201,
                right=Right.SANDBOX_USE,
                refusals=(404, 409),
            ),
            Endpoint(
                method="GET",
                path=RUN,
                summary="A run and its phones",
                run=self.show_sandbox_run,
                answer=RunView,
                right=Right.SANDBOX_USE,
                refusals=(404, 409),
            ),
            Endpoint(
                method="DELETE",
                path=RUN,
                summary="End a run and the calls of its phones",
                run=self.end_sandbox_run,
                status=204,
                right=Right.SANDBOX_USE,
                refusals=(404, 409),
            ),
            Endpoint(
                method="GET",
                path=RUN + "/events",
                summary="What happened in a run, in order",
                run=self.list_sandbox_events,
                query=EventsQuery,
                answer=RunEventsView,
                right=Right.SANDBOX_USE,
                refusals=(404, 409),
            ),
        )

    def _of_sound(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="GET",
                path=RUN + "/audio",
                summary="What phone A (left) and B (right) hear, live, as an endless WAV of A-law",
                run=self.listen_to_sandbox_run,
                answer=StreamAnswer,
                answer_media_type=MEDIA_TYPE,
                right=Right.SANDBOX_USE,
                refusals=(404, 409),
            ),
        )

    def _of_phones(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="GET",
                path=PHONE,
                summary="A phone of a run",
                run=self.show_sandbox_phone,
                answer=PhoneView,
                right=Right.SANDBOX_USE,
                refusals=(404, 409),
            ),
            Endpoint(
                method="POST",
                path=PHONE,
                summary="Dial, answer, reject, press keys, hang up or write with a phone",
                run=self.use_sandbox_phone,
                body=PhoneAction,
                answer=PhoneView,
                right=Right.SANDBOX_USE,
                refusals=(404, 409),
            ),
            Endpoint(
                method="PUT",
                path=PHONE + "/behaviour",
                summary="Say what a phone does when it is called",
                run=self.set_sandbox_behaviour,
                body=BehaviourForm,
                answer=PhoneView,
                right=Right.SANDBOX_USE,
                refusals=(404, 409),
            ),
        )

    def _of_requests(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="GET",
                path="/sandbox/scenarios",
                summary="Ways to break a call or a request, and what to expect",
                run=self.list_scenarios,
                query=ScenarioQuery,
                answer=ScenariosView,
                right=Right.SANDBOX_USE,
            ),
            Endpoint(
                method="PUT",
                path=RUN + "/receiver",
                summary="Say how the built-in receiver answers pushes",
                run=self.set_sandbox_answers,
                body=AnswersForm,
                answer=RunView,
                right=Right.SANDBOX_USE,
                refusals=(404, 409),
            ),
            Endpoint(
                method="POST",
                path="/sandbox/requests",
                summary="Send a request of an application to the compatible interface",
                run=self.send_sandbox_request,
                body=NewRequest,
                answer=ExchangeView,
                right=Right.SANDBOX_USE,
                refusals=(404, 409),
            ),
        )

    async def list_scenarios(self, asked: Asked) -> ScenariosView:
        """Ways to break it."""
        mode = asked.query.mode
        return ScenariosView(items=tuple(one for one in scenarios() if mode in {None, *one.modes}))

    async def list_sandbox_runs(self, asked: Asked) -> RunsView:
        """Runs that the caller may see."""
        return RunsView(items=tuple(map(view_run, self._desk.runs(developer_of(asked)))))

    async def start_sandbox_run(self, asked: Asked) -> RunView:
        """Start one."""
        new: NewRun = asked.body
        has_receiver = new.receiver == "built_in"
        run = await self._desk.start(new.app_key, developer_of(asked), has_receiver=has_receiver)
        return view_run(run)

    async def show_sandbox_run(self, asked: Asked) -> RunView:
        """One run."""
        return view_run(self._run(asked))

    async def end_sandbox_run(self, asked: Asked) -> None:
        """End one."""
        await self._desk.end(self._run(asked))

    async def list_sandbox_events(self, asked: Asked) -> RunEventsView:
        """What happened."""
        query: EventsQuery = asked.query
        log = self._run(asked).log
        events = await log.wait_after(query.after, query.wait_s)
        return RunEventsView(items=tuple(map(view_event, events)), last=log.last)

    async def listen_to_sandbox_run(self, asked: Asked) -> StreamAnswer:
        """Listen to a run."""
        return StreamAnswer(self._run(asked).listen())

    async def show_sandbox_phone(self, asked: Asked) -> PhoneView:
        """One phone."""
        run = self._run(asked)
        return view_phone(run, run.phone(asked.path["phone"]))

    async def use_sandbox_phone(self, asked: Asked) -> PhoneView:
        """Do something with a phone."""
        run = self._desk.use(asked.path["run_id"], developer_of(asked))
        phone, wanted = run.phone(asked.path["phone"]), asked.body
        match wanted.action:
            case "dial":
                await self._desk.dial(run, phone, _given("number", wanted.number))
            case "answer":
                await phone.answer()
            case "reject":
                await phone.reject()
            case "digits":
                phone.press(_given("digits", wanted.digits))
            case "hangup":
                await phone.hang_up()
            case _:
                to, text = _given("to", wanted.to), _given("text", wanted.text)
                await self._desk.write(run, phone, to, text)
        return view_phone(run, phone)

    async def set_sandbox_behaviour(self, asked: Asked) -> PhoneView:
        """Say how a phone behaves from the next call on."""
        run = self._desk.use(asked.path["run_id"], developer_of(asked))
        phone, form = run.phone(asked.path["phone"]), asked.body
        phone.behaviour = Behaviour(manner=form.manner, after_s=form.after_s)
        return view_phone(run, phone)

    async def set_sandbox_answers(self, asked: Asked) -> RunView:
        """Say how pushes are answered from the next one on."""
        run = self._desk.use(asked.path["run_id"], developer_of(asked))
        if run.receiver is None:
            raise SandboxRefused(
                "no_receiver",
                "pushes of this run go to the application's own receivers",
                'start a run with receiver "built_in"',
            )
        run.receiver.answers = replace(run.receiver.answers, **given_fields(asked.body))
        return view_run(run)

    async def send_sandbox_request(self, asked: Asked) -> ExchangeView:
        """Send one, signed as the application."""
        new: NewRequest = asked.body
        developer = developer_of(asked)
        application = await self._desk.application(new.app_key, developer)
        exchange = await self._desk.request(
            application,
            operation_of(application, new.operation),
            new.params,
            developer,
            signs_wrongly=new.signs_wrongly,
        )
        return view_exchange(exchange)

    @property
    def _desk(self) -> SandboxDesk:
        if self._known_desk is None:
            raise SandboxRefused(
                "no_sandbox",
                "there is no sandbox on this server",
                "an operator sets [sandbox] enabled: see docs/sandbox.md",
            )
        return self._known_desk

    def _run(self, asked: Asked) -> Run:
        return self._desk.run(asked.path["run_id"], developer_of(asked))


def developer_of(asked: Asked) -> Developer:
    """Who asks, as the sandbox knows people: a token is somebody too."""
    caller = asked.caller
    return Developer(name=caller.user_id or caller.name, tenant_id=caller.tenant_id)


def _given(field: str, value: str | None) -> str:
    if value is None:
        raise InvalidParameter(field, "is needed for this action")
    return value

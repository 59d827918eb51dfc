"""The runs of the sandbox: who may have one, and when it ends."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

import structlog

from maskline.domain.application import Application
from maskline.domain.error import CustomerError, InvalidParameter, SandboxRefused, UnknownRecord
from maskline.domain.number import read_number
from maskline.sandbox.event_log import RunLog
from maskline.sandbox.operation import Operation, operation_of
from maskline.sandbox.phone import SandboxPhone
from maskline.sandbox.phone_number import MAX_SLOTS, PhoneNumbers
from maskline.sandbox.receiver import Answered, BuiltInReceiver, ReceiverAnswers
from maskline.sandbox.receiver_switch import ReceiverSwitch
from maskline.sandbox.request import Exchange, RequestDesk
from maskline.sandbox.run import Lab, Run
from maskline.services.clock import Clock
from maskline.services.ids import Ids
from maskline.services.store import DirectoryStore

EVERY_APP = "*"
LOOK_S = 5.0
"""How often idle runs are looked for."""

RUN_ID_LENGTH = 20
TOKEN_LENGTH = 40

MAX_KNOWN_NUMBERS = 1_000
"""Virtual numbers of an application that are shown in full in its pushes."""

log = structlog.get_logger("sandbox")


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxRules:
    """What the operator allows. `apps` are application keys, or `EVERY_APP`."""

    apps: frozenset[str]
    number_prefix: str
    runs_per_tenant: int
    idle_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Developer:
    """Who uses the sandbox; `tenant_id` None may try the applications of all tenants."""

    name: str
    tenant_id: str | None


class SandboxDesk:
    """Starts, finds and ends runs; between `open` and `close` idle ones end by themselves."""

    def __init__(
        self,
        store: DirectoryStore,
        lab: Lab,
        requests: RequestDesk,
        switch: ReceiverSwitch,
        *,
        clock: Clock,
        ids: Ids,
        rules: SandboxRules,
    ) -> None:
        self.lab = lab
        self.requests = requests
        self._switch = switch
        self._numbers = PhoneNumbers(store, lab.carrier, rules.number_prefix, ids)
        self._store = store
        self._clock = clock
        self._ids = ids
        self._rules = rules
        self._runs: dict[str, Run] = {}
        self._opening = asyncio.Lock()
        self._watching: asyncio.Task[None] | None = None

    def runs(self, developer: Developer) -> tuple[Run, ...]:
        """Those that the developer may see, oldest first."""
        return tuple(run for run in self._runs.values() if _is_of(run.tenant_id, developer))

    def run(self, run_id: str, developer: Developer) -> Run:
        """One of them. Raises UnknownRecord."""
        run = self._runs.get(run_id)
        if run is None or not _is_of(run.tenant_id, developer):
            raise UnknownRecord("no such run: it may have ended")
        return run

    def use(self, run_id: str, developer: Developer) -> Run:
        """The same, for something that is done with it."""
        run = self.run(run_id, developer)
        run.used_at = self._clock.monotonic()
        return run

    def run_of(self, app_key: str, developer: Developer) -> Run | None:
        """The developer's own run of an application."""
        for run in self._runs.values():
            if run.app_key == app_key and run.user == developer.name:
                return run
        return None

    async def application(self, app_key: str, developer: Developer) -> Application:
        """An application that may be tried. Raises UnknownRecord, SandboxRefused."""
        found = await self._store.application(app_key)
        if found is None or not _is_of(found.tenant_id, developer):
            raise UnknownRecord("no such application")
        if not found.is_sandbox and not self._rules.apps & {EVERY_APP, app_key}:
            raise SandboxRefused(
                "not_for_sandbox",
                f"{found.name} is not an application of the sandbox: its calls reach real people",
                "mark it: maskline app set KEY --set is_sandbox=true; or choose another one",
            )
        return found

    async def start(self, app_key: str, developer: Developer, *, has_receiver: bool) -> Run:
        """A run of an application, whose pushes come to the built-in receiver or go on as they do.

        Raises UnknownRecord, SandboxRefused, OSError.
        """
        application = await self.application(app_key, developer)
        async with self._opening:
            self._check_bounds(application, developer, has_receiver=has_receiver)
            taken = {phone.number for run in self._runs.values() for phone in run.phones.values()}
            numbers = self._numbers.draw(taken)
            await self._numbers.check_routes(numbers.values())
            run = Run(
                run_id=self._ids.token(RUN_ID_LENGTH),
                app_key=app_key,
                tenant_id=application.tenant_id,
                user=developer.name,
                log=RunLog(self._clock),
                lab=self.lab,
            )
            run.used_at = self._clock.monotonic()
            await run.open(numbers)
            try:
                if has_receiver:
                    await self._receive(run, application)
            except BaseException:
                await run.close()
                raise
            self._runs[run.run_id] = run
        log.info("sandbox run started", run=run.run_id, app_key=app_key)
        return run

    async def end(self, run: Run) -> None:
        """End one: its bindings go, and pushes go where they went before."""
        if self._runs.pop(run.run_id, None) is None:
            return
        await run.close()
        application = await self._store.application(run.app_key)
        if application is not None:
            for binding_id in run.bindings:
                with suppress(CustomerError):
                    unbind = operation_of(application, "unbind")
                    await self.requests.send(application, unbind, {"subscriptionId": binding_id})
            if run.receiver is not None:
                await self._switch.turn_back(run.app_key)
        log.info("sandbox run ended", run=run.run_id)

    async def request(
        self,
        application: Application,
        operation: Operation,
        params: Mapping[str, Any],
        developer: Developer,
        *,
        signs_wrongly: bool,
    ) -> Exchange:
        """Send a request of the application; the developer's run of it remembers what it binds.

        Raises InvalidParameter, SandboxRefused.
        """
        exchange = await self.requests.send(
            application, operation, params, signs_wrongly=signs_wrongly
        )
        run = self.run_of(application.app_key, developer)
        if run is not None:
            run.used_at = self._clock.monotonic()
            run.note_request(operation, exchange)
        return exchange

    async def take_push(
        self, token: str, purpose: str, headers: Mapping[str, str], body: bytes
    ) -> Answered | None:
        """A push that came in; None when no run has this token."""
        for run in self._runs.values():
            if run.receiver is not None and compare_digest(run.receiver.token, token):
                application = await self._store.application(run.app_key)
                if application is not None:
                    return run.receiver.take(application, purpose, headers, body)
        return None

    async def open(self) -> None:
        """From now on runs that nobody uses are ended."""
        await self._switch.recover()
        self.requests.open()
        self._watching = asyncio.create_task(self._watch())

    async def close(self) -> None:
        """End all of them."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        await asyncio.gather(*(self.end(run) for run in tuple(self._runs.values())))
        await self.requests.close()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            now = self._clock.monotonic()
            for run in tuple(self._runs.values()):
                if run.is_talking:
                    run.used_at = now
                elif now - run.used_at > self._rules.idle_s:
                    await self.end(run)

    async def dial(self, run: Run, phone: SandboxPhone, number: str) -> None:
        """Call a number of the run's application: others are not the developer's to call.

        Raises InvalidParameter, SandboxRefused.
        """
        await phone.dial(await self.own_number(run, "number", number))

    async def write(self, run: Run, phone: SandboxPhone, to: str, text: str) -> None:
        """Write a short message to such a number. Raises as `dial`."""
        await run.write(phone, await self.own_number(run, "to", to), text)

    async def own_number(self, run: Run, field: str, number: str) -> str:
        """A virtual number of the run's application, in global form.

        Raises InvalidParameter, SandboxRefused.
        """
        wanted = read_number(number)
        if wanted is None:
            raise InvalidParameter(field, "is no phone number")
        found = await self._store.number(wanted)
        if found is None or found.app_key != run.app_key:
            raise SandboxRefused(
                "not_your_number",
                f"{wanted} is no virtual number of this application",
                "the phones reach only the application's own numbers: bind one and use it",
            )
        return wanted

    async def _receive(self, run: Run, application: Application) -> None:
        token = self._ids.token(TOKEN_LENGTH)
        answers = ReceiverAnswers.connecting_to(run.phones["b"].number)
        receiver = BuiltInReceiver(token, answers, run.log)
        numbers = await self._store.numbers_after(application.app_key, "", MAX_KNOWN_NUMBERS)
        receiver.known = {phone.number for phone in run.phones.values()} | {
            number.number for number in numbers
        }
        await self._switch.turn_here(application, token)
        run.receiver = receiver

    def _check_bounds(
        self, application: Application, developer: Developer, *, has_receiver: bool
    ) -> None:
        for run in self._runs.values():
            if run.user == developer.name:
                raise SandboxRefused(
                    "run_exists",
                    f"you have a run already: {run.run_id}",
                    f"go on with it, or end it: DELETE /manage/v1/sandbox/runs/{run.run_id}",
                )
            if has_receiver and run.app_key == application.app_key and run.receiver is not None:
                raise SandboxRefused(
                    "receiver_taken",
                    f"pushes of this application go to the run of {run.user}",
                    'start with receiver "own", or wait until that run ends',
                )
        count = sum(run.tenant_id == application.tenant_id for run in self._runs.values())
        if count >= self._rules.runs_per_tenant or len(self._runs) >= MAX_SLOTS:
            raise SandboxRefused(
                "too_many_runs",
                f"{count} runs are going on, and that is as many as there may be",
                "wait until one ends, or end one",
            )


def _is_of(tenant_id: str, developer: Developer) -> bool:
    return developer.tenant_id in {None, tenant_id}

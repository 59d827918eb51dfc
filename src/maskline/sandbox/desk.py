"""The runs of the sandbox: who may have one, and when it ends."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from maskline.domain.application import Application
from maskline.domain.error import InvalidParameter, SandboxRefused, UnknownRecord
from maskline.domain.number import read_number
from maskline.domain.trunk import order_trunks
from maskline.sandbox.event_log import RunLog
from maskline.sandbox.phone import SandboxPhone
from maskline.sandbox.run import PHONES, Lab, Run
from maskline.services.clock import Clock
from maskline.services.ids import Ids
from maskline.services.store import DirectoryStore

EVERY_APP = "*"
MAX_SLOTS = 1_000
"""Runs that have numbers of their own: three digits of a phone's number tell them apart."""

LOOK_S = 5.0
"""How often idle runs are looked for."""

RUN_ID_LENGTH = 20
CHINA_MOBILE_DIGITS = 14
"""Characters of a mobile number in global form: `+86` and eleven digits."""

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
        self, store: DirectoryStore, lab: Lab, clock: Clock, ids: Ids, rules: SandboxRules
    ) -> None:
        self.lab = lab
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
        if not self._rules.apps & {EVERY_APP, app_key}:
            raise SandboxRefused(
                "not_for_sandbox",
                f"{found.name} is not an application of the sandbox: its calls reach real people",
                "an operator adds its key to [sandbox] apps, or choose another application",
            )
        return found

    async def start(self, app_key: str, developer: Developer) -> Run:
        """A run of an application. Raises UnknownRecord, SandboxRefused, OSError."""
        application = await self.application(app_key, developer)
        async with self._opening:
            self._check_bounds(application.tenant_id, developer)
            numbers = self._numbers()
            await self._check_routes(numbers)
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
            self._runs[run.run_id] = run
        log.info("sandbox run started", run=run.run_id, app_key=app_key)
        return run

    async def end(self, run: Run) -> None:
        """End one."""
        if self._runs.pop(run.run_id, None) is not None:
            await run.close()
            log.info("sandbox run ended", run=run.run_id)

    def open(self) -> None:
        """From now on runs that nobody uses are ended."""
        self._watching = asyncio.create_task(self._watch())

    async def close(self) -> None:
        """End all of them."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        await asyncio.gather(*(self.end(run) for run in tuple(self._runs.values())))

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

    def _check_bounds(self, tenant_id: str, developer: Developer) -> None:
        for run in self._runs.values():
            if run.user == developer.name:
                raise SandboxRefused(
                    "run_exists",
                    f"you have a run already: {run.run_id}",
                    f"go on with it, or end it: DELETE /manage/v1/sandbox/runs/{run.run_id}",
                )
        count = sum(run.tenant_id == tenant_id for run in self._runs.values())
        if count >= self._rules.runs_per_tenant or len(self._runs) >= MAX_SLOTS:
            raise SandboxRefused(
                "too_many_runs",
                f"{count} runs are going on, and that is as many as there may be",
                "wait until one ends, or end one",
            )

    def _numbers(self) -> Mapping[str, str]:
        """Numbers that no other run has, by phone."""
        taken = {phone.number for run in self._runs.values() for phone in run.phones.values()}
        while True:
            numbers = self._draw_numbers(int(self._ids.draw() * MAX_SLOTS))
            if taken.isdisjoint(numbers.values()):
                return numbers

    def _draw_numbers(self, slot: int) -> Mapping[str, str]:
        prefix = self._rules.number_prefix
        fill = "0" * max(0, CHINA_MOBILE_DIGITS - len(prefix) - 4)
        return {
            phone: f"{prefix}{fill}{slot:03}{place}" for place, phone in enumerate(PHONES, start=1)
        }

    async def _check_routes(self, numbers: Mapping[str, str]) -> None:
        """Calls to the phones have to end in the lab. Raises SandboxRefused."""
        trunks = await self._store.trunks()
        host, port = self.lab.carrier
        for number in numbers.values():
            first = next(iter(order_trunks(trunks, number, self._ids.draw)), None)
            if first is None or (first.host, first.port) != (host, port):
                raise SandboxRefused(
                    "not_routed_to_lab",
                    f"calls to {number} do not go to the lab",
                    f"an operator adds a trunk: maskline trunk add sandbox --host {host} "
                    f"--port {port} --prefix {self._rules.number_prefix} "
                    "--inbound-from 127.0.0.1/32",
                )


def _is_of(tenant_id: str, developer: Developer) -> bool:
    return developer.tenant_id in {None, tenant_id}

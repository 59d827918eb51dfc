"""Several processes of the platform on one machine, kept alive by one more."""

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field

import structlog

from maskline.bootstrap.lifeline import READY
from maskline.bootstrap.process import stop_on_signals
from maskline.bootstrap.secret import prepare_secrets
from maskline.bootstrap.sip import family
from maskline.bootstrap.worker import Share, need_shared_store, share_settings, worker_name
from maskline.domain.error import PlatformError
from maskline.settings import HttpSection, Settings, TlsSection

METRICS_PORT = "MASKLINE_METRICS_PORT"

log = structlog.get_logger("supervisor")


@dataclass(frozen=True, slots=True)
class WorkerPlan:
    """A process to keep alive: its name in the log, its command line, its own variables."""

    name: str
    command: tuple[str, ...]
    variables: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorLimits:
    """`stop_s` is the time to stop in; beyond it a worker is killed.

    A worker that ends is started again after a pause, which doubles up to `max_pause_s` unless it
    has lived for `steady_s`. One that was never ready is tried `start_tries` times.
    """

    stop_s: float = 20.0
    first_pause_s: float = 0.5
    max_pause_s: float = 10.0
    steady_s: float = 30.0
    start_tries: int = 5


def plan_workers(
    counts: Mapping[frozenset[str], int], metrics_port: int = 0
) -> tuple[WorkerPlan, ...]:
    """The processes that are asked for: planes -> how many processes run these.

    Each takes a port of its own for metrics, from `metrics_port` on unless that is 0.
    """
    plans: list[WorkerPlan] = []
    for planes, count in counts.items():
        command = (sys.executable, "-m", "maskline", "serve", "--planes", ",".join(sorted(planes)))
        # A worker adds its number in its kind (`share_settings`).
        first = {METRICS_PORT: str(metrics_port + len(plans))} if metrics_port else {}
        for number in range(1, count + 1):
            share = ("--worker", str(Share(number, count)), "--supervised")
            plans.append(WorkerPlan(worker_name(planes, number), command + share, first))
    return tuple(plans)


class Supervisor:
    """Starts the workers, starts those again that end, and stops them all.

    They share the environment and the standard error of this process. Each is in a process group
    of its own: a Ctrl-C in the terminal reaches this process alone, which then stops them in order.
    """

    def __init__(self, plans: Sequence[WorkerPlan], limits: SupervisorLimits | None = None) -> None:
        limits = limits or SupervisorLimits()
        self._stopping = asyncio.Event()
        self._limits = limits
        self.workers = tuple(Worker(plan, limits, self._stopping) for plan in plans)

    async def run(self, stop: asyncio.Future[None]) -> None:
        """Keep the workers alive until `stop` is done, then stop them.

        Raises PlatformError when one does not start; the others are stopped then too.
        """
        keeping = [asyncio.create_task(worker.keep()) for worker in self.workers]
        greeting = asyncio.create_task(self._greet())
        try:
            await asyncio.wait([stop, *keeping], return_when=asyncio.FIRST_COMPLETED)
        finally:
            greeting.cancel()
            await self._stop(keeping)
        for kept in keeping:
            kept.result()

    async def _stop(self, keeping: Sequence[asyncio.Task[None]]) -> None:
        """Ask all to stop, and kill those that take too long."""
        self._stopping.set()
        for worker in self.workers:
            worker.signal(signal.SIGTERM)
        await asyncio.wait(keeping, timeout=self._limits.stop_s)
        for worker, kept in zip(self.workers, keeping, strict=True):
            if not kept.done():
                log.error("worker killed", worker=worker.name, after_s=self._limits.stop_s)
                worker.signal(signal.SIGKILL)
        await asyncio.wait(keeping)

    async def _greet(self) -> None:
        for worker in self.workers:
            await worker.is_ready.wait()
        log.info("all workers ready", workers=[worker.name for worker in self.workers])


class Worker:
    """One process that is kept alive."""

    def __init__(self, plan: WorkerPlan, limits: SupervisorLimits, stopping: asyncio.Event) -> None:
        self.name = plan.name
        self.is_ready = asyncio.Event()
        """Whether it has ever served."""
        self._command = plan.command
        self._variables = plan.variables
        self._limits = limits
        self._stopping = stopping
        self._process: Process | None = None

    @property
    def pid(self) -> int | None:
        """The id of the process that runs now."""
        return None if self._process is None else self._process.pid

    async def keep(self) -> None:
        """Run it, again and again. Raises PlatformError when it does not start."""
        loop = asyncio.get_running_loop()
        failures = 0
        while not self._stopping.is_set():
            began = loop.time()
            code = await self._live()
            if self._stopping.is_set():
                return
            is_steady = loop.time() - began >= self._limits.steady_s
            failures = 0 if is_steady else failures + 1
            if not self.is_ready.is_set() and failures >= self._limits.start_tries:
                raise PlatformError(f"{self.name} does not start; the log above says why")
            pause_s = self._pause_s(failures)
            log.error("worker ended", worker=self.name, code=code, again_in_s=pause_s)
            with suppress(TimeoutError):
                async with asyncio.timeout(pause_s):
                    await self._stopping.wait()

    def signal(self, number: int) -> None:
        """Send a signal to the process, if one runs."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.send_signal(number)

    def _pause_s(self, failures: int) -> float:
        doubled = self._limits.first_pause_s * 2 ** max(0, failures - 1)
        return min(doubled, self._limits.max_pause_s)

    async def _live(self) -> int:
        """From its start to its end; its exit code."""
        environment = {**os.environ, **self._variables}
        process = await asyncio.create_subprocess_exec(
            *self._command, stdin=PIPE, stdout=PIPE, env=environment, start_new_session=True
        )
        self._process = process
        if self._stopping.is_set():
            # Everybody was told to stop while this one was being started.
            self.signal(signal.SIGTERM)
        output = process.stdout
        if output is None:
            raise RuntimeError("a worker has a standard output")
        while line := await output.readline():
            if line == READY:
                self.is_ready.set()
                log.info("worker ready", worker=self.name, pid=process.pid)
        code = await process.wait()
        self._process = None
        return code


def supervise(settings: Settings, counts: Mapping[frozenset[str], int]) -> None:
    """Run so many processes of each set of planes, until SIGTERM or SIGINT.

    Raises OSError for a taken HTTP port, PlatformError for settings that several processes cannot
    share and for a process that does not start.
    """
    need_shared_store(settings)
    for count in counts.values():
        for number in range(1, count + 1):
            share_settings(settings, Share(number, count))
    prepare_secrets(settings)
    limits = SupervisorLimits(stop_s=settings.calls.drain_s + settings.workers.stop_s)
    is_http_shared = any(count > 1 and "api" in planes for planes, count in counts.items())
    with _reserved(settings.http, settings.tls) if is_http_shared else nullcontext():
        asyncio.run(_supervise(plan_workers(counts, settings.metrics.port), limits))


async def _supervise(plans: Sequence[WorkerPlan], limits: SupervisorLimits) -> None:
    stop = stop_on_signals()
    log.info("supervisor started", workers=[plan.name for plan in plans])
    await Supervisor(plans, limits).run(stop)
    log.info("supervisor stopped")


@contextmanager
def _reserved(http: HttpSection, tls: TlsSection) -> Generator[None, None, None]:
    """Hold the HTTP ports for the workers, which listen on them together. Raises OSError."""
    ports = [http.port, http.tls_port] if tls.cert and http.tls_port else [http.port]
    with ExitStack() as held:
        for port in ports:
            held.enter_context(_reserve(http.bind, port))
        yield


def _reserve(host: str, port: int) -> socket.socket:
    # Nobody else listens there: that alone would not keep our workers from joining in.
    socket.create_server((host, port), family=family(host)).close()
    holder = socket.socket(family(host), socket.SOCK_STREAM)
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    holder.bind((host, port))
    return holder

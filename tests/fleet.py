"""Processes of one platform on one PostgreSQL, as operators run them: apart, or supervised."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tests.conftest import free_port
from tests.scenarios.test_kill import Server

LOOK_S = 0.05
LOOKS = 1_200
"""How often something is looked for that a process is to do; on a busy machine that takes long."""

SUPERVISOR = "supervisor"


async def until(is_so: Callable[[], object], what: str) -> None:
    """Wait for what another process does. Looks are counted: a machine may stand still."""
    for _ in range(LOOKS):
        if is_so():
            return
        await asyncio.sleep(LOOK_S)
    raise AssertionError(f"in vain: {what}")


class Member:
    """One `maskline serve` of our own, and its log."""

    def __init__(self, arguments: Sequence[str], environ: Mapping[str, str], log: Path) -> None:
        self._arguments = arguments
        self._environ = environ
        self._path = log
        self._process: Process | None = None

    @property
    def pid(self) -> int:
        """The id of its process, which need not run any more."""
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether its process has not ended."""
        return self._process is not None and self._process.returncode is None

    @property
    def log(self) -> str:
        """What it has logged, in all its lives."""
        return self._path.read_text() if self._path.exists() else ""

    async def start(self, told: str = "platform started") -> None:
        """Run it until it says that it serves."""
        before = self.log.count(told)
        with self._path.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "maskline", "serve", *self._arguments,
                env=self._environ, stdin=DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        await until(lambda: self.log.count(told) > before or not self.is_running, told)
        assert self.is_running, self.log

    async def kill(self) -> None:
        """End it without warning."""
        if self._process is not None and self.is_running:
            self._process.kill()
            await self._process.wait()

    async def stop(self) -> int:
        """Ask it to stop; its exit code."""
        assert self._process is not None
        if self.is_running:
            self._process.terminate()
        await until(lambda: not self.is_running, "the end of a process")
        return await self._process.wait()


class Fleet(Server):
    """What all processes share: the settings, the data directory, the database.

    `call_ports` are the SIP ports of its `call_workers`. `more` are settings, as TOML.
    """

    def __init__(self, directory: Path, url: str, *, call_workers: int, more: str = "") -> None:
        super().__init__(directory, free_port(), free_port())
        with Path(self._environ["MASKLINE_CONFIG"]).open("a") as config:
            config.write(more)
        self._environ |= {"MASKLINE_STORE_URL": url}
        self._directory = directory
        host, port = self.sip
        self.doors = [(host, port + number) for number in range(call_workers)]

    def member(self, name: str, *arguments: str, **variables: str) -> Member:
        """A process of it that does not run yet."""
        return Member(arguments, self._environ | variables, self._directory / f"{name}.log")


class Apart(Fleet):
    """Processes with one plane each, under no supervisor: `counts` says how many of which.

    They are named `call-1`, `call-2` and so on. One of `manage` has a port of its own.
    """

    def __init__(self, directory: Path, url: str, more: str = "", **counts: int) -> None:
        super().__init__(directory, url, call_workers=counts.get("call", 0), more=more)
        port = free_port()
        self.manage_url = f"http://127.0.0.1:{port}"
        self.members = {
            f"{plane}-{number}": self.member(
                f"{plane}-{number}",
                *("--planes", plane, "--worker", f"{number}/{count}"),
                **({"MASKLINE_HTTP_PORT": str(port)} if plane == "manage" else {}),
            )
            for plane, count in counts.items()
            for number in range(1, count + 1)
        }
        self.names = list(self.members)
        self._starting: dict[str, asyncio.Task[None]] = {}

    async def start(self) -> None:
        """Run all of them, which wait for one another to make the schema."""
        async with asyncio.TaskGroup() as starting:
            for member in self.members.values():
                starting.create_task(member.start())

    async def kill(self) -> None:
        """End all of them without warning."""
        for starting in self._starting.values():
            starting.cancel()
        for member in self.members.values():
            await member.kill()

    async def kill_one(self, name: str) -> bool:
        """End one and begin to start it again; False when it still starts from the last time."""
        if name in self._starting and not self._starting[name].done():
            return False
        member = self.members[name]
        await member.kill()
        self._starting[name] = asyncio.create_task(member.start())
        return True

    async def whole(self) -> None:
        """Wait until all of them run again."""
        await asyncio.gather(*self._starting.values())

    async def stop(self) -> dict[str, int]:
        """Ask all to stop at once; their exit codes."""
        codes = await asyncio.gather(*(member.stop() for member in self.members.values()))
        return dict(zip(self.members, codes, strict=True))


class Supervised(Fleet):
    """`maskline serve --workers N`, and the children that it keeps alive."""

    def __init__(self, directory: Path, url: str, workers: int, more: str = "") -> None:
        super().__init__(directory, url, call_workers=workers, more=more)
        self.supervisor = self.member(SUPERVISOR, "--workers", str(workers))
        self.names = [f"{number}/{workers}" for number in range(1, workers + 1)]
        self.names.append(SUPERVISOR)

    async def start(self) -> None:
        """Run it until all workers serve."""
        await self.supervisor.start("all workers ready")

    async def kill(self) -> None:
        """End it and its workers without warning."""
        for pid in self._workers().values():
            os.kill(pid, signal.SIGKILL)
        await self.supervisor.kill()

    async def kill_one(self, name: str) -> bool:
        """End a worker; whether it ran: after many deaths it is left dead for seconds.

        When the supervisor itself dies its workers stop, and another starts in its place.
        """
        if name == SUPERVISOR:
            await self._replace_supervisor()
            return True
        pid = self._workers().get(name)
        if pid is None:
            return False
        os.kill(pid, signal.SIGKILL)
        return True

    async def whole(self) -> None:
        """Wait until all workers serve, which the log of the supervisor says of each."""

        def are_ready() -> bool:
            pids, log = self._workers().values(), self.supervisor.log
            is_whole = len(pids) == len(self.names) - 1
            return is_whole and all(f"pid={pid} " in log for pid in pids)

        await until(are_ready, "all workers")

    async def _replace_supervisor(self) -> None:
        left = [Path(f"/proc/{pid}") for pid in self._workers().values()]
        await self.supervisor.kill()
        await until(lambda: not any(path.exists() for path in left), "the end of the workers")
        await self.start()

    def _workers(self) -> dict[str, int]:
        found: dict[str, int] = {}
        pid = self.supervisor.pid
        with suppress(OSError):
            for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
                words = Path(f"/proc/{child}/cmdline").read_bytes().decode().split("\0")
                if "--worker" in words:
                    found[words[words.index("--worker") + 1]] = int(child)
        return found

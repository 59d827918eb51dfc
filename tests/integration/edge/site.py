"""Two call workers behind Debian's Kamailio, with SIPp as the carrier on the other side."""

import asyncio
import os
import re
import shutil
import ssl
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
from tests.integration.media.rtpengine.daemon import DIES_WITH_US

from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.binding import AxbBinding
from maskline.domain.trunk import Trunk
from maskline.domain.virtual_number import VirtualNumber
from maskline.lab.demo.certificate import keep_certificate
from maskline.services.store import BindLimits
from maskline.stores.keys import keys_from_file
from maskline.stores.sqlite.store import SqliteStore

HERE = Path(__file__).parent
DEPLOY = HERE.parents[2] / "deploy" / "kamailio"

EDGE, CARRIER, STRANGER = "127.0.0.5", "127.0.0.21", "127.0.0.22"
WORKERS = ("127.0.0.11", "127.0.0.12")
A, B, X = "+8613811110001", "+8613911110002", "+8617000002001"
APP = "k"
TOKEN = "operator"
WAIT_S = 60.0

SITE = """
#!define WITH_TLS
#!substdef "!EDGE_DIR!{directory}!g"
#!substdef "!EDGE_RUN!{directory}!g"
#!substdef "!EDGE_ADDRESS!{address}!g"
#!substdef "!EDGE_PORT!{port}!g"
#!substdef "!EDGE_TLS_PORT!{tls_port}!g"
#!substdef "!EDGE_CHILDREN!2!g"
#!substdef "!EDGE_CALLS_PER_S!{calls_per_s}!g"
"""

WORKER = """
[http]
port = {http}
tls_port = 0
[sip]
bind = "{address}"
port = {sip}
edges = ["{edge}/32"]
ping_interval_s = 0
[media]
engine = "none"
[calls]
host_name = "{name}"
drain_s = 6
[store]
data = "{data}"
[log]
level = "warning"
"""


OPTIONS = (
    b"OPTIONS sip:edge@127.0.0.5 SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1;branch=z9hG4bKo;rport\r\n"
    b"From: <sip:c@127.0.0.1>;tag=o\r\nTo: <sip:edge@127.0.0.5>\r\nCall-ID: o\r\n"
    b"CSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
)


async def until(is_so: Callable[[], object], what: str) -> None:
    """Wait for what another process does."""
    try:
        async with asyncio.timeout(WAIT_S):
            while not is_so():  # noqa: ASYNC110 - another process cannot set our event
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"in vain: {what}") from None


class Edge:
    """Kamailio with the configuration that we ship."""

    def __init__(self, directory: Path, port: int, tls_port: int) -> None:
        self.port, self.tls_port = port, tls_port
        self._directory = directory
        self._process: Process | None = None

    async def start(self, workers: Mapping[str, int], calls_per_s: int) -> None:
        directory = self._directory
        shutil.copytree(DEPLOY, directory)
        site = SITE.format(
            directory=directory,
            address=EDGE,
            port=self.port,
            tls_port=self.tls_port,
            calls_per_s=calls_per_s,
        )
        (directory / "edge-local.cfg").write_text(site)
        self._certify()
        listed = [f"1 sip:{address}:{port} 0 0\n" for address, port in workers.items()]
        (directory / "dispatcher.list").write_text("".join(listed))
        with (directory / "kamailio.log").open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *DIES_WITH_US, "kamailio", "-f", str(directory / "kamailio.cfg"), "-DD", "-E",
                "-m", "64", "-M", "4", "-w", str(directory),
                stdin=DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        await until((directory / "kamailio_ctl").exists, self.log)

    def _certify(self) -> None:
        certificate, key = keep_certificate(self._directory, datetime.now(UTC))
        shipped = self._directory / "tls.cfg"
        own = shipped.read_text().replace("/etc/kamailio/chain.pem", str(certificate))
        shipped.write_text(own.replace("/etc/kamailio/key.pem", str(key)))

    async def ask(self) -> str:
        """The first line of what the edge answers to OPTIONS over TLS."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        async with asyncio.timeout(WAIT_S):
            reader, writer = await asyncio.open_connection(EDGE, self.tls_port, ssl=context)
            writer.write(OPTIONS)
            answer = await reader.readline()
            writer.close()
            await writer.wait_closed()
        return answer.decode().strip()

    @property
    def log(self) -> str:
        return (self._directory / "kamailio.log").read_text()

    async def active(self) -> set[str]:
        """The workers that get new calls."""
        control = f"unix:{self._directory / 'kamailio_ctl'}"
        asked = await asyncio.create_subprocess_exec(
            "kamcmd", "-s", control, "dispatcher.list", stdout=asyncio.subprocess.PIPE
        )
        told, _ = await asked.communicate()
        found = re.findall(r"URI: sip:([\d.]+):\d+.*?FLAGS: (\w\w)", told.decode(), re.DOTALL)
        return {address for address, flags in found if flags.startswith("A")}

    async def until_active(self, *workers: str) -> None:
        async with asyncio.timeout(WAIT_S):
            while await self.active() != set(workers):  # noqa: ASYNC110 - asked of another process
                await asyncio.sleep(0.1)

    async def stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()


class Worker:
    """A platform of its own, and its own store with the tenant of them all."""

    def __init__(self, directory: Path, address: str, port: int, http: int) -> None:
        self.address, self.port = address, port
        self._url = f"http://127.0.0.1:{http}"
        self._data = directory / address
        self._config = directory / f"{address}.toml"
        self._config.write_text(
            WORKER.format(
                http=http, address=address, sip=port, edge=EDGE, name=address, data=self._data
            )
        )
        self._log = directory / f"{address}.log"
        self.process: Process | None = None

    async def prepare(self, carrier: Trunk) -> None:
        self._data.mkdir(mode=0o700)
        store = SqliteStore(self._data / "maskline.db", keys_from_file(self._data / "master.key"))
        await store.open()
        await fill(store, carrier)
        await store.close()

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.returncode is None

    async def start(self) -> None:
        environ = {
            **os.environ,
            "MASKLINE_CONFIG": str(self._config),
            "MASKLINE_ADMIN_TOKEN": TOKEN,
        }
        with self._log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *DIES_WITH_US, sys.executable, "-m", "maskline", "serve",
                "--planes", "call,manage", env=environ, stdout=log, stderr=log,
            )  # fmt: skip
        async with asyncio.timeout(WAIT_S), aiohttp.ClientSession() as http:
            while True:
                assert self.process.returncode is None, self._log.read_text()
                try:
                    async with http.get(f"{self._url}/readyz") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.05)

    async def kill(self) -> None:
        if self.process is not None and self.is_running:
            self.process.kill()
            await self.process.wait()

    def drain(self) -> None:
        assert self.process is not None
        self.process.terminate()

    async def ended(self) -> int:
        """The exit code, once it has finished."""
        assert self.process is not None
        async with asyncio.timeout(WAIT_S):
            return await self.process.wait()

    async def until_records(self, count: int) -> None:
        """Every call has its record, and no record is of no call."""
        with suppress(TimeoutError):
            async with asyncio.timeout(WAIT_S):
                while await self.records() < count:  # noqa: ASYNC110 - asked of another process
                    await asyncio.sleep(0.1)
        assert await self.records() == count

    async def records(self) -> int:
        """How many calls have their record."""
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with (
            aiohttp.ClientSession(headers=headers) as http,
            http.get(f"{self._url}/manage/v1/records/count") as answer,
        ):
            return (await answer.json())["count"]


async def fill(store: SqliteStore, carrier: Trunk) -> None:
    """One tenant with X, A and B bound to it, and the carrier's trunk."""
    now = datetime.now(UTC)
    await store.add_tenant(Tenant(tenant_id="t", name="t", created_at=now))
    await store.add_application(
        Application(app_key=APP, tenant_id="t", name="n", mode=Mode.AXB, secret="s", created_at=now)
    )
    await store.add_numbers(
        [VirtualNumber(number=X, app_key=APP, area_code="0755", created_at=now)]
    )
    binding = AxbBinding(
        binding_id="b", app_key=APP, x=X, a=A, b=B, created_at=now, modified_at=now
    )
    await store.bind(binding, BindLimits(pairs=5), now, None)
    await store.save_trunk(carrier)


@dataclass
class Told:
    """What the callers of one SIPp told of each call: when it began, who carried it, its end."""

    began: dict[str, float] = field(default_factory=dict[str, float])
    stood: dict[str, str] = field(default_factory=dict[str, str])
    ended: set[str] = field(default_factory=set[str])

    @staticmethod
    def read(text: str) -> "Told":
        told = Told()
        for line in text.splitlines():
            what, call, rest = line.split(" ", 2)
            if what == "began":
                told.began[call] = float(rest.split("\t")[-1])
            elif what == "stood":
                told.stood[call] = rest
            elif what == "ended":
                told.ended.add(call)
        return told

    @property
    def lost(self) -> set[str]:
        """The calls that did not come to a good end."""
        return self.began.keys() - self.ended

    def since(self, moment: float) -> set[str]:
        """The calls that began later than this, by the clock of the day."""
        return {call for call, began in self.began.items() if began > moment}

    def of(self, worker: str) -> set[str]:
        """The calls that this worker carried."""
        return {call for call, address in self.stood.items() if address == worker}


class Callers:
    """A SIPp that calls X from A again and again."""

    def __init__(self, process: Process, log: Path) -> None:
        self._process = process
        self._log = log

    @property
    def told(self) -> Told:
        text = self._log.read_text() if self._log.exists() else ""
        # The last line may still be in writing.
        return Told.read(text[: text.rfind("\n") + 1])

    async def finish(self) -> Told:
        async with asyncio.timeout(WAIT_S):
            await self._process.wait()
        return self.told

    async def stop(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


class Site:
    """The edge, its workers, and a carrier whose callee answers everything."""

    def __init__(self, directory: Path, new_port: Callable[[], int]) -> None:
        self._directory = directory
        self._new_port = new_port
        self.edge = Edge(directory / "edge", new_port(), new_port())
        self.workers = [Worker(directory, one, new_port(), new_port()) for one in WORKERS]
        self._ends: list[Process] = []
        self._runs = 0

    async def start(self, calls_per_s: int) -> None:
        callee = self._new_port()
        carrier = Trunk(
            name="carrier",
            host=CARRIER,
            port=callee,
            inbound_from=(f"{CARRIER}/32",),
            outbound_proxy=f"{EDGE}:{self.edge.port}",
        )
        for worker in self.workers:
            await worker.prepare(carrier)
        await asyncio.gather(*(worker.start() for worker in self.workers))
        await self.edge.start({one.address: one.port for one in self.workers}, calls_per_s)
        await self._sipp("callee", CARRIER, callee, ())
        await self.ready()

    async def ready(self) -> None:
        """Every worker runs and gets calls."""
        idle = [worker for worker in self.workers if not worker.is_running]
        await asyncio.gather(*(worker.start() for worker in idle))
        await self.edge.until_active(*WORKERS)

    async def call(
        self,
        calls: int,
        *,
        per_s: int,
        talk_ms: int,
        source: str = CARRIER,
        transport: str = "udp",
    ) -> Callers:
        """Have a carrier place so many calls."""
        self._runs += 1
        table = self._directory / "callers.csv"
        table.write_text(f"SEQUENTIAL\n{A};{X};\n")
        log = self._directory / f"{self._runs}.log"
        arguments = (
            "-t", {"udp": "u1", "tcp": "t1"}[transport], "-inf", str(table),
            "-m", str(calls), "-r", str(per_s), "-d", str(talk_ms),
            "-trace_logs", "-log_file", str(log), f"{EDGE}:{self.edge.port}",
        )  # fmt: skip
        process = await self._sipp("caller", source, self._new_port(), arguments)
        return Callers(process, log)

    async def close(self) -> None:
        for end in self._ends:
            if end.returncode is None:
                end.kill()
                await end.wait()
        for worker in self.workers:
            await worker.kill()
        await self.edge.stop()

    async def _sipp(
        self, scenario: str, address: str, port: int, arguments: tuple[str, ...]
    ) -> Process:
        process = await asyncio.create_subprocess_exec(
            *DIES_WITH_US, "sipp", "-sf", str(HERE / f"{scenario}.xml"),
            "-i", address, "-p", str(port), "-mp", str(self._new_port()), "-nostdin",
            "-default_behaviors", "all,-bye", *arguments,
            cwd=self._directory, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL,
        )  # fmt: skip
        self._ends.append(process)
        return process

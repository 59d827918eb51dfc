"""SIPp as the peers of a whole platform: how its processes are run, and what a call is told."""

import asyncio
import re
import shutil
import socket
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from maskline.domain.trunk import Transport
from maskline.lab.demo.stage import Stage
from maskline.lab.receiver import Push, Signature
from maskline.lab.rest import RestClient
from maskline.services.administration_request import TrunkForm

HERE = Path(__file__).parent
TIMEOUT_S = 15
_TRACED = re.compile(
    rb"-{5,} [^\n]*\n(?:TCP|UDP) message (sent|received)[^\n]*:\n\n(.*?)(?=\n-{20,} |\Z)", re.DOTALL
)


@dataclass
class SippEnd:
    """A SIPp process that plays one side, with its ports for SIP and RTP."""

    name: str
    port: int
    media_port: int
    process: Process
    trace: Path
    errors: Path

    async def finish(self) -> None:
        """Wait for its calls; fails with what it complained about."""
        async with asyncio.timeout(TIMEOUT_S + 5):
            code = await self.process.wait()
        if code != 0:
            complaint = self.errors.read_text() if self.errors.exists() else ""
            raise AssertionError(f"{self.name} ended with {code}\n{complaint[-3000:]}\n{self.seen}")

    @property
    def seen(self) -> str:
        """Its messages, for a failed test."""
        data = self.trace.read_bytes() if self.trace.exists() else b""
        return data[-6000:].decode("utf-8", "replace")

    def messages(self, direction: str) -> list[bytes]:
        """The messages that it `sent` or `received`."""
        found = _TRACED.findall(self.trace.read_bytes())
        return [data for way, data in found if way == direction.encode()]


class Sipp:
    """Starts SIPp processes and ends those that are left."""

    def __init__(self, directory: Path, new_port: Callable[[], int]) -> None:
        self._directory = directory
        self._new_port = new_port
        self._ends: list[SippEnd] = []

    async def callee(self, scenario: str, *, calls: int = 1, transport: str = "udp") -> SippEnd:
        """A side that waits for calls."""
        end = await self._start(scenario, calls, transport, ())
        await _listening(end.port, transport)
        return end

    async def caller(
        self,
        scenario: str,
        to: tuple[str, int],
        *,
        dials: str,
        numbers: list[str] | str,
        transport: str = "udp",
    ) -> SippEnd:
        """A side that calls `dials`, once from each of `numbers`."""
        callers = [numbers] if isinstance(numbers, str) else numbers
        table = self._directory / f"callers-{len(self._ends)}.csv"
        table.write_text("SEQUENTIAL\n" + "".join(f"{number};\n" for number in callers))
        arguments = ("-s", dials, "-inf", str(table), "-r", "20", f"{to[0]}:{to[1]}")
        return await self._start(scenario, len(callers), transport, arguments)

    async def close(self) -> None:
        """End what still runs."""
        for end in self._ends:
            if end.process.returncode is None:
                end.process.kill()
            await end.process.wait()

    async def _start(
        self, scenario: str, calls: int, transport: str, arguments: tuple[str, ...]
    ) -> SippEnd:
        place = self._directory / f"{len(self._ends)}-{scenario}"
        trace, errors = place.with_suffix(".trace"), place.with_suffix(".errors")
        chosen, media_port = self._new_port(), self._new_port()
        command = (
            "sipp", "-sf", str(HERE / f"{scenario}.xml"), "-i", "127.0.0.1", "-p", str(chosen),
            "-m", str(calls), "-timeout", str(TIMEOUT_S), "-timeout_error", "-nostdin",
            "-t", {"udp": "u1", "tcp": "t1"}[transport], "-mp", str(media_port),
            "-trace_msg", "-message_file", str(trace),
            *arguments,
        )  # fmt: skip
        with errors.open("wb") as stderr:
            process = await asyncio.create_subprocess_exec(
                *command, cwd=self._directory, stdin=DEVNULL, stdout=DEVNULL, stderr=stderr
            )
        end = SippEnd(scenario, chosen, media_port, process, trace, errors)
        self._ends.append(end)
        return end


async def _listening(port: int, transport: str) -> None:
    """Return once somebody has bound the port."""
    async with asyncio.timeout(TIMEOUT_S):
        while _is_free(port, transport):  # noqa: ASYNC110 - another process cannot set our event
            await asyncio.sleep(0.02)


def _is_free(port: int, transport: str) -> bool:
    kind = socket.SOCK_STREAM if transport == "tcp" else socket.SOCK_DGRAM
    with socket.socket(type=kind) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


A, B = "+8613811110001", "+8613911110002"
A_PREFIX, B_PREFIX = "+86138", "+86139"
EVENTS = ["callin", "callout", "alerting", "answer", "disconnect"]


class Theatre:
    """A stage, SIPp, and a pair of numbers bound to X."""

    def __init__(self, stage: Stage, sipp: Sipp) -> None:
        self.stage = stage
        self.sipp = sipp
        self.x = stage.tenant.numbers[0]

    async def bind(self, **parameters: object) -> str:
        """Bind A and B to X by the REST interface, or others; the id."""
        application = self.stage.tenant.application
        async with RestClient(self.stage.url, application.app_key, application.secret) as rest:
            given = {"callerNum": A, "calleeNum": B, "relationNum": self.x, "duration": 600}
            bound = await rest.bind(**(given | parameters))
        return bound["subscriptionId"]

    async def route(
        self, prefix: str, port: int, *, priority: int = 10, transport: str = "udp"
    ) -> None:
        """Have calls to numbers with this prefix go to a port of this machine."""
        form = TrunkForm(
            name=f"to-{port}",
            host="127.0.0.1",
            port=port,
            transport=Transport(transport),
            prefixes=(prefix,),
            priority=priority,
            inbound_from=("127.0.0.1/32",),
        )
        await self.stage.platform.administration.add_trunk(form)
        await self.stage.learn_trunks()

    async def play(
        self,
        caller: str,
        callee: str | None = None,
        *,
        number: str = A,
        partner_prefix: str = B_PREFIX,
    ) -> tuple[SippEnd, SippEnd | None]:
        """One call between two SIPp scenarios, to its end on both sides."""
        far = None
        if callee is not None:
            far = await self.sipp.callee(callee)
            await self.route(partner_prefix, far.port)
        near = await self.sipp.caller(caller, self.stage.sip, dials=self.x, numbers=number)
        await near.finish()
        if far is not None:
            await far.finish()
        return near, far

    async def told(self, *, records: int = 1) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Events and call records, once so many records have come."""

        def entries(pushes: Sequence[Push]) -> list[dict[str, Any]]:
            fees = [push.json() for push in pushes if b'"fee"' in push.body]
            return [entry for fee in fees for entry in fee["feeLst"]]

        def ended(pushes: Sequence[Push]) -> int:
            return sum(b'"disconnect"' in push.body for push in pushes)

        receiver = self.stage.receiver
        pushes = await receiver.wait_for(
            lambda got: len(entries(got)) >= records and ended(got) >= records, 8.0
        )
        assert all(push.signature is Signature.VALID for push in pushes)
        events = [push.json() for push in pushes if b'"statusInfo"' in push.body]
        return events, entries(pushes)

    async def expect(self, code: int, *names: str) -> dict[str, Any]:
        """The one call there was told these events and ended with this code; its record."""
        events, records = await self.told()
        assert [event["eventType"] for event in events] == list(names)
        assert events[-1]["statusInfo"]["stateCode"] == code
        assert [record["ulFailReason"] for record in records] == [code]
        assert len({event["statusInfo"]["sessionId"] for event in events}) == 1
        return records[0]


@pytest.fixture
async def sipp(tmp_path: Path, new_port: Callable[[], int]) -> AsyncIterator[Sipp]:
    if shutil.which("sipp") is None:
        pytest.skip("SIPp is not installed: apt-get install sip-tester")
    runner = Sipp(tmp_path, new_port)
    yield runner
    await runner.close()


@pytest.fixture
async def theatre(stage: Stage, sipp: Sipp) -> Theatre:
    return Theatre(stage, sipp)


@pytest.fixture
def make_theatre(sipp: Sipp) -> Callable[[Stage], Theatre]:
    """For a stage with settings of its own."""
    return lambda stage: Theatre(stage, sipp)

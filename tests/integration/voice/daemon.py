"""An rtpengine of the test's own, on spare ports, without the kernel module."""

import asyncio
import shutil
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from tests.conftest import QUIET_PORTS, TAKEN_TOGETHER
from tests.integration.media.rtpengine.daemon import DIES_WITH_US

READY_S = 10.0
POLL_S = 0.05


class Probe(asyncio.DatagramProtocol):
    """Waits for the answer to a ping."""

    def __init__(self) -> None:
        self.is_answered = asyncio.Event()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.is_answered.set()

    def error_received(self, exc: Exception) -> None:
        """It does not listen yet."""


def is_installed() -> bool:
    return shutil.which("rtpengine") is not None


@asynccontextmanager
async def rtpengine(folder: Path, new_port: Callable[[], int]) -> AsyncIterator[dict[str, object]]:
    """Yields the settings of the section `rtpengine` that reach it."""
    recordings = folder / "pcap"
    recordings.mkdir()
    ng, dtmf, teardown = new_port(), new_port(), new_port()
    # Daemons share ports where their ranges meet, and then calls hear each other: those of tests
    # that run beside each other are kept apart, as `new_port` keeps theirs.
    number = (new_port() - QUIET_PORTS.start) // TAKEN_TOGETHER
    first = 40_000 + number % 4 * 5_000 + number // 4 % 12 * 400
    process = await asyncio.create_subprocess_exec(
        *DIES_WITH_US,
        "rtpengine", "--config-file=none", "--foreground", "--log-stderr", "--log-level=4",
        "--table=-1", "--interface=pub/127.0.0.1", f"--listen-ng=127.0.0.1:{ng}",
        f"--port-min={first}", f"--port-max={first + 399}", "--num-threads=1",
        "--timeout=180", "--silent-timeout=3600", "--offer-timeout=180", "--delete-delay=0",
        f"--recording-dir={recordings}", "--recording-method=pcap", "--recording-format=eth",
        f"--dtmf-log-dest=127.0.0.1:{dtmf}", "--xmlrpc-format=1",
        f"--b2b-url=http://127.0.0.1:{teardown}/RPC2",
        stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE,
    )  # fmt: skip
    # Its log would otherwise fill the pipe and stop it.
    reading = asyncio.create_task(_drain(process))
    try:
        await _wait_until_it_answers(ng)
        yield {
            "instances": (f"127.0.0.1:{ng}",),
            "dtmf_port": dtmf,
            "teardown_port": teardown,
            "recording_dir": str(recordings),
        }
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        await reading


def find_pid() -> int:
    """The process id of the daemon that this process started."""
    tasks = Path("/proc/self/task").glob("*/children")
    (pid,) = [
        int(child)
        for task in tasks
        for child in task.read_text().split()
        if Path(f"/proc/{child}/comm").read_text().strip() == "rtpengine"
    ]
    return pid


async def _drain(process: asyncio.subprocess.Process) -> None:
    assert process.stderr is not None
    while await process.stderr.read(65_536):
        pass


async def _wait_until_it_answers(port: int) -> None:
    loop = asyncio.get_running_loop()
    transport, probe = await loop.create_datagram_endpoint(Probe, remote_addr=("127.0.0.1", port))
    try:
        async with asyncio.timeout(READY_S):
            while not probe.is_answered.is_set():
                transport.sendto(b"1 d7:command4:pinge")
                await asyncio.sleep(POLL_S)
    finally:
        transport.close()

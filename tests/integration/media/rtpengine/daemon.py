"""An rtpengine of a test's own, on free ports."""

import asyncio
import os
import signal
import subprocess
from pathlib import Path

from tests.conftest import free_port

from maskline.planes.media.engine import EngineGone, RecordingListener
from maskline.planes.media.rtpengine.engine import RtpengineEngine
from maskline.planes.media.rtpengine.settings import RtpengineSettings

PROGRAM = Path("/usr/bin/rtpengine")
WHY_NOT = None if PROGRAM.exists() else "rtpengine is not installed"

DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL")
"""Before a command: a test run that is killed leaves no daemon behind."""

NOTE_KEY = bytes(range(32))

PORTS = 120
"""RTP ports of one daemon: thirty calls."""


class Daemon:
    """One process; `start` may be called again after `kill`, on the same ports."""

    def __init__(self, folder: Path, dtmf_port: int = 0, teardown_port: int = 0) -> None:
        self.ng_port = free_port()
        self.dtmf_port = dtmf_port or free_port()
        self.teardown_port = teardown_port or free_port()
        self.folder = folder
        self.timeout_s = 180
        self._process: subprocess.Popen[bytes] | None = None
        self._log = folder / "rtpengine.log"
        # Above the ports that `free_port` gives and below those the system hands out.
        self._first_port = 20_000 + (os.getpid() * 7 + self.ng_port) % 90 * PORTS

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.ng_port}"

    def start(self) -> None:
        # A daemon that finds one of these just made by another ends.
        for name in ("pcaps", "metadata", "tmp"):
            (self.folder / name).mkdir(exist_ok=True)
        log = self._log.open("ab")
        self._process = subprocess.Popen(
            [
                *(*DIES_WITH_US, PROGRAM),
                *("--config-file=none", "--foreground", "--log-stderr", "--log-level=5"),
                *("--table=-1", "--interface=pub/127.0.0.1", f"--listen-ng={self.address}"),
                *(f"--port-min={self._first_port}", f"--port-max={self._first_port + PORTS - 1}"),
                *("--num-threads=2", "--poller-per-thread", "--delete-delay=0"),
                *(f"--timeout={self.timeout_s}", "--silent-timeout=3600", "--offer-timeout=180"),
                *(f"--recording-dir={self.folder}", "--recording-method=pcap"),
                *("--recording-format=eth", f"--dtmf-log-dest=127.0.0.1:{self.dtmf_port}"),
                *(f"--b2b-url=http://127.0.0.1:{self.teardown_port}/RPC2", "--xmlrpc-format=1"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
        log.close()

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def freeze(self) -> None:
        """Stop it until `thaw`."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def settings(self, **changes: object) -> RtpengineSettings:
        values = {
            "instances": (self.address,),
            "dtmf_port": self.dtmf_port,
            "teardown_port": self.teardown_port,
            "recording_dir": self.folder,
            "max_calls": 3,
            "ping_interval_s": 0.2,
        }
        return RtpengineSettings(**values | changes)

    def _signal(self, what: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(what)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(how)
            process.send_signal(signal.SIGCONT)
            process.wait(10)


async def start_engine(
    daemon: Daemon, on_recorded: RecordingListener | None = None, **changes: object
) -> RtpengineEngine:
    """An engine on a daemon that may still be on its way."""
    engine = RtpengineEngine(daemon.settings(**changes), on_recorded, NOTE_KEY)
    async with asyncio.timeout(5):
        while True:
            try:
                await engine.start()
            except EngineGone:
                await asyncio.sleep(0.05)
            else:
                return engine

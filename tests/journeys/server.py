"""The demo in a process of its own, as `make run` starts it."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.conftest import free_port

STARTS_WITHIN_S = 30.0
STOPS_WITHIN_S = 15.0


class DemoServer:
    """One demo with ports and data of its own. `known` is the content of its `demo.json`."""

    def __init__(self, data: Path) -> None:
        self.known: dict[str, Any] = {}
        self._file = data / "demo.json"
        self._log = data.parent / "demo.log"
        rtp = free_port() & ~1
        self._environ = {
            **{name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ},
            "LANG": "en_US.UTF-8",
            "MASKLINE_DATA": str(data),
            "MASKLINE_HTTP_PORT": str(free_port()),
            "MASKLINE_HTTPS_PORT": str(free_port()),
            "MASKLINE_SIP_PORT": str(free_port()),
            "MASKLINE_LAB_PORT": str(free_port()),
            "MASKLINE_RTP_PORTS": f"{rtp}-{rtp + 199}",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "maskline", "demo", "serve"],
                env=self._environ,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        until = time.monotonic() + STARTS_WITHIN_S
        while not self._file.exists():
            assert self._process.poll() is None, self._log.read_text()
            assert time.monotonic() < until, self._log.read_text()
            time.sleep(0.1)
        self.known = json.loads(self._file.read_text())

    def close(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(STOPS_WITHIN_S)

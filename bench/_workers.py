"""Processes of maskline as an operator runs several of them: `maskline serve --workers N`."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

START_S, STOP_S = 60.0, 30.0

FILE = """
[http]
port = {port}
tls_port = 0
[store]
data = "{data}"
[delivery]
allow_private = true
poll_interval_s = 0.2    # as advised where delivery is apart
[log]
format = "json"
"""


@contextmanager
def running(
    folder: Path, planes: str, processes: int, port: int, environ: Mapping[str, str]
) -> Iterator[list[int]]:
    """So many processes of these planes until the end of the block; their ids once all serve.

    Raises RuntimeError with what they have logged when they do not start.
    """
    folder.mkdir()
    (folder / "maskline.toml").write_text(FILE.format(port=port, data=folder / "data"))
    command = [sys.executable, "-m", "maskline", "serve", "--planes", planes]
    log = folder / "log"
    with log.open("wb") as told:
        supervisor = subprocess.Popen(
            [*command, "--workers", str(processes)],
            stderr=told,
            env={**os.environ, **environ, "MASKLINE_CONFIG": str(folder / "maskline.toml")},
        )
    try:
        yield _ready(supervisor, log)
    finally:
        supervisor.terminate()
        supervisor.wait(STOP_S)


def _ready(supervisor: subprocess.Popen[bytes], log: Path) -> list[int]:
    """The ids of the workers, once all of them serve."""
    deadline = time.monotonic() + START_S
    while supervisor.poll() is None and time.monotonic() < deadline:
        lines = log.read_text().rpartition("\n")[0].splitlines()
        told = [json.loads(line) for line in lines]
        if any(line["event"] == "all workers ready" for line in told):
            return [line["pid"] for line in told if line["event"] == "worker ready"]
        time.sleep(0.05)
    raise RuntimeError(f"the workers do not start: {log.read_text()}")

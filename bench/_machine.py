"""What the processors of this machine do, and who does it on which."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


def cpu_seconds(pid: int) -> float:
    """Seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def pin(core: int) -> None:
    """Keep this process on one core, where there are several."""
    allowed = os.sched_getaffinity(0)
    if core in allowed and len(allowed) > 1:
        os.sched_setaffinity(0, {core})


def busy_seconds() -> float:
    """Seconds that all cores together have worked, for whomever."""
    cells = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:9]
    user, nice, system, _idle, _waiting, interrupt, soft_interrupt, stolen = map(int, cells)
    ticks = user + nice + system + interrupt + soft_interrupt + stolen
    return ticks / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Usage:
    """Seconds of CPU: of maskline, of PostgreSQL, of the load, of the whole machine."""

    ours: float
    database: float
    load: float
    machine: float


class Meter:
    """The CPU that is used from now on."""

    def __init__(self, workers: Sequence[int], load: int, database: Callable[[], float]) -> None:
        self._workers, self._load, self._database = workers, load, database
        self._began = self._read()

    def used(self) -> Usage:
        """So far."""
        return Usage(*(end - began for end, began in zip(self._read(), self._began, strict=True)))

    def _read(self) -> tuple[float, float, float, float]:
        ours = sum(cpu_seconds(worker) for worker in self._workers)
        return ours, self._database(), cpu_seconds(self._load), busy_seconds()

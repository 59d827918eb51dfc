"""A private PostgreSQL with its usual durability, and the CPU that it takes."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psycopg

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.conftest import free_port
from tests.postgres import Cluster, kept_cluster, running_cluster, why_not

__all__ = ["Cluster", "Cpu", "copied", "free_port", "private_server", "why_not"]

Cpu = Callable[[], float]
"""Seconds of CPU so far."""


SETTINGS = ("shared_buffers=512MB", "max_wal_size=4GB")


@contextmanager
def private_server(kept: Path | None = None) -> Iterator[tuple[Cluster, Cpu]]:
    """It runs until the end of the block; then its files are gone, or remain in a folder."""
    if kept is None:
        server = running_cluster(free_port(), SETTINGS)
    else:
        kept.mkdir(parents=True, exist_ok=True)
        server = kept_cluster(kept.resolve(), free_port(), SETTINGS)
    with server as cluster:
        yield cluster, partial(_cpu, cluster.folder)


def copied(cluster: Cluster, database: str, name: str) -> str:
    """The address of a new database with all that is in another one, which nobody uses."""
    with psycopg.connect(cluster.socket_url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {database}".encode())
    return cluster.socket_url(name)


def _cpu(folder: Path) -> float:
    """Seconds that the server in this folder and its processes have used."""
    server = (folder / "data" / "postmaster.pid").read_text().split()[0]
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    ticks = 0
    for process in [server, *children]:
        cells = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(cells[11]) + int(cells[12])
        if process == server:  # and of those that have ended
            ticks += int(cells[13]) + int(cells[14])
    return ticks / os.sysconf("SC_CLK_TCK")

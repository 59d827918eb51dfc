"""A private PostgreSQL server for one test run: its own files, socket and port."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import psycopg

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
"""Where Debian's packages put them, newest last."""

OWNER = "postgres"
"""Whom the server runs as when the tests run as root, which it refuses."""

START_S = 30.0
# What is written need not survive: these are tests.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


def why_not() -> str | None:
    """Why there can be no server here; None when there can."""
    if not PROGRAMS:
        return "PostgreSQL is not installed: apt-get install postgresql"
    if shutil.which("setpriv") is None:
        return "setpriv is not installed: apt-get install util-linux"
    if os.geteuid() == 0 and not _is_user(OWNER):
        return f"run as root, and there is no user {OWNER} for the server"
    return None


class Cluster:
    """One running server. Databases are made in it, and emptied, for each test."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self._names = count(1)
        self._shared = ""
        self._operator: psycopg.Connection | None = None  # stays in the shared database

    def url(self, database: str) -> str:
        """For connections over the loopback interface."""
        return f"postgresql://maskline@127.0.0.1:{self.port}/{database}"

    def socket_url(self, database: str) -> str:
        """For connections through the socket in the folder, which are quicker."""
        return f"postgresql://maskline@/{database}?host={self.folder}&port={self.port}"

    def create(self) -> str:
        """The name of a new database without tables."""
        name = f"test_{next(self._names)}"
        with psycopg.connect(self.socket_url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        return name

    def emptied(self) -> str:
        """The name of the shared database, with whatever tables it has and no rows in them."""
        if self._operator is None:
            self._shared = self.create()
            url = self.socket_url(self._shared)
            self._operator = psycopg.connect(url, autocommit=True)
            # No reference counts then, so the order of tables does not matter.
            self._operator.execute("SET session_replication_role = replica")
        tables = self._operator.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename NOT IN ('schema_migration', 'schema_lock')"
        ).fetchall()
        # DELETE, as TRUNCATE makes new files for every table and index.
        script = "; ".join(f'DELETE FROM "{table}"' for (table,) in tables)  # noqa: S608 - its own
        self._operator.execute(script.encode())
        return self._shared

    def close(self) -> None:
        """Let go of the server before it ends."""
        if self._operator is not None:
            self._operator.close()


@contextmanager
def running_cluster(port: int, settings: Sequence[str] = CARELESS) -> Iterator[Cluster]:
    """A server from nothing to its end, however the tests end."""
    folder = Path(tempfile.mkdtemp(prefix="maskline-postgres-"))
    server = None
    try:
        as_owner = ["setpriv", "--pdeathsig", "QUIT"]
        if os.geteuid() == 0:
            shutil.chown(folder, OWNER)
            as_owner += ["--reuid", OWNER, "--regid", OWNER, "--clear-groups"]
        data = folder / "data"
        making = [PROGRAMS[-1] / "initdb", "--no-sync", "--locale=C", "--encoding=UTF8"]
        making += ["--auth=trust", "--username=maskline", f"--pgdata={data}"]
        subprocess.run([*as_owner, *making], check=True, capture_output=True, cwd=folder)
        where = (f"port={port}", f"unix_socket_directories={folder}")
        options = [part for setting in (*where, *settings) for part in ("-c", setting)]
        with (folder / "server.log").open("wb") as log:
            server = subprocess.Popen(
                [*as_owner, PROGRAMS[-1] / "postgres", "-D", data, *options],
                stdout=log,
                stderr=log,
                cwd=folder,
            )
        cluster = Cluster(folder, port)
        _wait(cluster, server)
        with closing(cluster):
            yield cluster
    finally:
        if server is not None:
            server.send_signal(signal.SIGQUIT)
            server.wait(START_S)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(cluster: Cluster, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while True:
        try:
            psycopg.connect(cluster.socket_url("postgres")).close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                told = (cluster.folder / "server.log").read_text(errors="replace")
                raise RuntimeError(f"PostgreSQL did not start: {told}") from None
            time.sleep(0.02)
        else:
            return


def _is_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True

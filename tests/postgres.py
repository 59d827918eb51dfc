"""A private PostgreSQL server for one test run: its own files, socket and port."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
"""Where Debian's packages put them, newest last."""

OWNER = "postgres"
"""Whom the server runs as when the tests run as root, which it refuses."""

START_S = 30.0
# What is written need not survive a power cut, only an end of the server: these are tests.
CARELESS = ("fsync=off", "full_page_writes=off", "max_connections=200")


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

    def __init__(self, folder: Path, port: int, settings: Sequence[str]) -> None:
        self.folder = folder
        self.port = port
        self._settings = settings
        self._server: subprocess.Popen[bytes] | None = None
        self._names = count(1)
        self._shared = ""
        self._operator: psycopg.Connection | None = None  # stays in the shared database

    def start(self) -> None:
        """Run the server until it answers."""
        where = (f"port={self.port}", f"unix_socket_directories={self.folder}")
        options = [part for setting in (*where, *self._settings) for part in ("-c", setting)]
        command = [*_as_owner(), PROGRAMS[-1] / "postgres", "-D", self.folder / "data", *options]
        with (self.folder / "server.log").open("ab") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        self._server = server
        deadline = time.monotonic() + START_S
        while True:
            try:
                psycopg.connect(self.socket_url("postgres")).close()
            except psycopg.OperationalError:
                if server.poll() is not None or time.monotonic() > deadline:
                    told = (self.folder / "server.log").read_text(errors="replace")
                    raise RuntimeError(f"PostgreSQL did not start: {told}") from None
                time.sleep(0.02)
            else:
                return

    def stop(self) -> None:
        """End the server as a crash would; `start` recovers what it had on its disk."""
        if self._operator is not None:
            self._operator.close()
            self._operator = None
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait(START_S)
            self._server = None

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
        self._shared = self._shared or self.create()
        if self._operator is None:
            self._operator = psycopg.connect(self.socket_url(self._shared), autocommit=True)
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


@contextmanager
def running_cluster(port: int, settings: Sequence[str] = CARELESS) -> Iterator[Cluster]:
    """A server from nothing to its end, however the tests end."""
    folder = Path(tempfile.mkdtemp(prefix="maskline-postgres-"))
    try:
        with kept_cluster(folder, port, settings) as cluster:
            yield cluster
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def kept_cluster(folder: Path, port: int, settings: Sequence[str]) -> Iterator[Cluster]:
    """A server whose files are in this folder before and after, made when there are none."""
    cluster = Cluster(folder, port, settings)
    try:
        if not (folder / "data" / "PG_VERSION").exists():
            _make(folder)
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


def _make(folder: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(folder, OWNER)
    making = [PROGRAMS[-1] / "initdb", "--no-sync", "--locale=C", "--encoding=UTF8"]
    making += ["--auth=trust", "--username=maskline", f"--pgdata={folder / 'data'}"]
    subprocess.run([*_as_owner(), *making], check=True, capture_output=True, cwd=folder)


def _as_owner() -> list[str]:
    """What stands before a command of the server, which ends with this process."""
    prefix = ["setpriv", "--pdeathsig", "QUIT"]
    if os.geteuid() == 0:
        prefix += ["--reuid", OWNER, "--regid", OWNER, "--clear-groups"]
    return prefix


def _is_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True

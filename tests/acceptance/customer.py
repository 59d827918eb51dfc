"""A customer whose client is a program of its own, as such were written for the original service.

Each program in `clients/` reads a request a line from its standard input, fields parted by tabs:
scheme, key, secret, method, path, then `name=value` pairs. Values are texts, or JSON behind a
colon. It sends POST and PUT with a JSON body, others with a query string, and writes status,
`Location` and body of the answer in a line, parted by tabs.
"""

import asyncio
import json
import shutil
import sys
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from maskline.domain.application import Mode
from maskline.lab.demo.stage import Stage

FOLDER = Path(__file__).parent / "clients"
JAVA = ("java", "-Xshare:auto", "-XX:TieredStopAtLevel=1")
ANSWER_S = 20.0


@dataclass(frozen=True)
class Kind:
    """A client: which headers it signs with, and how it is started."""

    scheme: str
    command: tuple[str, ...]
    options: tuple[str, ...] = ()

    @property
    def is_there(self) -> bool:
        return shutil.which(self.command[0]) is not None

    def skip_unless_there(self) -> None:
        if not self.is_there:
            pytest.skip(f"{self.command[0]} is not installed")


PYTHON = (sys.executable, "-I", "-S", "client.py")
KINDS = {
    "Python with AKSK": Kind("AKSK", PYTHON),
    "Python with WSSE": Kind("WSSE", PYTHON),
    "Node with AKSK": Kind("AKSK", ("node", "client.js")),
    "Java with WSSE": Kind("WSSE", (*JAVA, "Client.java")),
    "PHP streams with WSSE": Kind("WSSE", ("php", "client.php")),
    "PHP streams, HTTP 1.0": Kind("WSSE", ("php", "client.php"), ("1.0",)),
    "PHP curl with AKSK": Kind("AKSK", ("php", "client.php"), ("curl",)),
}

LANGUAGES = {
    language: [name for name in KINDS if name.startswith(language)]
    for language in ("Python", "Node", "Java", "PHP")
}


class Answered(NamedTuple):
    status: int
    location: str
    body: str

    @property
    def code(self) -> str:
        return json.loads(self.body)["resultcode"]


class Client:
    """A running client program."""

    def __init__(self, kind: Kind, process: Process) -> None:
        self._kind = kind
        self._process = process

    @classmethod
    async def start(cls, kind: Kind, url: str) -> "Client":
        command = (*kind.command, url, *kind.options)
        return cls(
            kind,
            await asyncio.create_subprocess_exec(
                *command, cwd=FOLDER, stdin=PIPE, stdout=PIPE, stderr=PIPE
            ),
        )

    async def send(self, key: str, secret: str, method: str, path: str, **fields: str) -> Answered:
        pairs = [f"{name}={value}" for name, value in fields.items()]
        line = "\t".join((self._kind.scheme, key, secret, method, path, *pairs))
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line.encode() + b"\n")
        async with asyncio.timeout(ANSWER_S):
            raw = await self._process.stdout.readline()
            if not raw:
                _, errors = await self._process.communicate()
                raise AssertionError(f"the client ended: {errors.decode()[-2000:]}")
        status, location, body = raw.decode().rstrip("\n").split("\t")
        return Answered(int(status), location, body)

    async def close(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
        await self._process.communicate()


@dataclass(frozen=True)
class Account:
    """An application of the demo's customer, asked about by one client."""

    client: Client
    key: str
    secret: str
    numbers: tuple[str, ...]

    @classmethod
    def of(cls, stage: Stage, mode: Mode, client: Client) -> "Account":
        kept = stage.tenant.applications[mode]
        return cls(client, kept.application.app_key, kept.application.secret, kept.numbers)

    async def send(self, method: str, path: str, **fields: str) -> Answered:
        return await self.client.send(self.key, self.secret, method, path, **fields)

    async def ask(self, method: str, path: str, **fields: str) -> dict[str, Any]:
        """The answer without its result, which is success."""
        answered = await self.send(method, path, **fields)
        told = json.loads(answered.body)
        result = (answered.status, told.pop("resultcode"), told.pop("resultdesc"))
        assert result == (200, "0", "Success"), answered
        return told

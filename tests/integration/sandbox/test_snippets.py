"""Code that the console shows: each program is run against a server, where its language is here."""

import asyncio
import json
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest
from tests.integration.sandbox.rig import DeveloperAtWork, Refused

from maskline.domain.application import Application, Mode
from maskline.lab.demo.stage import Stage
from maskline.sandbox.snippet import LANGUAGES

pytestmark = [pytest.mark.network, pytest.mark.enable_socket, pytest.mark.timeout(110)]

NEEDS = {"python": "python3", "curl": "curl", "csharp": "dotnet"}
AXB_STEPS = ("bind", "query", "modify", "unbind")

ALL_STEPS_IN = {"curl", "python"}
"""Of the others a body and a query are enough: their programs differ in nothing else."""

COMPILED = {"java", "go", "csharp"}
"""These take seconds to be compiled: of them a body is enough."""

QUICKLY = {"JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto"}

PROJECT = """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType>
<TargetFramework>net{version}</TargetFramework></PropertyGroup></Project>"""
"""What `dotnet new console` writes, as far as it matters."""


class Reader:
    """Copies the programs of one language, and runs them with numbers that no other one binds."""

    def __init__(self, developer: DeveloperAtWork, app: Application, language: str, folder: Path):
        self._developer = developer
        self._app = app
        self._language = language
        self._folder = folder

    async def bind_and_unbind(self, params: dict[str, str]) -> None:
        """Each step has to succeed."""
        self._folder.mkdir()
        if self._language == "csharp":
            version = (await self._output("dotnet", "--version")).decode().rpartition(".")[0]
            project = PROJECT.format(version=".".join(version.split(".")[:2]))
            (self._folder / "request.csproj").write_text(project)
        bound = await self._step("bind", params)
        binding = {"subscriptionId": bound["subscriptionId"]}
        if self._language in COMPILED:
            await self._developer.request("unbind", binding)
            return
        for operation in AXB_STEPS[1:] if self._language in ALL_STEPS_IN else ("unbind",):
            more = {"maxDuration": 30} if operation == "modify" else {}
            await self._step(operation, binding | more)

    async def _step(self, operation: str, params: Mapping[str, object]) -> dict[str, Any]:
        """The answer's JSON, as the program prints it."""
        snippet = await _snippet(
            self._developer,
            self._app.app_key,
            operation=operation,
            language=self._language,
            params=quote(json.dumps(params)),
        )
        assert self._app.secret not in snippet["code"]
        code = re.sub(r"(?<=[\"'])APP_SECRET(?=[\"'])", self._app.secret, snippet["code"])
        (self._folder / snippet["file_name"]).write_text(code)
        told = json.loads(await self._output(*snippet["run"].split()))
        assert told["resultcode"] == "0", (self._language, operation, told)
        return told

    async def _output(self, *command: str) -> bytes:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=self._folder, env=os.environ | QUICKLY,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, errors = await process.communicate()
        assert process.returncode == 0, errors.decode()
        return out


async def _snippet(developer: DeveloperAtWork, app_key: str, **query: str) -> dict[str, Any]:
    pairs = "&".join(f"{name}={value}" for name, value in query.items())
    (found,) = (await developer.ask("GET", f"/snippets?app_key={app_key}&{pairs}"))["items"]
    return found


async def test_programs_of_every_language_bind_ask_change_and_unbind(stage: Stage, tmp_path: Path):
    app, x = stage.tenant.application, stage.tenant.numbers[0]
    here = [one for one in LANGUAGES if shutil.which(NEEDS.get(one, one)) is not None]
    assert {"python", "curl"} <= set(here)
    async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as tasks:
        developer = DeveloperAtWork(stage, http)
        await developer.start(app.app_key)
        # Those that are compiled take longest.
        for place, language in enumerate(sorted(here, key=lambda one: one not in COMPILED)):
            pair = {"callerNum": f"+86139000020{place}1", "calleeNum": f"+86139000020{place}2"}
            reader = Reader(developer, app, language, tmp_path / language)
            tasks.create_task(reader.bind_and_unbind({**pair, "relationNum": x}))


async def test_every_mode_has_operations_whose_examples_work(stage: Stage):
    async with aiohttp.ClientSession() as http:
        developer = DeveloperAtWork(stage, http)
        for mode in (Mode.AX, Mode.AXE, Mode.AXYB):
            app_key = stage.tenant.applications[mode].application.app_key
            await developer.start(app_key)
            for name in await _operations(developer, app_key):
                if name in {"stop_call", "unbind"}:
                    continue
                params = (await _operations(developer, app_key))[name]
                sent = await developer.request(name, params)
                assert sent["answer"]["body"]["resultcode"] == "0", (mode, name, sent)
            await developer.ask("DELETE", developer.path)
        for query, named in (
            ("operation=bind&language=cobol", "curl, python"),
            ("operation=set_temper", "bind, query"),
            ("operation=bind&params=[1]", "params"),
        ):
            with pytest.raises(Refused) as refused:
                await developer.ask("GET", f"/snippets?app_key={app_key}&{query}")
            assert refused.value.status == 400
            assert named in refused.value.error["message"]


async def _operations(developer: DeveloperAtWork, app_key: str) -> dict[str, dict[str, Any]]:
    """Name -> example, as it is now."""
    listed = await developer.ask("GET", f"/sandbox/operations?app_key={app_key}")
    return {one["operation"]: one["params"] for one in listed["items"]}

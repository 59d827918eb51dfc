"""Code that the console shows: each program is run against a server, where its language is here."""

import asyncio
import json
import re
import shutil
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.integration.sandbox.rig import DeveloperAtWork, Refused

from maskline.domain.application import Mode
from maskline.lab.demo.stage import Stage
from maskline.sandbox.snippet import LANGUAGES

pytestmark = [pytest.mark.network, pytest.mark.enable_socket, pytest.mark.timeout(110)]

NEEDS = {"python": "python3", "curl": "curl", "csharp": "dotnet"}
AXB_STEPS = ("bind", "query", "modify", "unbind")

ALL_STEPS_IN = {"curl", "python", "php", "node"}
"""The others take seconds to be compiled: of them one request is enough."""


async def _run(snippet: dict[str, Any], secret: str, folder: Path) -> dict[str, Any]:
    """What the program prints: the answer's JSON."""
    code = re.sub(r"(?<=[\"'])APP_SECRET(?=[\"'])", secret, snippet["code"])
    (folder / snippet["file_name"]).write_text(code)
    process = await asyncio.create_subprocess_exec(
        *snippet["run"].split(),
        cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    return json.loads(out)


async def _snippet(developer: DeveloperAtWork, app_key: str, **query: str) -> dict[str, Any]:
    pairs = "&".join(f"{name}={value}" for name, value in query.items())
    (found,) = (await developer.ask("GET", f"/snippets?app_key={app_key}&{pairs}"))["items"]
    return found


async def test_programs_of_every_language_bind_ask_change_and_unbind(stage: Stage, tmp_path: Path):
    app = stage.tenant.application
    here: list[str] = []
    async with aiohttp.ClientSession() as http:
        developer = DeveloperAtWork(stage, http)
        await developer.start(app.app_key)
        for language in LANGUAGES:
            if shutil.which(NEEDS.get(language, language)) is None:
                continue
            here.append(language)
            binding_id = ""
            for operation in AXB_STEPS if language in ALL_STEPS_IN else ("bind",):
                query = {"operation": operation, "language": language}
                snippet = await _snippet(developer, app.app_key, **query)
                assert app.secret not in snippet["code"]
                snippet["code"] = snippet["code"].replace("SUBSCRIPTION_ID", binding_id)
                told = await _run(snippet, app.secret, tmp_path)
                assert told["resultcode"] == "0", (language, operation, told)
                binding_id = told.get("subscriptionId", binding_id)
            if language not in ALL_STEPS_IN:
                await developer.request("unbind", {"subscriptionId": binding_id})
    assert {"python", "curl"} <= set(here)


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

"""The registration of A numbers on a running platform, with the examples of its page."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.conftest import lab_settings

from maskline.bootstrap.platform import Plane, Platform
from maskline.services.administration_request import NewTenant

pytestmark = pytest.mark.network

PAGE = Path(__file__).parents[3] / "docs" / "registration.md"
FILES = "/v1/privatenumber/a-number/files"
NUMBERS = "/v1.0/privatenumber/a-number"
AGREED = {"agree_authorization_statement": "true"}
JPG = b"\xff\xd8\xff\xe0 a face"
A = "+8613900001001"
REPORT = {
    "number": A,
    "numberType": 1,
    "name": "王小明",
    "identityCard": "11010519491231002X",
    "liveFaceImage": "王小明.jpg",
}


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    settings = lab_settings(tmp_path / "var", registration={"needs_review": True})
    platform = Platform(settings, frozenset({Plane.API, Plane.MANAGE}))
    await platform.start()
    await platform.administration.create_tenant(NewTenant(name="Shop", tenant_id="shop"))
    yield platform
    await platform.close()


@pytest.fixture
def url(platform: Platform) -> str:
    return f"http://127.0.0.1:{platform.settings.http.port}"


@pytest.fixture
async def token(platform: Platform) -> str:
    _, token = await platform.tenant_tokens.issue("shop")
    return token


@pytest.fixture
async def http(url: str, token: str) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(url, headers={"X-Auth-Token": token}) as session:
        yield session


def _form(*files: tuple[str, bytes]) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)
    for name, content in files:
        form.add_field("files", BytesIO(content), filename=name, content_type="image/jpeg")
    return form


async def _ask(
    http: aiohttp.ClientSession, method: str, path: str, **options: Any
) -> tuple[int, Any]:
    async with http.request(method, path, **options) as answer:
        return answer.status, await answer.json()


async def test_a_number_is_reported_and_registered_by_the_operator(
    platform: Platform, http: aiohttp.ClientSession, url: str
):
    photos = [(f"{n}.jpg", JPG.ljust(32_768)) for n in range(9)]
    form = _form(("王小明.jpg", JPG), *photos)
    assert await _ask(http, "POST", FILES, params=AGREED, data=form) == (
        200,
        {"result": "Upload Successful."},
    )
    body = {"numbers": [REPORT]}
    assert (await _ask(http, "POST", NUMBERS, params=AGREED, json=body))[0] == 200
    status, found = await _ask(http, "POST", f"{NUMBERS}/query", json={"page": 1})
    assert (status, found["numbers"]) == (200, [{"number": A, "reportStatus": 2}])

    operator = {"Authorization": f"Bearer {platform.admin_token}"}
    path = f"{url}/manage/v1/tenants/shop/registrants/{A}"
    async with aiohttp.ClientSession(headers=operator) as manage:
        async with manage.get(f"{path}/photo") as answer:
            assert await answer.read() == JPG
        async with manage.post(f"{path}/accept") as answer:
            assert answer.status == 200
    assert await platform.registration.is_registered("shop", A)
    assert not await platform.registration.is_registered("default", A)


async def test_who_is_refused_hears_so_although_much_was_sent(http: aiohttp.ClientSession):
    form = _form(*((f"{n}.jpg", JPG.ljust(300_000)) for n in range(10)))
    headers = {"X-Auth-Token": "wrong"}
    status, answer = await _ask(http, "POST", FILES, params=AGREED, data=form, headers=headers)
    assert (status, answer["error_code"]) == (403, "PPT.0007")
    huge = _form(("huge.jpg", JPG.ljust(5_000_000)))
    status, answer = await _ask(http, "POST", FILES, params=AGREED, data=huge)
    assert (status, answer["error_code"]) == (400, "PPT.0002")
    status, answer = await _ask(http, "POST", f"{FILES}/query", json={"page": 1})
    assert (status, answer["total"]) == (200, 0)


async def test_other_paths_beside_it_are_not_found(http: aiohttp.ClientSession):
    for path in ("/v1/privatenumber/a-number", "/v1.0/privatenumber/other", "/v1/other"):
        async with http.post(path) as answer:
            assert (answer.status, await answer.read()) == (404, b"")


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
async def test_the_examples_of_the_page_work(
    platform: Platform, url: str, token: str, tmp_path: Path
):
    (tmp_path / "face.jpg").write_bytes(JPG)
    environ = {"MASKLINE": url, "TOKEN": token, "PATH": "/usr/bin:/bin"}
    answers: list[str] = []
    for block in re.findall(r"```sh\n(curl .*?)```", PAGE.read_text(), flags=re.DOTALL):
        child = await asyncio.create_subprocess_exec(
            "sh", "-ec", block, cwd=tmp_path, env=environ, stdout=asyncio.subprocess.PIPE
        )
        output, _ = await child.communicate()
        answers.append(output.decode())
        assert child.returncode == 0
    assert answers[0] == (
        '{"result":"Upload Successful."}{"result":"Create Successful."}'
        '{"total":1,"numbers":[{"number":"+8613900001001","reportStatus":2}]}'
    )
    assert answers[1].startswith('{"total":1,"files":[{"createTime":"2')
    assert answers[1].endswith('{"result":"Delete Successful."}' * 2)

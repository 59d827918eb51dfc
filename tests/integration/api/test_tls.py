"""The compatible interface over TLS, with the certificate that `make run` makes."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.conftest import free_port, lab_settings

from maskline.bootstrap.platform import Plane, Platform
from maskline.domain.application import Mode
from maskline.lab.demo.certificate import keep_certificate
from maskline.lab.rest import signed_headers
from maskline.services.administration_request import NewApplication, NewNumber, NewNumbers

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

PATH = "/rest/caas/relationnumber/partners/v1.0"
PAIR = {"callerNum": "+8613900001001", "calleeNum": "+8613900003003", "areaCode": "0755"}


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    return keep_certificate(tmp_path, datetime.now(UTC))


@pytest.fixture
async def platform(tmp_path: Path, certificate: tuple[Path, Path]) -> AsyncIterator[Platform]:
    cert, key = map(str, certificate)
    settings = lab_settings(
        tmp_path / "var", http={"tls_port": free_port()}, tls={"cert": cert, "key": key}
    )
    platform = Platform(settings, frozenset({Plane.API}))
    await platform.start()
    yield platform
    await platform.close()


async def bind(platform: Platform, context: ssl.SSLContext) -> dict[str, Any]:
    """Bind a pair over TLS as a new application."""
    desk = platform.administration
    application = await desk.create_application(NewApplication(name="n", mode=Mode.AXB))
    number = NewNumber(number="+8617000002001", area_code="0755")
    await desk.add_numbers(NewNumbers(app_key=application.app_key, numbers=(number,)))
    headers = signed_headers(application.app_key, application.secret)
    url = f"https://127.0.0.1:{platform.settings.http.tls_port}{PATH}"
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(url, json=PAIR, ssl=context) as answer,
    ):
        return await answer.json()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_a_client_binds_over_tls_1_2_and_1_3(
    platform: Platform, certificate: tuple[Path, Path], version: ssl.TLSVersion
):
    context = ssl.create_default_context(cafile=str(certificate[0]))
    context.minimum_version = context.maximum_version = version
    assert (await bind(platform, context))["resultcode"] == "0"


async def test_a_client_that_checks_no_certificate_binds_too(platform: Platform):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    assert (await bind(platform, context))["resultcode"] == "0"


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
async def test_older_versions_are_refused(platform: Platform, certificate: tuple[Path, Path]):
    context = ssl.create_default_context(cafile=str(certificate[0]))
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ConnectionError):
        await asyncio.open_connection("127.0.0.1", platform.settings.http.tls_port, ssl=context)

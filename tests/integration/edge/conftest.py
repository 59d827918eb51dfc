"""One site for all tests of a file."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from tests.conftest import free_port
from tests.integration.edge.site import Site

CALLS_PER_S = 40


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def whole_site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    for program, package in (("kamailio", "kamailio"), ("sipp", "sip-tester")):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed: apt-get install {package}")
    if not any(Path("/usr/lib").glob("*/kamailio/modules/tls.so")):
        pytest.skip("Kamailio has no TLS: apt-get install kamailio-tls-modules")
    site = Site(tmp_path_factory.mktemp("site"), free_port)
    try:
        await site.start(CALLS_PER_S)
        yield site
    finally:
        await site.close()


@pytest_asyncio.fixture(loop_scope="module")
async def site(whole_site: Site) -> Site:
    """The site with every worker up."""
    await whole_site.ready()
    return whole_site

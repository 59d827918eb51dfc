"""A real worker process, on SQLite as it is alone, in the hands of a supervisor."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process

import pytest
from tests.conftest import free_port

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

START_S = 60.0
STOP_S = 20.0


@pytest.fixture
async def new_worker(tmp_path):
    """A worker that was just started."""
    port = free_port()
    environ = os.environ | {
        "MASKLINE_DATA": str(tmp_path / "var"),
        "MASKLINE_HTTP_PORT": str(port),
        "MASKLINE_HTTPS_PORT": str(port + 1),
        "MASKLINE_LOG_FORMAT": "json",
    }
    command = ("-m", "maskline", "serve", "--planes", "api", "--worker", "1/1", "--supervised")
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environ
    )
    yield process
    if process.returncode is None:
        process.kill()
        await process.wait()


@pytest.fixture
async def worker(new_worker):
    """A worker that serves."""
    async with asyncio.timeout(START_S):
        assert await new_worker.stdout.readline() == b"ready\n"
    return new_worker


async def ended(worker: Process) -> tuple[int, bytes]:
    async with asyncio.timeout(STOP_S):
        told = await worker.stderr.read()
        return await worker.wait(), told


async def test_a_worker_stops_when_its_supervisor_is_gone_and_names_itself_in_the_log(worker):
    worker.stdin.close()
    code, told = await ended(worker)
    assert code == 0
    assert b"supervisor is gone" in told
    assert b"platform stopped" in told
    assert all(b'"worker":"api-1"' in line for line in told.splitlines())


async def test_a_worker_whose_supervisor_goes_while_it_starts_stops_too(new_worker):
    new_worker._transport.get_pipe_transport(1).close()
    new_worker.stdin.close()
    code, told = await ended(new_worker)
    assert code == 0
    assert b"supervisor is gone" in told
    assert b"platform stopped" in told

"""PostgreSQL that crashes and comes back, or says nothing for a while: the same count."""

import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests import postgres
from tests.conftest import StageMaker, free_port
from tests.integration.faults.callers import NUMBERS, Callers, live_through_an_outage

OUTAGE_S = float(os.environ.get("MASKLINE_OUTAGE_S", "3"))
SETTINGS = ("fsync=off", "max_connections=50")
"""What was committed has to survive the end of the server, if not that of the machine."""

pytestmark = [
    pytest.mark.network,
    pytest.mark.enable_socket,
    pytest.mark.timeout(150 + 2 * OUTAGE_S),
    pytest.mark.skipif(postgres.why_not() is not None, reason=f"{postgres.why_not()}"),
]


@pytest.fixture(scope="module")
def cluster() -> Iterator[postgres.Cluster]:
    with postgres.running_cluster(free_port(), SETTINGS) as cluster:
        yield cluster


@pytest.fixture
async def callers(cluster: postgres.Cluster, make_stage: StageMaker) -> AsyncIterator[Callers]:
    url = cluster.socket_url(cluster.create())
    stage = await make_stage(store={"url": url, "wait_s": 1.0, "statement_timeout_s": 1.0})
    callers = Callers(stage)
    for number in NUMBERS:
        await callers.join(number)
    yield callers
    await callers.close()


@contextmanager
def crashed(cluster: postgres.Cluster) -> Iterator[None]:
    cluster.stop()
    yield
    cluster.start()


@contextmanager
def frozen(cluster: postgres.Cluster) -> Iterator[None]:
    """The server and all its processes stand still, with every connection as it is."""
    server = cluster._server.pid
    processes = [server, *_children(server)]
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.parametrize("outage", [crashed, frozen])
async def test_a_server_that_is_gone_for_a_while(
    callers: Callers, cluster: postgres.Cluster, outage: Callable[..., object]
):
    await live_through_an_outage(callers, outage(cluster), OUTAGE_S)

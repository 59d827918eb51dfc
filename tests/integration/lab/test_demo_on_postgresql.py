import asyncio
from collections.abc import Awaitable, Callable

import pytest
from tests.postgres import Cluster

from maskline.lab.demo import call as place_call
from maskline.lab.demo.stage import Stage

pytestmark = [pytest.mark.network, pytest.mark.enable_socket, pytest.mark.timeout(60)]


async def test_a_masked_call_with_its_pushes_on_postgresql(
    make_stage: Callable[..., Awaitable[Stage]], postgres: Cluster
):
    stage = await make_stage(store={"url": postgres.url(postgres.create())})
    told = await asyncio.to_thread(place_call, stage.describe(), 0.5, lambda _: None, "en")
    assert told["ok"], told["message"]
    assert told["leaks"] == []
    assert [event["eventType"] for event in told["events"]] == [
        "callin", "callout", "alerting", "answer", "disconnect",
    ]  # fmt: skip
    assert told["record"]["fwdDisplayNum"] == told["x"]

import pytest
from tests.unit.manage.operating import Operator

from maskline.domain.error import StoreBusy, StoreFailed


async def test_health_needs_no_token(operator: Operator):
    answer = await operator.ask("GET", "/healthz", token=None)
    assert (answer.status, answer.json["version"]) == (200, "1.2.3")


async def test_ready_when_store_and_planes_are(operator: Operator):
    answer = await operator.ask("GET", "/readyz", token=None)
    assert answer.json["checks"] == {"store": True, "call": True}
    operator.planes["call"] = False
    refused = await operator.ask("GET", "/readyz", token=None)
    assert (refused.status, refused.error["message"]) == (503, "not ready: call")


async def test_not_ready_when_the_store_fails(operator: Operator, monkeypatch: pytest.MonkeyPatch):
    async def fail(*_: object) -> None:
        raise StoreFailed

    monkeypatch.setattr(operator.store, "tenant", fail)
    answer = await operator.ask("GET", "/readyz", token=None)
    assert (answer.status, answer.error["message"]) == (503, "not ready: store")


async def test_lists_that_wait_do_not_make_it_unready(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
):
    async def wait(*_: object) -> None:
        raise StoreBusy

    for name in ("tenants", "bindings", "live_calls"):
        monkeypatch.setattr(operator.store, name, wait)
    assert (await operator.ask("GET", "/readyz", token=None)).status == 200


async def test_metrics_need_the_token(operator: Operator):
    answer = await operator.ask("GET", "/metrics")
    assert (answer.status, answer.content) == (200, b"maskline_live_calls 3.0\n")
    assert (await operator.ask("GET", "/metrics", token=None)).status == 401

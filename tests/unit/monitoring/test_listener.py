"""The port without a token, and what it tells."""

import json

from maskline.monitoring.listener import create_listener
from maskline.services.readiness import Readiness
from maskline.stores.memory import MemoryStore


async def _ask(path, planes):
    sent = []

    async def page():
        return b"maskline_live_calls 3.0\n"

    async def send(message):
        sent.append(message)

    listener = create_listener(page, Readiness(MemoryStore(), lambda: planes), "1.2.3")
    await listener({"type": "http", "path": path}, None, send)
    return sent[0]["status"], sent[1]["body"]


async def test_it_shows_the_counts_and_that_the_process_lives():
    assert await _ask("/metrics", {}) == (200, b"maskline_live_calls 3.0\n")
    status, body = await _ask("/healthz", {"call": False})
    assert (status, json.loads(body)["version"]) == (200, "1.2.3")
    assert (await _ask("/manage/v1/calls", {}))[0] == 404


async def test_who_drains_is_not_ready():
    assert (await _ask("/readyz", {"call": True}))[0] == 200
    status, body = await _ask("/readyz", {"call": False})
    assert (status, json.loads(body)["checks"]) == (503, {"store": True, "call": False})

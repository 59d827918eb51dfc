"""An export holds a page of its list in memory, however long the list is.

`MASKLINE_EXPORT_ROWS` says how many calls there are (3,000). The run that was asked for has 200,000
and takes a minute: `MASKLINE_EXPORT_ROWS=200000 pytest tests/unit/manage/test_export_size.py`.
"""

import asyncio
import os
import resource
from datetime import timedelta
from pathlib import Path

import pytest
from tests.unit.manage.job_world import NOW, JobWorld

from maskline.domain.application import Mode
from maskline.domain.call import Call, CallEnd, CallRecord
from maskline.domain.release import ReleaseCode
from maskline.services.export_source import PAGE
from maskline.services.page import Cursor, Listing, Page

ROWS = int(os.environ.get("MASKLINE_EXPORT_ROWS", "3000"))
PAGES_AT_ONCE = 3 * PAGE
GROWTH_KIB = 48 * 1024
"""The file of 200,000 calls has as much: who held it in memory would hold it more than once."""


class Sizes:
    """A storage that only knows how large its files were."""

    def __init__(self) -> None:
        self.kept: list[int] = []

    async def keep(self, path: Path, bucket: str, object_name: str) -> None:
        del bucket, object_name
        self.kept.append(path.stat().st_size)
        path.unlink()


class Counted(CallRecord):
    """A record that tells how many of its like there were at once."""

    __slots__ = ()
    alive = most = 0

    def __del__(self) -> None:
        Counted.alive -= 1


def _record(number: int) -> CallRecord:
    call = Call(
        session_id=f"1201_612_{number}_20261120080000@host",
        icid=f"i{number}",
        host="h",
        app_key="app-1",
        tenant_id="t1",
        mode=Mode.AXB,
        x="+8617000000001",
        caller=f"+86139{number:08}",
        callee=f"+86138{number:08}",
        arrived_at=NOW,
    )
    Counted.alive += 1
    Counted.most = max(Counted.most, Counted.alive)
    return Counted(call=call, end=CallEnd(at=NOW + timedelta(1), release=ReleaseCode.NORMAL))


def _most_kib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


async def _many(_: object, page: Page) -> Listing[CallRecord]:
    start = 0 if page.after is None else int(page.after.key[0])
    end = min(start + page.limit, ROWS)
    rows = tuple(_record(number) for number in range(start, end))
    return Listing(rows=rows, next=None if end == ROWS else Cursor("records", (end,)))


@pytest.mark.timeout(60 + ROWS // 200)
async def test_an_export_of_many_calls_needs_the_memory_of_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    world, sizes = JobWorld(tmp_path), Sizes()
    await world.fill()
    monkeypatch.setattr(world.files, "keep", sizes.keep)
    monkeypatch.setattr(world.store, "call_records", _many)
    world.clock.step(10_000)
    before = _most_kib()
    async with world.running():
        order = {"kind": "records", "format": "csv", "csv_style": "program"}
        answer = await world.operator.ask("POST", "/manage/v1/exports", order)
        path = f"/manage/v1/jobs/{answer.json['job_id']}"
        while (job := (await world.operator.ask("GET", path)).json)["state"] != "done":
            assert job["error"] is None
            await asyncio.sleep(0.02)
    assert job["done"] == ROWS
    assert sum(sizes.kept) > ROWS * 100
    assert Counted.most <= PAGES_AT_ONCE
    assert _most_kib() - before < GROWTH_KIB

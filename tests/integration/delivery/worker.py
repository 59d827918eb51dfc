"""A worker in a process of its own, to be killed: `python worker.py PATH_OF_DATABASE`."""

import asyncio
import sys
from pathlib import Path

from maskline.api.signature import sign
from maskline.domain.retry import RetrySchedule
from maskline.planes.delivery.client import HttpPushClient
from maskline.planes.delivery.plane import DeliveryPlane
from maskline.planes.delivery.settings import DeliverySettings
from maskline.services.clock import SystemClock
from maskline.services.directory import Directory
from maskline.services.ids import SystemIds
from maskline.stores.keys import FixedKeys
from maskline.stores.sqlite import SqliteStore

SETTINGS = DeliverySettings(
    schedule=RetrySchedule((0.02,) * 50),
    timeout_s=0.5,
    lease_margin_s=0.2,
    allow_private=True,
    merge_window_s=0.01,
)


async def work(path: Path) -> None:
    store = SqliteStore(path, FixedKeys())
    await store.open()
    clock = SystemClock()
    plane = DeliveryPlane(
        store=store,
        lookup=Directory(store, clock).application,
        sign=sign,
        record_message=b",".join,
        client=HttpPushClient(SETTINGS),
        clock=clock,
        ids=SystemIds(),
        settings=SETTINGS,
    )
    await plane.run()


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1])))

"""The power fails at any moment under load: the file is whole and has all that was promised."""

import asyncio
import os
import random
import shutil
import signal
from pathlib import Path
from typing import Any

import apsw
import pytest
from tests.integration.faults.world import World
from tests.scenarios.test_kill import Server

from maskline.lab.carrier import Carrier
from maskline.stores.keys import keys_from_file
from maskline.stores.sqlite import SqliteStore

pytestmark = [pytest.mark.network, pytest.mark.enable_socket, pytest.mark.timeout(120)]

CUTS = 5
BINDING = 6


async def test_every_copy_opens_and_holds_what_was_acknowledged(tmp_path: Path, new_port: Any):
    chance = random.Random(11)
    server = Server(tmp_path, new_port(), new_port())
    await server.start()
    carrier = await Carrier.start(platform=server.sip)
    world = await World.open(server, carrier)
    try:
        load = [asyncio.create_task(world.keep_binding(0.0)) for _ in range(BINDING)]
        cuts = []
        for number in range(CUTS):
            await asyncio.sleep(chance.uniform(0.2, 0.7))
            cuts.append(_cut(server, tmp_path / f"cut-{number}", world, chance))
        world.is_over = True
        await asyncio.gather(*load)
    finally:
        await world.close()
        await carrier.close()
        await server.kill()
    for copy, acknowledged in cuts:
        assert _integrity(copy) == "ok"
        store = SqliteStore(copy, keys_from_file(tmp_path / "var" / "master.key"))
        await store.open()
        for binding_id in acknowledged:
            assert await store.binding(None, binding_id) is not None
        await store.close()
    assert len(cuts[-1][1]) > CUTS


def _cut(
    server: Server, folder: Path, world: World, chance: random.Random
) -> tuple[Path, list[str]]:
    """Copy the files as they are at one moment, with a log that breaks off behind what was synced.

    What was acknowledged before was synced before: a cut may lose any of what came behind it.
    """
    folder.mkdir()
    assert server._process is not None
    database = folder / "maskline.db"
    log = folder / "maskline.db-wal"
    source = Path(server._log.parent / "var")
    acknowledged = list(world.books.bound.values())
    synced = (source / log.name).stat().st_size
    os.kill(server._process.pid, signal.SIGSTOP)
    try:
        shutil.copy(source / database.name, database)
        shutil.copy(source / log.name, log)
    finally:
        os.kill(server._process.pid, signal.SIGCONT)
    os.truncate(log, chance.randint(min(synced, log.stat().st_size), log.stat().st_size))
    return database, acknowledged


def _integrity(database: Path) -> object:
    connection = apsw.Connection(str(database))
    try:
        return connection.execute("PRAGMA integrity_check").fetchall()[0][0]
    finally:
        connection.close()

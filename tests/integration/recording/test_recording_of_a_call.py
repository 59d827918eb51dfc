"""What the embedded engine records reaches the storage, also when its processes are killed."""

import asyncio
import io
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import soundfile
from tests.contract.media.party import Party, free_range
from tests.unit.services.recording_world import World, call, make_world, settled

from maskline.domain.recording import Recording, RecordingState
from maskline.planes.media.embedded import EmbeddedEngine
from maskline.planes.media.engine import MediaEvent, RecordFile, RecordRule, Side
from maskline.planes.media.settings import EmbeddedSettings
from maskline.protocols.recording import Cipher
from maskline.services.recording import NewRecording
from maskline.services.recording_office import RecordingOffice
from maskline.storages.seal import TenantSeal
from maskline.stores.keys import FixedKeys

pytestmark = pytest.mark.network
CALL = "call-1"


@dataclass
class Stage:
    world: World
    office: RecordingOffice
    engine: EmbeddedEngine
    parties: tuple[Party, Party]
    events: list[MediaEvent] = field(default_factory=list)

    async def begin(self) -> NewRecording:
        caller, callee = self.parties
        opened = await self.engine.open(CALL, self.events.append)
        caller.target = ("127.0.0.1", opened.caller.port)
        callee.target = ("127.0.0.1", opened.callee.port)
        await self.engine.connect(CALL, Side.CALLER, caller.peer())
        await self.engine.connect(CALL, Side.CALLEE, callee.peer())
        new = await self.office.begin(call())
        file = RecordFile(str(new.path), new.head, new.key)
        await self.engine.record(CALL, RecordRule(file=file, limit_s=60))
        await self.engine.bridge(CALL)
        return new

    async def talk(self, seconds: float) -> None:
        speaking = [party.speak(600.0, seconds) for party in self.parties]
        await asyncio.gather(*speaking, asyncio.sleep(seconds))

    async def kept(self, new: NewRecording) -> tuple[Recording, int]:
        """Its row and how many samples the served file has."""
        await settled(self.office)
        row = self.world.rows.rows[new.recording.object_name]
        assert row.state is RecordingState.KEPT
        opened = await self.world.archive().open("shop", row.object_name)
        wav = await opened.read(0, opened.size)
        return row, soundfile.info(io.BytesIO(wav)).frames


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    world = await make_world(tmp_path / "recordings")
    world.seal = TenantSeal(FixedKeys().derive, Cipher.AES_256_GCM, 1)
    office = await world.open_office()
    first, last = free_range(8)
    settings = EmbeddedSettings(first_port=first, last_port=last, max_calls=2)
    engine = EmbeddedEngine(settings, office.done)
    await engine.start()
    parties = (Party(), Party())
    yield Stage(world, office, engine, parties)
    await engine.aclose()
    for party in parties:
        party.close()
    await world.aclose()


async def test_the_row_the_file_and_the_engine_tell_one_length(stage: Stage):
    new = await stage.begin()
    started = asyncio.get_running_loop().time()
    await stage.talk(3.3)
    recorded_s = await stage.engine.stop_record(CALL)
    talked_s = asyncio.get_running_loop().time() - started
    await stage.engine.close(CALL)
    told_s = await stage.office.recorded_s(call().recorded(new.recording))
    row, frames = await stage.kept(new)
    assert frames / 8000 == row.duration_s == told_s
    assert recorded_s == pytest.approx(row.duration_s, abs=0.001)
    assert recorded_s == pytest.approx(talked_s, abs=0.1)


async def test_a_short_call_leaves_nothing(stage: Stage):
    new = await stage.begin()
    await stage.talk(0.5)
    await stage.engine.close(CALL)
    assert await stage.office.recorded_s(call().recorded(new.recording)) < 3
    await settled(stage.office)
    assert stage.world.rows.rows == {}
    assert stage.world.files() == []


async def test_a_killed_media_process_leaves_what_was_recorded(stage: Stage):
    new = await stage.begin()
    await stage.talk(4.2)
    assert stage.engine._link is not None
    os.kill(stage.engine._link.pid, signal.SIGKILL)
    told_s = await stage.office.recorded_s(call().recorded(new.recording))
    row, frames = await stage.kept(new)
    assert told_s == row.duration_s == frames / 8000
    assert 3.2 <= told_s <= 4.4

"""A call plane that is killed and started again, over the same store and the same wires."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from tests.unit.planes.call.conftest import CALLEE, CALLER, PLATFORM, SDP, MemoryShell, Wires

from maskline.domain.binding import VoiceOptions
from maskline.domain.release import HungUpBy, ReleaseCode
from maskline.planes.call.busy_number import BusyNumbers
from maskline.planes.call.call_snapshot import unpack_snapshot
from maskline.planes.call.edge import Edges
from maskline.planes.call.gate import TrunkGate
from maskline.planes.call.past_call import keepsakes_of, read_past_calls
from maskline.planes.call.plane import CallPlane
from maskline.planes.call.revival import Revival
from maskline.planes.call.trunk_board import TrunkBoard
from maskline.planes.media.engine import MediaLost, Side
from maskline.planes.media.silent import SilentEngine
from maskline.protocols.sip.event import (
    Acknowledged,
    Answered,
    CancelReceived,
    EndReceived,
    InviteReceived,
    Rejected,
    Ringing,
)
from maskline.services.list_filter import CallFilter
from maskline.services.store import Page


class MortalEngine(SilentEngine):
    """Media that dies with its process."""

    def keepsake(self, call_id):
        return b""


@pytest.fixture(params=["lives", "dies"])
def media(request):
    return request.param


@pytest.fixture
def engine(media):
    return SilentEngine() if media == "lives" else MortalEngine()


@pytest.fixture
def asks_at_once(monkeypatch):
    monkeypatch.setattr("maskline.planes.call.revival.REFRESH_AFTER_S", 0.01)


async def kill(stage):
    """Nothing of the plane is heard any more, and nothing that it does is sent."""
    plane = stage.plane
    stage.services.sip._wires = Wires()
    for task in (*plane._stories, *plane._watchers):
        task.cancel()
    await asyncio.gather(*plane._stories, *plane._watchers, return_exceptions=True)
    stage.wires.shells.pop(PLATFORM)


async def start(stage, last_alive=lambda _at: None):
    """Another process on the same address."""
    old = stage.services
    past = await read_past_calls(stage.store, old.host_name)
    engine = type(stage.engine)()
    await engine.start(keepsakes_of(past))
    board = TrunkBoard(old.limits, old.clock.monotonic, old.ids.draw)
    shell = MemoryShell(stage.wires, PLATFORM, None)
    services = replace(old, engine=engine, board=board, sip=shell, busy=BusyNumbers())
    gate = TrunkGate(board, "maskline.example", b"k", old.clock.monotonic, Edges())
    plane = CallPlane(services, gate, Revival(services, past, last_alive))
    shell.endpoint.screen = plane.screen
    shell.handler = plane.handle
    stage.plane, stage.engine, stage.services, stage.board = plane, engine, services, board
    await plane.start()
    return past


async def restart(stage, last_alive=lambda _at: None):
    await kill(stage)
    return await start(stage, last_alive)


@pytest.fixture
async def stage(stage):
    # The fixture below closes the plane that it made; this one closes the last.
    first = stage.plane
    yield stage
    if stage.plane is not first:
        await stage.plane.close()
        first._stories.clear()
        first._calls.clear()


async def talk(stage, **binding):
    await stage.bind(**binding)
    stage.caller.dial()
    await stage.callee.until(InviteReceived)
    stage.callee.do("ring")
    await stage.caller.until(Ringing)
    stage.callee.do("answer", SDP)
    await stage.caller.until(Answered)
    await stage.callee.until(Acknowledged)


async def ring(stage):
    await stage.bind()
    stage.caller.dial()
    await stage.callee.until(InviteReceived)
    stage.callee.do("ring")
    await stage.caller.until(Ringing)


class TestMediaThatLives:
    @pytest.fixture
    def media(self):
        return "lives"

    @pytest.mark.parametrize("who", ["caller", "callee"])
    async def test_a_party_ends_the_call_after_a_restart(self, stage, who):
        await talk(stage)
        await restart(stage)
        assert stage.plane.live_calls == 1
        other = "callee" if who == "caller" else "caller"
        getattr(stage, who).do("end")
        await getattr(stage, other).until(EndReceived)
        record = await stage.record()
        assert record.end.release is ReleaseCode.NORMAL
        assert record.end.hung_up_by is HungUpBy[who.upper()]
        assert record.call.resumption == b""

    async def test_a_bye_that_nobody_took_is_answered_when_it_is_repeated(self, stage):
        await talk(stage)
        await kill(stage)
        stage.caller.do("end")
        await asyncio.sleep(0.02)
        await start(stage)
        await stage.callee.until(EndReceived)
        assert (await stage.record()).end.hung_up_by is HungUpBy.CALLER

    @pytest.mark.usefixtures("asks_at_once")
    async def test_a_party_that_gave_up_meanwhile_ends_the_call(self, stage):
        await talk(stage)
        await kill(stage)
        stage.caller.shell.endpoint._stack.sessions.clear()
        await start(stage)
        await stage.callee.until(EndReceived)
        assert (await stage.record()).end.release is ReleaseCode.CALLER_NETWORK

    async def test_the_parties_may_change_the_session(self, stage):
        await talk(stage)
        await restart(stage)
        await asyncio.sleep(0.05)
        stage.caller.do("reinvite", SDP + b"a=inactive\r\n")
        async with asyncio.timeout(2):
            while next(iter(stage.engine.calls.values())).peers[Side.CALLER].receives:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        # Kept again: who is killed in a hold wakes up in it.
        await restart(stage)
        async with asyncio.timeout(2):
            while not stage.engine.calls:  # noqa: ASYNC110 - nobody signals it
                await asyncio.sleep(0.005)
        peers = next(iter(stage.engine.calls.values())).peers
        assert not peers[Side.CALLER].receives
        assert peers[Side.CALLEE].receives

    async def test_an_operator_stops_it(self, stage):
        await talk(stage)
        await restart(stage)
        await asyncio.sleep(0.02)
        [session_id] = stage.plane._calls
        assert not stage.plane.stop(session_id, "another application")
        assert stage.plane.stop(session_id, "k")
        await stage.callee.until(EndReceived)
        assert (await stage.record()).end.release is ReleaseCode.STOPPED

    async def test_media_that_is_lost_later_ends_it(self, stage):
        await talk(stage)
        await restart(stage)
        await asyncio.sleep(0.02)
        [session_id] = stage.plane._calls
        for side in Side:
            stage.engine.emit(MediaLost(session_id, side))
        await stage.callee.until(EndReceived)
        assert (await stage.record()).end.release is ReleaseCode.SERVICE_ABNORMAL

    async def test_it_ends_when_its_time_is_over(self, stage):
        await talk(stage, voice=VoiceOptions(max_duration_min=1))
        await kill(stage)
        call = (await stage.store.live_calls(CallFilter(), Page())).rows[0]
        kept = unpack_snapshot(call.resumption)
        assert kept.ends_at - call.answered_at == pytest.approx(
            timedelta(minutes=1), abs=timedelta(seconds=1)
        )
        soon = stage.services.clock.now() + timedelta(seconds=0.3)
        packed = msgspec.msgpack.encode(msgspec.structs.replace(kept, ends_at=soon))
        await stage.store.save_call(call.resumable(packed), [])
        await start(stage)
        await stage.callee.until(EndReceived)
        record = await stage.record()
        assert record.end.release is ReleaseCode.MAX_DURATION
        assert record.end.at >= soon - timedelta(seconds=0.05)

    async def test_trunks_count_it_until_it_ends(self, stage):
        await talk(stage)
        await restart(stage)
        await asyncio.sleep(0.02)
        assert [line.calls for line in stage.board.lines] == [1, 1]
        stage.caller.do("end")
        await stage.record()
        assert [line.calls for line in stage.board.lines] == [0, 0]

    async def test_a_second_restart_changes_nothing(self, stage):
        await talk(stage)
        await restart(stage)
        await asyncio.sleep(0.02)
        await restart(stage)
        await asyncio.sleep(0.02)
        stage.callee.do("end")
        await stage.caller.until(EndReceived)
        assert (await stage.record()).end.hung_up_by is HungUpBy.CALLEE


class TestMediaThatDies:
    @pytest.fixture
    def media(self):
        return "dies"

    async def test_both_parties_are_hung_up_on(self, stage):
        await talk(stage)
        alive_at = stage.services.clock.now() + timedelta(seconds=30)
        await restart(stage, lambda _at: alive_at)
        assert (await stage.caller.until(EndReceived)).q850 == 41
        assert (await stage.callee.until(EndReceived)).q850 == 41
        record = await stage.record()
        assert record.end.release is ReleaseCode.SERVICE_ABNORMAL
        assert record.end.at == alive_at
        assert record.call.resumption == b""

    async def test_what_is_kept_of_it_has_no_descriptions(self, stage):
        await talk(stage)
        call = (await stage.store.live_calls(CallFilter(), Page())).rows[0]
        kept = unpack_snapshot(call.resumption)
        assert kept.media is None
        assert len(call.resumption) < 1000

    async def test_a_worker_killed_while_it_waits_for_the_byes_begins_again(self, stage):
        await talk(stage)
        await kill(stage)
        deaf = stage.wires.shells.pop(CALLEE)
        await start(stage)
        await stage.caller.until(EndReceived)
        await kill(stage)
        assert len((await stage.store.live_calls(CallFilter(), Page())).rows) == 1
        stage.wires.shells[CALLEE] = deaf
        await start(stage)
        await stage.callee.until(EndReceived)
        await stage.record()


async def test_who_hears_it_ring_is_refused_and_who_rings_is_let_go(stage):
    await ring(stage)
    await restart(stage)
    rejected = await stage.caller.until(Rejected)
    assert (rejected.status, rejected.q850) == (500, 41)
    await stage.callee.until(CancelReceived)
    record = await stage.record()
    assert record.end.release is ReleaseCode.SERVICE_ABNORMAL
    assert record.end.at == record.call.alerted_at
    assert record.talk_time_s == 0


@pytest.mark.parametrize("resumption", [b"", b"\xc1garbage", b"\x93\x01\xc0\xc0"])
async def test_what_cannot_be_read_keeps_nothing_from_its_record(stage, resumption):
    await talk(stage)
    await kill(stage)
    call = (await stage.store.live_calls(CallFilter(), Page())).rows[0]
    await stage.store.save_call(call.resumable(resumption), [])
    await start(stage)
    record = await stage.record()
    assert record.end.release is ReleaseCode.SERVICE_ABNORMAL
    assert record.end.at == record.call.answered_at


async def test_calls_of_another_worker_are_left_alone(stage):
    await talk(stage)
    await kill(stage)
    call = (await stage.store.live_calls(CallFilter(), Page())).rows[0]
    await stage.store.save_call(replace(call, session_id="other", host="elsewhere"), [])
    assert len(await start(stage)) == 1
    assert len((await stage.store.live_calls(CallFilter(host="elsewhere"), Page())).rows) == 1


async def test_new_calls_come_beside_those_of_the_earlier_run(stage):
    await talk(stage)
    await restart(stage)
    stage.caller.session = stage.callee.session = None
    stage.caller.dial()
    await stage.callee.until(InviteReceived)
    stage.callee.do("answer", SDP)
    await stage.caller.until(Answered)
    assert stage.caller.session is not None


@pytest.mark.parametrize("media", ["lives"])
@pytest.mark.usefixtures("asks_at_once")
async def test_a_phone_without_update_is_asked_by_a_reinvite_that_changes_nothing(stage):
    for phone in (stage.caller, stage.callee):
        phone.shell.endpoint._stack._capabilities["udp"] = (
            ("Contact", f"<sip:phone@{phone.shell.flow.host}:{phone.shell.flow.port}>"),
            ("Allow", "INVITE, ACK, BYE, CANCEL"),
        )
    await talk(stage)
    # It answers otherwise than it offered at first.
    stage.caller.session.local_sdp = SDP.replace(b"RTP/AVP 0 8 96", b"RTP/AVP 0 96")
    await restart(stage)
    await asyncio.sleep(0.2)
    assert stage.plane.live_calls == 1
    for phone in (CALLER, CALLEE):
        [asked] = re.findall(rb"CSeq: (\d{4,}) INVITE", stage.wires.bytes_to(phone))
        assert int(asked) > 1000
    stage.caller.do("end")
    await stage.callee.until(EndReceived)
    assert (await stage.record()).end.release is ReleaseCode.NORMAL

"""New calls while the store fails: refused as abnormal service, with their record and prompt."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.unit.planes.call.scripted_engine import ScriptedEngine

from maskline.domain.application import ApplicationPrompts
from maskline.domain.error import StoreFailed
from maskline.domain.release import ReleaseCode
from maskline.protocols.sip.event import (
    Acknowledged,
    Answered,
    EndReceived,
    InviteReceived,
    Rejected,
)
from maskline.services.prompt import FixedPrompts, PromptFile

SDP = (
    b"v=0\r\no=bob 7 7 IN IP4 198.51.100.9\r\ns=private\r\nc=IN IP4 198.51.100.9\r\nt=0 0\r\n"
    b"m=audio 50000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
)


@dataclass
class Backlog:
    is_failing: bool = False
    has_room: bool = True


@pytest.fixture
def engine():
    return ScriptedEngine()


@pytest.fixture
def prompts():
    return FixedPrompts(files={("k", "sorry.wav"): PromptFile(Path("/p/sorry.wav"), 50)})


@pytest.fixture
def application_prompts():
    return ApplicationPrompts(service_abnormal="sorry.wav")


@pytest.fixture
def backlog(stage):
    backlog = Backlog()
    stage.plane._services = replace(stage.services, backlog=backlog)
    return backlog


async def gone(*_):
    raise StoreFailed("gone")


async def test_a_number_that_was_called_before_hears_the_prompt(stage, monkeypatch):
    await stage.bind()
    stage.caller.dial()
    await stage.callee.until(InviteReceived)
    stage.caller.do("end")
    await stage.record()
    stage.callee.session = None
    monkeypatch.setattr(stage.store, "route", gone)
    stage.caller.dial()
    stage.engine.finish(await stage.engine.until_heard("sorry.wav"))
    assert (await stage.caller.until(Rejected)).status == 500
    records = [record.end.release for record in stage.store._tables.records.values()]
    assert records[-1] is ReleaseCode.SERVICE_ABNORMAL


async def test_a_number_that_nobody_called_before_is_refused_without_a_record(stage, monkeypatch):
    await stage.bind()
    monkeypatch.setattr(stage.store, "route", gone)
    stage.caller.dial()
    assert (await stage.caller.until(Rejected)).status == 500
    assert stage.store._tables.records == {}


async def test_a_store_that_says_nothing_is_given_up(stage, limits, monkeypatch):
    async def hang(*_):
        await asyncio.Event().wait()

    await stage.bind()
    services = replace(stage.services, limits=replace(limits, store_patience_s=0.05))
    stage.plane._services = services
    monkeypatch.setattr(stage.store, "route", hang)
    stage.caller.dial()
    assert (await stage.caller.until(Rejected)).status == 500


async def test_a_store_that_can_be_read_but_takes_nothing_gets_no_new_call(stage, backlog):
    await stage.bind()
    backlog.is_failing = True
    stage.caller.dial()
    stage.engine.finish(await stage.engine.until_heard("sorry.wav"))
    assert (await stage.caller.until(Rejected)).status == 500
    assert (await stage.record()).end.release is ReleaseCode.SERVICE_ABNORMAL


async def test_a_call_that_is_up_goes_on(stage, backlog, monkeypatch):
    await stage.bind()
    stage.caller.dial()
    await stage.callee.until(InviteReceived)
    stage.callee.do("answer", SDP)
    await stage.caller.until(Answered)
    await stage.callee.until(Acknowledged)
    backlog.is_failing = True
    monkeypatch.setattr(stage.store, "route", gone)
    await asyncio.sleep(0.1)
    assert stage.plane.live_calls == 1
    stage.caller.do("end")
    await stage.callee.until(EndReceived)
    assert (await stage.record()).end.release is ReleaseCode.NORMAL


async def test_without_room_for_its_record_a_call_gets_503(stage, backlog):
    await stage.bind()
    backlog.has_room = False
    stage.caller.dial()
    refused = await stage.caller.until(Rejected)
    assert refused.status == 503
    assert stage.plane.counters.refused_busy == 1

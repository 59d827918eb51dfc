"""Calls on a daemon that outlive the process that opened them."""

import time

import pytest
from tests.contract.media.party import bridge, ignore, talk, until
from tests.contract.media.phone import record_rule

from maskline.planes.media.rtpengine.engine import RtpengineEngine
from maskline.protocols.rtp.tone import hears_tone

pytestmark = pytest.mark.network


async def kill(engine: RtpengineEngine) -> bytes:
    """Let go of ports and files as a process does that is killed; what its call is found by."""
    keepsake = engine.keepsake("c")
    call = engine._call("c")
    call.voice.close()
    if call._limit is not None:
        call._limit.cancel()
    for known in (engine._calls, engine._keys, engine._listeners):
        known.clear()
    await engine.aclose()
    return keepsake


async def start_again(start_rtpengine, *keepsakes: bytes, on_recorded=None):
    """Another process, told of these calls."""
    started = RtpengineEngine.start

    async def start(self):
        await started(self, keepsakes)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RtpengineEngine, "start", start)
        return await start_rtpengine(on_recorded)


async def test_a_call_is_adopted_with_what_it_counted_and_its_recording(
    start_rtpengine, make_party, tmp_path
):
    done = []
    engine = await start_rtpengine()
    caller, callee = make_party(), make_party()
    opened = await bridge(engine, caller, callee)
    peers = dict(engine._call("c").barrier.peers)
    rule = record_rule(tmp_path / "one.mlr")
    await engine.record("c", rule)
    began = time.monotonic()
    await talk(caller, callee)
    keepsake = await kill(engine)
    engine = await start_again(start_rtpengine, keepsake, on_recorded=done.append)
    assert list(engine.unfinished()) == [rule.file.path]
    assert await engine.adopt("c", keepsake, opened, peers, ignore)
    assert not await engine.adopt("d", keepsake, opened, peers, ignore)
    at_caller, at_callee = await talk(caller, callee)
    assert hears_tone(at_caller, 620)
    assert hears_tone(at_callee, 440)
    elapsed_s = time.monotonic() - began
    recorded_s = await engine.stop_record("c")
    assert recorded_s >= elapsed_s
    sums = await engine.close("c")
    assert sums.caller.received_packets == 50
    await until(lambda: bool(done))
    assert [(one.path, one.duration_s) for one in done] == [(rule.file.path, recorded_s)]


async def test_a_call_that_nobody_asked_for_ends(start_rtpengine, make_party):
    engine = await start_rtpengine()
    caller, callee = make_party(), make_party()
    opened = await bridge(engine, caller, callee)
    peers = dict(engine._call("c").barrier.peers)
    keepsake = await kill(engine)
    engine = await start_again(start_rtpengine)
    assert not await engine.adopt("c", keepsake, opened, peers, ignore)
    await engine.aclose()
    engine = await start_again(start_rtpengine, keepsake)
    assert not await engine.adopt("c", keepsake, opened, peers, ignore)


async def test_a_worker_of_another_name_leaves_a_call_alone(start_rtpengine, make_party):
    engine = await start_rtpengine()
    caller, callee = make_party(), make_party()
    await bridge(engine, caller, callee)
    other = await start_rtpengine(owner="other", dtmf_port=0, teardown_port=0, recording_dir=None)
    await other.aclose()
    at_caller, _ = await talk(caller, callee)
    assert hears_tone(at_caller, 620)
    assert (await engine.close("c")).caller.received_packets == 25

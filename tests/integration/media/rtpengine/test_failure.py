"""Daemons that die, come back, lose datagrams or talk nonsense."""

import asyncio
import random
import time
from contextlib import suppress

import pytest
from tests.contract.media.party import bridge, ignore, talk, until
from tests.integration.media.rtpengine.daemon import WHY_NOT, Daemon, start_engine

from maskline.planes.media.engine import (
    EngineFailed,
    EngineGone,
    MediaEvent,
    MediaLost,
    MediaResumed,
    Side,
    UnknownCall,
)
from maskline.planes.media.rtpengine.engine import RtpengineEngine
from maskline.planes.media.rtpengine.instance import Health
from maskline.planes.media.rtpengine.settings import RtpengineSettings
from maskline.protocols.ng.bencode import decode
from maskline.protocols.rtp.tone import hears_tone

pytestmark = pytest.mark.network


@pytest.fixture
def two_daemons(tmp_path):
    if WHY_NOT:
        pytest.skip(WHY_NOT)
    first = Daemon(tmp_path)
    second = Daemon(tmp_path, first.dtmf_port, first.teardown_port)
    first.start()
    second.start()
    yield first, second
    first.stop()
    second.stop()


async def test_calls_of_a_killed_daemon_fail_and_new_ones_go_elsewhere(two_daemons):
    first, second = two_daemons
    events: list[MediaEvent] = []
    engine = await start_engine(
        first, instances=(first.address, second.address), max_calls=10, ping_interval_s=1.0
    )
    await until(lambda: all(one.health.value == "up" for one in engine._instances))
    for name in ("a", "b"):
        await engine.open(name, events.append)
    assert [one.calls for one in engine._instances] == [1, 1]
    first.kill()
    killed_at = time.monotonic()
    # Its health is not known yet, and it is the first choice of one of the two.
    await engine.open("next", ignore)
    await engine.open("after", ignore)
    assert time.monotonic() - killed_at < 3.5
    await until(lambda: events)
    assert time.monotonic() - killed_at < 5
    assert events == [EngineFailed("a")]
    with pytest.raises(UnknownCall):
        await engine.bridge("a")
    await engine.bridge("b")
    first.start()
    await until(lambda: engine._instances[0].health.value == "up")
    await engine.open("again", ignore)
    assert engine._instances[0].calls == 1
    await engine.aclose()


async def test_a_daemon_that_was_replaced_between_two_pings_has_lost_its_calls(two_daemons):
    first, _ = two_daemons
    events: list[MediaEvent] = []
    engine = await start_engine(first, ping_interval_s=0.5)
    await engine.open("a", events.append)
    first.kill()
    await until(lambda: engine._instances[0].health.value == "doubtful")
    first.start()
    await until(lambda: events)
    assert events == [EngineFailed("a")]
    await engine.aclose()


async def test_a_daemon_that_wakes_up_is_rid_of_the_calls_that_were_given_up(two_daemons):
    first, _ = two_daemons
    events: list[MediaEvent] = []
    engine = await start_engine(first)
    await engine.open("a", events.append)
    first.freeze()
    await until(lambda: events)
    assert events == [EngineFailed("a")]
    first.thaw()
    await until(lambda: engine._instances[0].health is Health.UP)
    await engine.open("b", events.append)
    keys = [call.key for call in engine._calls.values()]
    async with asyncio.timeout(2):
        while await engine._instances[0].list_calls("") != keys:  # noqa: ASYNC110 - the daemon's
            await asyncio.sleep(0.02)
    assert len(events) == 1
    await engine.aclose()


async def test_calls_of_a_run_that_was_killed_are_ended(two_daemons):
    first, _ = two_daemons
    killed = await start_engine(first)
    await killed.open("a", ignore)
    killed._calls.clear()
    await killed.aclose()
    engine = await start_engine(first)
    assert await engine._instances[0].list_calls("") == []
    await engine.aclose()


class Lossy(asyncio.DatagramProtocol):
    """Stands between an engine and a daemon; of each way one datagram in ten gets lost."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._random = random.Random(5)
        self._target = target
        self._client: tuple[str, int] | None = None

    def connection_made(self, transport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if addr != self._target:
            self._client = addr
        to = self._client if addr == self._target else self._target
        if to is not None and self._random.random() > 0.1:
            self.transport.sendto(data, to)


async def test_calls_are_whole_where_one_datagram_in_ten_is_lost(two_daemons, make_party):
    first, _ = two_daemons
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Lossy(("127.0.0.1", first.ng_port)), local_addr=("127.0.0.1", 0)
    )
    address = f"127.0.0.1:{transport.get_extra_info('sockname')[1]}"
    engine = await start_engine(first, instances=(address,), ping_interval_s=1.0, max_calls=10)
    caller, callee = make_party(), make_party()
    await asyncio.gather(*(bridge(engine, caller, callee, name=str(number)) for number in range(8)))
    opened = await bridge(engine, caller, callee)
    assert opened.caller.port != opened.callee.port
    at_caller, at_callee = await talk(caller, callee, 0.3)
    assert hears_tone(at_caller, 620)
    assert hears_tone(at_callee, 440)
    await engine.block("c", Side.CALLER, blocked=True)
    assert not (await talk(caller, callee, 0.2))[1]
    for name in ("c", *map(str, range(8))):
        await engine.close(name)
    await until(lambda: engine.calls == 0)
    await engine.aclose()
    transport.close()


async def test_without_any_daemon_there_is_no_engine(tmp_path):
    silent = Daemon(tmp_path)
    engine = RtpengineEngine(silent.settings())
    with pytest.raises(EngineGone):
        await engine.start()
    with pytest.raises(EngineGone):
        await engine.open("c", ignore)


async def test_a_daemon_that_gives_a_call_up_says_so(tmp_path):
    if WHY_NOT:
        pytest.skip(WHY_NOT)
    daemon = Daemon(tmp_path)
    daemon.timeout_s = 1
    daemon.start()
    events: list[MediaEvent] = []
    engine = await start_engine(daemon)
    await engine.open("c", events.append)
    try:
        await until(lambda: events, 8)
    finally:
        await engine.aclose()
        daemon.stop()
    assert events == [EngineFailed("c")]


async def test_a_party_that_falls_silent_is_missed(start_rtpengine, make_party):
    events: list[MediaEvent] = []
    engine = await start_rtpengine(watch_interval_s=0.05, loss_after_s=0.3)
    caller, callee = make_party(), make_party()
    await bridge(engine, caller, callee, events.append)
    await caller.speak(440, 0.2)
    await until(lambda: events)
    assert events == [MediaLost("c", Side.CALLER)]
    await caller.speak(440, 0.5)
    await until(lambda: len(events) == 2)
    assert events[1] == MediaResumed("c", Side.CALLER)


class DeafDaemon(asyncio.DatagramProtocol):
    """Answers pings at once, anything else at the third time, after some nonsense."""

    def __init__(self) -> None:
        self.seen: dict[bytes, int] = {}
        self.carried_out: list[bytes] = []

    def connection_made(self, transport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr) -> None:
        cookie, _, body = data.partition(b" ")
        command = decode(body)[b"command"]
        self.seen[cookie] = self.seen.get(cookie, 0) + 1
        if command == b"ping":
            self.transport.sendto(cookie + b" d6:result4:ponge", addr)
        elif self.seen[cookie] == 3:
            sdp = b"v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 30000 RTP/AVP 8\r\n"
            self.carried_out.append(command)
            for reply in (b"garbage", cookie, cookie + b" x", b"other d6:result2:oke"):
                self.transport.sendto(reply, addr)
            answer = b"d6:result2:ok3:sdp%d:%be" % (len(sdp), sdp)
            self.transport.sendto(cookie + b" " + answer, addr)
            self.transport.sendto(cookie + b" " + answer, addr)


async def test_lost_requests_are_repeated_and_nonsense_is_dropped():
    loop = asyncio.get_running_loop()
    transport, deaf = await loop.create_datagram_endpoint(DeafDaemon, local_addr=("127.0.0.1", 0))
    port = transport.get_extra_info("sockname")[1]
    engine = RtpengineEngine(
        RtpengineSettings(instances=(f"127.0.0.1:{port}",), dtmf_port=0, teardown_port=0)
    )
    await engine.start()
    opened = await engine.open("c", ignore)
    assert opened.caller.port == 30000
    assert deaf.carried_out[:3] == [b"list", b"offer", b"answer"]
    transport.close()
    await engine.aclose()


async def test_reports_that_are_none_change_nothing(start_rtpengine):
    events: list[MediaEvent] = []
    engine = await start_rtpengine()
    await engine.open("c", events.append)
    _, port = engine.notice_ports
    for request in (
        b"",
        b"GET / HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n",
        b"x" * 20_000,
        b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\n<a/>",
    ):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        writer.write_eof()
        async with asyncio.timeout(2):
            with suppress(ConnectionResetError):
                await reader.read()
        writer.close()
    assert events == []
    await engine.bridge("c")

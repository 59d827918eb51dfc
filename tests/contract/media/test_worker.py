"""The process of the embedded engine: killed, hung, orphaned, fed with garbage."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from tests.contract.media.party import (
    MakeParty,
    StartEmbedded,
    bridge,
    free_range,
    ignore,
    make_embedded,
    open_when_free,
    talk,
    until,
)

from maskline.planes.media import embedded, worker_link
from maskline.planes.media.control import MAX_FRAME_BYTES
from maskline.planes.media.engine import (
    BadMedia,
    CannotPlay,
    ClosedMedia,
    EngineBusy,
    EngineFailed,
    EngineGone,
    MediaEvent,
    OpenedMedia,
    Prompt,
    Side,
    UnknownCall,
)
from maskline.protocols.rtp.tone import hears_tone

pytestmark = pytest.mark.network


class TestWorker:
    @pytest.fixture(autouse=True)
    def _restart_at_once(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(embedded, "FIRST_RESTART_DELAY_S", 0.05)

    async def test_a_worker_that_is_killed_fails_its_calls_and_is_replaced(
        self, start_embedded: StartEmbedded, make_party: MakeParty
    ):
        engine = await start_embedded()
        events: list[MediaEvent] = []
        for name in "ab":
            await engine.open(name, events.append)
        old = engine.worker_pid
        os.kill(old, signal.SIGKILL)
        await until(lambda: len(events) == 2)
        assert {*events} == {EngineFailed("a"), EngineFailed("b")}
        with pytest.raises((EngineGone, UnknownCall)):
            await engine.bridge("a")
        assert await engine.close("a") == ClosedMedia()
        # A call that comes at once waits for the new worker.
        await engine.open("probe", ignore)
        assert engine.worker_pid != old
        caller, callee = make_party(), make_party()
        await bridge(engine, caller, callee)
        to_caller, to_callee = await talk(caller, callee, 0.3)
        assert hears_tone(to_caller, 620)
        assert hears_tone(to_callee, 440)

    async def test_a_listener_that_fails_keeps_nobody_else_from_hearing(
        self, start_embedded: StartEmbedded
    ):
        def fail(event: MediaEvent) -> None:
            raise RuntimeError(event)

        engine = await start_embedded()
        events: list[MediaEvent] = []
        await engine.open("a", fail)
        await engine.open("b", events.append)
        os.kill(engine.worker_pid, signal.SIGKILL)
        await until(lambda: events == [EngineFailed("b")])

    async def test_a_worker_that_hangs_is_killed(
        self, start_embedded: StartEmbedded, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(worker_link, "REPLY_TIMEOUT_S", 0.3)
        engine = await start_embedded()
        events: list[MediaEvent] = []
        await engine.open("a", events.append)
        old = engine.worker_pid
        os.kill(old, signal.SIGSTOP)
        with pytest.raises(EngineGone):
            await engine.bridge("a")
        await until(lambda: events == [EngineFailed("a")])
        await open_when_free(engine, "b")
        assert engine.worker_pid != old

    async def test_a_worker_that_hangs_is_noticed_without_being_asked_anything(
        self, start_embedded: StartEmbedded, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(worker_link, "REPLY_TIMEOUT_S", 0.3)
        monkeypatch.setattr(worker_link, "PING_INTERVAL_S", 0.1)
        engine = await start_embedded()
        events: list[MediaEvent] = []
        await engine.open("a", events.append)
        await asyncio.sleep(0.6)
        assert events == []
        os.kill(engine.worker_pid, signal.SIGSTOP)
        await until(lambda: events == [EngineFailed("a")])

    async def test_requests_in_flight_have_a_bound(
        self, start_embedded: StartEmbedded, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(worker_link, "MAX_IN_FLIGHT", 2)
        engine = await start_embedded()
        answers = await asyncio.gather(
            *(engine.open(str(n), ignore) for n in range(3)), return_exceptions=True
        )
        assert [type(answer) for answer in answers] == [OpenedMedia, OpenedMedia, EngineBusy]

    async def test_a_call_does_not_wait_for_ever_for_a_worker_that_cannot_be_replaced(
        self, start_embedded: StartEmbedded, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(embedded, "FIRST_RESTART_DELAY_S", 30.0)
        monkeypatch.setattr(embedded, "RESTART_PATIENCE_S", 0.1)
        engine = await start_embedded()
        os.kill(engine.worker_pid, signal.SIGKILL)
        await until(lambda: engine.worker_pid is None)
        with pytest.raises(EngineGone):
            await engine.open("a", ignore)

    async def test_a_call_that_waits_for_a_worker_learns_that_the_engine_is_closed(
        self, start_embedded: StartEmbedded, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(embedded, "FIRST_RESTART_DELAY_S", 30.0)
        engine = await start_embedded()
        os.kill(engine.worker_pid, signal.SIGKILL)
        await until(lambda: engine.worker_pid is None)
        waiting = asyncio.create_task(engine.open("a", ignore))
        await asyncio.sleep(0)
        await engine.aclose()
        with pytest.raises(EngineGone):
            async with asyncio.timeout(1.0):
                await waiting

    async def test_long_requests_at_once_reach_the_worker_whole(
        self, start_embedded: StartEmbedded, make_party: MakeParty
    ):
        engine = await start_embedded(pairs=128, max_calls=64)
        before = engine.worker_pid
        await bridge(engine, make_party(), make_party())
        paths = [f"/{'p' * 3500}{n}" for n in range(64)] + ["/" + "q" * MAX_FRAME_BYTES]
        answers = await asyncio.gather(
            *(engine.play("c", frozenset(Side), Prompt(path), 1) for path in paths),
            return_exceptions=True,
        )
        assert [type(answer) for answer in answers] == [CannotPlay] * 64 + [BadMedia]
        assert engine.worker_pid == before

    async def test_an_interrupt_from_the_terminal_leaves_calls_alone(
        self, start_embedded: StartEmbedded
    ):
        engine = await start_embedded()
        await engine.open("a", ignore)
        os.kill(engine.worker_pid, signal.SIGINT)
        os.kill(engine.worker_pid, signal.SIGTERM)
        await engine.bridge("a")

    async def test_no_datagram_brings_it_down(
        self, start_embedded: StartEmbedded, make_party: MakeParty
    ):
        engine = await start_embedded()
        caller, callee = make_party(), make_party()
        opened = await bridge(engine, caller, callee)
        before, random = engine.worker_pid, Random(7)
        for n in range(600):
            data = bytearray(random.randbytes(random.randint(0, 90)))
            data[:2] = (random.randint(0x80, 0xBF), random.choice([8, 101, 13, 200, 201, 203]))
            end = caller.rtp if n % 2 else caller.rtcp
            end.sendto(data, ("127.0.0.1", opened.caller.port + 1 - n % 2))
            if n % 50 == 0:
                await asyncio.sleep(0.02)
        await engine.early("c")
        assert engine.worker_pid == before

    async def test_closing_while_a_worker_is_replaced_leaves_none(
        self, start_embedded: StartEmbedded
    ):
        engine = await start_embedded()
        os.kill(engine.worker_pid, signal.SIGKILL)
        await until(lambda: engine.worker_pid is None)
        await engine.aclose()
        await asyncio.sleep(0.1)
        assert engine.worker_pid is None

    async def test_many_calls_at_once_are_told_apart(self, start_embedded: StartEmbedded):
        engine = await start_embedded(pairs=128, max_calls=64)
        opened = await asyncio.gather(*(engine.open(str(n), ignore) for n in range(64)))
        ports = [port for media in opened for port in (media.caller.port, media.callee.port)]
        assert len(set(ports)) == 128
        await asyncio.gather(*(engine.close(str(n)) for n in range(64)))
        assert engine.calls == 0

    async def test_a_worker_ends_with_its_engine(self):
        first, last = free_range(2)
        program = (
            "import asyncio\n"
            "from maskline.planes.media.embedded import EmbeddedEngine\n"
            "from maskline.planes.media.settings import EmbeddedSettings\n"
            "async def main():\n"
            f"    engine = EmbeddedEngine(EmbeddedSettings(first_port={first}, last_port={last}))\n"
            "    await engine.start()\n"
            "    print('worker', engine.worker_pid, flush=True)\n"
            "    await asyncio.sleep(60)\n"
            "asyncio.run(main())\n"
        )
        with subprocess.Popen(  # noqa: ASYNC220 - killed at once, nothing else runs meanwhile
            [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
        ) as parent:
            line = next(line for line in parent.stdout if line.startswith("worker"))
            worker = int(line.split()[1])
            parent.kill()
        await until(lambda: not is_alive(worker))


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


async def test_a_worker_waits_a_little_for_ports_that_another_is_letting_go():
    engine = make_embedded(pairs=2)
    first, last = engine._settings.first_port, engine._settings.last_port
    held = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(first, last + 1)]
    for port, end in enumerate(held, first):
        end.bind(("127.0.0.1", port))
    for end in held:
        asyncio.get_running_loop().call_later(0.6, end.close)
    await engine.start()
    await engine.aclose()


async def test_ports_that_stay_taken_are_named_as_the_reason():
    engine = make_embedded(pairs=1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as held:
        held.bind(("127.0.0.1", engine._settings.first_port))
        with pytest.raises(EngineBusy, match="every port of the range is in use"):
            await engine.start()

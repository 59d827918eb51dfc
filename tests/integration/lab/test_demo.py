"""`maskline demo serve` and `demo call` as a user runs them: in processes of their own."""

import asyncio
import json
import signal
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from maskline.lab.demo import call as place_call
from maskline.lab.demo import sms as write_messages
from maskline.lab.demo import voice as place_voice
from maskline.lab.demo.stage import Stage
from maskline.lab.demo.voice_call import VOICES
from maskline.lab.phone import Phone
from maskline.lab.phone_call import PhoneCall
from maskline.lab.wav import read_wav
from maskline.protocols.rtp.tone import make_tone

pytestmark = [pytest.mark.network, pytest.mark.enable_socket, pytest.mark.timeout(60)]


class Demo:
    """`maskline demo serve` on ports of its own."""

    def __init__(self, data: Path, new_port: Callable[[], int]) -> None:
        self.file = data / "demo.json"
        rtp = new_port() & ~1
        self.environ = {
            "PATH": "/usr/bin:/bin",
            "LANG": "en_US.UTF-8",
            "MASKLINE_DATA": str(data),
            "MASKLINE_HTTP_PORT": str(new_port()),
            "MASKLINE_HTTPS_PORT": str(new_port()),
            "MASKLINE_SIP_PORT": str(new_port()),
            "MASKLINE_LAB_PORT": str(new_port()),
            "MASKLINE_RTP_PORTS": f"{min(rtp, 60000)}-{min(rtp, 60000) + 99}",
        }
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> dict[str, Any]:
        self._process = await self._run("serve")
        async with asyncio.timeout(15):
            while not self.file.exists():
                assert self._process.returncode is None, await self._process.communicate()
                await asyncio.sleep(0.05)
        return json.loads(self.file.read_text())

    async def stop(self) -> tuple[int | None, str]:
        process = self._process
        if process is None:
            return None, ""
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(10):
            out, _ = await process.communicate()
        return process.returncode, out.decode()

    async def call(self, *arguments: str) -> tuple[int | None, str, str]:
        process = await self._run("call", "--seconds", "0.6", *arguments)
        async with asyncio.timeout(30):
            out, errors = await process.communicate()
        return process.returncode, out.decode(), errors.decode()

    async def second_start(self, data: Path) -> tuple[int | None, str]:
        process = await self._run("serve", MASKLINE_DATA=str(data))
        async with asyncio.timeout(15):
            _, errors = await process.communicate()
        return process.returncode, errors.decode()

    async def _run(self, *arguments: str, **environ: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "maskline", "demo", *arguments,
            env=self.environ | environ,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip


@pytest.fixture
async def demo(tmp_path: Path, new_port: Callable[[], int]):
    demo = Demo(tmp_path / "var", new_port)
    yield demo
    await demo.stop()


async def test_messages_go_each_way_that_there_is(tmp_path: Path, new_port: Callable[[], int]):
    demo = Demo(tmp_path / "var", new_port)
    try:
        known = await demo.start()
        told = await asyncio.to_thread(write_messages, known, lambda _: None, "zh")
    finally:
        await demo.stop()
    assert told["ok"], told["message"]
    parts = [exchange["got"]["parts"] for exchange in told["exchanges"]]
    assert parts == [3, 1, 1, 1, 1, 1]
    modes = [
        [push["smsEvent"]["notificationMode"] for push in exchange["pushes"]]
        for exchange in told["exchanges"]
    ]
    assert modes == [["Notify"]] * 4 + [["Block", "Notify"]] * 2


async def test_a_first_masked_call_and_a_second_start_on_the_same_data(demo: Demo, tmp_path: Path):
    known = await demo.start()
    assert stat.S_IMODE(demo.file.stat().st_mode) == 0o600
    assert len(known["apps"]["axb"]["numbers"]) == 5

    code, out, _ = await demo.call("--json")
    told = json.loads(out)
    assert (code, told["ok"]) == (0, True)
    assert told["leaks"] == []
    assert [event["eventType"] for event in told["events"]] == [
        "callin", "callout", "alerting", "answer", "disconnect",
    ]  # fmt: skip
    assert told["record"]["fwdDisplayNum"] == told["x"]

    code, errors = await demo.second_start(tmp_path / "other")
    assert code == 1
    assert "MASKLINE_HTTP_PORT" in errors

    code, out = await demo.stop()
    assert code == 0
    assert "demo call" in out
    assert not demo.file.exists()

    again = await demo.start()
    assert again["apps"] == known["apps"]
    assert again["admin_token"] == known["admin_token"]


async def test_demo_call_tells_the_call_in_chinese(demo: Demo):
    await demo.start()
    code, out, errors = await demo.call("--lang", "zh")
    assert 'eval "$(maskline demo env)"' in errors
    assert code == 0
    assert "彼此都看不到对方号码" in out
    assert "openssl dgst -sha256 -hmac" in errors


async def test_demo_call_without_a_demo_says_how_to_start_one(demo: Demo):
    code, _, errors = await demo.call()
    assert code == 3
    assert "make run" in errors


async def test_demo_call_fails_when_a_party_hears_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(PhoneCall, "speak", lambda _call, _sound: None)
    told = await asyncio.to_thread(place_call, stage.describe(), 0.5, _ignore, "en")
    assert not told["ok"]
    assert told["message"] == "A heard nothing"


async def test_demo_call_fails_when_the_other_number_shows(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    # A phone that dials B itself: the carrier connects it, and B sees everything.
    dial = Phone.dial

    async def dial_directly(phone: Phone, target: str, **how: Any) -> PhoneCall:
        del target
        number = next(iter(stage.carrier.registrations))
        return await dial(phone, number, **how)

    monkeypatch.setattr(Phone, "dial", dial_directly)
    monkeypatch.setattr("maskline.lab.demo.first_call.PUSHES_S", 0.2)
    told = await asyncio.to_thread(place_call, stage.describe(), 0.5, _ignore, "en")
    assert not told["ok"]
    found = {(leak["to"], leak["what"]) for leak in told["leaks"]}
    assert {("B", "number"), ("B", "Call-ID"), ("B", "RTP port"), ("A", "tag")} <= found


async def test_demo_voice_records_a_call_and_shows_who_was_heard_when(stage: Stage, tmp_path: Path):
    path = tmp_path / "call.wav"
    notes: list[str] = []
    told = await asyncio.to_thread(place_voice, stage.describe(), path, notes.append, "en")
    assert any('eval "$(maskline demo env)"' in note and "curl " in note for note in notes)
    assert told["ok"], told["message"]
    assert read_wav(path)
    assert told["link"] in told["message"]
    assert str(path) in told["message"]
    assert "from its beginning:\n    0.00-" in told["message"]
    rows = told["message"].splitlines()
    a, b, recording = (next(row for row in rows if row.startswith(f"  {who}")) for who in "ABR")
    assert ["".join(dict.fromkeys(row[7:].replace("+", ""))) for row in (a, b, recording)] == [
        "wh.b",
        ".ha",
        " .ab",
    ]


async def test_demo_voice_fails_when_the_notice_is_not_heard(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(VOICES, "h", 700.0)
    monkeypatch.setattr("maskline.lab.demo.voice_call.make_tone", _wrong_tone)
    told = await asyncio.to_thread(
        place_voice, stage.describe(), tmp_path / "call.wav", _ignore, "en"
    )
    assert not told["ok"]
    assert "expected h" in told["message"]


def _wrong_tone(frequency: float, duration_s: float) -> Any:
    return make_tone(1400.0 if frequency == 700.0 else frequency, duration_s)


def _ignore(_text: str) -> None:
    """Nobody reads on."""

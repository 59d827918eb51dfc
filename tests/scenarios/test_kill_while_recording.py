"""`kill -9` of the platform while it records: every call has its recording, and says so, once."""

import asyncio
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import soundfile
from tests.integration.media.rtpengine.daemon import WHY_NOT, Daemon
from tests.scenarios import test_kill
from tests.scenarios.test_kill import Server, X

from maskline.lab.carrier import Carrier
from maskline.lab.phone import Phone
from maskline.lab.phone_audio import Sound
from maskline.lab.phone_call import CallState
from maskline.lab.receiver import Push, Receiver
from maskline.lab.rest import RestClient

pytestmark = [pytest.mark.network, pytest.mark.enable_socket, pytest.mark.timeout(60)]

CALLERS = ["+8613811110011", "+8613811110012"]
TALK_S = 4.2

RTPENGINE = """
[media]
engine = "rtpengine"
[rtpengine]
instances = ["{daemon.address}"]
dtmf_port = {daemon.dtmf_port}
teardown_port = {daemon.teardown_port}
recording_dir = "{daemon.folder}"
"""


@pytest.fixture(
    params=[
        "embedded",
        pytest.param(
            "rtpengine", marks=pytest.mark.skipif(WHY_NOT is not None, reason=f"{WHY_NOT}")
        ),
    ]
)
def engine(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    if request.param == "embedded":
        yield request.param
        return
    folder = tmp_path / "rtpengine"
    folder.mkdir()
    daemon = Daemon(folder)
    daemon.start()
    monkeypatch.setattr(test_kill, "CONFIG", test_kill.CONFIG + RTPENGINE.format(daemon=daemon))
    yield request.param
    daemon.stop()


async def customer(server: Server, carrier: Carrier, receiver_port: int) -> tuple[str, str]:
    url = f"http://127.0.0.1:{receiver_port}"
    wanted = {"name": "shop", "mode": "axb", "cdr_url": f"{url}/r", "may_record": True}
    app = await server.manage("POST", "/applications", wanted)
    numbers = {"app_key": app["app_key"], "numbers": [{"number": X, "area_code": "0755"}]}
    await server.manage("POST", "/numbers", numbers)
    host, port = carrier.address
    trunk = {"name": "lab", "host": host, "port": port, "inbound_from": ["127.0.0.1/32"]}
    await server.manage("POST", "/trunks", trunk)
    return app["app_key"], app["app_secret"]


def records(pushes: list[Push]) -> dict[str, dict[str, Any]]:
    entries = [entry for push in pushes for entry in push.json().get("feeLst", ())]
    return {entry["sessionId"]: entry for entry in entries}


async def test_every_call_has_its_recording(engine: str, tmp_path: Path, new_port: Any):
    server = Server(tmp_path, new_port(), new_port())
    await server.start()
    carrier = await Carrier.start(platform=server.sip)
    receiver_port = new_port()
    app_key, secret = await customer(server, carrier, receiver_port)
    await asyncio.sleep(1.1)  # a new trunk is used after a second
    phones = [await Phone.start(number) for number in CALLERS]
    receiver = Receiver({app_key: secret})
    try:
        async with RestClient(server.url, app_key, secret) as rest:
            for number in CALLERS:
                partner = number.replace("+86138", "+86139")
                names = {"callerNum": number, "calleeNum": partner, "relationNum": X}
                await rest.bind(**names, duration=600, recordFlag="true")
            calls = [await phone.dial(X, via=carrier.address) for phone in phones]
            for call in calls:
                await call.wait_until(CallState.TALKING, 8)
                call.speak(Sound.tone(440))
            await asyncio.sleep(TALK_S)
            await server.kill()
            await server.start()
            recorded_s = TALK_S
            if engine == "rtpengine":
                # Its media lived on, and so do the calls and their recordings.
                await asyncio.sleep(2.0)
                recorded_s += 2.0
                await asyncio.gather(*(call.hang_up() for call in calls))
            await receiver.start(port=receiver_port)
            await receiver.wait_for(lambda pushes: len(records(pushes)) == len(CALLERS), 15)
            for record in records(receiver.received).values():
                assert record["recordFlag"] == 1
                link = await rest.recording_link(record["recordObjectName"], record["recordDomain"])
                told = soundfile.info(io.BytesIO(await rest.fetch(link)))
                assert told.duration >= recorded_s - 1.0
        rows = await server.manage("GET", "/recordings")
        assert [row["state"] for row in rows["items"]] == ["kept"] * len(CALLERS)
        assert list((tmp_path / "var" / "recordings" / "spool").iterdir()) == []
    finally:
        await receiver.close()
        for phone in phones:
            await phone.close()
        await carrier.close()
        await server.kill()

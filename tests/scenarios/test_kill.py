"""`kill -9` of the whole platform: what was told of calls still arrives, once, in order."""

import asyncio
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiohttp
import pytest

import maskline
from maskline.lab.carrier import Carrier
from maskline.lab.phone import Phone
from maskline.lab.phone_call import CallFailed, CallState
from maskline.lab.receiver import Push, Receiver
from maskline.lab.rest import RestClient

pytestmark = [pytest.mark.network, pytest.mark.enable_socket, pytest.mark.timeout(60)]

TOKEN = "operator"
X = "+8617000001001"
ANSWERED = ["+8613811110011", "+8613811110012", "+8613811110013"]
REFUSED = ["+8613811110021", "+8613811110022", "+8613811110023"]
TALKING = ["+8613811110031", "+8613811110032"]
FULL = ["callin", "callout", "alerting", "answer", "disconnect", "fee"]
SHORT = ["callin", "callout", "disconnect", "fee"]

CONFIG = """
[http]
port = {http}
tls_port = 0
[sip]
port = {sip}
[calls]
host_name = "here"
[delivery]
allow_private = true
retry_minutes = [{retries}]
poll_interval_s = 0.1
merge_window_s = 0.1
timeout_s = 2
"""


class Server:
    """The platform in a process of its own, on one data directory."""

    def __init__(self, directory: Path, http: int, sip: int) -> None:
        self.url = self.manage_url = f"http://127.0.0.1:{http}"
        self.sip = ("127.0.0.1", sip)
        config = directory / "maskline.toml"
        config.write_text(CONFIG.format(http=http, sip=sip, retries=", ".join(["0.01"] * 20)))
        self._environ = {
            "MASKLINE_CONFIG": str(config),
            "MASKLINE_DATA": str(directory / "var"),
            "MASKLINE_ADMIN_TOKEN": TOKEN,
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(Path(maskline.__file__).parent.parent),
        }
        self._log = directory / "server.log"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "maskline", "serve",
                env=self._environ, stdout=log, stderr=log,
            )  # fmt: skip
        async with asyncio.timeout(30), aiohttp.ClientSession() as http:
            while True:
                assert self._process.returncode is None, self._log.read_text()
                try:
                    async with http.get(f"{self.url}/readyz") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.05)

    async def kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def manage(self, method: str, path: str, body: object = None) -> Any:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with (
            aiohttp.ClientSession(headers=headers) as http,
            http.request(method, f"{self.manage_url}/manage/v1{path}", json=body) as answer,
        ):
            assert answer.status < 300, await answer.text()
            return await answer.json() if answer.status != 204 else None


@pytest.fixture
async def server(tmp_path: Path, new_port: Any):
    server = Server(tmp_path, new_port(), new_port())
    await server.start()
    yield server
    await server.kill()


@pytest.fixture
async def carrier(server: Server):
    carrier = await Carrier.start(platform=server.sip)
    yield carrier
    await carrier.close()


async def customer(server: Server, carrier: Carrier, receiver_port: int) -> tuple[str, str]:
    url = f"http://127.0.0.1:{receiver_port}"
    app = await server.manage(
        "POST",
        "/applications",
        {"name": "shop", "mode": "axb", "status_url": f"{url}/s", "cdr_url": f"{url}/r"},
    )
    numbers = {"app_key": app["app_key"], "numbers": [{"number": X, "area_code": "0755"}]}
    await server.manage("POST", "/numbers", numbers)
    host, port = carrier.address
    await server.manage(
        "POST",
        "/trunks",
        {"name": "lab", "host": host, "port": port, "inbound_from": ["127.0.0.1/32"]},
    )
    async with RestClient(server.url, app["app_key"], app["app_secret"]) as rest:
        for number in ANSWERED + REFUSED + TALKING:
            partner = number.replace("+86138", "+86139")
            if number in REFUSED:
                partner = f"+86139111{number[-1]}0486"
            await rest.bind(callerNum=number, calleeNum=partner, relationNum=X, duration=600)
    return app["app_key"], app["app_secret"]


async def place(number: str, carrier: Carrier, phones: list[Phone]) -> None:
    phone = await Phone.start(number)
    phones.append(phone)
    call = await phone.dial(X, via=carrier.address)
    if number in REFUSED:
        with pytest.raises(CallFailed, match="486"):
            await call.wait_until(CallState.TALKING, 8)
        return
    await call.wait_until(CallState.TALKING, 8)
    if number in ANSWERED:
        await call.hang_up()


def told(pushes: Sequence[Push]) -> dict[str, list[tuple[str, str | None]]]:
    """Session -> what was told of it with the id of the push, in order of arrival."""
    found: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for push in pushes:
        body = push.json()
        for entry in body.get("feeLst", ()):
            found[entry["sessionId"]].append(("fee", push.push_id))
        if "statusInfo" in body:
            found[body["statusInfo"]["sessionId"]].append((body["eventType"], push.push_id))
    return found


def is_complete(pushes: Sequence[Push]) -> bool:
    sessions = told(pushes)
    calls = len(ANSWERED + REFUSED + TALKING)
    return len(sessions) >= calls and all(told[-1][0] == "fee" for told in sessions.values())


async def test_what_was_told_before_a_kill_arrives_after_it_once_and_in_order(
    server: Server, carrier: Carrier, new_port: Any
):
    receiver_port = new_port()
    app_key, secret = await customer(server, carrier, receiver_port)
    await asyncio.sleep(1.1)  # a new trunk is used after a second
    phones: list[Phone] = []
    await asyncio.gather(
        *(place(number, carrier, phones) for number in ANSWERED + REFUSED + TALKING)
    )
    async with asyncio.timeout(5):
        ended = len(ANSWERED + REFUSED)
        while (await server.manage("GET", "/records/count"))["count"] < ended:  # noqa: ASYNC110 - asked over HTTP
            await asyncio.sleep(0.05)
    await server.kill()
    for phone in phones:
        await phone.close()
    # Before the server: whatever it tries in vain again waits for a minute and more.
    receiver = Receiver({app_key: secret})
    await receiver.start(port=receiver_port)
    try:
        await server.start()
        await receiver.wait_for(is_complete, 20)
        await asyncio.sleep(0.5)
        sessions = told(receiver.received)
    finally:
        await receiver.close()
    stories = sorted(list(dict.fromkeys(name for name, _ in story)) for story in sessions.values())
    expected = [FULL] * len(ANSWERED + TALKING) + [SHORT] * len(REFUSED)
    assert stories == sorted(expected)
    for story in sessions.values():
        ids = {name: {push_id for told, push_id in story if told == name} for name, _ in story}
        assert all(len(one) == 1 for one in ids.values()), "told twice under two ids"

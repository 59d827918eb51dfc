"""A worker that is killed and started again: its calls go on or are ended, each recorded once."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.integration.media.rtpengine.daemon import WHY_NOT, Daemon
from tests.scenarios import test_kill
from tests.scenarios.test_kill import Server, X
from tests.scenarios.test_kill_while_recording import RTPENGINE

from maskline.lab.carrier import Carrier
from maskline.lab.hearing import hears_only
from maskline.lab.phone import Phone
from maskline.lab.phone_audio import Sound
from maskline.lab.phone_call import CallState, PhoneCall
from maskline.lab.receiver import Push, Receiver
from maskline.lab.rest import RestClient

pytestmark = [pytest.mark.network, pytest.mark.enable_socket, pytest.mark.timeout(90)]

A, B = "+8613811110041", "+8613911110042"
A2, B2 = "+8613811110051", "+8613911110052"
A3, B3 = "+8613811110061", "+8613911110062"
PATIENCE_S = 12.0

with_rtpengine = pytest.mark.skipif(WHY_NOT is not None, reason=f"{WHY_NOT}")


@dataclass
class House:
    """A platform in a process of its own, its customer, and the phones of a carrier."""

    server: Server
    carrier: Carrier
    receiver: Receiver
    rest: RestClient
    phones: list[Phone] = field(default_factory=list[Phone])

    async def talk(self, a: str, b: str, **wishes: str) -> tuple[PhoneCall, PhoneCall]:
        """A call between two phones, who have begun to talk."""
        parties = {"callerNum": a, "calleeNum": b, "relationNum": X}
        await self.rest.bind(**parties, duration=600, **wishes)
        near, far = await Phone.start(a), await Phone.start(b)
        self.phones += [near, far]
        await far.register(self.carrier.address)
        out = await near.dial(X, via=self.carrier.address)
        into = await far.next_call()
        await into.answer()
        await out.wait_until(CallState.TALKING, PATIENCE_S)
        out.speak(Sound.tone(440))
        into.speak(Sound.tone(880))
        return out, into

    async def ring(self, a: str, b: str) -> tuple[PhoneCall, PhoneCall]:
        """A call that nobody has answered yet."""
        await self.rest.bind(callerNum=a, calleeNum=b, relationNum=X, duration=600)
        near, far = await Phone.start(a), await Phone.start(b)
        self.phones += [near, far]
        await far.register(self.carrier.address)
        out = await near.dial(X, via=self.carrier.address)
        into = await far.next_call()
        await into.ring()
        await out.wait_until(CallState.RINGING, PATIENCE_S)
        return out, into

    async def records(self, count: int) -> list[dict[str, Any]]:
        """The call records that came to the customer, once there are so many and no more come."""
        await self.receiver.wait_for(lambda got: len(fees(got)) >= count, PATIENCE_S)
        await asyncio.sleep(0.5)
        return fees(self.receiver.received)

    async def close(self) -> None:
        for phone in self.phones:
            await phone.close()
        await self.carrier.close()
        await self.receiver.close()
        await self.server.kill()


def fees(pushes: Sequence[Push]) -> list[dict[str, Any]]:
    """The entries of all records; one that was sent again under the same id counts once."""
    by_id = {push.push_id: push.json().get("feeLst", ()) for push in pushes}
    return [entry for entries in by_id.values() for entry in entries]


@pytest.fixture
async def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Daemon]:
    folder = tmp_path / "rtpengine"
    folder.mkdir()
    daemon = Daemon(folder)
    daemon.start()
    monkeypatch.setattr(test_kill, "CONFIG", test_kill.CONFIG + RTPENGINE.format(daemon=daemon))
    yield daemon
    daemon.stop()


@pytest.fixture
async def open_house(tmp_path: Path, new_port: Any):
    opened: list[House] = []

    async def open_house() -> House:
        server = Server(tmp_path, new_port(), new_port())
        await server.start()
        carrier = await Carrier.start(platform=server.sip)
        receiver_port = new_port()
        url = f"http://127.0.0.1:{receiver_port}"
        wanted = {"name": "shop", "mode": "axb", "cdr_url": f"{url}/r", "may_record": True}
        app = await server.manage("POST", "/applications", wanted)
        numbers = {"app_key": app["app_key"], "numbers": [{"number": X, "area_code": "0755"}]}
        await server.manage("POST", "/numbers", numbers)
        host, port = carrier.address
        trunk = {"name": "lab", "host": host, "port": port, "inbound_from": ["127.0.0.1/32"]}
        await server.manage("POST", "/trunks", trunk)
        receiver = Receiver({app["app_key"]: app["app_secret"]})
        await receiver.start(port=receiver_port)
        rest = RestClient(server.url, app["app_key"], app["app_secret"])
        house = House(server, carrier, receiver, rest)
        opened.append(house)
        await asyncio.sleep(1.1)  # a new trunk is used after a second
        return house

    yield open_house
    for house in opened:
        await house.close()


async def ended(*calls: PhoneCall) -> None:
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(*(call.wait_until(CallState.ENDED, PATIENCE_S) for call in calls))


async def test_parties_are_told_of_calls_that_died_with_the_worker(open_house: Any):
    house: House = await open_house()
    began = time.monotonic()
    async with house.rest:
        first = await house.talk(A, B)
        second = await house.talk(A2, B2)
        third = await house.ring(A3, B3)
        await asyncio.sleep(2.5)
        await house.server.kill()
        killed_s = math.ceil(time.monotonic() - began)
        # One phone is gone: its record waits for an answer that never comes.
        await house.phones[3].close()
        await house.server.start()
        await ended(*first, second[0], *third)
        # Killed again before that record is written.
        await house.server.kill()
        await house.server.start()
        records = await house.records(3)
    for call in (*first, second[0]):
        assert (call.is_ended_by_peer, call.end_cause) == (True, 41)
    assert (third[0].end_status, third[0].end_cause) == (500, 41)
    assert third[1].is_ended_by_peer
    assert [record["ulFailReason"] for record in records] == [8020] * 3
    assert len({record["sessionId"] for record in records}) == 3
    # The one that never rang through cost nothing, nor did the time without a worker.
    assert min(talk_time_s(record) for record in records) == 0
    assert all(1 <= talk_time_s(record) <= killed_s for record in records if is_answered(record))


@with_rtpengine
@pytest.mark.usefixtures("daemon")
async def test_calls_whose_media_lives_go_on_to_the_end_that_a_party_gives_them(open_house: Any):
    house: House = await open_house()
    async with house.rest:
        out, into = await house.talk(A, B)
        near, far = await house.talk(A2, B2)
        await asyncio.sleep(1.0)
        await house.server.kill()
        began, before = time.monotonic(), len(into.recorded())
        # Nobody answers this BYE before the worker is back.
        hung_up = asyncio.create_task(near.hang_up(PATIENCE_S))
        await asyncio.sleep(1.0)
        assert len(into.recorded()) > before, "the media stopped with the worker"
        await house.server.start()
        await hung_up
        await ended(far)
        assert hears_only(await into.heard(1.0), 440)
        assert hears_only(await out.heard(1.0), 880)
        await out.hang_up()
        await ended(into)
        talked_s = time.monotonic() - began
        records = await house.records(2)
    assert far.is_ended_by_peer
    assert into.is_ended_by_peer
    assert [record["ulFailReason"] for record in records] == [0, 0]
    assert len({record["sessionId"] for record in records}) == 2
    assert max(map(talk_time_s, records)) >= int(talked_s)


def is_answered(record: dict[str, Any]) -> bool:
    return bool(record.get("fwdAnswerTime"))


def talk_time_s(record: dict[str, Any]) -> int:
    """Seconds from the callee's answer to the end, as the record tells them."""
    if not is_answered(record):
        return 0
    answered, over = (
        datetime.strptime(record[name], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
        for name in ("fwdAnswerTime", "callEndTime")
    )
    return int((over - answered).total_seconds())

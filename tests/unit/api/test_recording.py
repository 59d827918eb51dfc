"""`GET /rest/provision/voice/record/v1.0` (`spec/common.md` 2)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from tests.unit.services.recording_world import World as Recordings
from tests.unit.services.recording_world import call, make_world

from maskline.api.recording import PATH, RecordingInterface
from maskline.api.server import create_api
from maskline.domain.application import Mode, TenantState
from maskline.domain.recording import Recording
from maskline.services.recording_link import Link

UNKNOWN = (403, "1012007", "The record does not exist.")
NOT_ENABLED = (403, "1012012", "Application does not open recording function.")


@dataclass
class Shop:
    """The applications of the binding tests beside a world of recordings."""

    world: Any
    recordings: Recordings
    client: Any

    async def kept(self, app_key: str) -> Recording:
        return await self.recordings.kept(self.recordings.offices[0], app_key=app_key)

    def serve(self, base_url: str) -> None:
        interface = RecordingInterface(self.recordings.archive(), base_url)
        self.world.api = create_api(
            None,  # type: ignore[arg-type] - bindings are not asked for
            self.world.directory,
            self.world.clock,
            more={PATH: interface.endpoint()},
        )

    async def ask(self, client: Any = None, headers: Any = None, **parameters: str) -> Any:
        client = client or self.client
        given = client.headers() | {"Host": "voice.example.net:8080"} | (headers or {})
        return await client.send("GET", query=urlencode(parameters), path=PATH, headers=given)

    async def ask_for(self, row: Recording, client: Any = None, **headers: str) -> Any:
        return await self.ask(client, headers, fileName=row.object_name, recordDomain=row.domain)


@pytest.fixture
async def shop(world: Any, tmp_path: Path) -> AsyncIterator[Shop]:
    recordings = await make_world(tmp_path / "recordings")
    recordings.clock = world.clock
    await recordings.open_office()
    client = await world.add_application("shop", may_record=True)
    shop = Shop(world, recordings, client)
    shop.serve("https://voice.example.com")
    yield shop
    await recordings.aclose()


async def test_a_recording_is_answered_with_its_address_and_nothing_else(shop: Shop):
    row = await shop.kept("shop")
    reply = await shop.ask_for(row)
    assert reply.status == 301
    assert reply.body == b""
    assert set(reply.headers) == {"location", "content-length"}
    location = reply.headers["location"]
    assert location.startswith("https://voice.example.com/recordings/")
    token = urlsplit(location).path.rpartition("/")[2]
    expires_at = shop.world.clock.now() + timedelta(days=3)
    assert shop.recordings.links.open(token) == Link("shop", row.object_name, expires_at)


async def test_without_a_public_address_it_is_what_the_client_called_us(shop: Shop):
    shop.serve("")
    row = await shop.kept("shop")
    reply = await shop.ask_for(row)
    assert reply.headers["location"].startswith("http://voice.example.net:8080/recordings/")
    reply = await shop.ask_for(row, Host="[2001:db8::1]:8080")
    assert reply.headers["location"].startswith("http://[2001:db8::1]:8080/recordings/")


@pytest.mark.parametrize("host", ["evil/path", "a b", "user@host", "", "x" * 300, "a\r\nb"])
async def test_a_host_that_is_none_is_not_repeated(shop: Shop, host: str):
    shop.serve("")
    reply = await shop.ask_for(await shop.kept("shop"), Host=host)
    assert reply.status == 301
    assert reply.headers["location"].startswith("/recordings/")


@pytest.mark.parametrize("mode", list(Mode))
async def test_applications_of_every_mode_are_served(shop: Shop, mode: Mode):
    client = await shop.world.add_application(f"of-{mode}", mode=mode, may_record=True)
    row = await shop.kept(f"of-{mode}")
    assert (await shop.ask_for(row, client)).status == 301


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({}, "fileName"),
        ({"recordDomain": "d"}, "fileName"),
        ({"fileName": "a.wav"}, "recordDomain"),
        ({"fileName": "", "recordDomain": "d"}, "fileName"),
        ({"fileName": "a" * 129, "recordDomain": "d"}, "fileName"),
        ({"fileName": "a.wav", "recordDomain": "d" * 129}, "recordDomain"),
    ],
)
async def test_a_missing_or_long_parameter_is_named(shop: Shop, parameters: Any, named: str):
    reply = await shop.ask(**parameters)
    assert reply.told == (403, "1010002", f"Invalid request.{named}")


async def test_an_unknown_file_or_another_domain_does_not_exist(shop: Shop):
    row = await shop.kept("shop")
    assert (await shop.ask(fileName="other.wav", recordDomain=row.domain)).told == UNKNOWN
    assert (await shop.ask(fileName=row.object_name, recordDomain="other")).told == UNKNOWN


async def test_a_recording_of_another_application_does_not_exist(shop: Shop):
    row = await shop.kept("shop")
    taxi = await shop.world.add_application("taxi", may_record=True)
    assert (await shop.ask_for(row, taxi)).told == UNKNOWN


async def test_a_recording_past_its_time_does_not_exist(shop: Shop):
    row = await shop.kept("shop")
    shop.world.clock.step(timedelta(days=30).total_seconds())
    assert (await shop.ask_for(row)).told == UNKNOWN


async def test_a_recording_that_is_not_stored_yet_has_its_address_already(shop: Shop):
    new = await shop.recordings.offices[0].begin(call())
    row = shop.recordings.rows.rows[new.recording.object_name]
    assert (await shop.ask_for(row)).status == 301


async def test_an_application_without_recording_is_told_so(shop: Shop):
    quiet = await shop.world.add_application("quiet")
    row = await shop.kept("quiet")
    assert (await shop.ask_for(row, quiet)).told == NOT_ENABLED


async def test_the_parameters_come_before_the_right_to_record_and_that_before_the_recording(
    shop: Shop,
):
    quiet = await shop.world.add_application("quiet")
    assert (await shop.ask(quiet, recordDomain="d")).told[1] == "1010002"
    assert (await shop.ask(quiet, fileName="other.wav", recordDomain="d")).told == NOT_ENABLED
    assert (await shop.ask(fileName="other.wav", recordDomain="d")).told == UNKNOWN


async def test_a_frozen_tenant_gets_no_address(shop: Shop):
    row = await shop.kept("shop")
    frozen = await shop.world.add_application(
        "cold", tenant_id="t-cold", tenant_state=TenantState.FROZEN, may_record=True
    )
    assert (await shop.ask_for(row, frozen)).told[:2] == (403, "1010029")


async def test_a_request_is_authenticated_as_all_others(shop: Shop):
    row = await shop.kept("shop")
    reply = await shop.ask_for(row, **{"X-AKSK": 'UsernameToken Username="shop"'})
    assert reply.status in {400, 401}
    assert "location" not in reply.headers


async def test_other_methods_are_refused(shop: Shop):
    reply = await shop.client.send("POST", path=PATH)
    assert reply.status == 405
    assert reply.headers["allow"] == "GET"

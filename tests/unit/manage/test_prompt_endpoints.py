from typing import Any

import pytest
from tests.unit.manage.operating import A, Answer, B, Operator, X
from tests.unit.services.prompt_world import tone

from maskline.services.prompt_audio import convert_sound

ONE, TWO = tone(500), tone(900)


class Reviewer:
    """An operator who works on the prompts of one application."""

    def __init__(self, operator: Operator, app_key: str) -> None:
        self.app_key = app_key
        self._operator = operator

    def path(self, name: str) -> str:
        return f"/manage/v1/applications/{self.app_key}/prompts/{name}"

    async def put(self, name: str, sound: bytes = ONE, query: str = "") -> Answer:
        return await self._operator.ask("PUT", self.path(name) + query, raw=sound)

    async def do(self, verb: str, name: str, **body: Any) -> Answer:
        return await self._operator.ask("POST", f"{self.path(name)}/{verb}", body)

    async def get(self, name: str, rest: str = "") -> Answer:
        return await self._operator.ask("GET", self.path(name) + rest)

    async def remove(self, name: str) -> Answer:
        return await self._operator.ask("DELETE", self.path(name))

    async def change(self, **fields: Any) -> Answer:
        path = f"/manage/v1/applications/{self.app_key}"
        return await self._operator.ask("PATCH", path, fields)


@pytest.fixture
async def reviewer(operator: Operator) -> Reviewer:
    made = await operator.create_application()
    return Reviewer(operator, made["app_key"])


async def test_a_file_becomes_a_prompt_that_waits(reviewer: Reviewer):
    answer = await reviewer.put("wait.wav", query="?description=please%20wait")
    assert answer.status == 200
    audio = convert_sound(ONE).audio
    assert answer.json == {
        "app_key": reviewer.app_key,
        "name": "wait.wav",
        "description": "please wait",
        "state": "waiting",
        "rejection": None,
        "approved": None,
        "submitted": {"digest": audio.digest, "size": audio.size, "duration_ms": 500},
        "created_at": "2026-11-20T08:00:00Z",
        "modified_at": "2026-11-20T08:00:00Z",
        "urged_at": None,
    }
    assert (await reviewer.get("wait.wav")).json == answer.json


async def test_a_review_goes_from_upload_to_use(reviewer: Reviewer):
    digest = (await reviewer.put("wait.wav")).json["submitted"]["digest"]
    approved = await reviewer.do("approve", "wait.wav", digest=digest)
    assert (approved.status, approved.json["state"]) == (200, "approved")
    await reviewer.put("wait.wav", TWO)
    rejected = await reviewer.do("reject", "wait.wav", reason="too loud")
    assert rejected.json["state"] == "rejected"
    assert rejected.json["rejection"] == "too loud"
    assert rejected.json["approved"]["digest"] == digest
    sound = await reviewer.get("wait.wav", "/sound")
    assert sound.headers["content-type"] == "audio/wav"
    assert sound.content == convert_sound(TWO).wav
    played = await reviewer.get("wait.wav", "/sound?version=approved")
    assert played.content == convert_sound(ONE).wav


async def test_a_review_of_another_sound_is_refused(reviewer: Reviewer):
    await reviewer.put("wait.wav")
    answer = await reviewer.do("approve", "wait.wav", digest="0" * 64)
    assert (answer.status, answer.error["code"]) == (409, "refused")


async def test_prompts_are_listed_by_application_and_state(operator: Operator, reviewer: Reviewer):
    for name in ("b.wav", "a.wav"):
        await reviewer.put(name)
    await reviewer.do("approve", "a.wav")

    async def names(query: str) -> list[str]:
        answer = await operator.ask("GET", f"/manage/v1/prompts{query}")
        return [item["name"] for item in answer.json["items"]]

    assert await names("") == ["a.wav", "b.wav"]
    assert await names(f"?app_key={reviewer.app_key}&state=waiting") == ["b.wav"]
    assert await names("?state=approved") == ["a.wav"]
    assert await names("?app_key=nobody") == []
    answer = await operator.ask("GET", "/manage/v1/prompts?state=lost")
    assert (answer.status, answer.error["field"]) == (400, "state")


async def test_what_is_no_sound_is_refused_with_a_next_step(reviewer: Reviewer):
    answer = await reviewer.put("wait.wav", b"no sound")
    assert (answer.status, answer.error["field"]) == (400, "sound")
    assert "send WAV, MP3, FLAC or OGG" in answer.error["message"]
    assert (await reviewer.put("a b.wav")).error["field"] == "name"
    assert (await reviewer.put("default-x.wav")).error["field"] == "name"
    assert (await reviewer.put("wait.wav", b"")).error["message"].startswith("sound: the file is")


async def test_a_file_may_be_larger_than_a_json_body_but_not_without_bound(reviewer: Reviewer):
    assert len(ONE) > 5000
    assert (await reviewer.put("wait.wav")).status == 200
    answer = await reviewer.put("wait.wav", bytes(20_001))
    assert (answer.status, answer.error["code"]) == (413, "too_large")


async def test_an_application_plays_approved_prompts_and_keeps_them(reviewer: Reviewer):
    await reviewer.put("none.wav")
    early = await reviewer.change(prompts={"no_binding": "none.wav"})
    assert (early.status, early.error["field"]) == (400, "prompts.no_binding")
    await reviewer.do("approve", "none.wav")
    changed = await reviewer.change(
        prompts={"no_binding": "none.wav", "waiting_tone": "default-please-wait-zh.wav"}
    )
    played = {name: prompt for name, prompt in changed.json["prompts"].items() if prompt}
    assert played == {"no_binding": "none.wav", "waiting_tone": "default-please-wait-zh.wav"}
    kept = await reviewer.remove("none.wav")
    assert (kept.status, kept.error["code"]) == (409, "refused")
    assert "no_binding" in kept.error["message"]
    await reviewer.change(prompts={"no_binding": None})
    assert (await reviewer.remove("none.wav")).status == 204
    assert (await reviewer.get("none.wav")).status == 404


async def test_unknown_prompts_and_applications_are_told(operator: Operator, reviewer: Reviewer):
    for answer in (
        await reviewer.get("none.wav"),
        await reviewer.get("none.wav", "/sound"),
        await reviewer.do("approve", "none.wav"),
        await reviewer.do("reject", "none.wav", reason="x"),
        await reviewer.remove("none.wav"),
        await Reviewer(operator, "nobody").put("wait.wav"),
    ):
        assert (answer.status, answer.error["code"]) == (404, "not_found")


async def test_a_rejection_without_reason_is_refused(reviewer: Reviewer):
    await reviewer.put("wait.wav")
    assert (await reviewer.do("reject", "wait.wav")).error["field"] == "reason"
    assert (await reviewer.do("reject", "wait.wav", reason=" ")).error["field"] == "reason"


async def test_a_tenant_says_how_long_its_recordings_are_kept(operator: Operator):
    made = await operator.ask("POST", "/manage/v1/tenants", {"name": "a", "tenant_id": "a"})
    assert made.json["recording_retention_days"] == 7
    path = "/manage/v1/tenants/a"
    changed = await operator.ask("PATCH", path, {"recording_retention_days": 400})
    assert changed.json["recording_retention_days"] == 400
    for days in (0, -1, 3651, "many"):
        answer = await operator.ask("PATCH", path, {"recording_retention_days": days})
        assert (answer.status, answer.error["field"]) == (400, "recording_retention_days")


async def test_the_document_describes_files(operator: Operator):
    document = (await operator.ask("GET", "/manage/v1/openapi.json", token=None)).json
    path = "/manage/v1/applications/{app_key}/prompts/{name}"
    sent = document["paths"][path]["put"]["requestBody"]["content"]
    assert sent == {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    answered = document["paths"][f"{path}/sound"]["get"]["responses"]["200"]["content"]
    assert answered == {"audio/wav": {"schema": {"type": "string", "format": "binary"}}}


async def test_what_waits_is_in_the_queue_of_reviewers_and_can_be_urged_once_an_hour(
    operator: Operator, reviewer: Reviewer
):
    await reviewer.put("wait.wav")
    await reviewer.put("old.wav")
    await reviewer.do("approve", "old.wav")
    assert (await reviewer.do("urge", "old.wav")).status == 409
    operator.clock.step(60)
    assert (await reviewer.do("urge", "wait.wav")).status == 200
    assert (await reviewer.do("urge", "wait.wav")).status == 409
    waiting = (await operator.ask("GET", "/manage/v1/reviews")).json["items"]
    assert [(one["name"], one["app_name"], one["kind"]) for one in waiting] == [
        ("wait.wav", "shop", "prompt")
    ]
    assert waiting[0]["waiting_since"] < waiting[0]["urged_at"]
    replaced = await reviewer.put("wait.wav", TWO)
    assert replaced.json["urged_at"] is None


async def test_a_prompt_tells_who_uses_it(operator: Operator, reviewer: Reviewer):
    await reviewer.put("wait.wav")
    await reviewer.do("approve", "wait.wav")
    await reviewer.change(prompts={"waiting_tone": "wait.wav"})
    await operator.add_number(reviewer.app_key)
    form = {"app_key": reviewer.app_key, "a": A, "b": B, "a_waiting_tone": "wait.wav"}
    assert (await operator.ask("POST", "/manage/v1/bindings", {**form, "x": X})).status == 201
    uses = (await reviewer.get("wait.wav", "/uses")).json
    assert uses == {"slots": ["waiting_tone"], "bindings": 1, "is_bounded": False}


async def test_a_prompt_is_drawn_by_its_peaks(reviewer: Reviewer):
    await reviewer.put("wait.wav")
    peaks = (await reviewer.get("wait.wav", "/peaks?points=10")).json
    assert peaks["duration_s"] == 0.5
    (channel,) = peaks["channels"]
    assert len(channel) == 10
    assert 0.1 < max(channel) <= 1
    assert (await reviewer.get("none.wav", "/peaks")).status == 404


async def test_what_waits_is_listed_for_reviewers_and_may_be_urged_once_an_hour(
    operator: Operator, reviewer: Reviewer
):
    for name in ("a.wav", "b.wav"):
        await reviewer.put(name)
    await reviewer.do("approve", "a.wav")
    urged = await reviewer.do("urge", "b.wav")
    assert (urged.status, urged.json["urged_at"]) == (200, "2026-11-20T08:00:00Z")
    assert (await reviewer.do("urge", "b.wav")).status == 409
    answer = await operator.ask("GET", "/manage/v1/reviews")
    (waiting,) = answer.json["items"]
    assert (waiting["name"], waiting["replaces"], answer.json["next"]) == ("b.wav", False, None)


async def test_a_prompt_tells_for_what_it_is_played(reviewer: Reviewer):
    await reviewer.put("a.wav")
    await reviewer.do("approve", "a.wav")
    await reviewer.change(prompts={"no_binding": "a.wav"})
    assert (await reviewer.get("a.wav", "/uses")).json == {
        "slots": ["no_binding"],
        "bindings": 0,
        "is_bounded": False,
    }

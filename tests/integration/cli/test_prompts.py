from pathlib import Path

import pytest
from tests.unit.services.prompt_world import tone

from maskline.services.prompt_audio import convert_sound

MP3 = tone(600, form="MP3", rate=44100)


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "please.mp3"
    path.write_bytes(MP3)
    return str(path)


@pytest.fixture
def app_key(platform) -> str:
    return platform.run("app", "create", "--mode", "axb", "--name", "shop")["app_key"]


def test_a_prompt_is_submitted_heard_approved_and_used(
    platform, app_key: str, file: str, tmp_path: Path
):
    at = ("wait.wav", "--app", app_key)
    told = platform.read("prompt", "add", file, "--app", app_key, "--name", "wait.wav")
    assert "waiting" in told
    assert "0.5 s" in told
    assert f"maskline prompt approve wait.wav --app {app_key}" in told
    assert [one["name"] for one in platform.run("prompt", "list", "--state", "waiting")] == [at[0]]
    copy = tmp_path / "copy.wav"
    kept = platform.run("prompt", "download", *at, "-o", str(copy))
    assert kept == {"file": str(copy), "size": copy.stat().st_size}
    assert copy.read_bytes() == convert_sound(MP3).wav
    assert platform.run("prompt", "approve", *at)["state"] == "approved"
    changed = platform.run("app", "set", app_key, "prompts.no_binding=wait.wav")
    assert changed["prompts"]["no_binding"] == "wait.wav"
    assert "no_binding=wait.wav" in platform.read("app", "show", app_key)
    refused = platform.run("prompt", "remove", *at, code=1)
    assert refused["error"]["code"] == "refused"
    platform.run("app", "set", app_key, "--set", "prompts.no_binding=none")
    assert platform.run("prompt", "remove", *at)["removed"] is True
    assert platform.run("prompt", "list", "--app", app_key) == []


def test_a_name_that_no_prompt_may_have_is_refused_with_the_rule(platform, app_key: str, file: str):
    refused = platform.run("prompt", "add", file, "--app", app_key, "--name", "../x", code=1)
    assert "../x" in refused["error"]["message"]
    assert "letters, digits" in refused["error"]["hint"]


def test_a_rejection_is_shown_with_its_reason_and_the_next_step(platform, app_key: str, file: str):
    at = ("please.mp3", "--app", app_key)
    platform.run("prompt", "add", file, "--app", app_key, "--description", "for callers")
    told = platform.read("prompt", "reject", *at, "--reason", "too loud")
    assert "too loud" in told
    assert "send a better one" in told
    shown = platform.run("prompt", "show", *at)
    assert (shown["state"], shown["rejection"]) == ("rejected", "too loud")
    assert "for callers" in platform.read("prompt", "list")


def test_what_is_no_sound_is_refused_with_a_next_step(platform, app_key: str, tmp_path: Path):
    path = tmp_path / "letter.wav"
    path.write_text("dear customer")
    refused = platform.run("prompt", "add", str(path), "--app", app_key, code=1)
    assert refused["error"]["field"] == "sound"
    assert "send WAV, MP3, FLAC or OGG" in refused["error"]["message"]
    assert "four minutes" in refused["error"]["hint"]


def test_a_prompt_that_was_not_approved_is_refused_with_how_to_do_that(
    platform, app_key: str, file: str
):
    platform.run("prompt", "add", file, "--app", app_key, "--name", "wait.wav")
    refused = platform.run("app", "set", app_key, "prompts.no_binding=wait.wav", code=1)
    assert refused["error"]["field"] == "prompts.no_binding"
    assert "maskline prompt list --state waiting" in refused["error"]["hint"]
    assert "maskline prompt approve" in refused["error"]["hint"]


def test_a_download_without_a_name_replaces_no_file(
    platform, app_key: str, file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.wav").write_text("precious")
    platform.run("prompt", "add", file, "--app", app_key, "--name", "mine.wav")
    refused = platform.run("prompt", "download", "mine.wav", "--app", app_key, code=1)
    assert "-o" in refused["error"]["hint"]
    assert (tmp_path / "mine.wav").read_text() == "precious"


def test_shipped_prompts_are_listed_and_can_be_heard(platform, tmp_path: Path):
    names = [one["name"] for one in platform.run("prompt", "shipped")]
    assert len(names) == 19
    assert names[0] in platform.read("prompt", "shipped")
    copy = tmp_path / "copy.wav"
    platform.run("prompt", "download", names[0], "-o", str(copy))
    assert copy.read_bytes()[:4] == b"RIFF"
    lost = platform.run("prompt", "download", "default-lost.wav", "-o", str(copy), code=1)
    assert lost["error"]["code"] == "not_found"
    assert platform.run("prompt", "download", "mine.wav", code=2)["error"]["code"] == "usage"


def test_shipped_prompts_need_no_upload(platform, app_key: str):
    name = "default-no-permission-en.wav"
    changed = platform.run("app", "set", app_key, f"prompts.no_permission={name}")
    assert changed["prompts"]["no_permission"] == name
    wrong = platform.run("app", "set", app_key, "prompts.no_permission=lost.wav", code=1)
    assert wrong["error"]["field"] == "prompts.no_permission"


def test_a_tenants_recordings_are_kept_as_long_as_it_wants(platform):
    made = platform.run("tenant", "create", "--name", "T", "--id", "t", "--recording-days", "30")
    assert made["recording_retention_days"] == 30
    changed = platform.run("tenant", "set", "t", "--recording-days", "365", "name=New")
    assert (changed["recording_retention_days"], changed["name"]) == (365, "New")
    changed = platform.run("tenant", "set", "t", "recording_retention_days=90")
    assert changed["recording_retention_days"] == 90
    assert platform.run("tenant", "set", "t", code=2)["error"]["code"] == "usage"

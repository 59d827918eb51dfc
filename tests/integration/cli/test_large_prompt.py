from pathlib import Path


def test_a_file_that_is_too_large_is_refused_with_its_limit(platform, tmp_path: Path):
    app_key = platform.run("app", "create", "--mode", "axb", "--name", "shop")["app_key"]
    path = tmp_path / "long.wav"
    for size in (20_000_001, 60_000_000):
        path.write_bytes(bytes(size))
        refused = platform.run("prompt", "add", str(path), "--app", app_key, code=1)
        assert refused["error"]["code"] == "too_large"
        assert "20000000 bytes" in refused["error"]["message"]


def test_an_unknown_application_is_told_before_the_file_is_sent(platform, tmp_path: Path):
    path = tmp_path / "long.wav"
    path.write_bytes(bytes(60_000_000))
    refused = platform.run("prompt", "add", str(path), "--app", "nobody", code=1)
    assert refused["error"]["code"] == "not_found"

import stat
from pathlib import Path

import pytest

from maskline.services.recording import StorageFailed
from maskline.storages.local import LocalStorage

NAME = "261120080000" + "7" * 20 + ".wav"


async def test_files_lie_by_bucket_and_day_and_are_for_the_owner_only(tmp_path: Path):
    storage = LocalStorage(tmp_path / "recordings")
    await storage.start()
    path = tmp_path / NAME
    path.write_bytes(b"sealed")
    path.chmod(0o644)
    await storage.keep(path, "sp-demo", NAME)
    kept = tmp_path / "recordings" / "sp-demo" / "2026-11-20" / NAME
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    for folder in list(kept.parents)[:3]:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    await storage.aclose()


async def test_a_name_without_a_date_has_a_place_too(tmp_path: Path):
    storage = LocalStorage(tmp_path)
    path = tmp_path / "old.wav"
    path.write_bytes(b"sealed")
    await storage.keep(path, "sp-demo", "old.wav")
    assert (tmp_path / "sp-demo" / "undated" / "old.wav").exists()
    await storage.aclose()


async def test_a_link_in_place_of_a_file_is_not_followed(tmp_path: Path):
    storage = LocalStorage(tmp_path)
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    folder = tmp_path / "sp-demo" / "2026-11-20"
    folder.mkdir(parents=True)
    (folder / NAME).symlink_to(secret)
    with pytest.raises(StorageFailed):
        await storage.read("sp-demo", NAME, 0, 6)
    await storage.aclose()


async def test_a_directory_that_cannot_be_made_is_told_at_the_start(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    storage = LocalStorage(tmp_path / "file" / "recordings")
    with pytest.raises(StorageFailed):
        await storage.start()
    await storage.aclose()

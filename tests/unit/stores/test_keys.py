import base64
import os
import stat
from pathlib import Path

import pytest

from maskline.domain.error import StoreFailed
from maskline.stores.keys import FixedKeys, keys_from_file, read_key, write_key

MASTER = bytes(range(32))


def test_each_purpose_has_its_own_key_always_the_same():
    keys = FixedKeys(MASTER)
    assert keys.derive("wrap") == FixedKeys(MASTER).derive("wrap")
    assert len({keys.derive("wrap"), keys.derive("lookup"), MASTER}) == 3
    assert keys.derive("wrap") != FixedKeys(bytes(32)).derive("wrap")
    assert len(keys.derive("wrap")) == 32


def test_a_master_key_has_32_bytes():
    with pytest.raises(StoreFailed):
        FixedKeys(b"short")


def test_a_key_is_read_as_it_was_written():
    text = write_key(MASTER)
    assert read_key(f"  {text}\n").derive("p") == FixedKeys(MASTER).derive("p")


@pytest.mark.parametrize(
    "text",
    [
        "",
        base64.b64encode(MASTER).decode(),
        write_key(MASTER[:-1]),
        "maskline-key-1:not base64!",
        write_key(MASTER).replace("key-1", "key-2"),
    ],
)
def test_anything_else_is_refused(text: str):
    with pytest.raises(StoreFailed):
        read_key(text)


def test_the_file_is_made_once_for_its_owner_only(tmp_path: Path):
    path = tmp_path / "new" / "master.key"
    first = keys_from_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["master.key"]
    assert keys_from_file(path).derive("p") == first.derive("p")
    assert keys_from_file(tmp_path / "other.key").derive("p") != first.derive("p")


def test_a_file_that_others_may_read_is_refused(tmp_path: Path):
    path = tmp_path / "master.key"
    keys_from_file(path)
    path.chmod(0o640)
    with pytest.raises(StoreFailed, match="chmod 600"):
        keys_from_file(path)


def test_a_file_without_a_key_is_refused_and_left_alone(tmp_path: Path):
    path = tmp_path / "master.key"
    for content in (b"", b"\xff\xfe", b"key"):
        path.write_bytes(content)
        path.chmod(0o600)
        with pytest.raises(StoreFailed):
            keys_from_file(path)
        assert path.read_bytes() == content


def test_a_file_that_cannot_be_made_is_told(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreFailed):
        keys_from_file(tmp_path / "file" / "master.key")


def test_the_process_that_comes_second_takes_the_key_that_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "master.key"
    link = os.link

    def link_second(source: Path, target: Path) -> None:
        link(source, target)  # the other process
        link(source, target)

    monkeypatch.setattr(os, "link", link_second)
    assert keys_from_file(path).derive("p") == read_key(path.read_text()).derive("p")
    assert [file.name for file in tmp_path.iterdir()] == ["master.key"]

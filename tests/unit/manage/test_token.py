from pathlib import Path

import pytest

from maskline.domain.error import PlatformError
from maskline.manage.token import TOKEN_LENGTH, load_admin_token
from maskline.services.ids import SystemIds


def test_a_token_is_made_once_for_the_owner_only(tmp_path: Path):
    path = tmp_path / "var" / "admin.token"
    token = load_admin_token(path, SystemIds())
    assert len(token) == TOKEN_LENGTH
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_admin_token(path, SystemIds()) == token
    assert [entry.name for entry in path.parent.iterdir()] == ["admin.token"]


def test_an_empty_token_file_is_refused(tmp_path: Path):
    path = tmp_path / "admin.token"
    path.touch(mode=0o600)
    path.write_text("\n")
    with pytest.raises(PlatformError, match="empty"):
        load_admin_token(path, SystemIds())


def test_a_token_file_that_others_may_read_is_refused(tmp_path: Path):
    path = tmp_path / "admin.token"
    load_admin_token(path, SystemIds())
    path.chmod(0o644)
    with pytest.raises(PlatformError, match="chmod 600"):
        load_admin_token(path, SystemIds())


def test_a_token_file_that_cannot_be_made_says_so(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(PlatformError, match="cannot be"):
        load_admin_token(tmp_path / "file" / "admin.token", SystemIds())

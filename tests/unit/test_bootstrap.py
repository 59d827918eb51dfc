from pathlib import Path

import pytest
from msgspec.structs import replace

from maskline.bootstrap import store
from maskline.bootstrap.sip import build_sip
from maskline.bootstrap.store import build_keys, build_store
from maskline.domain.error import StoreFailed
from maskline.planes.call.edge import Edges
from maskline.planes.call.limits import CallLimits
from maskline.planes.call.trunk_board import TrunkBoard
from maskline.services.clock import SystemClock
from maskline.settings import Settings
from maskline.settings_store import StoreSection
from maskline.stores.keys import FixedKeys
from maskline.stores.postgres import PostgresStore
from maskline.stores.sqlite import SqliteStore


@pytest.mark.parametrize("ring_timeout_s", [90.0, 280.0, 600.0])
def test_sip_waits_longer_than_a_call_may_ring(ring_timeout_s):
    settings = Settings()
    settings = replace(settings, calls=replace(settings.calls, ring_timeout_s=ring_timeout_s))
    board = TrunkBoard(CallLimits(), lambda: 0.0, lambda: 0.0)
    config = build_sip(settings, SystemClock(), board, Edges())[0].config
    assert ring_timeout_s < config.invite_timeout_s < config.answer_timeout_s


def _kept_in(tmp_path: Path, url: str = "") -> Settings:
    return Settings(store=StoreSection(data=str(tmp_path), url=url))


def test_a_url_puts_the_data_into_postgresql(tmp_path: Path):
    for url, kind in (("", SqliteStore), ("postgresql://u@h/d", PostgresStore)):
        built = build_store(_kept_in(tmp_path, url), FixedKeys(), SystemClock())
        assert isinstance(built, kind)


def test_without_psycopg_the_package_to_install_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(store, "find_spec", lambda _: None)
    with pytest.raises(StoreFailed, match=r"pip install 'maskline\[postgres\]'"):
        build_store(_kept_in(tmp_path, "postgresql://u@h/d"), FixedKeys(), SystemClock())


def test_a_lost_key_is_told_only_of_data_that_is_used(tmp_path: Path):
    (tmp_path / "maskline.db").touch()
    with pytest.raises(StoreFailed, match="restore it"):
        build_keys(_kept_in(tmp_path))
    build_keys(_kept_in(tmp_path, "postgresql://u@h/d"))

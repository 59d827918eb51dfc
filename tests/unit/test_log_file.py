import io
import json
import os
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
import structlog
from tests.unit.test_telemetry import _restored_logging

from maskline.log_file import DailyLog
from maskline.settings_log import LogSection
from maskline.telemetry import configure_logging, open_log

__all__ = ["_restored_logging"]


class Calendar:
    day = date(2026, 11, 29)

    def __call__(self) -> date:
        return self.day


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def stderr() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def log(tmp_path: Path, calendar: Calendar, stderr: io.StringIO) -> Iterator[DailyLog]:
    log = DailyLog(tmp_path / "log" / "maskline.log", "", 7, calendar, stderr)
    yield log
    log.close()


def _files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_each_day_has_a_file_of_its_own(tmp_path: Path, calendar: Calendar, log: DailyLog):
    log.write("first\n")
    calendar.day += timedelta(days=1)
    log.write("second\n")
    log.write("third\n")
    texts = {path.name: path.read_text() for path in (tmp_path / "log").iterdir()}
    assert texts == {
        "maskline-2026-11-29.log": "first\n",
        "maskline-2026-11-30.log": "second\nthird\n",
    }


def test_only_the_owner_may_read_them(tmp_path: Path, log: DailyLog):
    log.write("line\n")
    assert (tmp_path / "log").stat().st_mode & 0o077 == 0
    assert (tmp_path / "log" / "maskline-2026-11-29.log").stat().st_mode & 0o777 == 0o600


def test_a_start_on_the_same_day_goes_on_in_its_file(
    tmp_path: Path, calendar: Calendar, log: DailyLog, stderr: io.StringIO
):
    log.write("before\n")
    again = DailyLog(tmp_path / "log" / "maskline.log", "", 7, calendar, stderr)
    again.write("after\n")
    again.close()
    [path] = (tmp_path / "log").iterdir()
    assert path.read_text() == "before\nafter\n"


def test_old_files_of_every_process_go_at_the_start_and_each_day_and_nothing_else(
    tmp_path: Path, calendar: Calendar, stderr: io.StringIO
):
    ours = ["maskline-2026-11-22.log", "maskline-2026-11-23.log", "maskline-call-2-2026-11-21.log"]
    others = ["maskline-2026-11-21.log.gz", "other-2026-11-21.log", "maskline.log"]
    for name in ours + others:
        (tmp_path / name).touch()
    worker = DailyLog(tmp_path / "maskline.log", "api-1", 7, calendar, stderr)
    own = "maskline-api-1-2026-11-29.log"
    second = "maskline-2026-11-22.log"
    assert _files(tmp_path) == sorted([*others, own, second, "maskline-2026-11-23.log"])
    calendar.day += timedelta(days=1)
    worker.write("line\n")
    assert second not in _files(tmp_path)
    worker.close()


def test_an_old_file_that_cannot_be_deleted_stops_neither_start_nor_day(
    tmp_path: Path, calendar: Calendar, stderr: io.StringIO
):
    for day in ("2026-11-20", "2026-11-22"):
        (tmp_path / f"maskline-{day}.log").mkdir()
    (tmp_path / "maskline-2026-11-21.log").touch()
    log = DailyLog(tmp_path / "maskline.log", "", 7, calendar, stderr)
    assert "maskline-2026-11-21.log" not in _files(tmp_path)
    calendar.day += timedelta(days=1)
    log.write("line\n")
    log.close()
    assert (tmp_path / "maskline-2026-11-30.log").read_text() == "line\n"
    assert not stderr.getvalue()


def test_a_path_without_a_name_is_refused_as_what_cannot_be_written(
    calendar: Calendar, stderr: io.StringIO
):
    with pytest.raises(IsADirectoryError):
        DailyLog(Path("/"), "", 7, calendar, stderr)


def test_lines_that_cannot_be_written_go_to_standard_error(
    tmp_path: Path, calendar: Calendar, log: DailyLog, stderr: io.StringIO
):
    calendar.day += timedelta(days=1)
    blocking = tmp_path / "log" / "maskline-2026-11-30.log"
    blocking.mkdir()
    log.write("kept\n")
    assert stderr.getvalue() == "kept\n"
    blocking.rmdir()
    log.write("written\n")
    assert blocking.read_text() == "written\n"


def test_a_full_disk_stops_nothing(
    log: DailyLog, stderr: io.StringIO, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(os, "write", lambda _, line: len(line) // 2)
    log.write("line\n")
    assert stderr.getvalue() == "line\n"


@pytest.mark.usefixtures("_restored_logging")
def test_numbers_are_masked_there_as_everywhere(tmp_path: Path, stderr: io.StringIO):
    section = LogSection(format="json", file=str(tmp_path / "maskline.log"))
    with closing(open_log(section, "api-1", stderr)) as log:
        configure_logging(section, log, worker="api-1")
        structlog.get_logger().info("call_arrived", caller="+8613900001001")
    [path] = tmp_path.iterdir()
    assert path.name.startswith("maskline-api-1-20")
    line = json.loads(path.read_text())
    assert (line["caller"], line["worker"]) == ("+86139****1001", "api-1")

from pathlib import Path

import pytest

from maskline.domain.error import StoreFailed
from maskline.stores.migration import Migration, load_migrations, migrations_of


@pytest.mark.parametrize("name", ["0002_pre_gap.sql", "0001_maybe_x.sql", "1_pre_x.sql"])
def test_files_out_of_the_row_are_refused(tmp_path: Path, name: str):
    (tmp_path / name).write_text("SELECT 1;")
    with pytest.raises(StoreFailed, match=name):
        load_migrations(tmp_path)


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_our_own_steps_are_in_their_row(database: str):
    steps = load_migrations(migrations_of(database))
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))


def test_a_step_says_whether_the_release_before_must_be_gone():
    assert not Migration(number=1, name="0001_pre_post_box", script="").is_post
    assert Migration(number=2, name="0002_post_drop", script="").is_post

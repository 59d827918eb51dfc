import asyncio
import sys
from pathlib import Path

import pytest
from tests.contract.store.making import Make

from maskline.domain.error import StoreFailed
from maskline.services.list_filter import CallFilter
from maskline.services.store import BindingFilter, BindLimits, Page
from maskline.stores.keys import FixedKeys
from maskline.stores.sqlite import SqliteStore


async def test_everything_is_there_after_a_restart(filled: SqliteStore, path: Path, make: Make):
    binding = make.expiring(10)
    await filled.bind(binding, BindLimits(pairs=9), make.now, None)
    await filled.save_call(make.call("s"), [make.notice("s")])
    await filled.close()
    again = SqliteStore(path, FixedKeys())
    await again.open()
    assert (await again.bindings(BindingFilter(), make.now, Page())).rows == (binding,)
    second = make.binding()
    await again.bind(second, BindLimits(pairs=9), make.now, None)
    await again.save_call(make.call("t"), [make.notice("t")])
    queued = await again.claim(make.endpoint(), make.now, make.after(1), 9)
    assert [one.notice.stream for one in queued] == ["s", "t"]
    assert (await again.bindings(BindingFilter(), make.now, Page())).rows == (binding, second)
    await again.close()


async def test_a_second_process_is_refused_and_told_who_holds_the_file(
    filled: SqliteStore, path: Path
):
    program = (
        "import asyncio, sys; from pathlib import Path;"
        "from maskline.stores.keys import FixedKeys;"
        "from maskline.stores.sqlite import SqliteStore;"
        "asyncio.run(SqliteStore(Path(sys.argv[1]), FixedKeys()).open())"
    )
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(path), stderr=asyncio.subprocess.PIPE
    )
    _, errors = await child.communicate()
    assert child.returncode == 1
    assert b"StoreFailed" in errors
    assert b"held by process" in errors


async def test_a_second_store_in_one_process_is_refused_until_the_first_closes(
    filled: SqliteStore, path: Path
):
    second = SqliteStore(path, FixedKeys())
    with pytest.raises(StoreFailed, match="held by process"):
        await second.open()
    await filled.close()
    await second.open()
    await second.close()


def _write_nonsense(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database at all" * 1000)


async def test_a_file_that_is_no_database_is_refused(path: Path):
    _write_nonsense(path)
    store = SqliteStore(path, FixedKeys())
    with pytest.raises(StoreFailed):
        await store.open()
    other = SqliteStore(path, FixedKeys())  # the claim on the file was let go
    with pytest.raises(StoreFailed, match="cannot be opened"):
        await other.open()


async def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreFailed):
        await SqliteStore(tmp_path / "file" / "maskline.db", FixedKeys()).open()


async def test_closing_finishes_what_was_accepted(filled: SqliteStore, path: Path, make: Make):
    waiting = [filled.save_call(make.call(), [make.notice(f"s{i}")]) for i in range(500)]
    await filled.close()
    assert all(future.done() for future in waiting)
    again = SqliteStore(path, FixedKeys())
    await again.open()
    assert await again.outbox_depth() == (500, 0)
    await again.close()


async def test_a_closed_store_refuses_everything_and_closes_again(filled: SqliteStore, make: Make):
    await filled.close()
    await filled.close()
    with pytest.raises(StoreFailed):
        filled.save_call(make.call(), [])
    with pytest.raises(StoreFailed):
        await filled.route(make.x, "+8613900000001")
    with pytest.raises(StoreFailed):
        await filled.tenants(Page())


async def test_one_store_may_be_opened_again_but_not_twice(filled: SqliteStore, make: Make):
    with pytest.raises(StoreFailed, match="open already"):
        await filled.open()
    await filled.close()
    await filled.open()
    assert await filled.application(make.app_key) == make.application()
    await filled.save_call(make.call(), [])
    assert len((await filled.live_calls(CallFilter(), Page())).rows) == 1

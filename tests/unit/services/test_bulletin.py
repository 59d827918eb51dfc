from datetime import UTC, datetime

import pytest

from maskline.domain.error import StoreFailed
from maskline.services.bulletin import BulletinBoard, BulletinReader, ReaderLimits
from maskline.services.bulletin_store import BulletinKind
from maskline.services.clock import SteppedClock
from maskline.stores.memory import MemoryStore


@pytest.fixture
def clock():
    return SteppedClock(datetime(2026, 1, 2, tzinfo=UTC))


@pytest.fixture
def store():
    return MemoryStore()


class Process:
    """A reader and what it was told."""

    def __init__(self, store, clock, name):
        self.told = []
        self.board = BulletinBoard(store, clock, name, has_readers=True)
        self.looks = 0
        limits = ReaderLimits(overlap_s=5.0, page=3)
        self.reader = BulletinReader(store, clock, name, self.take, limits, on_look=self.note_look)

    def note_look(self):
        self.looks += 1

    def take(self, bulletin):
        self.told.append(bulletin.subject)
        if bulletin.subject == "poison":
            raise RuntimeError("cannot be applied")


@pytest.fixture
def one(store, clock):
    return Process(store, clock, "one")


@pytest.fixture
def two(store, clock):
    return Process(store, clock, "two")


async def test_each_process_hears_once_what_the_others_tell(one, two):
    await one.board.post(BulletinKind.TENANT, "t1")
    await two.board.post(BulletinKind.TENANT, "t2")
    for _ in range(2):
        await one.reader.look()
        await two.reader.look()
    assert (one.told, two.told) == (["t2"], ["t1"])


async def test_more_than_a_page_is_read_in_one_look(one, two):
    for n in range(8):
        await one.board.post(BulletinKind.TENANT, str(n))
    await two.reader.look()
    assert two.told == [str(n) for n in range(8)]
    assert two.looks == 1


async def test_what_was_told_before_a_process_began_is_heard_by_it(store, clock, one):
    await one.board.post(BulletinKind.LOCKED_OUT, "rest 192.0.2.7")
    clock.step(1000)
    late = Process(store, clock, "late")
    await late.reader.look()
    assert late.told == ["rest 192.0.2.7"]


async def test_one_that_appears_behind_a_later_one_is_not_missed(store, clock, one, two):
    await one.board.post(BulletinKind.TENANT, "slow")
    slow = store._tables.bulletins.popitem()
    await one.board.post(BulletinKind.TENANT, "quick")
    await two.reader.look()
    clock.step(4)
    quick = store._tables.bulletins.popitem()
    store._tables.bulletins.update([slow, quick])
    await two.reader.look()
    assert two.told == ["quick", "slow"]
    clock.step(20)
    await two.reader.look()
    await two.reader.look()
    assert two.told == ["quick", "slow"]


async def test_places_are_let_go_when_they_are_old_enough(clock, one, two):
    for n in range(3):
        await one.board.post(BulletinKind.TENANT, str(n))
        await two.reader.look()
        clock.step(4)
    await two.reader.look()
    assert len(two.reader._seen_at) == 1
    clock.step(9)
    await two.reader.look()
    assert two.reader._seen_at == {}
    await one.board.post(BulletinKind.TENANT, "3")
    await two.reader.look()
    assert two.told == ["0", "1", "2", "3"]


async def test_one_that_cannot_be_applied_holds_up_nothing(one, two):
    for subject in ("poison", "after it"):
        await one.board.post(BulletinKind.TENANT, subject)
    await two.reader.look()
    assert two.told == ["poison", "after it"]


async def test_where_nobody_reads_nothing_is_posted(store, clock):
    alone = BulletinBoard(store, clock, "one", has_readers=False)
    await alone.post(BulletinKind.TENANT, "t1")
    alone.post_soon(BulletinKind.TENANT, "t1")
    await alone.close()
    assert await store.bulletins_after(0, 10) == ()


async def test_what_is_posted_soon_is_there_at_the_latest_when_the_board_is_closed(store, one):
    one.board.post_soon(BulletinKind.TRUNKS)
    await one.board.close()
    assert [told.kind for _, told in await store.bulletins_after(0, 10)] == ["trunks"]


class FailingStore(MemoryStore):
    async def post_bulletin(self, bulletin):
        raise StoreFailed("gone")


async def test_only_what_is_waited_for_tells_of_a_store_that_fails(clock):
    board = BulletinBoard(FailingStore(), clock, "one", has_readers=True)
    board.post_soon(BulletinKind.TRUNKS)
    await board.close()
    with pytest.raises(StoreFailed):
        await board.post(BulletinKind.STOP_CALL, "s1")

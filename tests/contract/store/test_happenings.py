"""What happened is kept for a while, in order, and found by what it was about."""

from dataclasses import replace

from tests.contract.store.making import Make

from maskline.domain.happening import Happening, HappeningKind
from maskline.services.happening_store import HappeningFilter
from maskline.services.store import Store

PUSH, REQUEST = HappeningKind.PUSH, HappeningKind.REQUEST


def _happening(make: Make, second: int, **changes: str) -> Happening:
    plain = Happening(
        kind=PUSH,
        at=make.after(second),
        app_key="app-1",
        subject=f"s{second}",
        cause="timeout",
        detail=b"{}",
    )
    return replace(plain, **changes)


async def test_they_are_found_newest_first_by_what_narrows_them(empty_store: Store, make: Make):
    await empty_store.add_happenings([])
    await empty_store.add_happenings(
        [
            _happening(make, 1),
            _happening(make, 2, app_key="app-2", cause="5xx"),
            _happening(make, 3),
        ]
    )

    async def found(**wanted: object) -> list[str]:
        asked = HappeningFilter(kind=PUSH, **wanted)  # pyright: ignore[reportArgumentType]
        return [one.subject for one in await empty_store.happenings(asked, 10)]

    assert await found() == ["s3", "s2", "s1"]
    assert await found(app_key="app-1") == ["s3", "s1"]
    assert await found(app_keys=["app-2", "app-3"]) == ["s2"]
    assert await found(app_keys=[]) == []
    assert await found(subject="s1") == ["s1"]
    assert await found(cause="5xx") == ["s2"]
    assert await found(since=make.after(2), until=make.after(3)) == ["s2"]
    newest = (await empty_store.happenings(HappeningFilter(kind=PUSH), 1))[0]
    assert newest.detail == b"{}"
    assert await found(below=newest.sequence) == ["s2", "s1"]
    assert await empty_store.happenings(HappeningFilter(kind=REQUEST), 10) == ()


async def test_old_ones_and_those_beyond_a_number_go(empty_store: Store, make: Make):
    await empty_store.add_happenings([_happening(make, second) for second in range(6)])
    await empty_store.add_happenings([_happening(make, 9, app_key="app-2")])
    assert await empty_store.remove_happenings(PUSH, make.after(1), 10) == 1
    assert await empty_store.trim_happenings(PUSH, 3, 1) == 1
    assert await empty_store.trim_happenings(PUSH, 3, 10) == 1
    assert await empty_store.trim_happenings(PUSH, 3, 10) == 0
    left = await empty_store.happenings(HappeningFilter(kind=PUSH), 10)
    assert [one.subject for one in left] == ["s9", "s5", "s4", "s3"]

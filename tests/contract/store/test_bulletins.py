from datetime import datetime

from tests.contract.store.making import Make

from maskline.services.bulletin_store import Bulletin, BulletinKind
from maskline.services.store import Store


def bulletin(subject: str, posted_at: datetime = Make.now) -> Bulletin:
    return Bulletin(
        kind=BulletinKind.APPLICATION, subject=subject, origin="one", posted_at=posted_at
    )


async def test_bulletins_are_read_in_the_order_in_which_they_were_posted(store: Store):
    posted = [bulletin(str(n)) for n in range(3)]
    for one in posted:
        await store.post_bulletin(one)
    found = await store.bulletins_after(0, 10)
    assert [one for _, one in found] == posted
    places = [place for place, _ in found]
    assert places == sorted(set(places))
    assert await store.bulletins_after(places[0], 1) == found[1:2]
    assert await store.bulletins_after(places[-1], 10) == ()


async def test_old_bulletins_are_removed_and_their_places_not_given_again(store: Store, make: Make):
    await store.post_bulletin(bulletin("old"))
    await store.post_bulletin(bulletin("new", make.after(60)))
    last = (await store.bulletins_after(0, 10))[-1][0]
    assert await store.remove_bulletins(make.after(60)) == 1
    assert [one.subject for _, one in await store.bulletins_after(0, 10)] == ["new"]
    assert await store.remove_bulletins(make.after(61)) == 1
    await store.post_bulletin(bulletin("next"))
    assert [one.subject for _, one in await store.bulletins_after(last, 10)] == ["next"]


async def test_a_bulletin_of_a_newer_release_is_read_as_it_is(store: Store, make: Make):
    newer = Bulletin(kind="unheard_of", subject="订单", origin="two", posted_at=make.now)
    await store.post_bulletin(newer)
    assert [one for _, one in await store.bulletins_after(0, 10)] == [newer]

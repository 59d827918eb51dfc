"""Several processes take, put together and forward messages beside each other on one database."""

import asyncio
from dataclasses import replace

from tests.contract.store.making import Make

from maskline.domain.message import Message
from maskline.services.message_store import Lease, MessageFilter
from maskline.services.store import Page
from maskline.stores.postgres import PostgresStore

Workers = tuple[PostgresStore, PostgresStore]


def _accept(store: PostgresStore, make: Make, message: Message) -> asyncio.Future[bool]:
    since = make.after(-600)
    return store.accept_message(message, [], lease=None, repeats_since=since)


async def test_of_a_message_that_comes_to_both_one_is_accepted(workers: Workers, make: Make):
    messages = [make.message() for _ in range(40)]
    repeats = [
        replace(one, message_id=f"again-{one.message_id}", connection="c2") for one in messages
    ]
    accepted = await asyncio.gather(
        *(_accept(workers[0], make, one) for one in messages),
        *(_accept(workers[1], make, one) for one in reversed(repeats)),
    )
    assert sum(accepted) == 40
    digests = {
        one.digest for one in (await workers[0].messages(MessageFilter(), Page(limit=99))).rows
    }
    assert digests == {one.digest for one in messages}


async def test_no_message_is_claimed_by_two(workers: Workers, make: Make):
    await asyncio.gather(*(_accept(workers[0], make, make.message()) for _ in range(60)))

    async def claim(number: int) -> list[str]:
        lease = Lease(host=f"w{number}", until=make.after(120))
        claimed = await workers[number % 2].claim_messages(make.now, lease, 10)
        return [message.message_id for message in claimed]

    portions = await asyncio.gather(*map(claim, range(6)))
    claimed = [name for portion in portions for name in portion]
    claimed += [name for number in range(6) for name in await claim(number)]
    assert len(claimed) == len(set(claimed)) == 60


async def test_parts_that_come_to_both_make_one_message(workers: Workers, make: Make):
    async def come(reference: int, number: int) -> bool:
        store = workers[(reference + number) % 2]
        part = make.segment(number, reference=reference)
        parts = await store.keep_segment(part, make.after(-600))
        if parts is None or len(parts) < part.total:
            return False
        return await store.accept_message(
            make.message(), [], lease=None, repeats_since=make.after(-600), segments=parts
        )

    # Each part comes twice, as from a message centre that lost its connection meanwhile.
    places = [
        (reference, number) for _ in range(2) for reference in range(12) for number in (1, 2, 3)
    ]
    accepted = await asyncio.gather(*(come(*place) for place in places))
    assert sum(accepted) == 12

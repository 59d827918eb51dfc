import asyncio

import pytest
from structlog.testing import capture_logs

from maskline.api import idempotency
from maskline.domain.error import StoreBusy, StoreFailed
from maskline.services.store import BindingFilter, Page

KEY = "7f3c-order-4711"
DAY_S = 86_400


@pytest.fixture
def wanted(x, a, b):
    return {"relationNum": x, "callerNum": a, "calleeNum": b, "duration": 600}


async def bound(world):
    """How many live bindings there are."""
    found = await world.store.bindings(BindingFilter(), world.clock.now(), Page())
    return len(found.rows)


async def test_a_repeat_gets_the_same_answer_and_binds_nothing(world, client, wanted):
    first = await client.bind_under(KEY, **wanted)
    again = await client.bind_under(KEY, **wanted)

    assert first.code == "0"
    assert (again.status, again.body, again.headers) == (first.status, first.body, first.headers)
    assert await bound(world) == 1


async def test_a_repeat_after_a_restart_gets_the_same_answer(world, client, wanted):
    first = await client.bind_under(KEY, **wanted)
    world.restart()

    assert (await client.bind_under(KEY, **wanted)).body == first.body


async def test_the_answer_stays_the_same_when_the_binding_is_changed_or_gone(world, client, wanted):
    first = await client.bind_under(KEY, **wanted)
    binding_id = first.json["subscriptionId"]
    await client.modify(subscriptionId=binding_id, maxDuration=7)
    assert (await client.bind_under(KEY, **wanted)).body == first.body

    await client.unbind(subscriptionId=binding_id)
    assert (await client.bind_under(KEY, **wanted)).body == first.body
    assert await bound(world) == 0


@pytest.mark.parametrize("change", [{"duration": 601}, {"userData": "x"}])
async def test_1010002_the_same_key_with_another_body(world, client, wanted, change):
    await client.bind_under(KEY, **wanted)

    refused = await client.bind_under(KEY, **(wanted | change))

    assert refused.told == (403, "1010002", "Invalid request.Idempotency-Key")
    assert await bound(world) == 1


async def test_keys_of_two_applications_have_nothing_to_do_with_each_other(world, client, wanted):
    other = await world.add_application("key-2")
    await world.add_number("+8617000002002", app_key="key-2")
    first = await client.bind_under(KEY, **wanted)
    second = await other.bind_under(KEY, **(wanted | {"relationNum": "+8617000002002"}))

    assert (first.code, second.code) == ("0", "0")
    assert first.json["subscriptionId"] != second.json["subscriptionId"]


async def test_without_a_key_every_bind_is_one_of_its_own(client, wanted):
    assert (await client.bind(**wanted)).code == "0"
    assert (await client.bind(**wanted)).code == "1012010"


@pytest.mark.parametrize("key", ["", " ", "k" * 256, "schlüssel", "tab\tin it", "a\x7f"])
async def test_1010002_a_key_that_is_none(client, wanted, key):
    refused = await client.bind_under(key, **wanted)

    assert refused.told == (403, "1010002", "Invalid request.Idempotency-Key")


@pytest.mark.parametrize("key", ["k", "k" * 255, '"8e03978e-40d5"', " with blanks in it "])
async def test_any_printable_key_will_do(client, wanted, key):
    first = await client.bind_under(key, **wanted)

    assert first.code == "0"
    assert (await client.bind_under(key.strip(), **wanted)).body == first.body


@pytest.mark.parametrize("method", ["PUT", "GET", "DELETE"])
async def test_the_key_means_nothing_where_nothing_is_bound(client, wanted, method):
    headers = client.headers() | {"Idempotency-Key": ""}
    reply = await client.send(method, headers=headers, query="relationNum=%2B8617000002001")

    assert "Idempotency-Key" not in reply.text


async def test_a_refused_bind_leaves_the_key_free_also_for_another_body(client, wanted):
    refused = await client.bind_under(KEY, **(wanted | {"calleeNum": "bad"}))
    assert refused.text == "Invalid request.calleeNum"

    assert (await client.bind_under(KEY, **wanted)).code == "0"


async def test_a_refused_bind_is_tried_again_under_the_same_key(world, client, wanted):
    busy = await client.bind(**wanted)
    assert (await client.bind_under(KEY, **wanted)).code == "1012010"
    await client.unbind(subscriptionId=busy.json["subscriptionId"])

    assert (await client.bind_under(KEY, **wanted)).code == "0"


async def test_keys_are_kept_for_a_day(world, client, wanted):
    first = await client.bind_under(KEY, **wanted)
    world.clock.step(DAY_S)
    assert (await client.bind_under(KEY, **wanted)).body == first.body

    world.clock.step(1)
    again = await client.bind_under(KEY, **wanted)
    assert (again.code, again.body == first.body) == ("0", False)


async def test_old_keys_are_swept(world, client, wanted):
    await client.bind_under(KEY, **wanted)
    assert await world.keyed_binds.sweep() == 0
    world.clock.step(DAY_S + 1)
    assert await world.keyed_binds.sweep() == 1


async def test_1010010_more_keys_than_may_be_kept(world, client, wanted):
    world.limit_keys(keys=1)
    await client.bind_under(KEY, **wanted)

    refused = await client.bind_under("other", **wanted)

    assert refused.told == (
        403,
        "1010010",
        "The flow control upper limit is reached on the platform.",
    )
    assert (await client.bind_under(KEY, **wanted)).code == "0"


class TestSudden:
    """What happens between the reservation, the bind and the answer."""

    @pytest.fixture
    def fail(self, world, monkeypatch):
        def fail(name, error, *, after=False):
            real = getattr(world.store, name)

            async def failing(*arguments):
                monkeypatch.setattr(world.store, name, real)
                if after:
                    await real(*arguments)
                raise error

            monkeypatch.setattr(world.store, name, failing)

        return fail

    async def test_a_crash_between_bind_and_answer_is_made_good_by_the_repeat(
        self, world, client, wanted, fail
    ):
        fail("bind", asyncio.CancelledError(), after=True)
        with pytest.raises(asyncio.CancelledError):
            await client.bind_under(KEY, **wanted)
        assert await bound(world) == 1
        world.restart()

        again = await client.bind_under(KEY, **wanted)
        assert again.code == "0"
        assert again.json["relationNum"] == wanted["relationNum"]
        found = await client.query(subscriptionId=again.json["subscriptionId"])
        assert found.json["totalCount"] == await bound(world) == 1
        assert (await client.bind_under(KEY, **wanted)).body == again.body

    async def test_after_a_crash_the_chosen_x_stays_although_others_are_free(
        self, world, client, a, b, fail
    ):
        await world.add_number("+8617000002002")
        fail("bind", asyncio.CancelledError(), after=True)
        with pytest.raises(asyncio.CancelledError):
            await client.bind_under(KEY, callerNum=a, calleeNum=b, areaCode="0755")

        await client.bind_under(KEY, callerNum=a, calleeNum=b, areaCode="0755")
        assert await bound(world) == 1

    async def test_a_bind_that_the_store_lost_is_done_by_the_repeat(
        self, world, client, wanted, fail
    ):
        fail("bind", StoreFailed())
        assert (await client.bind_under(KEY, **wanted)).code == "1010001"
        assert await bound(world) == 0
        other = await client.bind_under(KEY, **(wanted | {"duration": 1}))
        assert other.text == "Invalid request.Idempotency-Key"

        assert (await client.bind_under(KEY, **wanted)).code == "0"

    @pytest.mark.parametrize("error", [StoreFailed(), StoreBusy()])
    async def test_a_bind_is_answered_although_its_answer_was_not_kept(
        self, world, client, wanted, fail, error
    ):
        fail("keep_answer", error)
        with capture_logs() as logs:
            first = await client.bind_under(KEY, **wanted)

        assert first.code == "0"
        assert [entry["error"] for entry in logs] == [type(error).__name__]
        assert (await client.bind_under(KEY, **wanted)).body == first.body

    async def test_a_busy_store_is_flow_control(self, client, wanted, fail):
        fail("reserve_key", StoreBusy())

        assert (await client.bind_under(KEY, **wanted)).code == "1010010"


class TestAtOnce:
    """The same bind in two requests at the same time."""

    @pytest.fixture
    def gate(self, world, monkeypatch):
        """Binds wait for it."""
        gate, real = asyncio.Event(), world.store.bind

        async def bind(*arguments):
            await gate.wait()
            return await real(*arguments)

        monkeypatch.setattr(world.store, "bind", bind)
        return gate

    async def test_one_binds_and_the_others_wait_for_its_answer(self, world, client, wanted, gate):
        sent = [asyncio.create_task(client.bind_under(KEY, **wanted)) for _ in range(5)]
        await asyncio.sleep(0.01)
        assert not any(task.done() for task in sent)
        gate.set()

        replies = await asyncio.gather(*sent)
        assert {reply.body for reply in replies} == {replies[0].body}
        assert replies[0].code == "0"
        assert await bound(world) == 1

    async def test_another_body_is_refused_once_the_first_is_through(
        self, world, client, wanted, gate
    ):
        first = asyncio.create_task(client.bind_under(KEY, **wanted))
        await asyncio.sleep(0.01)
        other = asyncio.create_task(client.bind_under(KEY, **(wanted | {"duration": 1})))
        await asyncio.sleep(0.01)
        gate.set()

        assert (await first).code == "0"
        assert (await other).text == "Invalid request.Idempotency-Key"

    async def test_1010010_when_the_first_takes_too_long(self, client, wanted, gate, monkeypatch):
        monkeypatch.setattr(idempotency, "WAIT_S", 0.02)
        first = asyncio.create_task(client.bind_under(KEY, **wanted))
        await asyncio.sleep(0.01)

        assert (await client.bind_under(KEY, **wanted)).code == "1010010"
        gate.set()
        assert (await first).code == "0"

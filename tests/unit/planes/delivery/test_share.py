from datetime import UTC, datetime

import pytest

from maskline.domain.error import StoreFailed
from maskline.planes.delivery.share import LEASE_S, RENEW_S, BucketShare
from maskline.services.clock import SteppedClock


class Leases:
    """A store that gives what it is told to give."""

    def __init__(self):
        self.gives = (1, 2, 3)
        self.asked = []
        self.returned = []
        self.is_down = False

    async def lease_buckets(self, holder, now, until, want):
        if self.is_down:
            raise StoreFailed("gone")
        self.asked.append((holder, (until - now).total_seconds()))
        return self.gives

    async def return_buckets(self, holder):
        if self.is_down:
            raise StoreFailed("gone")
        self.returned.append(holder)


@pytest.fixture
def clock():
    return SteppedClock(datetime(2026, 1, 2, tzinfo=UTC))


@pytest.fixture
def store():
    return Leases()


@pytest.fixture
def share(store, clock):
    return BucketShare(store, "voice-1", clock)


async def test_a_share_is_leased_once_and_renewed_well_before_it_runs_out(store, clock, share):
    assert await share.buckets() == {1, 2, 3}
    clock.step(RENEW_S / 2)
    await share.buckets()
    assert store.asked == [("voice-1", LEASE_S)]
    store.gives = (1,)
    clock.step(RENEW_S / 2)
    assert await share.buckets() == {1}
    assert len(store.asked) == 2
    assert RENEW_S < LEASE_S / 2


async def test_a_store_that_is_down_leaves_the_share_until_the_lease_has_run_out(
    store, clock, share
):
    await share.buckets()
    store.is_down = True
    clock.step(LEASE_S - 0.1)
    assert await share.buckets() == {1, 2, 3}
    clock.step(0.2)
    assert await share.buckets() == set()
    store.is_down = False
    assert await share.buckets() == {1, 2, 3}


async def test_a_share_is_given_back_and_served_no_more(store, clock, share):
    await share.buckets()
    await share.give_back()
    assert store.returned == ["voice-1"]
    assert await share.buckets() == set()


async def test_giving_back_to_a_store_that_is_down_does_no_harm(store, share):
    await share.buckets()
    store.is_down = True
    await share.give_back()

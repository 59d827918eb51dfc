import socket
from collections.abc import Iterator
from random import Random

import pytest
from tests.contract.media.party import free_range

from maskline.planes.media.port_pool import PortPair, PortPool, PortsExhausted
from maskline.planes.media.settings import EmbeddedSettings

pytestmark = pytest.mark.network

QUARANTINE_S = 2.0


def make_pool(first: int, pairs: int) -> PortPool:
    settings = EmbeddedSettings(
        first_port=first, last_port=first + 2 * pairs - 1, quarantine_s=QUARANTINE_S
    )
    return PortPool(settings, Random(1))


@pytest.fixture
def pool() -> Iterator[PortPool]:
    made = make_pool(free_range(2)[0], 2)
    yield made
    made.close()


@pytest.fixture
def send() -> Iterator:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        yield lambda pair, offset=0: sender.sendto(b"late", ("127.0.0.1", pair.port + offset))


def take_all(pool: PortPool, now: float) -> list[PortPair]:
    return [pool.take(now), pool.take(now)]


def test_a_party_that_refused_the_last_packet_is_no_reason_to_fail(pool: PortPool):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as gone:
        gone.bind(("127.0.0.1", 0))
        party = gone.getsockname()
    pair = pool.take(0.0)
    pair.rtp.connect(party)
    pair.rtp.send(b"last")
    pool.give(pair, 0.0)
    assert pool.take(QUARANTINE_S) is pair
    pair.close()


def test_pairs_are_even_and_odd_and_bound_side_by_side(pool: PortPool):
    pair = pool.take(0.0)
    assert pair.port % 2 == 0
    assert pair.rtp.getsockname() == ("127.0.0.1", pair.port)
    assert pair.rtcp.getsockname() == ("127.0.0.1", pair.port + 1)
    assert not pair.rtp.getblocking()
    assert pair.rtp.getsockopt(socket.IPPROTO_IP, socket.IP_TOS) == 46 << 2
    pair.close()


def test_no_pair_is_given_twice(pool: PortPool):
    pairs = take_all(pool, 0.0)
    assert pairs[0].port != pairs[1].port
    with pytest.raises(PortsExhausted):
        pool.take(0.0)
    for pair in pairs:
        pool.give(pair, 0.0)


def test_a_pair_returns_after_its_quarantine_still_bound(pool: PortPool):
    first, second = take_all(pool, 0.0)
    pool.give(first, 10.0)
    with pytest.raises(PortsExhausted):
        pool.take(10.0 + QUARANTINE_S - 0.01)
    assert pool.take(10.0 + QUARANTINE_S) is first
    for pair in (first, second):
        pool.give(pair, 20.0)


@pytest.mark.parametrize("offset", [0, 1])
def test_a_pair_that_is_still_sent_to_stays_in_quarantine(pool: PortPool, send, offset: int):
    pairs = take_all(pool, 0.0)
    pool.give(pairs[0], 10.0)
    send(pairs[0], offset)
    with pytest.raises(PortsExhausted):
        pool.take(10.0 + QUARANTINE_S)
    assert pool.take(10.0 + 2 * QUARANTINE_S) is pairs[0]
    for pair in pairs:
        pool.give(pair, 20.0)


def test_what_waits_on_an_idle_pair_is_thrown_away(pool: PortPool, send):
    pool.prebind(2)
    pair = pool.take(0.0)
    pool.give(pair, 0.0)
    other = pool.take(QUARANTINE_S)
    send(pair)
    again = pool.take(QUARANTINE_S)
    assert again is pair
    with pytest.raises(BlockingIOError):
        again.rtp.recv(10)
    for taken in (again, other):
        pool.give(taken, 20.0)


def test_a_port_in_use_elsewhere_is_passed_over_and_tried_again():
    first = free_range(2)[0]
    pool = make_pool(first, 2)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", first + 1))
        pair = pool.take(0.0)
        assert pair.port == first + 2
        with pytest.raises(PortsExhausted):
            pool.take(0.0)
    other = pool.take(0.0)
    assert other.port == first
    for made in (pair, other):
        made.close()


def test_an_address_that_is_not_ours_is_no_port():
    settings = EmbeddedSettings(bind_address="203.0.113.1", first_port=10_000, last_port=10_003)
    with pytest.raises(PortsExhausted, match=r"203\.0\.113\.1"):
        PortPool(settings, Random(1)).prebind(1)


def test_ipv6_pairs_are_marked_too():
    settings = EmbeddedSettings(bind_address="::1", first_port=10_000, last_port=19_999)
    pool = PortPool(settings, Random(1))
    try:
        pair = pool.take(0.0)
    except PortsExhausted:
        pytest.skip("no IPv6 on this machine")
    assert pair.rtp.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS) == 46 << 2
    pair.close()

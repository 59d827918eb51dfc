"""A side's socket on the loopback interface: whom the kernel lets through, and when."""

import select
import socket
from collections.abc import Callable, Iterator

import pytest

from maskline.planes.media import party_socket
from maskline.planes.media.party_socket import PartySocket, Receiver
from maskline.planes.media.port import Buffer

pytestmark = pytest.mark.network


class FakeSide:
    """A side that notes what it is given, and knows one party."""

    def __init__(self, buffer: Buffer) -> None:
        self.buffer = buffer
        self.known: list[bytes] = []
        self.others: list[tuple[bytes, tuple]] = []

    def receive(self, size: int, now: float) -> None:
        self.known.append(bytes(self.buffer.data[:size]))

    def receive_from(self, arrived: tuple[int, tuple], now: float) -> None:
        size, source = arrived
        self.others.append((bytes(self.buffer.data[:size]), source))


class Bench:
    """A served socket, and ends that send to it."""

    def __init__(self, address: str) -> None:
        # As in the pool: a port that the system chose would be lost when disconnecting.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind((address, 0))
            port = free.getsockname()[1]
        self.bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.bound.bind((address, port))
        self.bound.setblocking(False)
        self.at = ("127.0.0.1", self.bound.getsockname()[1])
        self.buffer = Buffer()
        self.receivers: dict[int, Receiver] = {}
        self.port = PartySocket(self.bound, self.buffer, self.receivers)
        self.side = FakeSide(self.buffer)
        self.port.serve(self.side)
        self.ends = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
        for end in self.ends:
            end.bind(("127.0.0.1", 0))
            end.settimeout(1.0)
        self.party, self.stranger = self.ends

    def read(self) -> None:
        """Read all that waits, as the worker does."""
        while True:
            receive, take = self.receivers[self.bound.fileno()]
            try:
                arrived = receive(self.buffer.data)
            except BlockingIOError:
                return
            take(arrived, 1.0)

    def close(self) -> None:
        for end in (self.bound, *self.ends):
            end.close()


@pytest.fixture
def make_bench() -> Iterator[Callable[..., Bench]]:
    made: list[Bench] = []

    def make(address: str = "127.0.0.1") -> Bench:
        made.append(Bench(address))
        return made[-1]

    yield make
    for bench in made:
        bench.close()


def test_it_hears_everybody_until_it_is_connected_and_then_its_party_only(make_bench):
    bench = make_bench()
    for end in bench.ends:
        end.sendto(b"before", bench.at)
    bench.read()
    assert [source for _, source in bench.side.others] == [end.getsockname() for end in bench.ends]
    assert bench.port.connect(bench.party.getsockname(), 1.0)
    for end in bench.ends:
        end.sendto(b"after", bench.at)
    bench.read()
    assert bench.side.known == [b"after"]
    bench.port.send(b"to you")
    assert bench.party.recv(100) == b"to you"


def test_what_was_queued_before_is_not_taken_for_the_partys(make_bench):
    bench = make_bench()
    bench.stranger.sendto(b"trick", bench.at)
    bench.party.sendto(b"hello", bench.at)
    assert bench.port.connect(bench.party.getsockname(), 1.0)
    bench.read()
    assert bench.side.known == []
    sources = [bench.stranger.getsockname(), bench.party.getsockname()]
    assert bench.side.others == list(zip((b"trick", b"hello"), sources, strict=True))


def test_a_queue_that_does_not_end_is_left_after_a_while(make_bench, monkeypatch):
    monkeypatch.setattr(party_socket, "MAX_QUEUED", 3)
    bench = make_bench()
    for _ in range(5):
        bench.party.sendto(b"flood", bench.at)
    assert bench.port.connect(bench.party.getsockname(), 1.0)
    assert len(bench.side.others) == 3


def test_it_hears_everybody_again_on_the_same_port(make_bench):
    bench = make_bench()
    bench.port.connect(bench.party.getsockname(), 1.0)
    assert not bench.port.may_connect
    bench.port.disconnect()
    assert bench.port.may_connect
    assert bench.bound.getsockname() == bench.at
    bench.stranger.sendto(b"hello", bench.at)
    bench.read()
    assert bench.side.others == [(b"hello", bench.stranger.getsockname())]
    bench.port.sendto(b"to you", bench.stranger.getsockname())
    assert bench.stranger.recv(100) == b"to you"


def test_it_can_be_connected_to_another(make_bench):
    bench = make_bench()
    for end in bench.ends:
        assert bench.port.connect(end.getsockname(), 1.0)
        bench.port.send(b"to you")
        assert end.recv(100) == b"to you"
        bench.port.disconnect()


def test_a_socket_of_all_addresses_stays_open(make_bench):
    bench = make_bench("0.0.0.0")
    assert not bench.port.may_connect
    assert not bench.port.connect(bench.party.getsockname(), 1.0)
    bench.stranger.sendto(b"hello", bench.at)
    bench.read()
    assert len(bench.side.others) == 1


def test_an_address_that_cannot_be_connected_to_leaves_it_open(make_bench):
    bench = make_bench()
    assert not bench.port.connect(("8.8.8.8", 9), 1.0)
    assert not bench.port.may_connect
    bench.stranger.sendto(b"hello", bench.at)
    bench.read()
    assert len(bench.side.others) == 1


def test_after_its_end_it_hears_everybody_and_gives_nothing_to_the_side(make_bench):
    bench = make_bench()
    bench.port.connect(bench.party.getsockname(), 1.0)
    bench.port.close()
    assert bench.receivers == {}
    bench.stranger.sendto(b"late", bench.at)
    assert bench.bound.recv(100) == b"late"


def test_a_refusal_is_told_once_and_does_not_keep_the_socket_ready(make_bench):
    bench = make_bench()
    bench.port.connect(bench.party.getsockname(), 1.0)
    bench.party.close()
    bench.port.send(b"to nobody")
    poll = select.epoll()
    try:
        poll.register(bench.bound.fileno(), select.EPOLLIN)
        assert poll.poll(1.0)
        with pytest.raises(ConnectionRefusedError):
            bench.bound.recv_into(bench.buffer.data)
        assert poll.poll(0.0) == []
    finally:
        poll.close()


def test_a_refusal_is_forgotten_when_it_hears_everybody_again(make_bench):
    bench = make_bench()
    bench.port.connect(bench.party.getsockname(), 1.0)
    bench.party.close()
    bench.port.send(b"to nobody")
    bench.port.close()
    with pytest.raises(BlockingIOError):
        bench.bound.recv_into(bench.buffer.data)

import asyncio
import socket

import pytest

from maskline.domain.trunk import Transport, Trunk
from maskline.planes.call.limits import CallLimits
from maskline.planes.call.trunk_board import TrunkBoard
from maskline.protocols.sip.flow import Flow

CALLEE = "+8613900003003"


class Board(TrunkBoard):
    """A board with its clock in hand."""

    def __init__(self):
        self.now = 100.0
        super().__init__(
            CallLimits(ping_interval_s=10, trunk_penalty_s=30), lambda: self.now, lambda: 0.5
        )

    def order(self):
        return [line.trunk.name for line in self.candidates(CALLEE)]


@pytest.fixture
async def board():
    board = Board()
    await board.refresh(
        (
            Trunk(name="first", host="192.0.2.1", priority=1),
            Trunk(name="second", host="192.0.2.2", priority=2, transport=Transport.TCP),
        )
    )
    return board


async def test_a_source_is_its_trunks_and_a_stranger_is_nobodys(board):
    assert board.of_source(Flow("udp", "192.0.2.1", 5060)).trunk.name == "first"
    assert board.of_source(Flow("udp", "192.0.2.1", 1024)).trunk.name == "first"
    assert board.of_source(Flow("udp", "192.0.2.9", 5060)) is None
    assert board.of_source(Flow("udp", "192.0.2.9", 5060)) is None


async def test_of_trunks_at_one_address_the_port_decides(board):
    await board.refresh(
        (
            Trunk(name="a", host="127.0.0.1", port=5160),
            Trunk(name="b", host="127.0.0.1", port=5260, inbound_from=("127.0.0.0/8",)),
        )
    )
    assert board.of_source(Flow("udp", "127.0.0.1", 5260)).trunk.name == "b"
    assert board.of_source(Flow("udp", "127.0.0.1", 5160)).trunk.name == "a"
    assert board.of_source(Flow("udp", "127.0.0.7", 1)).trunk.name == "b"


async def test_a_failed_trunk_is_tried_last_until_its_penalty_is_over(board):
    assert board.order() == ["first", "second"]
    board.failed(board.candidates(CALLEE)[0])
    assert board.order() == ["second", "first"]
    board.now += 31
    assert board.order() == ["first", "second"]


async def test_pings_take_a_trunk_down_after_two_misses_and_bring_it_back_at_once(board):
    [first, _] = board.candidates(CALLEE)
    board.pinged(first, is_alive=False)
    assert board.order() == ["first", "second"]
    board.pinged(first, is_alive=False)
    assert board.order() == ["second", "first"]
    board.pinged(first, is_alive=True)
    assert board.order() == ["first", "second"]


async def test_a_longer_prefix_is_tried_first_even_when_its_trunk_is_down(board):
    await board.refresh(
        (
            Trunk(name="narrow", host="192.0.2.1", prefixes=("+86139",)),
            Trunk(name="spare", host="192.0.2.3", prefixes=("+86139",), priority=20),
            Trunk(name="any", host="192.0.2.2"),
        )
    )
    board.failed(board.candidates(CALLEE)[0])
    assert board.order() == ["spare", "narrow", "any"]
    board.failed(board.candidates(CALLEE)[0])
    assert board.order() == ["narrow", "spare", "any"]


async def test_a_trunk_is_pinged_when_it_was_quiet_for_an_interval(board):
    assert board.due_for_ping() == []
    board.now += 9
    first, _ = board.lines
    assert first.take(board.now)
    board.now += 1
    assert [line.trunk.name for line in board.due_for_ping()] == ["second"]
    assert board.due_for_ping() == []
    board.now += 9
    assert [line.trunk.name for line in board.due_for_ping()] == ["first"]


async def test_a_trunk_that_never_answers_pings_gets_fewer_and_one_that_did_as_many(board):
    for line, answered in zip(board.lines, (False, True), strict=True):
        board.pinged(line, is_alive=answered)
        board.pinged(line, is_alive=False)
    pinged = []
    for _ in range(4):
        board.now += 10
        pinged.append([line.trunk.name for line in board.due_for_ping()])
    assert pinged == [["second"], ["second"], ["second"], ["first", "second"]]


async def test_a_changed_trunk_keeps_its_health_and_a_removed_one_is_forgotten(board):
    board.failed(board.candidates(CALLEE)[0])
    await board.refresh((Trunk(name="first", host="192.0.2.1", priority=5),))
    assert board.lines[0].is_down(board.now)
    assert board.of_source(Flow("udp", "192.0.2.2", 5060)) is None
    await board.refresh(())
    assert board.order() == []


async def test_a_disabled_trunk_neither_sends_nor_receives(board):
    await board.refresh((Trunk(name="first", host="192.0.2.1", is_enabled=False),))
    assert board.order() == []
    assert board.of_source(Flow("udp", "192.0.2.1", 5060)) is None


async def test_limits_of_calls_and_of_their_rate_are_kept(board):
    await board.refresh((Trunk(name="t", host="192.0.2.1", max_calls=2),))
    [line] = board.lines
    assert [line.take(board.now) for _ in range(3)] == [True, True, False]
    line.give_back()
    assert line.take(board.now)
    await board.refresh((Trunk(name="r", host="192.0.2.1", calls_per_s=2),))
    [line] = board.lines
    assert [line.take(board.now) for _ in range(3)].count(True) == 2
    assert line.take(board.now + 0.5)
    assert not line.take(board.now + 0.5)


async def test_a_host_without_an_address_carries_nothing_and_stops_nobody(board):
    await board.refresh(
        (
            Trunk(name="lost", host="no-such-host.invalid"),
            Trunk(name="near", host="localhost", priority=2),
        )
    )
    assert board.order() == ["near"]


async def test_a_tls_trunk_has_to_show_the_name_it_was_configured_with(board):
    await board.refresh((Trunk(name="t", host="localhost", port=5061, transport=Transport.TLS),))
    [line] = board.lines
    assert board.server_name(line.flow) == "localhost"
    assert board.server_name(Flow("tls", "192.0.2.9", 5061)) == "192.0.2.9"


async def test_a_trunk_with_an_outbound_proxy_is_reached_there_and_known_by_its_own_address(board):
    carrier = Trunk(
        name="t",
        host="192.0.2.1",
        port=5061,
        transport=Transport.TLS,
        outbound_proxy="[2001:db8::5]:5070",
    )
    await board.refresh((carrier,))
    [line] = board.candidates(CALLEE)
    assert line.flow == Flow("udp", "2001:db8::5", 5070)
    assert line.target(CALLEE) == f"sip:{CALLEE}@192.0.2.1:5061;transport=tls"
    assert board.of_source(Flow("tls", "192.0.2.1", 40000)) is line
    assert board.of_source(line.flow) is None


class Names:
    """A name server that can fail; `asked` keeps the address families it was asked for."""

    def __init__(self):
        self.fails = False
        self.asked = []

    async def look_up(self, _host, port, *, family=0):
        self.asked.append(family)
        if self.fails:
            raise socket.gaierror
        return [(socket.AF_INET, socket.SOCK_DGRAM, 17, "", ("192.0.2.5", port))]


@pytest.fixture
async def names(monkeypatch):
    names = Names()
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", names.look_up)
    return names


async def test_a_trunk_keeps_its_address_while_its_name_cannot_be_looked_up(names):
    board = Board()
    trunk = Trunk(name="named", host="sip.carrier.example")
    await board.refresh((trunk,))
    names.fails = True
    board.now += 100
    await board.refresh((trunk,))
    assert board.order() == ["named"]
    assert board.of_source(Flow("udp", "192.0.2.5", 5060)).trunk is trunk
    await board.refresh((Trunk(name="named", host="elsewhere.example"),))
    assert board.order() == []


async def test_names_are_looked_up_for_the_address_family_of_our_sockets(names):
    board = TrunkBoard(CallLimits(), lambda: 0.0, lambda: 0.5, socket.AF_INET)
    await board.refresh((Trunk(name="named", host="sip.carrier.example"),))
    assert names.asked == [socket.AF_INET]

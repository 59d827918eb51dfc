"""A worker behind an edge: whose requests they are, and what a stranger or a ping is told."""

import asyncio

import pytest
from tests.unit.planes.call.conftest import CALLER, PLATFORM, SPARE, A, X

from maskline.planes.call.edge import SOURCE_HEADER, Edges
from maskline.protocols.sip.event import InviteReceived, Rejected, RequestAnswered
from maskline.protocols.sip.flow import Flow
from maskline.protocols.sip.header import NameAddr
from maskline.protocols.sip.message import Request
from maskline.protocols.sip.parse import parse_message

EDGE, OTHER = Flow("udp", "10.0.0.5", 5060), Flow("udp", "192.0.2.9", 5060)


def invite(*sources: str) -> Request:
    lines = "".join(f"{SOURCE_HEADER}: {source}\r\n" for source in sources)
    message = parse_message(
        f"INVITE sip:{X}@192.0.2.1 SIP/2.0\r\n"
        "Via: SIP/2.0/UDP 192.0.2.10;branch=z9hG4bK1\r\n"
        f"From: <sip:{A}@a.example>;tag=1\r\nTo: <sip:{X}@192.0.2.1>\r\n"
        f"Call-ID: c\r\nCSeq: 1 INVITE\r\nContact: <sip:a@192.0.2.10>\r\n{lines}"
        "Content-Length: 0\r\n\r\n".encode()
    )
    assert isinstance(message, Request)
    return message


@pytest.mark.parametrize(
    ("named", "origin"),
    [
        ("sip:192.0.2.10:5070", Flow("udp", "192.0.2.10", 5070)),
        ("sip:192.0.2.10:40000;transport=tls", Flow("tls", "192.0.2.10", 40000)),
        ("sip:[2001:DB8:0:0:0:0:0:1]:5060;transport=TCP", Flow("tcp", "2001:db8::1", 5060)),
        ("sip:192.0.2.10", Flow("udp", "192.0.2.10", 5060)),
    ],
)
def test_an_edge_says_whose_request_it_is(named, origin):
    assert Edges(["10.0.0.0/24"]).origin(invite(named), EDGE) == origin


@pytest.mark.parametrize(
    "named",
    [
        (),
        ("",),
        ("192.0.2.10:5060",),
        ("sip:carrier.example:5060",),
        ("tel:+8613900001001",),
        ("sip:192.0.2.10;transport=sctp",),
        ("sip:192.0.2.10", "sip:192.0.2.10"),
    ],
)
def test_an_edge_that_names_nobody_or_two_speaks_for_nobody(named):
    assert Edges(["10.0.0.5"]).origin(invite(*named), EDGE) is None


@pytest.mark.parametrize("networks", [(), ("10.0.0.5",)])
def test_what_others_write_into_the_header_counts_for_nothing(networks):
    assert Edges(networks).origin(invite("sip:192.0.2.10"), OTHER) is OTHER


@pytest.fixture
def edges():
    return (SPARE.host,)


async def test_a_call_over_an_edge_is_its_carriers(stage):
    await stage.bind()
    stage.spare.dial(headers=((SOURCE_HEADER, f"sip:{CALLER.host}:{CALLER.port}"),))
    await stage.callee.until(InviteReceived)
    assert CALLER.host.encode() not in stage.wires.bytes_to(stage.callee.shell.flow)


async def test_a_stranger_behind_an_edge_is_refused_so_that_the_edge_knows_we_live(stage):
    await stage.bind()
    stage.spare.dial(headers=((SOURCE_HEADER, "sip:192.0.2.99:5060"),))
    assert (await stage.spare.until(Rejected)).status == 403
    assert stage.plane.counters.strangers == 1


async def test_a_stranger_cannot_pass_for_a_carrier(stage):
    await stage.bind()
    await stage.trunks()
    stage.caller.dial(headers=((SOURCE_HEADER, f"sip:{CALLER.host}"),))
    with pytest.raises(TimeoutError):
        await stage.caller.until(Rejected, timeout=0.1)
    assert stage.wires.bytes_to(CALLER) == b""


async def ping(phone) -> int:
    shell = phone.shell
    shell.endpoint.request(
        method="OPTIONS",
        target=f"sip:{PLATFORM.host}",
        flow=PLATFORM,
        from_=NameAddr("", "sip:edge@192.0.2.30"),
        to=f"sip:{PLATFORM.host}",
        headers=(),
        body=b"",
        now=shell.now(),
        owner=None,
    )
    shell.wake()
    async with asyncio.timeout(2):
        answered = await phone.events.get()
    assert isinstance(answered, RequestAnswered)
    return answered.status


async def test_pings_of_an_edge_are_answered_and_while_the_worker_drains_with_503(stage):
    assert await ping(stage.spare) == 200
    closing = asyncio.create_task(stage.plane.close())
    await asyncio.sleep(0)
    assert await ping(stage.spare) == 503
    await closing

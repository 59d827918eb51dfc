"""Malformed SIP, strangers and repetitions: at most a refusal, and the next call works."""

import asyncio
import re
import socket
from typing import Any

import pytest

pytestmark = [pytest.mark.sipp, pytest.mark.network, pytest.mark.enable_socket]

A = "+8613811110001"
LISTEN_S = 0.4


class RawPeer:
    """A UDP socket that sends what it likes and keeps what comes back."""

    def __init__(self, host: str, target: tuple[str, int]) -> None:
        self._socket = socket.socket(type=socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind((host, 0))
        self._target = target
        self.port = self._socket.getsockname()[1]

    def send(self, *datagrams: bytes) -> None:
        for data in datagrams:
            self._socket.sendto(data, self._target)

    async def answers(self) -> list[str]:
        """The first lines of what comes back within a while."""
        loop = asyncio.get_running_loop()
        found: list[str] = []
        until = loop.time() + LISTEN_S
        while (left := until - loop.time()) > 0:
            try:
                data = await asyncio.wait_for(loop.sock_recv(self._socket, 65_535), left)
            except TimeoutError:
                break
            found.append(data.split(b"\r\n", 1)[0].decode())
        return found

    def close(self) -> None:
        self._socket.close()


def invite(x: str, port: int, **changes: str | None) -> bytes:
    lines = {
        "Via": f"SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bKraw1;rport",
        "From": f"<sip:{A}@127.0.0.1>;tag=raw",
        "To": f"<sip:{x}@127.0.0.1>",
        "Call-ID": "raw-call",
        "CSeq": "1 INVITE",
        "Contact": f"<sip:raw@127.0.0.1:{port}>",
        "Max-Forwards": "70",
        "Content-Length": "0",
    } | {name.replace("_", "-"): value for name, value in changes.items()}
    head = [f"INVITE sip:{x}@127.0.0.1 SIP/2.0"]
    head += [f"{name}: {value}" for name, value in lines.items() if value is not None]
    return ("\r\n".join(head) + "\r\n\r\n").encode()


@pytest.fixture
def peer(theatre: Any):
    peer = RawPeer("127.0.0.1", theatre.stage.sip)
    yield peer
    peer.close()


@pytest.fixture
def stranger(theatre: Any):
    stranger = RawPeer("127.0.0.2", theatre.stage.sip)
    yield stranger
    stranger.close()


async def next_call_works(theatre: Any) -> None:
    await theatre.bind()
    await theatre.play("uac_talks_then_hangs_up", "uas_answers_then_is_hung_up_on")


def malformed(x: str, port: int) -> list[bytes]:
    good = invite(x, port)
    return [
        b"",
        b"\r\n\r\n",
        b"\x00\xff\xfe garbage \x80",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        good[: len(good) // 2],
        good.replace(b"SIP/2.0\r\n", b"SIP/9.9\r\n", 1),
        good.replace(b"INVITE sip:", b"INVITE http:", 1),
        invite(x, port, Call_ID=None),
        invite(x, port, CSeq="one INVITE"),
        invite(x, port, CSeq="1 BYE"),
        invite(x, port, From="<<<<sip:a"),
        invite(x, port, Via="nonsense"),
        invite(x, port, Contact=None),
        invite(x, port, Content_Length="99999"),
        invite(x, port, Content_Length="-1"),
        invite(x, port, Max_Forwards="70\r\nMax-Forwards: 3"),
        invite(x, port, Subject="a" * 60_000),
        invite(x, port, Content_Type="application/sdp") + b"\xff\xfe\xfd",
        b"SIP/2.0 200 OK\r\n\r\n",
        b"SIP/2.0 999999 No\r\n\r\n",
    ]


async def test_malformed_messages_get_at_most_a_refusal_and_the_next_call_works(
    theatre: Any, peer: RawPeer
):
    peer.send(*malformed(theatre.x, peer.port))
    for line in await peer.answers():
        assert re.match(r"SIP/2.0 (100|[45]\d\d) ", line), line
    await next_call_works(theatre)


async def test_strangers_get_nothing_at_all_and_the_next_call_works(
    theatre: Any, stranger: RawPeer
):
    wanted = invite(theatre.x, stranger.port)
    other = [wanted.replace(b"INVITE", method) for method in (b"OPTIONS", b"REGISTER", b"BYE")]
    stranger.send(wanted, *other, *malformed(theatre.x, stranger.port))
    assert await stranger.answers() == []
    await next_call_works(theatre)


async def test_an_invite_that_comes_three_times_is_one_call(theatre: Any, peer: RawPeer):
    await theatre.bind(calleeNum="+8613900000486")
    same = invite(theatre.x, peer.port)
    peer.send(same, same, same)
    lines = await peer.answers()
    assert {line.split()[1] for line in lines} <= {"100", "486"}
    _, records = await theatre.told()
    assert len(records) == 1


async def test_an_invite_that_came_by_two_paths_is_taken_once(theatre: Any, peer: RawPeer):
    await theatre.bind(calleeNum="+8613900000999")
    peer.send(
        invite(theatre.x, peer.port),
        invite(theatre.x, peer.port, Via=f"SIP/2.0/UDP 127.0.0.1:{peer.port};branch=z9hG4bKraw2"),
    )
    statuses = [line.split()[1] for line in await peer.answers()]
    assert statuses.count("482") == 1
    assert "180" in statuses


@pytest.mark.parametrize("method", ["BYE", "CANCEL", "UPDATE", "PRACK", "INFO", "ACK"])
async def test_a_request_of_no_call_gets_481_and_ack_nothing(
    theatre: Any, peer: RawPeer, method: str
):
    stray = invite(theatre.x, peer.port, To=f"<sip:{theatre.x}@127.0.0.1>;tag=none")
    peer.send(stray.replace(b"INVITE", method.encode()))
    expected = [] if method == "ACK" else ["481"]
    assert [line.split()[1] for line in await peer.answers()] == expected

"""One call against a daemon that loses what it is asked for."""

import pytest

from maskline.planes.media.engine import AudioCodec, EngineGone, MediaPeer, Side
from maskline.planes.media.flow import Flow
from maskline.planes.media.rtpengine.call import RtpengineCall
from maskline.planes.media.rtpengine.prompt_file import PromptSounds
from maskline.planes.media.rtpengine.watch import MediaWatch
from maskline.protocols.ng.message import NgReply

SDP = b"v=0\r\nc=IN IP4 192.0.2.7\r\nm=audio 30000 RTP/AVP 8\r\n"


class Daemon:
    """Carries out everything; says nothing of what is in `unanswered`."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, object]] = []
        self.unanswered: set[str] = set()

    async def ask(self, command, fields) -> NgReply:
        self.asked.append((command, fields.get("from-tag")))
        if command in self.unanswered:
            raise EngineGone("rtpengine did not answer")
        return NgReply(b"1", {b"result": b"ok", b"sdp": SDP})

    def take(self) -> list[tuple[str, object]]:
        asked, self.asked = self.asked, []
        return asked


@pytest.fixture
async def daemon() -> Daemon:
    return Daemon()


@pytest.fixture
async def call(daemon):
    call = RtpengineCall(
        call_id="c",
        key="k",
        instance=daemon,
        tell=lambda _: None,
        on_gone=lambda _: None,
        watch=MediaWatch("c", 20.0, 60.0),
        sounds=PromptSounds(None),
    )
    await call.open()
    for side in Side:
        await call.connect(side, MediaPeer("192.0.2.1", 4000, AudioCodec("PCMA", 8), 101))
    await call.set_flow(Flow.BOTH)
    daemon.take()
    return call


async def test_a_release_without_an_answer_is_blocked_again_when_it_should_be(call, daemon):
    await call.block(Side.CALLER, blocked=True)
    daemon.unanswered = {"unblock media"}
    with pytest.raises(EngineGone):
        await call.block(Side.CALLER, blocked=False)
    daemon.unanswered = set()
    daemon.take()
    await call.block(Side.CALLER, blocked=True)
    assert ("block media", "A") in daemon.take()


async def test_what_got_no_answer_is_repaired(call, daemon):
    daemon.unanswered = {"block media"}
    with pytest.raises(EngineGone):
        await call.block(Side.CALLEE, blocked=True)
    daemon.unanswered = set()
    daemon.take()
    await call.repair()
    assert ("block media", "B") in daemon.take()
    await call.repair()
    assert daemon.take() == []

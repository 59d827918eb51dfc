"""An engine without media: for installations and benchmarks that are signalling only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from maskline.planes.media.engine import (
    CALL_ID_MAX_CHARS,
    Abilities,
    BadMedia,
    CallExists,
    ClosedMedia,
    DigitRule,
    EngineBusy,
    EngineGone,
    LocalMedia,
    MediaEvent,
    MediaListener,
    MediaPeer,
    OpenedMedia,
    Prompt,
    Protection,
    RecordRule,
    Side,
    Unable,
    UnknownCall,
)
from maskline.planes.media.flow import Flow
from maskline.planes.media.peer import check_peer

DISCARD_PORT = 9
"""The port announced by default: nobody listens there (RFC 863)."""

MAX_CALLS = 100_000
"""Calls that may be open at once; over it `EngineBusy`."""

ABILITIES = Abilities(
    codecs=("PCMA", "PCMU"),
    transcoded=frozenset({"PCMA", "PCMU"}),
    protections=frozenset({Protection.NONE}),
    records=False,
)
"""Where no packet is read, none is in the wrong codec; playing and recording raise `Unable`."""


_KEEPSAKE = b"silent"


@dataclass(slots=True)
class SilentCall:
    """What was asked of an open call."""

    listener: MediaListener
    flow: Flow = Flow.NONE
    peers: dict[Side, MediaPeer] = field(default_factory=dict[Side, MediaPeer])
    blocked: set[Side] = field(default_factory=set[Side])


class SilentEngine:
    """Keeps the books of calls and announces one fixed address; no packet is ever sent or read.

    `calls` shows what was asked of each open call, and `emit` delivers an event as an engine
    would, so that signalling can be exercised without media.
    """

    def __init__(
        self, address: str = "127.0.0.1", port: int = DISCARD_PORT, max_calls: int = MAX_CALLS
    ) -> None:
        self.calls: dict[str, SilentCall] = {}
        self._announced = LocalMedia(address, port)
        self._max_calls = max_calls
        self._is_running = False

    @property
    def abilities(self) -> Abilities:
        """That calls can be negotiated, and nothing be heard."""
        return ABILITIES

    @property
    def is_up(self) -> bool:
        """See `MediaEngine.is_up`."""
        return self._is_running

    async def start(self, keepsakes: Collection[bytes] = ()) -> None:  # noqa: ARG002 - as the seam
        """Begin to accept calls."""
        self._is_running = True

    def unfinished(self) -> Sequence[str]:
        """See the seam: nothing is recorded."""
        return ()

    async def aclose(self) -> None:
        """Forget every call."""
        self._is_running = False
        self.calls.clear()

    def emit(self, event: MediaEvent) -> None:
        """Give `event` to the listener of its call, or to all when it names none.

        Raises `UnknownCall`.
        """
        if event.call_id is None:
            for call in list(self.calls.values()):
                call.listener(event)
            return
        self._call(event.call_id).listener(event)

    async def open(self, call_id: str, listener: MediaListener) -> OpenedMedia:
        """See `MediaEngine.open`; both sides are announced at the same address."""
        if not self._is_running:
            raise EngineGone("the engine is not started")
        if not 0 < len(call_id) <= CALL_ID_MAX_CHARS:
            raise BadMedia("call id is empty or too long")
        if call_id in self.calls:
            raise CallExists(call_id)
        if len(self.calls) >= self._max_calls:
            raise EngineBusy("as many calls as the engine may hold")
        self.calls[call_id] = SilentCall(listener)
        return OpenedMedia(self._announced, self._announced)

    def keepsake(self, call_id: str) -> bytes:
        """See the seam; there is nothing that could end."""
        self._call(call_id)
        return _KEEPSAKE

    async def adopt(
        self,
        call_id: str,
        keepsake: bytes,
        opened: OpenedMedia,  # noqa: ARG002 - as the seam
        peers: Mapping[Side, MediaPeer],
        listener: MediaListener,
    ) -> bool:
        """See the seam; every call of an earlier run that had no media either can go on."""
        if not self._is_running or keepsake != _KEEPSAKE or call_id in self.calls:
            return False
        self.calls[call_id] = SilentCall(listener, Flow.BOTH, dict(peers))
        return True

    async def secure(self, call_id: str, side: Side, protection: Protection) -> LocalMedia:  # noqa: ARG002 - as the seam
        """See `MediaEngine.secure`; nothing can be encrypted."""
        self._call(call_id)
        if protection is not Protection.NONE:
            raise Unable("the silent engine encrypts nothing")
        return self._announced

    async def connect(self, call_id: str, side: Side, peer: MediaPeer) -> LocalMedia:
        """See `MediaEngine.connect`."""
        call = self._call(call_id)
        check_peer(peer)
        if peer.codec.name not in ABILITIES.codecs or peer.keying is not None:
            raise Unable("the silent engine has no such codec or protection")
        call.peers[side] = peer
        return self._announced

    async def early(self, call_id: str) -> None:
        """See `MediaEngine.early`."""
        self._call(call_id).flow = Flow.EARLY

    async def bridge(self, call_id: str) -> None:
        """See `MediaEngine.bridge`."""
        self._call(call_id).flow = Flow.BOTH

    async def block(self, call_id: str, side: Side, blocked: bool) -> None:  # noqa: FBT001 - as the seam
        """See `MediaEngine.block`."""
        sides = self._call(call_id).blocked
        if blocked:
            sides.add(side)
        else:
            sides.discard(side)

    async def play(
        self,
        call_id: str,
        to: frozenset[Side],  # noqa: ARG002 - as the seam
        prompt: Prompt,  # noqa: ARG002 - as the seam
        times: int | None,  # noqa: ARG002 - as the seam
    ) -> str:
        """Raise `Unable`: nobody would hear it."""
        raise self._unable(call_id)

    async def stop(self, call_id: str, play_id: str) -> None:  # noqa: ARG002 - as the seam
        """Do nothing: no prompt is ever heard."""
        self._call(call_id)

    async def collect(self, call_id: str, side: Side, rule: DigitRule) -> None:  # noqa: ARG002 - as the seam
        """Raise `Unable`: no key press is ever heard."""
        raise self._unable(call_id)

    async def stop_collect(self, call_id: str, side: Side) -> None:  # noqa: ARG002 - as the seam
        """Do nothing: nothing is ever collected."""
        self._call(call_id)

    async def press(self, call_id: str, side: Side, digit: str, duration_ms: int) -> None:  # noqa: ARG002 - as the seam
        """Do nothing: nothing is ever collected."""
        self._call(call_id)

    async def record(self, call_id: str, rule: RecordRule) -> None:  # noqa: ARG002 - as the seam
        """Raise `Unable`: there is nothing to record."""
        raise self._unable(call_id)

    async def stop_record(self, call_id: str) -> float:
        """See `MediaEngine.stop_record`; nothing was recorded."""
        self._call(call_id)
        return 0.0

    async def close(self, call_id: str) -> ClosedMedia:
        """See `MediaEngine.close`; the sums are zero."""
        self.calls.pop(call_id, None)
        return ClosedMedia()

    def _call(self, call_id: str) -> SilentCall:
        if not self._is_running:
            raise EngineGone("the engine is not started")
        call = self.calls.get(call_id)
        if call is None:
            raise UnknownCall(call_id)
        return call

    def _unable(self, call_id: str) -> Unable:
        self._call(call_id)
        return Unable("the silent engine has no media")

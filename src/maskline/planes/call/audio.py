"""The audio of one call: SDP of both legs on one side, the media engine on the other."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass

from msgspec import Struct

from maskline.domain.release import ReleaseCode
from maskline.planes.call.codec import Repertoire
from maskline.planes.call.leg import Leg, LegState
from maskline.planes.call.over import CallOver
from maskline.planes.media.engine import (
    BadMedia,
    ClosedMedia,
    EngineBusy,
    LocalMedia,
    MediaEngine,
    MediaError,
    MediaListener,
    MediaPeer,
    OpenedMedia,
    Protection,
    Side,
    Unable,
)
from maskline.protocols.sdp.error import SdpError
from maskline.protocols.sdp.model import Codec

PLAIN = frozenset({Protection.NONE})


@dataclass(frozen=True, slots=True)
class Unusable:
    """An offer that is refused with 488; `warning` (code, text) says why (RFC 3261 20.43)."""

    warning: tuple[int, str] | None = None


class AudioState(Struct, frozen=True, array_like=True, gc=False):
    """The audio of a call, as it is kept for a later run: caller first, then callee."""

    legs: tuple[LegState, LegState]
    peers: tuple[MediaPeer, MediaPeer]
    caller_protection: Protection
    is_voiced: bool


Agreed = Callable[[Side, MediaPeer], None]
"""Hears of each far end that was agreed with a party's network."""


class CallAudio:
    """Opens, negotiates and bridges. What cannot go on raises `CallOver` with the reason.

    `description_ids` name the session descriptions of the caller's and the callee's side (RFC 8866
    5.2); they have nothing in common, so that two who compare theirs learn nothing.
    """

    __slots__ = (
        "_call_id",
        "_caller_protection",
        "_description_ids",
        "_engine",
        "_has_early_media",
        "_is_apart",
        "_is_voiced",
        "_legs",
        "_listener",
        "_opened",
        "_peers",
        "_repertoire",
        "_replaced",
        "_takes_offer_from_caller",
        "on_agreed",
    )

    def __init__(
        self,
        engine: MediaEngine,
        call_id: str,
        listener: MediaListener,
        description_ids: tuple[int, int],
    ) -> None:
        self._engine = engine
        self._call_id = call_id
        self.on_agreed: Agreed | None = None
        self._listener = listener
        self._description_ids = description_ids
        self._legs: dict[Side, Leg] = {}
        self._opened: OpenedMedia | None = None
        self._repertoire = Repertoire((), frozenset())
        self._caller_protection = Protection.NONE
        self._takes_offer_from_caller = False
        self._has_early_media = False
        self._is_apart = False
        self._is_voiced = False
        self._peers: dict[Side, MediaPeer] = {}
        self._replaced: dict[Side, tuple[Leg, MediaPeer | None]] = {}

    @classmethod
    def from_state(
        cls, engine: MediaEngine, call_id: str, listener: MediaListener, state: AudioState
    ) -> "CallAudio":
        """The audio of a call of an earlier run, which the engine goes on with after `adopt`."""
        caller, callee = state.legs
        ids = (caller.description_id, callee.description_id)
        audio = cls(engine, call_id, listener, ids)
        audio._caller_protection = state.caller_protection
        audio._is_voiced = state.is_voiced
        audio._repertoire = Repertoire.of(engine.abilities, is_voiced=state.is_voiced)
        audio._peers = dict(zip(Side, state.peers, strict=True))
        audio._legs = {
            Side.CALLER: Leg.from_state(caller, audio._repertoire),
            Side.CALLEE: Leg.from_state(callee, audio._repertoire),
        }
        return audio

    async def adopt(self, keepsake: bytes) -> bool:
        """Take over the media of `from_state`, if the engine still has it."""
        if len(self._peers) < len(Side):
            return False
        locals_ = OpenedMedia(*(self._legs[side].state.local for side in Side))
        try:
            is_ours = await self._engine.adopt(
                self._call_id, keepsake, locals_, self._peers, self._listener
            )
        except MediaError:
            return False
        if is_ours:
            self._opened = locals_
        return is_ours

    @property
    def state(self) -> AudioState | None:
        """What a later run needs to go on with it; None unless both far ends are known."""
        caller, callee = (self._peers.get(side) for side in Side)
        if caller is None or callee is None:
            return None
        return AudioState(
            legs=(self._legs[Side.CALLER].state, self._legs[Side.CALLEE].state),
            peers=(caller, callee),
            caller_protection=self._caller_protection,
            is_voiced=self._is_voiced,
        )

    @property
    def keepsake(self) -> bytes:
        """By what a later run finds the media; empty when it ends with this one."""
        return b"" if self._opened is None else self._engine.keepsake(self._call_id)

    @property
    def is_open(self) -> bool:
        """Whether the ports of both sides were taken."""
        return self._opened is not None

    @property
    def connected(self) -> frozenset[Side]:
        """The sides whose far end is known: only they can hear anything."""
        return frozenset(self._peers)

    @property
    def listening(self) -> frozenset[Side]:
        """The connected sides that are sent audio: a party on hold is not."""
        return frozenset([side for side, peer in self._peers.items() if peer.receives])

    async def open(
        self,
        offer: bytes,
        *,
        protection: Protection = Protection.NONE,
        is_voiced: bool = False,
    ) -> None:
        """Take ports and read the caller's offer; empty means that the caller wants one.

        `protection` is that of the caller's trunk: with one, plain audio is refused; without, the
        caller chooses. `is_voiced` calls may hear prompts, be listened to or recorded.
        """
        try:
            opened = await self._engine.open(self._call_id, self._listener)
        except EngineBusy as error:
            raise CallOver(ReleaseCode.VOICE_PORTS_EXHAUSTED) from error
        except MediaError as error:
            raise CallOver(ReleaseCode.SERVICE_ABNORMAL) from error
        abilities = self._engine.abilities
        self._opened = opened
        self._caller_protection = protection
        self._is_voiced = is_voiced
        self._repertoire = Repertoire.of(abilities, is_voiced=is_voiced)
        caller = Leg(opened.caller, self._description_ids[0], self._repertoire)
        self._legs[Side.CALLER] = caller
        if offer:
            accepted = abilities.protections
            if protection is not Protection.NONE:
                accepted -= PLAIN
            try:
                caller.read_offer(offer, accepted)
            except SdpError as error:
                raise CallOver(ReleaseCode.CALLER_NETWORK, warning=_warning(error)) from error
            self._takes_offer_from_caller = True

    async def offer_to_callee(self, protection: Protection = Protection.NONE) -> bytes | None:
        """What the callee is offered over a trunk: what the caller can do, and G.711.

        None when the engine cannot encrypt as the trunk asks. Each trunk that is tried is another
        far end: it starts anew.
        """
        if self._opened is None:
            raise CallOver(ReleaseCode.SERVICE_ABNORMAL)
        before = self._legs.get(Side.CALLEE)
        callee = Leg(self._opened.callee, self._description_ids[1], self._repertoire)
        codecs = self._repertoire.basic
        if self._takes_offer_from_caller:
            codecs = self._repertoire.to_offer(self._legs[Side.CALLER].offered_codecs)
        local = self._opened.callee
        try:
            if before is not None and before.protection is not Protection.NONE:
                # The key that a trunk was offered is known to it: the next one gets another.
                await self._engine.secure(self._call_id, Side.CALLEE, Protection.NONE)
            if protection is not Protection.NONE:
                local = await self._engine.secure(self._call_id, Side.CALLEE, protection)
        except Unable:
            return None
        except MediaError as error:
            raise CallOver(ReleaseCode.SERVICE_ABNORMAL) from error
        self._legs[Side.CALLEE] = callee
        self._peers.pop(Side.CALLEE, None)
        return callee.make_offer(codecs, local)

    async def answer_early(self) -> bytes | None:
        """Settle the caller's side before the callee's; the answer for a provisional response.

        None when the caller cannot be given one, as it made no offer.
        """
        if not self._takes_offer_from_caller:
            return None
        try:
            await self._connect_caller()
        except (SdpError, BadMedia, Unable):
            return None
        except MediaError as error:
            raise CallOver(ReleaseCode.SERVICE_ABNORMAL) from error
        self._has_early_media = True
        return self._legs[Side.CALLER].answer

    def forget_early(self) -> None:
        """There is nothing to hear after all: no response shall keep a phone from ringing back."""
        self._has_early_media = False

    async def early(self, callee_answer: bytes, *, is_heard: bool = True) -> bytes | None:
        """Take the callee's early answer; the answer for the caller's provisional response.

        The callee's early media flows to the caller where it `is_heard`. None when the caller
        cannot be given any: it made no offer, or the callee's is unusable.
        """
        if callee_answer:
            try:
                await self._connect_callee(callee_answer)
                if self._takes_offer_from_caller and is_heard:
                    await self._connect_caller()
                    await self._engine.early(self._call_id)
                    self._has_early_media = True
            except (SdpError, BadMedia, Unable):
                return None
            except MediaError as error:
                raise CallOver(ReleaseCode.SERVICE_ABNORMAL) from error
        return self._legs[Side.CALLER].answer if self._has_early_media else None

    async def join(self, callee_answer: bytes) -> bytes:
        """Connect both sides; what the caller's 200 carries: the answer, or the offer it wanted.

        An empty `callee_answer` means that a reliable provisional response carried it. Nobody hears
        anybody before `bridge`, but for early media that flows already.
        """
        try:
            if callee_answer:
                await self._connect_callee(callee_answer)
            elif self._legs[Side.CALLEE].codec is None:
                # A 2xx without the answer that no earlier response carried: nobody could be heard.
                raise CallOver(ReleaseCode.CALLEE_NETWORK)
            if self._takes_offer_from_caller:
                await self._connect_caller()
        except (SdpError, BadMedia, Unable) as error:
            raise CallOver(ReleaseCode.CALLEE_NETWORK) from error
        except MediaError as error:
            raise CallOver(ReleaseCode.SERVICE_ABNORMAL) from error
        if self._takes_offer_from_caller:
            return self._legs[Side.CALLER].answer
        return await self._offer_to_caller()

    async def keep_apart(self) -> None:
        """Let neither party hear the other until `bridge`, also where early media flowed."""
        self._is_apart = True
        await self._block(is_blocked=True)

    async def bridge(self) -> None:
        """Let both parties hear each other from now on."""
        try:
            await self._engine.bridge(self._call_id)
        except MediaError as error:
            raise CallOver(ReleaseCode.SERVICE_ABNORMAL) from error
        if self._is_apart:
            self._is_apart = False
            await self._block(is_blocked=False)

    async def _block(self, *, is_blocked: bool) -> None:
        try:
            for side in Side:
                await self._engine.block(self._call_id, side, is_blocked)
        except MediaError as error:
            raise CallOver(ReleaseCode.SERVICE_ABNORMAL) from error

    async def _offer_to_caller(self) -> bytes:
        """What the 200 carries for a caller who made no offer."""
        try:
            return await self._make_offer(Side.CALLER, self._caller_protection)
        except (SdpError, Unable) as error:
            raise CallOver(ReleaseCode.CALLER_NETWORK) from error
        except MediaError as error:
            raise CallOver(ReleaseCode.SERVICE_ABNORMAL) from error

    async def take_offer(self, side: Side, offer: bytes) -> bytes | Unusable:
        """A change that one party offers in the call; the answer, or why it is unusable.

        Unusable is also what would leave one of the two unheard, and another kind of encryption
        than the leg has. An empty offer asks for ours, which `take_answer` completes.
        """
        leg = self._legs[side]
        before = copy(leg)
        self._replaced[side] = (before, self._peers.get(side))
        try:
            if not offer:
                return await self._make_offer(side, leg.protection)
            leg.read_offer(offer, frozenset({leg.protection}))
            await self._answer(side)
        except SdpError as error:
            self._legs[side] = before
            return Unusable(_warning(error))
        except (BadMedia, Unable):
            self._legs[side] = before
            return Unusable()
        except MediaError as error:
            raise CallOver(ReleaseCode.SERVICE_ABNORMAL) from error
        return leg.answer

    async def take_back(self, side: Side) -> None:
        """A party withdrew its last offer before it was answered: what was before stands."""
        leg, peer = self._replaced.pop(side, (None, None))
        if leg is None:
            return
        self._legs[side] = leg
        if peer is None or peer == self._peers.get(side):
            return
        try:
            await self._connect(side, peer)
        except MediaError as error:
            raise CallOver(ReleaseCode.SERVICE_ABNORMAL) from error

    async def take_answer(self, side: Side, answer: bytes) -> None:
        """The answer to an offer of ours that went out in a 200."""
        try:
            await self._connect(side, self._legs[side].read_answer(answer))
        except (SdpError, BadMedia, Unable) as error:
            fault = ReleaseCode.CALLER_NETWORK
            if side is Side.CALLEE:
                fault = ReleaseCode.CALLEE_NETWORK
            raise CallOver(fault) from error
        except MediaError as error:
            raise CallOver(ReleaseCode.SERVICE_ABNORMAL) from error

    async def close(self) -> ClosedMedia:
        """Free everything; harmless when nothing was opened. The sums of what passed."""
        if self._opened is None:
            return ClosedMedia()
        return await self._engine.close(self._call_id)

    async def _connect_callee(self, answer: bytes) -> None:
        await self._connect(Side.CALLEE, self._legs[Side.CALLEE].read_answer(answer))

    async def _connect_caller(self) -> None:
        await self._answer(Side.CALLER)

    async def _answer(self, side: Side) -> None:
        leg = self._legs[side]
        leg.conclude(await self._connect(side, leg.accept(self._codec_of(side.other))))

    async def _connect(self, side: Side, peer: MediaPeer) -> LocalMedia:
        local = await self._engine.connect(self._call_id, side, peer)
        if self.on_agreed is not None and self._peers.get(side) != peer:
            self.on_agreed(side, peer)
        self._peers[side] = peer
        return local

    async def _make_offer(self, side: Side, protection: Protection) -> bytes:
        """An offer to a party in a call, of what joins the codec of the other."""
        partner = self._codec_of(side.other)
        codecs = self._repertoire.basic if partner is None else self._repertoire.to_offer([partner])
        local = None
        if protection is not Protection.NONE:
            local = await self._engine.secure(self._call_id, side, protection)
        return self._legs[side].make_offer(codecs, local)

    def _codec_of(self, side: Side) -> Codec | None:
        leg = self._legs.get(side)
        return None if leg is None else leg.codec


def _warning(error: SdpError) -> tuple[int, str] | None:
    return None if error.warning_code is None else (error.warning_code, error.warning_text)

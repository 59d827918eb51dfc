"""The audio of one call: SDP of both legs on one side, the media engine on the other."""

from maskline.domain.release import ReleaseCode
from maskline.planes.call.leg import Leg
from maskline.planes.call.over import CallOver
from maskline.planes.media.engine import (
    BadMedia,
    EngineBusy,
    MediaEngine,
    MediaError,
    MediaListener,
    Side,
)
from maskline.protocols.sdp.error import SdpError


class CallAudio:
    """Opens, negotiates and bridges. What cannot go on raises `CallOver` with the reason.

    `description_ids` name the session descriptions of the caller's and the callee's side (RFC 8866
    5.2); they have nothing in common, so that two who compare theirs learn nothing.
    """

    __slots__ = (
        "_call_id",
        "_description_ids",
        "_engine",
        "_has_early_media",
        "_legs",
        "_listener",
        "_takes_offer_from_caller",
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
        self._listener = listener
        self._description_ids = description_ids
        self._legs: dict[Side, Leg] = {}
        self._takes_offer_from_caller = False
        self._has_early_media = False

    async def open(self, offer: bytes) -> None:
        """Take ports and read the caller's offer; empty means that the caller wants one."""
        try:
            opened = await self._engine.open(self._call_id, self._listener)
        except EngineBusy as error:
            raise CallOver(ReleaseCode.VOICE_PORTS_EXHAUSTED) from error
        except MediaError as error:
            raise CallOver(ReleaseCode.SERVICE_ABNORMAL) from error
        self._legs = {
            Side.CALLER: Leg(opened.caller, self._description_ids[0]),
            Side.CALLEE: Leg(opened.callee, self._description_ids[1]),
        }
        if offer:
            try:
                self._legs[Side.CALLER].read_offer(offer)
            except SdpError as error:
                raise CallOver(ReleaseCode.CALLER_NETWORK, warning=_warning(error)) from error
            self._takes_offer_from_caller = True

    def offer_to_callee(self) -> bytes:
        """What the callee is offered: all we do, the caller's preference first."""
        preferred = self._legs[Side.CALLER].offered_codecs
        return self._legs[Side.CALLEE].make_offer(preferred)

    async def early(self, callee_answer: bytes) -> bytes | None:
        """Let the callee's early media through; the answer for the caller's provisional response.

        None when the caller cannot be given any: it made no offer, or the callee's is unusable.
        """
        if callee_answer and self._takes_offer_from_caller:
            try:
                await self._connect_callee(callee_answer)
                await self._connect_caller()
                await self._engine.early(self._call_id)
            except (SdpError, BadMedia):
                return None
            except MediaError as error:
                raise CallOver(ReleaseCode.SERVICE_ABNORMAL) from error
            self._has_early_media = True
        return self._legs[Side.CALLER].answer if self._has_early_media else None

    async def bridge(self, callee_answer: bytes) -> bytes:
        """Connect both ways; what the caller's 200 carries: the answer, or the offer it wanted.

        An empty `callee_answer` means that a reliable provisional response carried it.
        """
        try:
            if callee_answer:
                await self._connect_callee(callee_answer)
            elif self._legs[Side.CALLEE].codec_name is None:
                # A 2xx without the answer that no earlier response carried: nobody could be heard.
                raise CallOver(ReleaseCode.CALLEE_NETWORK)
            if self._takes_offer_from_caller:
                await self._connect_caller()
            await self._engine.bridge(self._call_id)
        except (SdpError, BadMedia) as error:
            raise CallOver(ReleaseCode.CALLEE_NETWORK) from error
        except MediaError as error:
            raise CallOver(ReleaseCode.SERVICE_ABNORMAL) from error
        caller = self._legs[Side.CALLER]
        if self._takes_offer_from_caller:
            return caller.answer
        used = self._legs[Side.CALLEE].codec_name
        return caller.make_offer(() if used is None else (used,))

    async def take_offer(self, side: Side, offer: bytes) -> bytes | None:
        """A change that one party offers in the call; the answer, None when it is unusable.

        An empty offer asks for ours, which `take_answer` completes.
        """
        leg = self._legs[side]
        if not offer:
            return leg.make_offer(() if leg.codec_name is None else (leg.codec_name,))
        try:
            leg.read_offer(offer)
            await self._engine.connect(self._call_id, side, leg.accept(None))
        except (SdpError, BadMedia):
            return None
        except MediaError as error:
            raise CallOver(ReleaseCode.SERVICE_ABNORMAL) from error
        return leg.answer

    async def take_answer(self, side: Side, answer: bytes) -> None:
        """The answer to an offer of ours that went out in a 200."""
        try:
            peer = self._legs[side].read_answer(answer)
            await self._engine.connect(self._call_id, side, peer)
        except (SdpError, BadMedia) as error:
            fault = ReleaseCode.CALLER_NETWORK
            if side is Side.CALLEE:
                fault = ReleaseCode.CALLEE_NETWORK
            raise CallOver(fault) from error
        except MediaError as error:
            raise CallOver(ReleaseCode.SERVICE_ABNORMAL) from error

    async def close(self) -> None:
        """Free everything; harmless when nothing was opened."""
        if self._legs:
            await self._engine.close(self._call_id)

    async def _connect_callee(self, answer: bytes) -> None:
        peer = self._legs[Side.CALLEE].read_answer(answer)
        await self._engine.connect(self._call_id, Side.CALLEE, peer)

    async def _connect_caller(self) -> None:
        peer = self._legs[Side.CALLER].accept(self._legs[Side.CALLEE].codec_name)
        await self._engine.connect(self._call_id, Side.CALLER, peer)


def _warning(error: SdpError) -> tuple[int, str] | None:
    return None if error.warning_code is None else (error.warning_code, error.warning_text)

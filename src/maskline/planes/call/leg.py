"""One side of a call: what its SDP negotiation has reached."""

from collections.abc import Sequence

from msgspec import Struct

from maskline.planes.call.codec import Repertoire
from maskline.planes.media.engine import (
    AudioCodec,
    DtlsIdentity,
    Keying,
    LocalMedia,
    MediaPeer,
    Protection,
    SdesKey,
)
from maskline.protocols.sdp.build import build_answer, build_offer
from maskline.protocols.sdp.error import NoCommonCodec, NoCommonKeying, SdpError
from maskline.protocols.sdp.model import AudioMedia, Codec, Direction, SessionDescription
from maskline.protocols.sdp.negotiate import answer_direction, choose_codecs
from maskline.protocols.sdp.parse import parse_sdp
from maskline.protocols.sdp.security import Crypto, Fingerprint, Security

TELEPHONE_EVENT = 101
"""The payload type of digits in our own offers (RFC 4733)."""


class LegState(Struct, frozen=True, array_like=True, gc=False):
    """What was agreed with one party, as it is kept for a later run.

    `codec` is the one in use, `described` those that we last said to do, `event` the payload type
    of digits that we said then.
    """

    local: LocalMedia
    description_id: int
    version: int
    codec: Codec | None
    described: tuple[Codec, ...]
    event: int | None
    protection: Protection


class Leg:
    """The audio agreed with one party.

    What is sent is built from our own address and key, the codecs we do and the payload types of
    this very peer: nothing of the other leg's description can get here.
    """

    __slots__ = (
        "_answer",
        "_audio",
        "_codec",
        "_described",
        "_description_id",
        "_event",
        "_local",
        "_offer",
        "_protection",
        "_repertoire",
        "_usable",
        "_version",
    )

    def __init__(self, local: LocalMedia, description_id: int, repertoire: Repertoire) -> None:
        self._local = local
        self._description_id = description_id
        self._repertoire = repertoire
        self._version = 0
        self._offer: SessionDescription | None = None
        self._audio: AudioMedia | None = None
        self._usable: tuple[Codec, ...] = ()
        # What a re-INVITE that repeats our description would offer.
        self._described: tuple[Codec, ...] = ()
        self._event: int | None = None
        self._codec: Codec | None = None
        self._protection = Protection.NONE
        self._answer: bytes | None = None

    @classmethod
    def from_state(cls, state: LegState, repertoire: Repertoire) -> "Leg":
        """A leg of an earlier run, with its next description of the same media."""
        leg = cls(state.local, state.description_id, repertoire)
        leg._version = state.version
        leg._codec = state.codec
        leg._described, leg._event = state.described, state.event
        leg._protection = state.protection
        return leg

    @property
    def state(self) -> LegState:
        """What a later run needs to go on with it."""
        return LegState(
            local=self._local,
            description_id=self._description_id,
            version=self._version,
            codec=self._codec,
            described=self._described,
            event=self._event,
            protection=self._protection,
        )

    @property
    def offered_codecs(self) -> tuple[Codec, ...]:
        """The codecs in the peer's offer that we do, in the peer's order."""
        return self._usable

    @property
    def codec(self) -> Codec | None:
        """The codec in use on this leg."""
        return self._codec

    @property
    def protection(self) -> Protection:
        """How the leg is encrypted, as its last offer said."""
        return self._protection

    def read_offer(self, body: bytes, accepted: frozenset[Protection]) -> None:
        """Take the peer's offer, encrypted in one of the ways that are accepted.

        Raises SdpError: answer its status; the old offer stands.
        """
        offer = parse_sdp(body)
        audio = offer.require_audio(frozenset([Security(one.value) for one in accepted]))
        self._usable = choose_codecs(audio.codecs, self._repertoire.codecs)
        self._offer = offer
        self._audio = audio
        self._protection = Protection(audio.security.value)
        self._answer = None

    def accept(self, partner: Codec | None) -> MediaPeer:
        """Settle on a codec of the peer's offer that joins the partner's; the far end.

        A codec once settled stays while it is offered, so that every answer says the same; else
        the partner's own comes first. Raises SdpError without an offer, NoCommonCodec when the two
        could not hear each other.
        """
        audio = self._audio
        if audio is None:
            raise SdpError("the peer has made no offer")
        usable = self._usable
        if partner is not None:
            usable = [codec for codec in usable if self._repertoire.joins(codec, partner)]
        chosen = _find(self._codec, usable)
        if chosen is None:
            if self._answer is not None or not usable:
                raise NoCommonCodec
            chosen = _find(partner, usable) or usable[0]
        self._codec = chosen
        return _peer(audio, chosen, _keying(audio))

    def conclude(self, local: LocalMedia) -> None:
        """Answer what `accept` settled, in the name of the media that the engine then announced.

        Raises SdpError before `accept`.
        """
        self._local = local
        offer, audio, codec = self._offer, self._audio, self._codec
        if offer is None or audio is None or codec is None:
            raise SdpError("no offer was accepted")
        if self._answer is not None:
            return
        self._version += 1
        self._described, self._event = (codec,), audio.telephone_event
        self._answer = build_answer(
            offer,
            audio=audio,
            address=local.address,
            port=local.port,
            codecs=(codec,),
            telephone_event=audio.telephone_event,
            direction=answer_direction(audio.direction, Direction.SENDRECV),
            session_id=self._description_id,
            version=self._version,
            security=_security(local.keying),
        )

    @property
    def answer(self) -> bytes:
        """The answer that was concluded. Raises SdpError before that."""
        if self._answer is None:
            raise SdpError("no offer was accepted")
        return self._answer

    def make_offer(self, codecs: Sequence[Codec], local: LocalMedia | None = None) -> bytes:
        """An offer of these codecs, in this order.

        `local` is what the engine said when it was told to encrypt the side, None when nothing
        has changed. Raises SdpError when there is no codec to offer.
        """
        if not codecs:
            raise NoCommonCodec
        if local is not None:
            self._local = local
        self._described, self._event = tuple(codecs), TELEPHONE_EVENT
        self._protection = _protection(self._local.keying)
        self._version += 1
        return build_offer(
            address=self._local.address,
            port=self._local.port,
            codecs=codecs,
            telephone_event=TELEPHONE_EVENT,
            direction=Direction.SENDRECV,
            session_id=self._description_id,
            version=self._version,
            security=_security(self._local.keying),
        )

    def read_answer(self, body: bytes) -> MediaPeer:
        """The far end as the peer's answer gives it. Raises SdpError."""
        audio = parse_sdp(body).require_audio(frozenset({Security(self._protection.value)}))
        keying = _keying(audio)
        ours = self._local.keying
        if isinstance(ours, SdesKey) and not _answers(keying, ours):
            raise NoCommonKeying
        codec, *others = choose_codecs(audio.codecs, self._described)
        self._codec = codec
        return _peer(
            audio,
            codec,
            keying,
            other_codecs=tuple(
                [_media_codec(c) for c in others if self._repertoire.joins(c, codec)]
            ),
            offered_event=self._event,
        )


def _find(wish: Codec | None, among: Sequence[Codec]) -> Codec | None:
    if wish is None:
        return None
    return next((codec for codec in among if codec.is_same(wish)), None)


def _answers(keying: Keying | None, ours: SdesKey) -> bool:
    """Whether a key belongs to the line that was offered (RFC 4568 5.1.3)."""
    return isinstance(keying, SdesKey) and (keying.tag, keying.suite) == (ours.tag, ours.suite)


def _protection(keying: Keying | None) -> Protection:
    match keying:
        case SdesKey():
            return Protection.SDES
        case DtlsIdentity():
            return Protection.DTLS
        case None:
            return Protection.NONE


def _security(keying: Keying | None) -> Crypto | Fingerprint | None:
    match keying:
        case SdesKey(tag=tag, suite=suite, key=key):
            return Crypto(tag, suite, key)
        case DtlsIdentity(algorithm=algorithm, fingerprint=fingerprint, setup=setup):
            return Fingerprint(algorithm, fingerprint, setup)
        case None:
            return None


def _keying(audio: AudioMedia) -> Keying | None:
    """How the party encrypts: by the first of its keys that can be used (RFC 4568 5.1.2)."""
    match audio.security:
        case Security.SDES:
            crypto = audio.cryptos[0]
            return SdesKey(crypto.tag, crypto.suite, crypto.key)
        case Security.DTLS if audio.fingerprint is not None:
            shown = audio.fingerprint
            return DtlsIdentity(shown.algorithm, shown.value, shown.setup)
        case _:
            return None


def _media_codec(codec: Codec) -> AudioCodec:
    return AudioCodec(
        codec.name, codec.payload_type, codec.clock_rate, codec.channels, codec.fmtp or ""
    )


def _peer(
    audio: AudioMedia,
    codec: Codec,
    keying: Keying | None,
    other_codecs: tuple[AudioCodec, ...] = (),
    offered_event: int | None = None,
) -> MediaPeer:
    return MediaPeer(
        address=audio.address,
        port=audio.port,
        codec=_media_codec(codec),
        telephone_event=audio.telephone_event,
        sends=audio.direction.sends,
        receives=audio.direction.receives and not audio.has_zero_address,
        rtcp_port=audio.rtcp_port,
        other_codecs=other_codecs,
        offered_event=offered_event,
        keying=keying,
    )

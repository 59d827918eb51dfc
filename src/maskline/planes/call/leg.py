"""One side of a call: what its SDP negotiation has reached."""

from maskline.planes.media.engine import AudioCodec, LocalMedia, MediaPeer
from maskline.protocols.sdp.build import build_answer, build_offer
from maskline.protocols.sdp.error import NoCommonCodec, SdpError
from maskline.protocols.sdp.model import AudioMedia, Codec, Direction, SessionDescription
from maskline.protocols.sdp.negotiate import answer_direction, choose_codecs
from maskline.protocols.sdp.parse import parse_sdp

CODECS = (Codec(8, "PCMA"), Codec(0, "PCMU"))
TELEPHONE_EVENT = 101
"""The payload type of digits in our own offers (RFC 4733)."""


class Leg:
    """The audio agreed with one party.

    What is sent is built from our own address, the codecs we do and the payload types of this
    very peer: nothing of the other leg's description can get here.
    """

    __slots__ = (
        "_answer",
        "_audio",
        "_codec",
        "_description_id",
        "_local",
        "_offer",
        "_usable",
        "_version",
    )

    def __init__(self, local: LocalMedia, description_id: int) -> None:
        self._local = local
        self._description_id = description_id
        self._version = 0
        self._offer: SessionDescription | None = None
        self._audio: AudioMedia | None = None
        self._usable: tuple[Codec, ...] = ()
        self._codec: Codec | None = None
        self._answer: bytes | None = None

    @property
    def offered_codecs(self) -> tuple[str, ...]:
        """Names of the codecs in the peer's offer that we do, in the peer's order."""
        return tuple(codec.name for codec in self._usable)

    @property
    def codec_name(self) -> str | None:
        """The codec in use on this leg."""
        return None if self._codec is None else self._codec.name

    def read_offer(self, body: bytes) -> None:
        """Take the peer's offer. Raises SdpError: answer its status; the old offer stands."""
        offer = parse_sdp(body)
        audio = offer.require_audio()
        self._usable = choose_codecs(audio.codecs, CODECS)
        self._offer = offer
        self._audio = audio
        self._answer = None

    def accept(self, preferred: str | None) -> MediaPeer:
        """Settle on a codec of the peer's offer, `preferred` when it is there; the far end.

        A codec once settled stays while it is offered, so that every answer says the same.
        Raises SdpError without an offer.
        """
        audio = self._audio
        if self._offer is None or audio is None:
            raise SdpError("the peer has made no offer")
        wishes = (self.codec_name, preferred)
        chosen = next((c for wish in wishes for c in self._usable if c.name == wish), None)
        chosen = chosen or self._usable[0]
        self._codec = chosen
        if self._answer is None:
            self._version += 1
            self._answer = build_answer(
                self._offer,
                address=self._local.address,
                port=self._local.port,
                codecs=(chosen,),
                telephone_event=audio.telephone_event,
                direction=answer_direction(audio.direction, Direction.SENDRECV),
                session_id=self._description_id,
                version=self._version,
            )
        return _peer(audio, chosen)

    @property
    def answer(self) -> bytes:
        """The answer to the offer that `accept` settled. Raises SdpError before that."""
        if self._answer is None:
            raise SdpError("no offer was accepted")
        return self._answer

    def make_offer(self, preferred: tuple[str, ...]) -> bytes:
        """An offer of every codec we do, those named in `preferred` first, in that order."""
        rank = {name: place for place, name in enumerate(preferred)}
        self._version += 1
        return build_offer(
            address=self._local.address,
            port=self._local.port,
            codecs=sorted(CODECS, key=lambda codec: rank.get(codec.name, len(rank))),
            telephone_event=TELEPHONE_EVENT,
            direction=Direction.SENDRECV,
            session_id=self._description_id,
            version=self._version,
        )

    def read_answer(self, body: bytes) -> MediaPeer:
        """The far end as the peer's answer gives it. Raises SdpError."""
        audio = parse_sdp(body).require_audio()
        self._codec, *others = choose_codecs(audio.codecs, CODECS)
        return _peer(
            audio,
            self._codec,
            other_codecs=tuple([_media_codec(codec) for codec in others]),
            offered_event=TELEPHONE_EVENT,
        )


def _media_codec(codec: Codec) -> AudioCodec:
    if codec.name == "PCMA":
        return AudioCodec("PCMA", codec.payload_type)
    if codec.name == "PCMU":
        return AudioCodec("PCMU", codec.payload_type)
    raise NoCommonCodec


def _peer(
    audio: AudioMedia,
    codec: Codec,
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
    )

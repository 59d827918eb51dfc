"""One call of a phone: verbs of its user, and what its user sees and hears."""

import asyncio
import re
import secrets
import time
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum, auto

from maskline.lab.hearing import HeardTone, find_tones
from maskline.lab.key_tone import make_key_tones
from maskline.lab.phone_audio import PhoneAudio, Sound
from maskline.lab.phone_srtp import PhoneKeys
from maskline.lab.sip_port import SipPort
from maskline.lab.trace import TracedMessage
from maskline.protocols.rtp.g711 import Law
from maskline.protocols.rtp.packet import CLOCK_RATE
from maskline.protocols.sdp.build import build_answer, build_offer
from maskline.protocols.sdp.error import SdpError
from maskline.protocols.sdp.model import AudioMedia, Codec, Direction
from maskline.protocols.sdp.negotiate import answer_direction, choose_codecs
from maskline.protocols.sdp.parse import parse_sdp
from maskline.protocols.sip.event import (
    AckMissed,
    Acknowledged,
    Answered,
    CancelReceived,
    EndReceived,
    Event,
    InfoReceived,
    OfferAnswered,
    OfferReceived,
    OfferRejected,
    ProgressReceived,
    Rejected,
    Ringing,
    SessionClosed,
    SessionExpired,
    SessionTimedOut,
    TransportFailed,
)
from maskline.protocols.sip.message import Request
from maskline.protocols.sip.session import Session
from maskline.protocols.sip.session_incoming import IncomingSession
from maskline.protocols.sip.session_outgoing import OutgoingSession
from maskline.protocols.sip.uri import SipUri

DTMF_RELAY = "application/dtmf-relay"
"""The content type of keys in SIP INFO."""

MAX_INFO_KEYS = 256
"""Keys of the other party in SIP INFO that are remembered."""

TELEPHONE_EVENT = 101
"""The payload type of keys in a phone's own offers (RFC 4733)."""

WAIT_S = 5.0
"""How long the verbs wait for the other side by default."""

ZERO_ADDRESS = "0.0.0.0"  # noqa: S104 - said in SDP, not bound

MAX_PROGRESS = 32
"""Provisional responses that are remembered."""

HEARING_SLACK_S = 2.0
"""How much longer than the audio asked for a listener waits."""


_SIGNAL = re.compile(rb"^\s*Signal\s*=\s*([0-9*#A-Da-d])\s*$", re.MULTILINE)


class CallState(IntEnum):
    """Where a call stands for its user."""

    DIALLING = 0
    RINGING = 1
    TALKING = 2
    ENDED = 3


class KeyWay(Enum):
    """How a pressed key travels: beside the audio (RFC 4733), in SIP INFO, or as its sound."""

    EVENT = auto()
    INFO = auto()
    SOUND = auto()


class HoldWay(Enum):
    """How a phone puts the other on hold (RFC 3264 8.4).

    SENDONLY goes on to play to the other, ZERO_ADDRESS is the way of old phones.
    """

    INACTIVE = auto()
    SENDONLY = auto()
    ZERO_ADDRESS = auto()


@dataclass(frozen=True, slots=True)
class Progress:
    """A provisional response that came for our INVITE."""

    status: int
    has_audio: bool
    is_reliable: bool


class CallFailed(Exception):
    """What was asked for cannot happen any more: the call has ended."""


class PhoneCall:
    """A call of either direction.

    `number` is whom we called, or the user part of From of who calls. `end_status` is the SIP
    status that a call ended with before the answer, `end_cause` the Q.850 cause the peer gave.
    `moments` is when each state was reached, in seconds of the monotonic clock; `info_keys` are
    the keys that came in SIP INFO, those beside the audio are in `audio.keys`.
    """

    def __init__(
        self,
        port: SipPort,
        number: str,
        laws: Sequence[Law],
        *,
        incoming: bool,
        knows_events: bool = True,
        is_secure: bool = False,
    ) -> None:
        self.number = number
        self.is_incoming = incoming
        self.state = CallState.DIALLING
        self.progress: list[Progress] = []
        self.end_status: int | None = None
        self.end_cause: int | None = None
        self.is_ended_by_peer = False
        self.is_held_by_peer = False
        self.audio = PhoneAudio()
        self.info_keys: list[str] = []
        self.moments: dict[CallState, float] = {CallState.DIALLING: time.monotonic()}
        self.invite: Request | None = None
        self._port = port
        self._session: Session | None = None
        self._codecs = tuple(Codec(law.static_payload_type, law.value) for law in laws)
        self._description_id = secrets.randbits(31)
        self._version = 0
        self._direction = Direction.SENDRECV
        self._own_event = TELEPHONE_EVENT if knows_events else None
        self._keys = PhoneKeys(is_secure=is_secure)
        self._is_address_zero = False
        self._change = asyncio.Event()
        self._offer_result: bool | None = None

    # What the user sees

    @property
    def messages(self) -> list[TracedMessage]:
        """Every SIP message of the call, in order."""
        return self._port.trace.of_call(self.session.call_id)

    @property
    def dialled(self) -> str:
        """The number in the request URI of a call that came in; empty for one of ours."""
        return "" if self.invite is None else SipUri.parse(self.invite.uri).number

    @property
    def session(self) -> Session:
        """The SIP session. Raises CallFailed before there is one."""
        if self._session is None:
            raise CallFailed("the call was not placed")
        return self._session

    async def wait_until(self, state: CallState, timeout_s: float = WAIT_S) -> None:
        """Return once the call has come so far. Raises CallFailed, TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while self.state < state:
                self._change.clear()
                await self._change.wait()
        if self.state is CallState.ENDED and state is not CallState.ENDED:
            raise CallFailed(f"the call ended with {self.end_status}")

    async def heard(self, seconds: float) -> list[HeardTone]:
        """Listen so long and tell which tones there were. Raises TimeoutError on silence."""
        return find_tones(await self.audio.listen(seconds, seconds + HEARING_SLACK_S))

    def heard_last(self, seconds: float) -> list[HeardTone]:
        """The tones of the last `seconds` that were heard, without waiting."""
        recorded = self.audio.recorded()
        return find_tones(recorded[-int(seconds * CLOCK_RATE) :])

    def recorded(self) -> "array[int]":
        """Everything that was heard."""
        return self.audio.recorded()

    # What the user does

    def speak(self, sound: Sound | None) -> None:
        """Say something else, or fall silent."""
        self.audio.sound = sound

    async def ring(
        self, status: int = 180, *, early: bool = False, reliable: bool | None = None
    ) -> None:
        """Tell the caller that we ring; with `early` audio flows already."""
        session = self._incoming()
        body = self._answer_offer(session.remote_sdp) if early and session.has_offer else None
        session.ring(status, body=body, reliable=reliable, now=self._port.now())
        self._move(CallState.RINGING)
        self._port.settle()

    async def answer(self, timeout_s: float = WAIT_S) -> None:
        """Answer and wait for the ACK. Raises CallFailed, TimeoutError."""
        session = self._incoming()
        body = self._answer_offer(session.remote_sdp) if session.has_offer else self._make_offer()
        session.answer(body, now=self._port.now())
        self._port.settle()
        await self.wait_until(CallState.TALKING, timeout_s)

    async def reject(self, status: int, *, q850: int | None = None) -> None:
        """Refuse the call."""
        self._incoming().reject(status, q850=q850, now=self._port.now())
        self.end_status = status
        self._port.settle()
        await self.wait_until(CallState.ENDED)

    async def hang_up(self, timeout_s: float = WAIT_S) -> None:
        """End the call, or give it up before the answer, and wait until it is over."""
        self.session.end(now=self._port.now())
        self._port.settle()
        await self.wait_until(CallState.ENDED, timeout_s)

    async def hold(self, way: HoldWay = HoldWay.INACTIVE) -> bool:
        """Ask the other side to send nothing; whether it agreed."""
        self._is_address_zero = way is HoldWay.ZERO_ADDRESS
        direction = Direction.SENDONLY if way is HoldWay.SENDONLY else Direction.INACTIVE
        if self._is_address_zero:
            direction = Direction.SENDRECV  # such phones know no other
        return await self._change_direction(direction)

    async def resume(self) -> bool:
        """Talk again; whether the other side agreed."""
        self._is_address_zero = False
        return await self._change_direction(Direction.SENDRECV)

    def press(self, keys: str, duration_ms: int = 100, way: KeyWay = KeyWay.EVENT) -> None:
        """Press keys, one after the other. Raises ValueError for what is no key."""
        match way:
            case KeyWay.EVENT:
                for digit in keys:
                    self.audio.press(digit, duration_ms)
            case KeyWay.SOUND:
                self.audio.interject(make_key_tones(keys, duration_ms))
            case KeyWay.INFO:
                for digit in keys:
                    body = f"Signal={digit}\r\nDuration={duration_ms}\r\n".encode()
                    self.session.info(DTMF_RELAY, body, now=self._port.now())
                self._port.settle()

    # What the phone does

    async def place(self, start: Callable[[bytes], OutgoingSession], host: str) -> None:
        """Send the INVITE by `start`, which takes our offer."""
        await self.audio.open(host)
        self._session = start(self._make_offer())
        self._session.owner = self
        self._port.settle()

    async def take(self, session: IncomingSession, request: Request, host: str) -> None:
        """Open the audio of a call that came in."""
        self.invite = request
        self._session = session
        session.owner = self
        await self.audio.open(host)

    def handle(self, event: Event) -> None:
        """One SIP event of this call."""
        match event:
            case Ringing() | ProgressReceived():
                self._see_progress(event)
            case Answered(body=body):
                self._see_answer(body)
            case Acknowledged(body=body):
                if body:
                    self._take_answer(body)
                self._move(CallState.TALKING)
            case OfferReceived(body=body):
                self._see_offer(body)
            case OfferAnswered(body=body):
                if body:
                    self._take_answer(body)
                self._settle_offer(accepted=True)
            case OfferRejected():
                self._settle_offer(accepted=False)
            case InfoReceived(content_type=content_type, body=body):
                if content_type == DTMF_RELAY and len(self.info_keys) < MAX_INFO_KEYS:
                    self.info_keys += _signals(body)
            case _:
                self._see_end(event)

    async def close(self) -> None:
        """Free the ports; the record of the call stays."""
        await self.audio.close()

    def _see_progress(self, event: Ringing | ProgressReceived) -> None:
        if len(self.progress) < MAX_PROGRESS:
            self.progress.append(Progress(event.status, bool(event.body), event.reliable))
        if event.body:
            self._take_answer(event.body)
        self._move(CallState.RINGING)

    def _see_answer(self, body: bytes) -> None:
        session = self.session
        if session.local_sdp:
            if body:
                self._take_answer(body)
        elif isinstance(session, OutgoingSession):
            session.acknowledge(self._answer_offer(body), now=self._port.now())
        self._move(CallState.TALKING)

    def _see_offer(self, body: bytes) -> None:
        try:
            answer = self._answer_offer(body) if body else self._make_offer()
        except SdpError as error:
            self.session.reject_offer(error.status, now=self._port.now())
        else:
            self.session.accept_offer(answer, now=self._port.now())
        self._change.set()

    def _see_end(self, event: Event) -> None:
        match event:
            case Rejected(status=status, q850=q850):
                self.end_status, self.end_cause, self.is_ended_by_peer = status, q850, True
            case EndReceived(q850=q850) | CancelReceived(q850=q850):
                self.end_cause, self.is_ended_by_peer = q850, True
                if isinstance(event, CancelReceived):
                    self.end_status = 487
            case SessionTimedOut() | SessionExpired() | AckMissed():
                self.end_status = 408
            case TransportFailed():
                self.end_status = 503
            case SessionClosed():
                self._move(CallState.ENDED)
            case _:
                pass

    # Offers and answers

    def _make_offer(self) -> bytes:
        self._version += 1
        return build_offer(
            address=self._own_address(),
            port=self.audio.port,
            codecs=self._codecs,
            telephone_event=self._own_event,
            direction=self._direction,
            session_id=self._description_id,
            version=self._version,
            security=self._keys.offered,
        )

    def _answer_offer(self, body: bytes) -> bytes:
        offer = parse_sdp(body)
        far = offer.require_audio(self._keys.accepted)
        codecs = choose_codecs(far.codecs, self._codecs)
        self._version += 1
        direction = answer_direction(far.direction, self._direction)
        answer = build_answer(
            offer,
            address=self._own_address(),
            port=self.audio.port,
            codecs=codecs[:1],
            telephone_event=self._agreed_event(far),
            direction=direction,
            session_id=self._description_id,
            version=self._version,
            audio=far,
            security=self._keys.agree(far),
        )
        self._connect(far, codecs)
        return answer

    def _take_answer(self, body: bytes) -> None:
        far = parse_sdp(body).require_audio(self._keys.accepted)
        self._keys.agree(far)
        self._connect(far, choose_codecs(far.codecs, self._codecs))

    def _connect(self, far: AudioMedia, codecs: tuple[Codec, ...]) -> None:
        self.is_held_by_peer = far.is_hold
        agreed = AudioMedia(
            far.address, far.port, codecs, self._agreed_event(far), far.direction, far.ptime
        )
        self.audio.connect(agreed, sends=self._direction.sends, cipher=self._keys.cipher)

    def _own_address(self) -> str:
        return ZERO_ADDRESS if self._is_address_zero else self._port.address[0]

    def _agreed_event(self, far: AudioMedia) -> int | None:
        return None if self._own_event is None else far.telephone_event

    async def _change_direction(self, direction: Direction) -> bool:
        self._direction = direction
        self._offer_result = None
        self.session.reinvite(self._make_offer(), now=self._port.now())
        self._port.settle()
        async with asyncio.timeout(WAIT_S):
            while self._offer_result is None and self.state is CallState.TALKING:
                self._change.clear()
                await self._change.wait()
        return bool(self._offer_result)

    def _settle_offer(self, *, accepted: bool) -> None:
        self._offer_result = accepted
        self._change.set()

    def _incoming(self) -> IncomingSession:
        session = self.session
        if not isinstance(session, IncomingSession):
            raise CallFailed("only the called side can do this")
        if self.state is CallState.ENDED:
            raise CallFailed(f"the call ended with {self.end_status}")
        return session

    def _move(self, state: CallState) -> None:
        """Go on to a state; a call never goes back to an earlier one."""
        self.state = max(self.state, state)
        self.moments.setdefault(state, time.monotonic())
        self._change.set()


def _signals(body: bytes) -> list[str]:
    """The keys of a body of `application/dtmf-relay`."""
    return [found.decode().upper() for found in _SIGNAL.findall(body)]

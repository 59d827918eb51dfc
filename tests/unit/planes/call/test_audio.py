"""What is negotiated with each party of a call, by an engine that encrypts."""

import base64

import pytest

from maskline.domain.release import ReleaseCode
from maskline.planes.call.audio import CallAudio, Unusable
from maskline.planes.call.over import CallOver
from maskline.planes.media.engine import (
    Abilities,
    DtlsIdentity,
    LocalMedia,
    MediaPeer,
    Protection,
    SdesKey,
    Side,
    Unable,
)
from maskline.planes.media.silent import SilentEngine
from maskline.protocols.sdp import Security, parse_sdp

SUITE = "AES_CM_128_HMAC_SHA1_80"
A_KEY, B_KEY = bytes([65]) * 30, bytes([66]) * 30
OUR_KEY = {Side.CALLER: b"1" * 30, Side.CALLEE: b"2" * 30}
DIGEST = ":".join(["AB"] * 32)
ANY = frozenset(Security)


class EncryptingEngine(SilentEngine):
    """Says that it encrypts and relays G.722; no packet is read."""

    @property
    def abilities(self) -> Abilities:
        return Abilities(
            ("PCMA", "PCMU", "G722"), frozenset({"PCMA", "PCMU"}), frozenset(Protection)
        )

    async def secure(self, call_id: str, side: Side, protection: Protection) -> LocalMedia:
        ours = {
            Protection.NONE: None,
            Protection.SDES: SdesKey(1, SUITE, OUR_KEY[side]),
            Protection.DTLS: DtlsIdentity("sha-256", DIGEST, "actpass"),
        }
        return LocalMedia("127.0.0.1", 9, ours[protection])

    async def connect(self, call_id: str, side: Side, peer: MediaPeer) -> LocalMedia:
        self.calls[call_id].peers[side] = peer
        match peer.keying:
            case SdesKey(tag=tag, suite=suite):
                return LocalMedia("127.0.0.1", 9, SdesKey(tag, suite, OUR_KEY[side]))
            case DtlsIdentity():
                return LocalMedia("127.0.0.1", 9, DtlsIdentity("sha-256", DIGEST, "passive"))
            case None:
                return LocalMedia("127.0.0.1", 9)


class LawEngine(EncryptingEngine):
    @property
    def abilities(self) -> Abilities:
        g711 = ("PCMA", "PCMU")
        return Abilities(g711, frozenset(g711), frozenset({Protection.NONE}))

    async def secure(self, call_id: str, side: Side, protection: Protection) -> LocalMedia:
        raise Unable("no encryption")


def sdp(formats: str = "8", profile: str = "RTP/AVP", *attributes: str) -> bytes:
    lines = ["v=0", "o=- 1 1 IN IP4 192.0.2.7", "s=-", "c=IN IP4 192.0.2.7", "t=0 0"]
    lines += [f"m=audio 4000 {profile} {formats}", *attributes, ""]
    return "\r\n".join(lines).encode()


def crypto(key: bytes, tag: int = 1, suite: str = SUITE) -> str:
    return f"a=crypto:{tag} {suite} inline:{base64.b64encode(key).decode()}"


def sdes(key: bytes = A_KEY, formats: str = "8", tag: int = 1) -> bytes:
    return sdp(formats, "RTP/SAVP", crypto(key, tag))


@pytest.fixture
async def engine() -> EncryptingEngine:
    engine = EncryptingEngine()
    await engine.start()
    return engine


def audio_on(engine: SilentEngine) -> CallAudio:
    return CallAudio(engine, "c", lambda _event: None, (1, 2))


@pytest.fixture
def audio(engine: EncryptingEngine) -> CallAudio:
    return audio_on(engine)


def peers(engine: SilentEngine) -> dict[Side, MediaPeer]:
    return engine.calls["c"].peers


def codecs(body: bytes | Unusable | None) -> list[str]:
    assert isinstance(body, bytes)
    return [codec.name for codec in parse_sdp(body).require_audio(ANY).codecs]


async def offered(audio: CallAudio, protection: Protection = Protection.NONE) -> bytes:
    body = await audio.offer_to_callee(protection)
    assert body is not None
    return body


class TestEncryption:
    async def test_an_encrypted_caller_is_answered_encrypted_and_the_callee_called_in_clear(
        self, audio: CallAudio, engine: EncryptingEngine
    ):
        await audio.open(sdes(A_KEY, tag=7))
        offer = await offered(audio)
        assert b"RTP/AVP" in offer
        assert b"crypto" not in offer
        answer = parse_sdp(await audio.join(sdp())).require_audio(ANY)
        assert (answer.protocol, answer.cryptos[0].tag) == ("RTP/SAVP", 7)
        assert answer.cryptos[0].key == OUR_KEY[Side.CALLER]
        assert peers(engine)[Side.CALLER].keying == SdesKey(7, SUITE, A_KEY)
        assert peers(engine)[Side.CALLEE].keying is None

    async def test_the_callees_trunk_is_offered_its_own_protection(
        self, audio: CallAudio, engine: EncryptingEngine
    ):
        await audio.open(sdes(A_KEY))
        offer = await offered(audio, Protection.SDES)
        assert parse_sdp(offer).require_audio(ANY).cryptos[0].key == OUR_KEY[Side.CALLEE]
        answer = await audio.join(sdes(B_KEY))
        assert peers(engine)[Side.CALLEE].keying == SdesKey(1, SUITE, B_KEY)
        for text in (offer, answer):
            for key in (A_KEY, B_KEY):
                assert base64.b64encode(key) not in text

    async def test_by_certificates(self, audio: CallAudio, engine: EncryptingEngine):
        theirs = DIGEST.replace("AB", "CD")
        lines = (f"a=fingerprint:sha-256 {theirs}", "a=setup:actpass")
        await audio.open(sdp("8", "UDP/TLS/RTP/SAVPF", *lines))
        offer = parse_sdp(await offered(audio, Protection.DTLS)).require_audio(ANY)
        assert offer.fingerprint is not None
        assert offer.fingerprint.setup == "actpass"
        lines = (f"a=fingerprint:sha-256 {theirs}", "a=setup:active")
        text = await audio.join(sdp("8", "UDP/TLS/RTP/SAVP", *lines))
        assert b"UDP/TLS/RTP/SAVPF" in text
        assert b"a=setup:passive" in text
        assert peers(engine)[Side.CALLEE].keying == DtlsIdentity("sha-256", theirs, "active")

    @pytest.mark.parametrize(
        ("offer", "warning"),
        [
            (sdp(), 302),
            (sdp("8", "RTP/SAVP"), 306),
            (sdp("8", "RTP/SAVP", crypto(A_KEY, suite="F8_128_HMAC_SHA1_80")), 306),
            (sdp("8", "RTP/AVPF"), 302),
            (sdes(formats="18"), 305),
        ],
    )
    async def test_what_an_encrypted_trunk_cannot_offer_is_refused_with_a_warning(
        self, audio: CallAudio, offer: bytes, warning: int
    ):
        with pytest.raises(CallOver) as over:
            await audio.open(offer, protection=Protection.SDES)
        assert over.value.release is ReleaseCode.CALLER_NETWORK
        assert over.value.warning is not None
        assert over.value.warning[0] == warning

    async def test_an_engine_without_encryption_refuses_it(self):
        engine = LawEngine()
        await engine.start()
        audio = audio_on(engine)
        with pytest.raises(CallOver) as over:
            await audio.open(sdes())
        assert over.value.warning is not None
        assert over.value.warning[0] == 302

    async def test_a_trunk_that_wants_what_the_engine_cannot_do_is_offered_nothing(self):
        engine = LawEngine()
        await engine.start()
        audio = audio_on(engine)
        await audio.open(sdp())
        assert await audio.offer_to_callee(Protection.DTLS) is None
        assert await audio.offer_to_callee() is not None

    async def test_the_next_trunk_may_be_without_encryption(self, audio: CallAudio):
        await audio.open(sdp())
        assert b"crypto" in await offered(audio, Protection.SDES)
        assert b"crypto" not in await offered(audio, Protection.NONE)
        await audio.join(sdp())

    @pytest.mark.parametrize(
        "answer",
        [
            sdp(),
            sdp("8", "RTP/SAVP"),
            sdes(B_KEY, tag=2),
            sdp("8", "RTP/SAVP", crypto(B_KEY, suite="AES_CM_128_HMAC_SHA1_32")),
        ],
    )
    async def test_an_answer_that_does_not_fit_our_key_ends_the_call(
        self, audio: CallAudio, answer: bytes
    ):
        await audio.open(sdp())
        await offered(audio, Protection.SDES)
        with pytest.raises(CallOver) as over:
            await audio.join(answer)
        assert over.value.release is ReleaseCode.CALLEE_NETWORK

    async def test_a_caller_who_wants_our_offer_gets_one_as_its_trunk_asks(
        self, audio: CallAudio, engine: EncryptingEngine
    ):
        await audio.open(b"", protection=Protection.SDES)
        await offered(audio)
        text = await audio.join(sdp())
        assert parse_sdp(text).require_audio(ANY).cryptos[0].key == OUR_KEY[Side.CALLER]
        await audio.take_answer(Side.CALLER, sdes(A_KEY))
        assert peers(engine)[Side.CALLER].keying == SdesKey(1, SUITE, A_KEY)

    async def test_a_new_key_within_the_call(self, audio: CallAudio, engine: EncryptingEngine):
        await audio.open(sdes(A_KEY))
        await offered(audio)
        await audio.join(sdp())
        assert isinstance(await audio.take_offer(Side.CALLER, sdes(B_KEY)), bytes)
        assert peers(engine)[Side.CALLER].keying == SdesKey(1, SUITE, B_KEY)

    @pytest.mark.parametrize(("first", "second"), [(sdes(), sdp()), (sdp(), sdes())])
    async def test_encryption_neither_begins_nor_ends_within_a_call(
        self, audio: CallAudio, engine: EncryptingEngine, first: bytes, second: bytes
    ):
        await audio.open(first)
        await offered(audio)
        await audio.join(sdp())
        before = peers(engine)[Side.CALLER]
        refused = await audio.take_offer(Side.CALLER, second)
        assert isinstance(refused, Unusable)
        assert refused.warning is not None
        assert refused.warning[0] == 302
        assert peers(engine)[Side.CALLER] is before
        assert isinstance(await audio.take_offer(Side.CALLER, first), bytes)


class TestCodecs:
    async def test_wideband_when_both_have_it(self, audio: CallAudio, engine: EncryptingEngine):
        await audio.open(sdp("9 8"))
        assert codecs(await offered(audio)) == ["G722", "PCMA", "PCMU"]
        assert codecs(await audio.join(sdp("9"))) == ["G722"]
        assert peers(engine)[Side.CALLEE].codec.name == "G722"

    async def test_a_callee_without_it_brings_the_caller_down_to_g711(
        self, audio: CallAudio, engine: EncryptingEngine
    ):
        await audio.open(sdp("9 0"))
        await offered(audio)
        assert codecs(await audio.join(sdp("8"))) == ["PCMU"]
        assert peers(engine)[Side.CALLEE].codec.name == "PCMA"

    async def test_a_callee_is_heard_only_in_what_the_caller_can_be_sent(
        self, audio: CallAudio, engine: EncryptingEngine
    ):
        await audio.open(sdp("9 8"))
        await offered(audio)
        await audio.join(sdp("9 8"))
        assert peers(engine)[Side.CALLEE].other_codecs == ()

    async def test_a_caller_with_wideband_alone(self, audio: CallAudio):
        await audio.open(sdp("9"))
        assert codecs(await offered(audio)) == ["G722"]
        with pytest.raises(CallOver) as over:
            await audio.join(sdp("8"))
        assert over.value.release is ReleaseCode.CALLEE_NETWORK

    async def test_a_voiced_call_is_g711(self, audio: CallAudio):
        await audio.open(sdp("9 8"), is_voiced=True)
        assert codecs(await offered(audio)) == ["PCMA", "PCMU"]

    async def test_a_caller_without_g711_has_no_voiced_call(self, audio: CallAudio):
        with pytest.raises(CallOver) as over:
            await audio.open(sdp("9"), is_voiced=True)
        assert over.value.warning is not None
        assert over.value.warning[0] == 305

    async def test_wideband_is_not_offered_for_a_caller_who_made_no_offer(self, audio: CallAudio):
        await audio.open(b"")
        assert codecs(await offered(audio)) == ["PCMA", "PCMU"]
        assert codecs(await audio.join(sdp("0"))) == ["PCMU", "PCMA"]

    async def test_a_change_that_would_leave_one_unheard_is_refused(
        self, audio: CallAudio, engine: EncryptingEngine
    ):
        await audio.open(sdp("9 8"))
        await offered(audio)
        await audio.join(sdp("9"))
        refused = await audio.take_offer(Side.CALLER, sdp("8"))
        assert refused == Unusable((305, "Incompatible media format"))
        assert peers(engine)[Side.CALLER].codec.name == "G722"
        assert codecs(await audio.take_offer(Side.CALLER, sdp("8 9"))) == ["G722"]
        assert codecs(await audio.take_offer(Side.CALLER, b"")) == ["G722"]

    async def test_a_fork_that_no_answer_given_before_can_be_joined_to_ends_the_call(
        self, audio: CallAudio
    ):
        await audio.open(sdp("9 8"))
        await offered(audio)
        assert codecs(await audio.early(sdp("9"))) == ["G722"]
        with pytest.raises(CallOver):
            await audio.join(sdp("8"))

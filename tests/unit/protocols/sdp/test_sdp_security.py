import base64

import pytest

from maskline.protocols.sdp import (
    AudioMedia,
    Codec,
    Crypto,
    Direction,
    Fingerprint,
    NoCommonAddress,
    NoCommonKeying,
    NoCommonProfile,
    SdpLimits,
    SdpParseError,
    Security,
    build_answer,
    build_offer,
    parse_sdp,
)

KEY = bytes(range(30))
INLINE = base64.b64encode(KEY).decode()
DIGEST = ":".join(f"{n:02X}" for n in range(32))
ENCRYPTED = frozenset({Security.SDES, Security.DTLS})
ANY = frozenset(Security)


def sdp(*lines: str) -> bytes:
    return "\r\n".join(["v=0", "c=IN IP4 192.0.2.1", *lines, ""]).encode()


def cryptos(*lines: str) -> tuple[Crypto, ...]:
    return parse_sdp(sdp("m=audio 4000 RTP/SAVP 8", *lines)).media[0].cryptos


def dtls(*lines: str, session: tuple[str, ...] = ()) -> Fingerprint | None:
    return parse_sdp(sdp(*session, "m=audio 4000 UDP/TLS/RTP/SAVP 8", *lines)).media[0].fingerprint


class TestKeysInTheDescription:
    """RFC 4568."""

    def test_one_key(self):
        (found,) = cryptos(f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{INLINE}")
        assert found == Crypto(1, "AES_CM_128_HMAC_SHA1_80", KEY)

    @pytest.mark.parametrize("more", ["|2^20", "|2^31", "|1048576", " WSH=128", " -FEC_ORDER=x"])
    def test_a_lifetime_and_hints_change_nothing(self, more: str):
        assert cryptos(f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{INLINE}{more}")[0].key == KEY

    @pytest.mark.parametrize(
        ("suite", "size"),
        [
            ("AES_CM_128_HMAC_SHA1_32", 30),
            ("AEAD_AES_128_GCM", 28),
            ("AEAD_AES_256_GCM", 44),
        ],
    )
    def test_other_suites(self, suite: str, size: int):
        inline = base64.b64encode(bytes(size)).decode()
        assert cryptos(f"a=crypto:7 {suite} inline:{inline}") == (Crypto(7, suite, bytes(size)),)

    def test_padding_may_be_left_off(self):
        inline = base64.b64encode(bytes(28)).decode().rstrip("=")
        assert cryptos(f"a=crypto:1 AEAD_AES_128_GCM inline:{inline}")[0].key == bytes(28)

    @pytest.mark.parametrize(
        "value",
        [
            "",
            "1",
            f"x AES_CM_128_HMAC_SHA1_80 inline:{INLINE}",
            f"1 F8_128_HMAC_SHA1_80 inline:{INLINE}",
            f"1 AES_CM_128_HMAC_SHA1_80 {INLINE}",
            "1 AES_CM_128_HMAC_SHA1_80 inline:",
            "1 AES_CM_128_HMAC_SHA1_80 inline:!!!!",
            f"1 AES_CM_128_HMAC_SHA1_80 inline:{INLINE[:36]}",
            f"1 AES_CM_128_HMAC_SHA1_80 inline:{INLINE}|2^20|1:4",
            f"1 AES_CM_128_HMAC_SHA1_80 inline:{INLINE}|1:4",
            f"1 AES_CM_128_HMAC_SHA1_80 inline:{INLINE};inline:{INLINE}",
            f"1 AES_CM_128_HMAC_SHA1_80 inline:{INLINE} UNENCRYPTED_SRTP",
            f"1 AES_CM_128_HMAC_SHA1_80 inline:{INLINE} UNAUTHENTICATED_SRTP",
            f"1 AES_CM_128_HMAC_SHA1_80 inline:{INLINE} KDR=2",
        ],
    )
    def test_what_cannot_be_used_is_passed_over(self, value: str):
        good = f"a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:{INLINE}"
        assert [crypto.tag for crypto in cryptos(f"a=crypto:{value}", good)] == [2]

    def test_their_order_is_kept_and_a_repeated_tag_ignored(self):
        lines = [
            f"a=crypto:{tag} {suite} inline:{INLINE}"
            for tag, suite in [
                (3, "AES_CM_128_HMAC_SHA1_32"),
                (1, "AES_CM_128_HMAC_SHA1_80"),
                (3, "AES_CM_128_HMAC_SHA1_80"),
            ]
        ]
        assert [(c.tag, c.suite[-2:]) for c in cryptos(*lines)] == [(3, "32"), (1, "80")]

    def test_a_flood_of_keys_is_refused(self):
        line = f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{INLINE}"
        with pytest.raises(SdpParseError):
            parse_sdp(sdp("m=audio 4000 RTP/SAVP 8", line, line), SdpLimits(crypto_count=1))

    def test_a_key_is_not_shown(self):
        assert "key" not in repr(cryptos(f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{INLINE}"))


class TestCertificates:
    """RFC 8122, RFC 5763."""

    def test_of_the_stream(self):
        found = dtls(f"a=fingerprint:SHA-256 {DIGEST.lower()}", "a=setup:actpass")
        assert found == Fingerprint("sha-256", DIGEST, "actpass")

    def test_of_the_session(self):
        found = dtls(session=(f"a=fingerprint:sha-256 {DIGEST}", "a=setup:passive"))
        assert found == Fingerprint("sha-256", DIGEST, "passive")

    def test_without_a_setup_the_sender_is_active(self):
        assert dtls(f"a=fingerprint:sha-256 {DIGEST}") == Fingerprint("sha-256", DIGEST, "active")

    def test_the_first_hash_that_is_believed(self):
        found = dtls(f"a=fingerprint:md5 {DIGEST[:47]}", f"a=fingerprint:sha-256 {DIGEST}")
        assert found is not None
        assert found.algorithm == "sha-256"

    @pytest.mark.parametrize(
        "value", ["", "sha-256", f"md5 {DIGEST[:47]}", f"sha-256 {DIGEST[:-3]}", "sha-1 zz"]
    )
    def test_what_cannot_be_used_is_none(self, value: str):
        assert dtls(f"a=fingerprint:{value}") is None


class TestWhichStreamIsTaken:
    SDES = ("m=audio 4002 RTP/SAVP 8", f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{INLINE}")
    PLAIN = ("m=audio 4000 RTP/AVP 8",)

    def taken(self, *lines: str, accepted: frozenset[Security] = ANY) -> AudioMedia:
        return parse_sdp(sdp(*lines)).require_audio(accepted)

    def test_the_first_that_is_accepted(self):
        assert self.taken(*self.SDES, *self.PLAIN).security is Security.SDES
        assert self.taken(*self.PLAIN, *self.SDES).security is Security.NONE
        assert self.taken(*self.PLAIN, *self.SDES, accepted=ENCRYPTED).position == 1

    def test_a_stream_without_a_usable_key_is_passed_over(self):
        assert self.taken(self.SDES[0], *self.PLAIN).port == 4000

    @pytest.mark.parametrize("profile", ["RTP/SAVP", "rtp/savpf", "UDP/TLS/RTP/SAVPF"])
    def test_only_streams_without_a_usable_key(self, profile: str):
        with pytest.raises(NoCommonKeying) as caught:
            self.taken(f"m=audio 4000 {profile} 8")
        assert (caught.value.status, caught.value.warning_code) == (488, 306)

    def test_plain_audio_where_it_must_be_encrypted(self):
        with pytest.raises(NoCommonProfile):
            self.taken(*self.PLAIN, accepted=ENCRYPTED)

    def test_a_key_in_a_plain_stream_is_nothing(self):
        audio = self.taken(*self.PLAIN, self.SDES[1])
        assert audio.security is Security.NONE

    def test_encrypted_audio_at_no_address(self):
        with pytest.raises(NoCommonAddress):
            self.taken(*self.SDES, "c=IN IP4 example.com")


@pytest.mark.parametrize(
    ("ours", "profile"),
    [
        (Crypto(1, "AES_CM_128_HMAC_SHA1_80", KEY), "RTP/SAVP"),
        (Fingerprint("sha-256", DIGEST, "actpass"), "UDP/TLS/RTP/SAVP"),
        (None, "RTP/AVP"),
    ],
)
def test_an_offer_says_how_it_is_encrypted(ours: Crypto | Fingerprint | None, profile: str):
    audio = parse_sdp(offer(ours)).require_audio(ANY)
    assert audio.protocol == profile
    assert ours in (*audio.cryptos, audio.fingerprint)


def offer(security: Crypto | Fingerprint | None) -> bytes:
    return build_offer(
        address="192.0.2.10",
        port=20000,
        codecs=(Codec(8, "PCMA"),),
        telephone_event=None,
        direction=Direction.SENDRECV,
        session_id=1,
        version=1,
        security=security,
    )


def answer(offered: bytes, security: Crypto | Fingerprint | None) -> bytes:
    session = parse_sdp(offered)
    return build_answer(
        session,
        audio=session.require_audio(ANY),
        address="192.0.2.10",
        port=20000,
        codecs=(Codec(8, "PCMA"),),
        telephone_event=None,
        direction=Direction.SENDRECV,
        session_id=1,
        version=1,
        security=security,
    )


def test_an_answer_takes_the_offers_profile_and_has_our_key():
    """RFC 4568 5.1.2: the tag is the offer's, the key is not."""
    mine = Crypto(2, "AES_CM_128_HMAC_SHA1_80", bytes(30))
    offered = sdp(
        "m=audio 4000 RTP/SAVPF 8",
        f"a=crypto:1 UNKNOWN inline:{INLINE}",
        f"a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:{INLINE}|2^31",
    )
    text = answer(offered, mine)
    assert b"m=audio 20000 RTP/SAVPF 8\r\n" in text
    assert text.count(b"a=crypto:") == 1
    assert INLINE.encode() not in text
    assert parse_sdp(text).media[0].cryptos == (mine,)


@pytest.mark.parametrize("mine", [None, Fingerprint("sha-256", DIGEST)])
def test_an_answer_encrypted_in_another_way_is_not_built(mine: Fingerprint | None):
    offered = offer(Crypto(1, "AES_CM_128_HMAC_SHA1_80", KEY))
    with pytest.raises(ValueError, match="encrypted"):
        answer(offered, mine)

from collections.abc import Callable

import pytest

from maskline.protocols.sip.digest import (
    Algorithm,
    Challenge,
    ChallengeUnsupportedError,
    DigestOutcome,
    DigestVerifier,
    answer_challenge,
    choose_challenge,
    hash_secret,
    parse_challenge,
    parse_credentials,
)
from maskline.protocols.sip.error import SipParseError

RFC_7616 = (
    'realm="http-auth@example.org", qop="auth, auth-int", '
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", '
    'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)


class TestPublishedExamples:
    @pytest.mark.parametrize(
        ("algorithm", "response"),
        [
            ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
            ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ],
    )
    def test_rfc_7616_section_3_9_1(self, algorithm: str, response: str):
        answer = answer_challenge(
            parse_challenge(f"Digest {RFC_7616}, algorithm={algorithm}"),
            method="GET",
            uri="/dir/index.html",
            username="Mufasa",
            password="Circle of Life",
            cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
        )
        credentials = parse_credentials(answer)
        assert credentials.response == response
        assert credentials.algorithm.value == algorithm
        assert (credentials.qop, credentials.nonce_count) == ("auth", 1)
        assert credentials.opaque == "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"

    def test_rfc_2617_section_3_5(self):
        answer = answer_challenge(
            parse_challenge(
                'Digest realm="testrealm@host.com", qop="auth,auth-int", '
                'nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", '
                'opaque="5ccc069c403ebaf9f0171e9517f40e41"'
            ),
            method="GET",
            uri="/dir/index.html",
            username="Mufasa",
            password="Circle Of Life",
            cnonce="0a4f113b",
        )
        assert parse_credentials(answer).response == "6629fae49393a05397450978507c4ef1"

    def test_rfc_2069_without_qop(self):
        """The value of the erratum, for the password the document meant."""
        answer = answer_challenge(
            parse_challenge(
                'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'
            ),
            method="GET",
            uri="/dir/index.html",
            username="Mufasa",
            password="CircleOfLife",
            cnonce="unused",
        )
        assert parse_credentials(answer).response == "1949323746fe6a43ef61f9606e7febea"
        assert "cnonce" not in answer


class TestChallenges:
    def test_parts(self):
        challenge = parse_challenge(
            'digest realm="a \\"b\\"",nonce="n",stale=TRUE,qop="auth",algorithm=md5,x=y'
        )
        assert challenge == Challenge('a "b"', "n", Algorithm.MD5, ("auth",), None, is_stale=True)

    @pytest.mark.parametrize(
        "value",
        [
            "",
            "Digest",
            "Basic realm=x",
            'Digest realm="x"',
            'Digest nonce="x"',
            'Digest realm="x", nonce="y',
            'Digest realm="x" nonce="y"',
            'Digest realm="x", realm="x", nonce="y"',
        ],
    )
    def test_bad(self, value: str):
        with pytest.raises(SipParseError):
            parse_challenge(value)

    def test_the_strongest_we_can_answer_is_chosen(self):
        offered = [
            'Digest realm="r", nonce="1", algorithm=MD5',
            'Digest realm="r", nonce="2", algorithm=SHA-256, qop="auth"',
            'Digest realm="r", nonce="3", algorithm=AKAv1-MD5',
            'Digest realm="r", nonce="4", algorithm=SHA-256, qop="strange"',
            "Basic realm=r",
        ]
        chosen = choose_challenge(offered)
        assert chosen is not None
        assert chosen.nonce == "2"

    def test_none_we_can_answer(self):
        assert choose_challenge(['Digest realm="r", nonce="1", algorithm=AKAv1-MD5']) is None
        with pytest.raises(ChallengeUnsupportedError):
            answer(parse_challenge('Digest realm="r", nonce="1", algorithm=AKAv1-MD5'))
        with pytest.raises(ChallengeUnsupportedError):
            answer(parse_challenge('Digest realm="r", nonce="1", qop="strange"'))


def answer(challenge: Challenge, nonce_count: int = 1, **changes: str | bytes) -> str:
    arguments: dict[str, str | bytes] = {
        "method": "INVITE",
        "uri": "sip:b@h",
        "username": "carrier",
        "password": "secret",
        "cnonce": "c",
    }
    return answer_challenge(challenge, nonce_count=nonce_count, **(arguments | changes))  # pyright: ignore[reportArgumentType]


class TestCredentials:
    @pytest.mark.parametrize(
        "change",
        [
            ("nc=00000001", "nc=1"),
            ("nc=00000001", "nc=0000000x"),
            (", nc=00000001", ""),
            ('cnonce="c", ', ""),
            ('username="carrier", ', ""),
            ("algorithm=MD5", "algorithm=ROT13"),
            ("Digest ", "Bearer "),
        ],
    )
    def test_bad(self, change: tuple[str, str]):
        value = answer(Challenge("r", "n", Algorithm.MD5, ("auth",)))
        parse_credentials(value)
        with pytest.raises(SipParseError):
            parse_credentials(value.replace(*change))

    def test_a_log_of_them_shows_no_one(self):
        value = answer(Challenge("r", "n", Algorithm.MD5, ("auth",)))
        assert "carrier" not in repr(parse_credentials(value))


Verify = Callable[..., DigestOutcome]


@pytest.fixture
def verifier() -> DigestVerifier:
    return DigestVerifier("maskline", b"key", nonce_lifetime_s=60, max_nonces=3)


@pytest.fixture
def verify(verifier: DigestVerifier) -> Verify:
    def ha1(username: str, algorithm: Algorithm) -> str | None:
        if username != "carrier":
            return None
        return hash_secret(algorithm, username, "maskline", "secret")

    def verify(value: str, now: float = 0.0, method: str = "INVITE", body: bytes = b""):
        credentials = parse_credentials(value)
        return verifier.verify(credentials, method=method, now=now, ha1=ha1, body=body)

    return verify


def challenge(verifier: DigestVerifier, now: float = 0.0) -> Challenge:
    chosen = choose_challenge(verifier.challenge(now))
    assert chosen is not None
    return chosen


class TestVerifier:
    def test_it_offers_the_strongest_first(self, verifier: DigestVerifier):
        offered = [parse_challenge(value) for value in verifier.challenge(0.0)]
        assert [c.algorithm for c in offered] == [Algorithm.SHA256, Algorithm.MD5]
        assert not offered[0].is_stale
        assert parse_challenge(verifier.challenge(0.0, is_stale=True)[0]).is_stale

    @pytest.mark.parametrize("index", [0, 1])
    def test_the_right_answer(self, verifier: DigestVerifier, verify: Verify, index: int):
        offered = parse_challenge(verifier.challenge(0.0)[index])
        assert verify(answer(offered)) is DigestOutcome.ACCEPTED

    @pytest.mark.parametrize(
        "variant",
        [
            {"algorithm": Algorithm.SHA256_SESS},
            {"algorithm": Algorithm.MD5_SESS},
            {"qop": ("auth-int",)},
        ],
    )
    def test_variants(self, verifier: DigestVerifier, verify: Verify, variant: dict[str, object]):
        offered = challenge(verifier)
        fields = {"algorithm": offered.algorithm, "qop": offered.qop} | variant
        value = answer(Challenge(offered.realm, offered.nonce, **fields), body=b"body")  # pyright: ignore[reportArgumentType]
        assert verify(value, body=b"body") is DigestOutcome.ACCEPTED

    def test_a_changed_body_under_auth_int(self, verifier: DigestVerifier, verify: Verify):
        offered = challenge(verifier)
        value = answer(
            Challenge(offered.realm, offered.nonce, offered.algorithm, ("auth-int",)), body=b"body"
        )
        assert verify(value, body=b"other") is DigestOutcome.REFUSED

    @pytest.mark.parametrize("change", [{"password": "guess"}, {"username": "nobody"}])
    def test_wrong_secrets(self, verifier: DigestVerifier, verify: Verify, change: dict[str, str]):
        assert verify(answer(challenge(verifier), **change)) is DigestOutcome.REFUSED

    def test_another_method(self, verifier: DigestVerifier, verify: Verify):
        assert verify(answer(challenge(verifier)), method="BYE") is DigestOutcome.REFUSED

    def test_another_realm(self, verifier: DigestVerifier, verify: Verify):
        nonce = challenge(verifier).nonce
        assert verify(answer(Challenge("other", nonce))) is DigestOutcome.REFUSED

    def test_an_algorithm_that_was_not_offered(self, verifier: DigestVerifier, verify: Verify):
        nonce = challenge(verifier).nonce
        value = answer(Challenge("maskline", nonce, Algorithm.SHA512_256, ("auth",)))
        assert verify(value) is DigestOutcome.REFUSED

    def test_an_old_nonce_is_stale(self, verifier: DigestVerifier, verify: Verify):
        value = answer(challenge(verifier))
        assert verify(value, now=60.5) is DigestOutcome.STALE
        assert verify(value, now=59.5) is DigestOutcome.ACCEPTED

    @pytest.mark.parametrize("nonce", ["", "x", "0.1." + "0" * 32, "zz"])
    def test_a_nonce_that_is_not_ours_is_stale(self, verify: Verify, nonce: str):
        value = answer(Challenge("maskline", nonce, Algorithm.SHA256, ("auth",)))
        assert verify(value) is DigestOutcome.STALE

    def test_a_nonce_under_another_key_is_stale(self, verify: Verify):
        other = DigestVerifier("maskline", b"other key")
        assert verify(answer(challenge(other))) is DigestOutcome.STALE

    def test_each_count_is_good_once_in_any_order(self, verifier: DigestVerifier, verify: Verify):
        offered = challenge(verifier)
        for count in (1, 5, 3, 100, 99):
            assert verify(answer(offered, count)) is DigestOutcome.ACCEPTED
            assert verify(answer(offered, count)) is DigestOutcome.REPLAYED

    def test_a_count_far_behind_is_a_replay(self, verifier: DigestVerifier, verify: Verify):
        offered = challenge(verifier)
        assert verify(answer(offered, 1000)) is DigestOutcome.ACCEPTED
        assert verify(answer(offered, 936)) is DigestOutcome.REPLAYED
        assert verify(answer(offered, 937)) is DigestOutcome.ACCEPTED
        assert verify(answer(offered, 0)) is DigestOutcome.REPLAYED

    def test_without_qop_a_nonce_is_good_once(self, verifier: DigestVerifier, verify: Verify):
        offered = challenge(verifier)
        value = answer(Challenge(offered.realm, offered.nonce, offered.algorithm))
        assert verify(value) is DigestOutcome.ACCEPTED
        assert verify(value) is DigestOutcome.REPLAYED

    def test_two_challenges_at_once_have_nonces_of_their_own(self, verifier: DigestVerifier):
        assert challenge(verifier).nonce != challenge(verifier).nonce

    def test_memory_is_bounded_and_what_is_forgotten_is_stale(
        self, verifier: DigestVerifier, verify: Verify
    ):
        offered = [challenge(verifier) for _ in range(4)]
        for one in offered:
            assert verify(answer(one)) is DigestOutcome.ACCEPTED
        assert verify(answer(offered[0])) is DigestOutcome.STALE
        assert verify(answer(offered[1])) is DigestOutcome.REPLAYED

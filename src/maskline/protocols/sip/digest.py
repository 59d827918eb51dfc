import hashlib
import hmac
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from maskline.protocols.sip.error import SipError, SipParseError
from maskline.protocols.sip.grammar import QUOTED, TOKEN, quote, unquote

_SCHEME = re.compile(r"\s*+Digest\s++(.*)", re.IGNORECASE | re.DOTALL)
_PAIR = re.compile(rf"\s*+({TOKEN}++)\s*+=\s*+({QUOTED}|[^\s,\"]++)\s*+(?:,|$)", re.DOTALL)
_NONCE_COUNT = re.compile(r"[0-9A-Fa-f]{8}")
_NONCE = re.compile(r"([0-9a-f]{1,16})\.([0-9a-f]{1,16})\.([0-9a-f]{32})")


class Algorithm(Enum):
    """A digest algorithm by its wire name (RFC 7616 3.3, RFC 8760 2.1), the strongest first."""

    SHA512_256 = "SHA-512-256"
    SHA512_256_SESS = "SHA-512-256-sess"
    SHA256 = "SHA-256"
    SHA256_SESS = "SHA-256-sess"
    MD5 = "MD5"
    MD5_SESS = "MD5-sess"

    @property
    def is_session(self) -> bool:
        """Whether nonce and cnonce enter the secret half of the hash."""
        return self.value.endswith("-sess")

    def digest(self, text: str | bytes) -> str:
        """H(text) in lower-case hex."""
        data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
        return hashlib.new(_HASH_NAMES[self], data, usedforsecurity=False).hexdigest()


_HASH_NAMES = {
    Algorithm.SHA512_256: "sha512_256",
    Algorithm.SHA512_256_SESS: "sha512_256",
    Algorithm.SHA256: "sha256",
    Algorithm.SHA256_SESS: "sha256",
    Algorithm.MD5: "md5",
    Algorithm.MD5_SESS: "md5",
}
_STRENGTH = {algorithm: rank for rank, algorithm in enumerate(Algorithm)}
_BY_NAME = {algorithm.value.lower(): algorithm for algorithm in Algorithm}


class ChallengeUnsupportedError(SipError):
    """The far end asks for credentials in a way we don't do; the call fails as unauthorised."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """A WWW-Authenticate or Proxy-Authenticate value (RFC 7616 3.3).

    `algorithm` is None when it is one we don't know, `qop` the offered ones in lower case.
    """

    realm: str
    nonce: str
    algorithm: Algorithm | None = Algorithm.MD5
    qop: tuple[str, ...] = ()
    opaque: str | None = None
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class Credentials:
    """An Authorization or Proxy-Authorization value (RFC 7616 3.4)."""

    username: str = field(repr=False)
    realm: str
    nonce: str = field(repr=False)
    uri: str = field(repr=False)
    response: str = field(repr=False)
    algorithm: Algorithm = Algorithm.MD5
    qop: str | None = None
    cnonce: str | None = None
    nonce_count: int | None = None
    opaque: str | None = None


def parse_challenge(value: str) -> Challenge:
    """Read one challenge; raises SipParseError, also for a scheme that is not Digest."""
    pairs = _parse_pairs(value)
    return Challenge(
        realm=_needed(pairs, "realm"),
        nonce=_needed(pairs, "nonce"),
        algorithm=_BY_NAME.get(pairs.get("algorithm", "MD5").lower()),
        qop=tuple([q.strip().lower() for q in pairs.get("qop", "").split(",") if q.strip()]),
        opaque=pairs.get("opaque"),
        is_stale=pairs.get("stale", "").lower() == "true",
    )


def parse_credentials(value: str) -> Credentials:
    """Read one set of credentials; raises SipParseError."""
    pairs = _parse_pairs(value)
    algorithm = _BY_NAME.get(pairs.get("algorithm", "MD5").lower())
    if algorithm is None:
        raise SipParseError("Unknown Digest Algorithm")
    count = pairs.get("nc")
    if count is not None and _NONCE_COUNT.fullmatch(count) is None:
        raise SipParseError("Bad Nonce Count")
    qop = pairs.get("qop")
    if qop is not None and (count is None or "cnonce" not in pairs):
        raise SipParseError("Missing cnonce or nc")
    return Credentials(
        username=_needed(pairs, "username"),
        realm=_needed(pairs, "realm"),
        nonce=_needed(pairs, "nonce"),
        uri=_needed(pairs, "uri"),
        response=_needed(pairs, "response").lower(),
        algorithm=algorithm,
        qop=None if qop is None else qop.lower(),
        cnonce=pairs.get("cnonce"),
        nonce_count=None if count is None else int(count, 16),
        opaque=pairs.get("opaque"),
    )


def choose_challenge(values: Iterable[str]) -> Challenge | None:
    """The strongest of the offered challenges that we can answer, or None (RFC 8760 2.4)."""
    usable: list[Challenge] = []
    for value in values:
        try:
            challenge = parse_challenge(value)
        except SipParseError:
            continue
        algorithm = challenge.algorithm
        if algorithm is None or _HASH_NAMES[algorithm] not in hashlib.algorithms_available:
            continue
        if _choose_qop(challenge) is not None:
            usable.append(challenge)
    return min(usable, key=lambda c: _STRENGTH[c.algorithm or Algorithm.MD5_SESS], default=None)


def hash_secret(algorithm: Algorithm, username: str, realm: str, password: str) -> str:
    """What a server keeps of a password: H(username:realm:password), the `ha1` of `verify`."""
    return algorithm.digest(f"{username}:{realm}:{password}")


def answer_challenge(
    challenge: Challenge,
    *,
    method: str,
    uri: str,
    username: str,
    password: str,
    cnonce: str,
    nonce_count: int = 1,
    body: bytes = b"",
) -> str:
    """The Authorization (or Proxy-Authorization) value for a challenge.

    `uri` is the Request-URI as sent; `nonce_count` counts the requests sent with this nonce from
    1; `cnonce` is random text. `auth` is used when offered, `auth-int` when it is all there is.
    Raises ChallengeUnsupportedError for what `choose_challenge` would not have returned.
    """
    algorithm = challenge.algorithm
    qop = _choose_qop(challenge)
    if algorithm is None or qop is None:
        raise ChallengeUnsupportedError("no algorithm or qop in common")
    credentials = Credentials(
        username=username,
        realm=challenge.realm,
        nonce=challenge.nonce,
        uri=uri,
        response="",
        algorithm=algorithm,
        qop=qop or None,
        cnonce=cnonce if qop or algorithm.is_session else None,
        nonce_count=nonce_count if qop else None,
    )
    ha1 = hash_secret(algorithm, username, challenge.realm, password)
    pairs = [
        f"username={quote(username)}",
        f"realm={quote(challenge.realm)}",
        f"nonce={quote(challenge.nonce)}",
        f"uri={quote(uri)}",
        f'response="{_response(credentials, ha1, method, body)}"',
        f"algorithm={algorithm.value}",
    ]
    if credentials.cnonce is not None:
        pairs.append(f"cnonce={quote(cnonce)}")
    if qop:
        pairs += [f"qop={qop}", f"nc={nonce_count:08x}"]
    if challenge.opaque is not None:
        pairs.append(f"opaque={quote(challenge.opaque)}")
    return "Digest " + ", ".join(pairs)


class DigestOutcome(Enum):
    """What became of credentials; all but ACCEPTED are answered with a new challenge."""

    ACCEPTED = "accepted"
    STALE = "stale"
    """Right, but the nonce is old or not ours: challenge with `stale`."""
    REPLAYED = "replayed"
    """Right, but this nonce count was seen before."""
    REFUSED = "refused"
    """Unknown user, wrong password, or another realm."""


class DigestVerifier:
    """Challenges requests and checks the answers.

    A nonce is its time and serial number under an HMAC, so an unanswered challenge costs no
    memory. Which nonce counts were used is kept for at most `max_nonces` nonces; one that falls
    out is stale. Times are monotonic seconds.
    """

    def __init__(
        self,
        realm: str,
        secret: bytes,
        *,
        algorithms: Sequence[Algorithm] = (Algorithm.SHA256, Algorithm.MD5),
        nonce_lifetime_s: float = 300.0,
        max_nonces: int = 10_000,
    ) -> None:
        self._realm = realm
        self._secret = secret
        self._algorithms = tuple(algorithms)
        self._lifetime_s = nonce_lifetime_s
        self._max_nonces = max_nonces
        self._serial = 0
        self._forgotten = 0
        self._used: OrderedDict[int, _CountWindow] = OrderedDict()

    def challenge(self, now: float, *, is_stale: bool = False) -> list[str]:
        """Values for one WWW-Authenticate line each, the strongest first (RFC 8760 2.3)."""
        self._serial += 1
        nonce = self._nonce(int(now * 1000), self._serial)
        stale = ", stale=true" if is_stale else ""
        return [
            f'Digest realm={quote(self._realm)}, nonce="{nonce}", '
            f'algorithm={algorithm.value}, qop="auth"{stale}'
            for algorithm in self._algorithms
        ]

    def verify(
        self,
        credentials: Credentials,
        *,
        method: str,
        now: float,
        ha1: Callable[[str, Algorithm], str | None],
        body: bytes = b"",
    ) -> DigestOutcome:
        """Check credentials of a request.

        `ha1(username, algorithm)` gives `hash_secret(...)` of the user, or None for an unknown
        one; for a `-sess` algorithm it is asked with the plain one.
        """
        plain = _BY_NAME[credentials.algorithm.value.lower().removesuffix("-sess")]
        if (
            credentials.realm != self._realm
            or plain not in self._algorithms
            or credentials.qop not in (None, "auth", "auth-int")
        ):
            return DigestOutcome.REFUSED
        secret = ha1(credentials.username, plain)
        # an unknown user costs the same time as a wrong password
        expected = _response(credentials, secret or plain.digest(""), method, body)
        matches = hmac.compare_digest(
            expected.encode(), credentials.response.encode("utf-8", "replace")
        )
        if secret is None or not matches:
            return DigestOutcome.REFUSED
        return self._spend(credentials, now)

    def _spend(self, credentials: Credentials, now: float) -> DigestOutcome:
        match = _NONCE.fullmatch(credentials.nonce)
        if match is None:
            return DigestOutcome.STALE
        time_ms, serial = int(match.group(1), 16), int(match.group(2), 16)
        age_s = now - time_ms / 1000
        if (
            not hmac.compare_digest(self._nonce(time_ms, serial), credentials.nonce)
            or not -1.0 <= age_s <= self._lifetime_s
        ):
            return DigestOutcome.STALE
        window = self._used.get(serial)
        if window is None:
            if serial <= self._forgotten:
                return DigestOutcome.STALE
            window = self._used[serial] = _CountWindow()
            self._forget_oldest()
        # without qop there is no count: the nonce is good once (RFC 2617 3.2.2)
        is_new = window.spend(credentials.nonce_count if credentials.qop else 1)
        return DigestOutcome.ACCEPTED if is_new else DigestOutcome.REPLAYED

    def _forget_oldest(self) -> None:
        while len(self._used) > self._max_nonces:
            serial, _ = self._used.popitem(last=False)
            self._forgotten = max(self._forgotten, serial)

    def _nonce(self, time_ms: int, serial: int) -> str:
        stamp = f"{time_ms:x}.{serial:x}"
        mac = hmac.new(self._secret, f"{stamp}.{self._realm}".encode(), "sha256").hexdigest()
        return f"{stamp}.{mac[:32]}"


class _CountWindow:
    """Which nonce counts of one nonce were used: the highest, and a bit each for those below."""

    __slots__ = ("_highest", "_seen")

    WIDTH = 64
    """Requests in flight may overtake each other by this much."""

    def __init__(self) -> None:
        self._highest = 0
        self._seen = 0

    def spend(self, count: int | None) -> bool:
        if not count:
            return False
        ahead = count - self._highest
        if ahead > 0:
            shifted = self._seen << ahead if ahead < self.WIDTH else 0
            self._seen = (shifted | 1) & ((1 << self.WIDTH) - 1)
            self._highest = count
            return True
        bit = 1 << -ahead
        if -ahead >= self.WIDTH or self._seen & bit:
            return False
        self._seen |= bit
        return True


def _response(credentials: Credentials, ha1: str, method: str, body: bytes) -> str:
    digest = credentials.algorithm.digest
    nonce = credentials.nonce
    if credentials.algorithm.is_session:
        ha1 = digest(f"{ha1}:{nonce}:{credentials.cnonce or ''}")
    ha2 = f"{method}:{credentials.uri}"
    if credentials.qop == "auth-int":
        ha2 += ":" + digest(body)
    ha2 = digest(ha2)
    if credentials.qop is None:
        return digest(f"{ha1}:{nonce}:{ha2}")
    count = f"{credentials.nonce_count or 0:08x}"
    return digest(f"{ha1}:{nonce}:{count}:{credentials.cnonce or ''}:{credentials.qop}:{ha2}")


def _choose_qop(challenge: Challenge) -> str | None:
    """`auth`, `auth-int`, empty for a challenge without qop, or None when we do none of them."""
    if not challenge.qop:
        return ""
    return next((qop for qop in ("auth", "auth-int") if qop in challenge.qop), None)


def _parse_pairs(value: str) -> dict[str, str]:
    scheme = _SCHEME.fullmatch(value)
    if scheme is None:
        raise SipParseError("Not Digest")
    text = scheme.group(1)
    pairs: dict[str, str] = {}
    at = 0
    while at < len(text):
        match = _PAIR.match(text, at)
        if match is None:
            raise SipParseError("Bad Digest Parameter")
        name = match.group(1).lower()
        if name in pairs:
            raise SipParseError("Repeated Digest Parameter")
        pairs[name] = unquote(match.group(2))
        at = match.end()
    return pairs


def _needed(pairs: dict[str, str], name: str) -> str:
    value = pairs.get(name)
    if value is None:
        raise SipParseError(f"Missing Digest {name}")
    return value

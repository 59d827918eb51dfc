"""The authentication headers of a request (`spec/auth.md` 3-4, `spec/codes.md` 2.2 and 2.4)."""

import re
from dataclasses import dataclass
from enum import Enum

from maskline.api.limits import MAX_HEADER_CHARS
from maskline.api.result import Refused, Result
from maskline.api.signature import AUTHORIZATION_AKSK

# Runs are bounded so that no header makes the search quadratic.
_ATTRIBUTE = re.compile(r'([A-Za-z]{1,32})[ \t]{0,8}=[ \t]{0,8}"([^"]*)"')
# The header as the documentation shows it, which nearly all clients send: read ten times as fast.
_USUAL = re.compile(
    r'UsernameToken Username="([^"]*)", ?PasswordDigest="([^"]*)", ?Nonce="([^"]*)"'
    r', ?Created="([^"]*)"'
)
_USUAL_NAMES = ("username", "passworddigest", "nonce", "created")
_TOKEN = "UsernameToken"  # noqa: S105 - a word of the scheme, no secret


class Scheme(Enum):
    """The two generations of digests."""

    AKSK = "aksk"
    WSSE = "wsse"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request says about who sent it, as it was written; nothing of it is checked yet."""

    scheme: Scheme
    app_key: str
    digest: str
    nonce: str
    created: str


@dataclass(frozen=True, slots=True)
class _Missing:
    """What to answer when a part of the second header is not there."""

    header: Result
    token: Result
    username: Result
    nonce: Result
    created: Result
    digest: Result


_MISSING = {
    Scheme.AKSK: _Missing(
        Result.NO_AKSK,
        Result.NO_AKSK_TOKEN,
        Result.NO_AKSK_USERNAME,
        Result.NO_AKSK_NONCE,
        Result.NO_AKSK_CREATED,
        Result.NO_AKSK_DIGEST,
    ),
    Scheme.WSSE: _Missing(
        Result.NO_WSSE,
        Result.NO_WSSE_USERNAME,
        Result.NO_WSSE_USERNAME,
        Result.NO_WSSE_NONCE,
        Result.NO_WSSE_CREATED,
        Result.NO_WSSE_DIGEST,
    ),
}


def read_credentials(authorization: str | None, aksk: str | None, wsse: str | None) -> Credentials:
    """Read `Authorization` and then `X-AKSK` or `X-WSSE`, whichever scheme it names.

    Raises Refused with the first code that applies.
    """
    scheme = (
        Scheme.AKSK
        if authorization == AUTHORIZATION_AKSK
        else _read_authorization(authorization, has_only_wsse=aksk is None and wsse is not None)
    )
    missing = _MISSING[scheme]
    header = aksk if scheme is Scheme.AKSK else wsse
    if header is None:
        raise Refused.by(missing.header)
    if not header.startswith(_TOKEN) and scheme is Scheme.AKSK:
        raise Refused.by(missing.token)
    given = _attributes(header)
    app_key = given.get("username")
    if not app_key:
        raise Refused.by(missing.username)
    nonce = given.get("nonce")
    if not nonce:
        raise Refused.by(missing.nonce)
    created = given.get("created")
    if not created:
        raise Refused.by(missing.created)
    digest = given.get("passworddigest")
    if not digest:
        raise Refused.by(missing.digest)
    return Credentials(scheme, app_key, digest, nonce, created)


def _read_authorization(header: str | None, *, has_only_wsse: bool) -> Scheme:
    """The scheme of an `Authorization` header.

    A scheme word that is neither is taken for AKSK, as that edition has no code for it: the
    digest decides. `dsl` is read where `type` is absent; clients that send it exist.
    """
    if not header:
        raise Refused.by(Result.NO_AUTHORIZATION)
    word = header[:5].rstrip().upper()
    if word not in {"WSSE", "AKSK"} and has_only_wsse:
        raise Refused.by(Result.NO_WSSE_SCHEME)
    given = _attributes(header)
    kind = given.get("type", given.get("dsl"))
    if "realm" not in given:
        raise Refused.by(Result.NO_REALM)
    if "profile" not in given:
        raise Refused.by(Result.NO_PROFILE)
    if kind is None:
        raise Refused.by(Result.NO_TYPE)
    if given["realm"] != "SDP":
        raise Refused.by(Result.WRONG_REALM)
    if given["profile"] != _TOKEN:
        raise Refused.by(Result.WRONG_PROFILE)
    if kind.lower() != "appkey":
        raise Refused.by(Result.WRONG_TYPE)
    return Scheme.WSSE if word == "WSSE" else Scheme.AKSK


def _attributes(header: str) -> dict[str, str]:
    """`name="value"` pairs by lower-case name, however they are separated."""
    header = header[:MAX_HEADER_CHARS]
    usual = _USUAL.fullmatch(header)
    if usual is not None:
        return dict(zip(_USUAL_NAMES, usual.groups(), strict=True))
    found = _ATTRIBUTE.findall(header)
    return {name.lower(): value for name, value in found}

"""The digests of the compatible interface and the headers that carry them (`spec/auth.md` 3-4)."""

import hmac
import re
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256

AUTHORIZATION_AKSK = 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"'
MARK_CHARS = 16
_MARK = re.compile(f"[0-9a-f]{{{MARK_CHARS}}}")


def aksk_digest(secret: str, nonce: str, created: str) -> str:
    """Base64 of the raw HMAC-SHA256 of nonce and time under the secret."""
    mac = hmac.digest(secret.encode(), (nonce + created).encode(), "sha256")
    return b64encode(mac).decode("ascii")


def wsse_digests(secret: str, nonce: str, created: str) -> tuple[str, str, str]:
    """The digests a WSSE client may send: of the raw hash, and of its hex text in either case."""
    digest = sha256((nonce + created + secret).encode())
    text = digest.hexdigest()
    forms = (digest.digest(), text.encode("ascii"), text.upper().encode("ascii"))
    raw, lower, upper = (b64encode(form).decode("ascii") for form in forms)
    return raw, lower, upper


def sign(app_key: str, secret: str, nonce: str, created: datetime) -> dict[str, str]:
    """The headers that authenticate a push as ours to the owner of `app_key`.

    `nonce` is 1 to 112 letters and digits, new for each try; `created` is aware. The nonce that is
    sent is longer by a mark that only we and the owner can make, as pushes and requests are signed
    alike: whoever sees a push must not be able to ask in the owner's name.
    """
    nonce += _mark(secret, nonce)
    moment = created.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    digest = aksk_digest(secret, nonce, moment)
    return {
        "Authorization": AUTHORIZATION_AKSK,
        "X-AKSK": (
            f'UsernameToken Username="{app_key}",PasswordDigest="{digest}",'
            f'Nonce="{nonce}",Created="{moment}"'
        ),
    }


def is_of_push(secret: str, nonce: str) -> bool:
    """Whether `sign` made this nonce, so that no request may carry it."""
    mark = nonce[-MARK_CHARS:]
    # Most nonces, as UUIDs with hyphens or in capitals, are told from a mark by their form.
    if _MARK.fullmatch(mark) is None:
        return False
    return hmac.compare_digest(_mark(secret, nonce[:-MARK_CHARS]).encode(), mark.encode())


def _mark(secret: str, nonce: str) -> str:
    mac = hmac.digest(secret.encode(), b"push " + nonce.encode(), "sha256")
    return mac.hex()[:MARK_CHARS]

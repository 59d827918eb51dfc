"""Who calls whom: the numbers of an INVITE, as its trunk writes them."""

from maskline.domain.trunk import Trunk
from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.header import NameAddr
from maskline.protocols.sip.message import Request
from maskline.protocols.sip.uri import SipUri


def dialled_number(request: Request, trunk: Trunk) -> str | None:
    """X in global form, from the user part of the request URI; None when it is no number."""
    return _number(request.target, trunk)


def calling_number(request: Request, trunk: Trunk) -> str:
    """The caller in global form: P-Asserted-Identity (RFC 3325), else From.

    A caller who is anonymous or has no number is the empty string: no binding holds it.
    """
    for asserted in _asserted(request):
        try:
            number = _read(NameAddr.parse(asserted).uri, trunk)
        except SipParseError:
            continue
        if number is not None:
            return number
    return _read(request.from_.uri, trunk) or ""


def _asserted(request: Request) -> list[str]:
    try:
        return request.headers.values("P-Asserted-Identity")
    except SipParseError:
        return []


def _read(uri: str, trunk: Trunk) -> str | None:
    try:
        return _number(SipUri.parse(uri), trunk)
    except SipParseError:
        return None


def _number(uri: SipUri, trunk: Trunk) -> str | None:
    try:
        return trunk.read(uri.number)
    except ValueError:
        return None

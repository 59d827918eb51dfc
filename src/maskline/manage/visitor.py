"""From where a request comes: address, program, and the page that sent it."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request

from maskline.manage.problem import Problem
from maskline.services.address import Networks, client_address

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """`origin` is that of the server as the client called it, such as `https://voice.example`."""

    address: str = ""
    user_agent: str = ""
    origin: str = ""

    @property
    def is_secure(self) -> bool:
        """Whether the client came by HTTPS."""
        return self.origin.startswith("https:")


NOT_KNOWN = Visitor()


class Porch:
    """Knows which proxies to believe, and by what URL the server is reached (empty: any)."""

    def __init__(self, trusted_proxies: Sequence[str] = (), public_url: str = "") -> None:
        self._proxies = Networks(trusted_proxies)
        self._public_origin = _origin(public_url)

    def visitor(self, request: Request) -> Visitor:
        """Who it is as far as the connection and its headers tell."""
        peer = request.client.host if request.client else ""
        headers = request.headers
        address = client_address(peer, headers.get("x-forwarded-for"), self._proxies)
        scheme = request.url.scheme
        if self._proxies.admits(peer):
            scheme = headers.get("x-forwarded-proto", scheme).strip().lower()
        return Visitor(
            address=address,
            user_agent=headers.get("user-agent", ""),
            origin=f"{scheme}://{headers.get('host', '').lower()}",
        )

    def refuse_foreign_page(
        self, request: Request, visitor: Visitor, *, needs_origin: bool
    ) -> None:
        """Refuse a write that a page of another origin has a browser send. Raises Problem.

        Browsers send `Origin` with every write (Fetch 3.1); other programs need none unless they
        come with a cookie.
        """
        if request.method in SAFE_METHODS:
            return
        origin = request.headers.get("origin")
        if origin is None and not needs_origin:
            return
        if origin is None or origin.lower() not in {visitor.origin, self._public_origin}:
            raise Problem(
                status=403,
                code="wrong_origin",
                message="this was sent by a page of another origin, or of none",
                hint="behind a proxy, set http.public_url to what browsers call this server",
            )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.lower()}" if parts.netloc else ""

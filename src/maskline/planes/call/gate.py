"""Who may make this worker do something: known addresses, with a password where one is set."""

from collections.abc import Callable

from maskline.domain.trunk import Trunk
from maskline.planes.call.edge import Edges
from maskline.planes.call.trunk_board import TrunkBoard, TrunkLine
from maskline.protocols.sip.digest import (
    Algorithm,
    DigestOutcome,
    DigestVerifier,
    hash_secret,
    parse_credentials,
)
from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.flow import Flow
from maskline.protocols.sip.intake import DROP, Refusal, Screened
from maskline.protocols.sip.message import Request

STRANGER: Refusal = (403, None)
"""What an edge is told of a stranger: one that heard nothing would take this worker for dead."""


class TrunkGate:
    """Answers for every request outside a call before any state is made for it.

    Strangers get nothing at all, but for those that come over an edge of ours. A trunk with an
    inbound password is challenged (RFC 3261 22.2); its user name is the trunk's `username`, else
    its name.
    """

    def __init__(
        self,
        board: TrunkBoard,
        realm: str,
        secret: bytes,
        now: Callable[[], float],
        edges: Edges,
    ) -> None:
        self._board = board
        self._edges = edges
        self._realm = realm
        self._verifier = DigestVerifier(realm, secret)
        self._now = now

    def screen(self, request: Request, source: Flow) -> Refusal | Screened | None:
        """None lets the request in."""
        line = self.line_of(request, source)
        if line is None:
            return self._answer_stranger(request, source)
        if request.method == "INVITE" and line.trunk.inbound_password is not None:
            return self._authenticate(request, line.trunk, line.trunk.inbound_password)
        return None

    def line_of(self, request: Request, source: Flow) -> TrunkLine | None:
        """The trunk that a request is of; None for a stranger's."""
        origin = self._edges.origin(request, source)
        return None if origin is None else self._board.of_source(origin)

    def _answer_stranger(self, request: Request, source: Flow) -> Refusal | Screened | None:
        if source not in self._edges:
            return DROP
        # An edge asks by OPTIONS whether this worker lives.
        return None if request.method == "OPTIONS" else STRANGER

    def _authenticate(self, request: Request, trunk: Trunk, password: str) -> Refusal | None:
        def ha1(username: str, algorithm: Algorithm) -> str | None:
            if username != (trunk.username or trunk.name):
                return None
            return hash_secret(algorithm, username, self._realm, password)

        outcome = None
        for value in request.headers.get_all("Authorization"):
            try:
                credentials = parse_credentials(value)
            except SipParseError:
                continue
            outcome = self._verifier.verify(
                credentials, method=request.method, now=self._now(), ha1=ha1, body=request.body
            )
            if outcome is DigestOutcome.ACCEPTED:
                return None
        challenges = self._verifier.challenge(self._now(), is_stale=outcome is DigestOutcome.STALE)
        return (401, None, [("WWW-Authenticate", value) for value in challenges])

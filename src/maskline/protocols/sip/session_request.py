"""One request within a dialog, sent again by itself when the peer asks for credentials."""

from collections.abc import Callable

from maskline.protocols.sip.authentication import Authenticator
from maskline.protocols.sip.compose import HeaderLines
from maskline.protocols.sip.dialog import Dialog
from maskline.protocols.sip.message import Response
from maskline.protocols.sip.stack import Stack
from maskline.protocols.sip.transaction_client import (
    ClientTransaction,
    InviteClientTransaction,
    Outcome,
)

RequestHandler = Callable[["DialogRequest", Outcome, float], None]


class DialogRequest:
    """A request and the handler of its responses: `handler(request, outcome, now)`."""

    __slots__ = (
        "_authenticator",
        "_content_type",
        "_handler",
        "_headers",
        "_stack",
        "_tries",
        "body",
        "cseq",
        "dialog",
        "method",
        "transaction",
    )

    def __init__(
        self,
        stack: Stack,
        dialog: Dialog,
        method: str,
        handler: RequestHandler,
        *,
        headers: HeaderLines = (),
        body: bytes = b"",
        content_type: str = "application/sdp",
        authenticator: Authenticator | None = None,
    ) -> None:
        self._stack = stack
        self._handler = handler
        self._headers = headers
        self._content_type = content_type
        self._authenticator = authenticator
        self._tries = 0
        self.dialog = dialog
        self.method = method
        self.body = body
        self.cseq = 0
        self.transaction: ClientTransaction | None = None

    def send(self, now: float) -> None:
        """Send it with the dialog's next CSeq."""
        self._tries += 1
        headers = self._headers
        if self._authenticator is not None:
            headers = [*headers, *self.credentials(self.method)]
        request = self.dialog.request(
            self._stack,
            self.method,
            headers=headers,
            body=self.body,
            content_type=self._content_type,
        )
        self.cseq = request.cseq
        kind = InviteClientTransaction if self.method == "INVITE" else ClientTransaction
        self.transaction = kind(self._stack, request, self.dialog.flow, self._receive)
        self.transaction.start(now)

    def credentials(self, method: str) -> HeaderLines:
        """What proves who we are for `method`, if the peer asked before."""
        if self._authenticator is None:
            return ()
        return self._authenticator.headers(method, self.dialog.target, self.body)

    def _receive(self, _transaction: ClientTransaction, outcome: Outcome, now: float) -> None:
        if (
            isinstance(outcome, Response)
            and outcome.status in (401, 407)
            and self._authenticator is not None
            and self._tries < self._stack.config.max_tries
            and self._authenticator.take_challenge(outcome, is_first=self._tries == 1)
        ):
            self.send(now)
            return
        self._handler(self, outcome, now)


def status_of(outcome: Outcome) -> int:
    """The status of a response, or the one that stands for its absence (RFC 3261 8.1.3.1)."""
    return outcome.status if isinstance(outcome, Response) else outcome.value

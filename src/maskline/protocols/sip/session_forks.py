"""What is left to do for an INVITE of ours once the first 2xx came (RFC 3261 13.2.2.4)."""

from maskline.protocols.sip.authentication import Authenticator
from maskline.protocols.sip.compose import HeaderLines, OutgoingRequest
from maskline.protocols.sip.dialog import Dialog
from maskline.protocols.sip.message import Response
from maskline.protocols.sip.session_request import DialogRequest
from maskline.protocols.sip.stack import Stack
from maskline.protocols.sip.transaction_client import (
    ClientTransaction,
    InviteClientTransaction,
    Outcome,
)

# The ACK of a 2xx carries the credentials of its INVITE.
_CREDENTIALS = ("Authorization", "Proxy-Authorization")


def acknowledge_invite(
    stack: Stack,
    invite: InviteClientTransaction,
    outgoing: OutgoingRequest,
    dialog: Dialog,
    body: bytes,
) -> None:
    """Send the ACK of the 2xx that made `dialog`."""
    headers = _credentials(outgoing)
    ack = dialog.request(stack, "ACK", cseq=outgoing.cseq, headers=headers, body=body)
    invite.acknowledge(dialog.remote_tag, ack.to_bytes(), dialog.flow)


class ForkEnder:
    """Takes the calls of other branches that answered too, and ends them.

    It outlives the session by timer M and knows only the INVITE, which it strips of its body and
    of all headers but credentials. `tag` is the remote tag of the session's own dialog, None when
    it has none.
    """

    __slots__ = ("_authenticator", "_local_tag", "_outgoing", "_stack", "_tag")

    def __init__(
        self,
        stack: Stack,
        outgoing: OutgoingRequest,
        local_tag: str,
        tag: str | None,
        authenticator: Authenticator | None,
    ) -> None:
        self._stack = stack
        outgoing.headers = _credentials(outgoing)
        outgoing.body = b""
        self._outgoing = outgoing
        self._local_tag = local_tag
        self._tag = tag
        self._authenticator = authenticator

    def receive(self, transaction: ClientTransaction, outcome: Outcome, now: float) -> None:
        """Acknowledge the 2xx of another branch and send BYE; the session's own is not repeated."""
        if (
            not isinstance(transaction, InviteClientTransaction)
            or not isinstance(outcome, Response)
            or not 200 <= outcome.status < 300
            or (self._tag is not None and outcome.to_tag == self._tag)
        ):
            return
        dialog = Dialog.as_caller(self._outgoing, self._local_tag, outcome, transaction.flow)
        acknowledge_invite(self._stack, transaction, self._outgoing, dialog, b"")
        DialogRequest(
            self._stack, dialog, "BYE", _ignore_answer, authenticator=self._authenticator
        ).send(now)


def _credentials(outgoing: OutgoingRequest) -> HeaderLines:
    return tuple([line for line in outgoing.headers if line[0] in _CREDENTIALS])


def _ignore_answer(_request: DialogRequest, _outcome: Outcome, _now: float) -> None:
    """Nobody waits for the answer of this BYE."""

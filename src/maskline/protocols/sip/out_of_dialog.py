from dataclasses import replace

from maskline.protocols.sip.authentication import Authenticator
from maskline.protocols.sip.compose import OutgoingRequest
from maskline.protocols.sip.event import RequestAnswered
from maskline.protocols.sip.flow import Flow
from maskline.protocols.sip.message import Response
from maskline.protocols.sip.session_request import status_of
from maskline.protocols.sip.stack import Stack
from maskline.protocols.sip.transaction_client import ClientTransaction, Outcome


class OutOfDialogRequest:
    """A request of ours that belongs to no session; RequestAnswered carries its `owner`."""

    __slots__ = (
        "_authenticator",
        "_flow",
        "_outgoing",
        "_stack",
        "_transaction",
        "_tries",
        "owner",
    )

    def __init__(
        self,
        stack: Stack,
        outgoing: OutgoingRequest,
        flow: Flow,
        authenticator: Authenticator | None,
        owner: object,
    ) -> None:
        self._stack = stack
        self._outgoing = outgoing
        self._flow = flow
        self._authenticator = authenticator
        self._transaction: ClientTransaction | None = None
        self._tries = 0
        self.owner = owner

    def send(self, now: float) -> None:
        """Send it, with credentials once they were asked for."""
        self._tries += 1
        outgoing = self._outgoing
        if self._authenticator is not None:
            credentials = self._authenticator.headers(outgoing.method, outgoing.uri, outgoing.body)
            outgoing = replace(outgoing, headers=[*outgoing.headers, *credentials])
        self._transaction = ClientTransaction(self._stack, outgoing, self._flow, self._receive)
        self._transaction.start(now)

    def give_up(self, now: float) -> None:
        """Send it no more: RequestAnswered follows with 503, unless the answer came before."""
        if self._transaction is not None and not self._transaction.is_answered:
            self._transaction.fail(now)

    def _receive(self, _transaction: ClientTransaction, outcome: Outcome, now: float) -> None:
        response = outcome if isinstance(outcome, Response) else None
        if response is not None:
            if response.status < 200:
                return
            if response.status in (401, 407) and self._may_retry(response):
                self._outgoing = replace(
                    self._outgoing, cseq=self._outgoing.cseq + 1, branch=self._stack.new_branch()
                )
                self.send(now)
                return
        self._stack.events.append(RequestAnswered(self.owner, status_of(outcome), response))

    def _may_retry(self, response: Response) -> bool:
        return (
            self._authenticator is not None
            and self._tries < self._stack.config.max_tries
            and self._authenticator.take_challenge(response, is_first=self._tries == 1)
        )

"""Answers to the digest challenges a peer sends us (RFC 3261 22, RFC 8760)."""

from dataclasses import dataclass, field

from maskline.protocols.sip.digest import (
    Challenge,
    ChallengeUnsupportedError,
    answer_challenge,
    choose_challenge,
)
from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.message import Response
from maskline.protocols.sip.stack import TokenSource


@dataclass(frozen=True, slots=True)
class Account:
    """Whom we are to a peer that asks."""

    username: str
    password: str = field(repr=False)


class _Answering:
    """One challenge and how often its nonce was used."""

    __slots__ = ("challenge", "uses")

    def __init__(self, challenge: Challenge) -> None:
        self.challenge = challenge
        self.uses = 0


class Authenticator:
    """Remembers the challenges of a peer, so that only the first request has to be sent twice."""

    __slots__ = ("_account", "_answering", "_random")

    def __init__(self, account: Account, random: TokenSource) -> None:
        self._account = account
        self._random = random
        self._answering: dict[str, _Answering] = {}

    def take_challenge(self, response: Response, *, is_first: bool) -> bool:
        """Take the challenge of a 401 or 407; False when another answer would not help.

        That is: no challenge we can answer, or it refuses an answer to an earlier one and does
        not say that this was stale. `is_first`: the request was not challenged before.
        """
        asked, header = (
            ("WWW-Authenticate", "Authorization")
            if response.status == 401
            else ("Proxy-Authenticate", "Proxy-Authorization")
        )
        try:
            challenge = choose_challenge(response.headers.get_all(asked))
        except (SipParseError, ChallengeUnsupportedError):
            return False
        if challenge is None:
            return False
        if header in self._answering and not (is_first or challenge.is_stale):
            return False
        self._answering[header] = _Answering(challenge)
        return True

    def headers(self, method: str, uri: str, body: bytes) -> list[tuple[str, str]]:
        """The credentials for a request; empty before the first challenge."""
        return [
            (header, self._answer(answering, method, uri, body))
            for header, answering in self._answering.items()
        ]

    def _answer(self, answering: _Answering, method: str, uri: str, body: bytes) -> str:
        answering.uses += 1
        return answer_challenge(
            answering.challenge,
            method=method,
            uri=uri,
            username=self._account.username,
            password=self._account.password,
            cnonce=self._random(8),
            nonce_count=answering.uses,
            body=body,
        )

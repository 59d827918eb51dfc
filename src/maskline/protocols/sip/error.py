from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # message.py needs this module to exist first
    from maskline.protocols.sip.message import Request


class SipError(Exception):
    """Root of what the SIP layer raises on purpose; anything else that escapes it is a bug."""


class SipParseError(SipError, ValueError):
    """The far end sent what is no SIP message; the fault is the sender's.

    `status` and `reason` are the answer a server gives (RFC 3261 21.4, 21.5). `request` is what
    could be read of the request when Via, From, To, Call-ID and CSeq stand, so that
    `build_response` can answer it; None means that nothing may be sent (a response, an ACK, or
    too little to address an answer) and the message is dropped.
    """

    def __init__(self, reason: str, *, status: int = 400, request: Request | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.request = request

"""What can be done for the calls of an earlier run, from what was kept of them."""

from maskline.protocols.sip.compose import HeaderLines, OutgoingRequest
from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.message import Headers, Request
from maskline.protocols.sip.session_forks import ForkEnder
from maskline.protocols.sip.session_snapshot import IncomingInvite, OutgoingInvite
from maskline.protocols.sip.stack import Stack
from maskline.protocols.sip.transaction_client import InviteClientTransaction
from maskline.protocols.sip.transaction_server import InviteServerTransaction, server_key


def refuse_invite(
    stack: Stack, kept: IncomingInvite, status: int, headers: HeaderLines, now: float
) -> None:
    """Answer an INVITE that an earlier run left unanswered; repeated until its ACK comes.

    Raises SipParseError when what was kept cannot be read.
    """
    request = Request("INVITE", "", _lines_of(kept))
    key = server_key(request, "INVITE")
    if key in stack.servers:
        # The peer repeated it: it is a new call to us, which is answered as one.
        return
    transaction = InviteServerTransaction(stack, request, key, kept.source)
    transaction.to_tag = kept.local_tag
    try:
        transaction.respond(status, headers=headers, now=now)
    except ValueError as error:
        transaction.fail(now)
        raise SipParseError(str(error)) from error


def cancel_invite(stack: Stack, kept: OutgoingInvite, headers: HeaderLines, now: float) -> None:
    """Take back an INVITE of an earlier run; a call that was answered meanwhile is ended.

    Raises SipParseError when what was kept cannot be read.
    """
    sent = OutgoingRequest(
        method="INVITE",
        uri=kept.uri,
        via=kept.via,
        branch=kept.branch,
        from_=kept.from_,
        to=kept.to,
        call_id=kept.call_id,
        cseq=kept.cseq,
        user_agent=stack.config.user_agent,
    )
    ender = ForkEnder(stack, sent, kept.local_tag, None, None)
    try:
        invite = InviteClientTransaction(stack, sent, kept.flow, ender.receive)
    except ValueError as error:
        raise SipParseError(str(error)) from error
    invite.resume()
    invite.cancel(headers, now)


def _lines_of(kept: IncomingInvite) -> Headers:
    lines = [("Via", via) for via in kept.vias]
    lines += [
        ("From", kept.from_),
        ("To", kept.to),
        ("Call-ID", kept.call_id),
        ("CSeq", f"{kept.cseq} INVITE"),
    ]
    return Headers(lines)

"""What is kept of a session, so that a later run of the program can go on with it or end it.

Plain values, to be packed by whoever keeps them. They hold addresses of both parties.
"""

from msgspec import Struct

from maskline.protocols.sip.flow import Flow

CSEQ_GAP = 1000
"""Requests a second that no run sends within one dialog: so far ahead a later run begins to count
for each second that has passed. Gaps are allowed (RFC 3261 12.2.1.1)."""

MAX_CSEQ = 2**31 - 1
"""The largest CSeq number there is (RFC 3261 8.1.1.5)."""


class SessionSnapshot(Struct, frozen=True, array_like=True, gc=False, tag="session"):
    """A session whose INVITE was answered, or is about to be.

    `local` and `remote` are header values with their tags, `flow` is where its first message came
    from or went to. `interval` in seconds, 0 without session timer, and `is_refresher` are those
    of RFC 4028. `peer_allow` is the peer's Allow header.
    """

    call_id: str
    local: str
    local_tag: str
    remote: str
    remote_tag: str | None
    target: str
    routes: tuple[str, ...]
    flow: Flow
    local_cseq: int
    remote_cseq: int | None
    is_outgoing: bool
    interval: int
    is_refresher: bool
    peer_allow: str
    local_sdp: bytes
    remote_sdp: bytes

    def cseq_after(self, elapsed_s: float) -> int:
        """A CSeq that no request of ours has had, so many seconds after the snapshot was made."""
        gap = CSEQ_GAP * (1 + int(max(0.0, elapsed_s)))
        return min(self.local_cseq + gap, MAX_CSEQ - CSEQ_GAP)


class IncomingInvite(Struct, frozen=True, array_like=True, gc=False, tag="incoming"):
    """An INVITE of a peer that was not answered: what its refusal repeats of it."""

    call_id: str
    vias: tuple[str, ...]
    from_: str
    to: str
    cseq: int
    local_tag: str
    source: Flow


class OutgoingInvite(Struct, frozen=True, array_like=True, gc=False, tag="outgoing"):
    """An INVITE of ours that was not answered: what its CANCEL repeats of it.

    `via` stands without its branch.
    """

    call_id: str
    uri: str
    via: str
    branch: str
    from_: str
    to: str
    cseq: int
    local_tag: str
    flow: Flow


LegSnapshot = SessionSnapshot | IncomingInvite | OutgoingInvite

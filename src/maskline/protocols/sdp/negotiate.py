import re
from collections.abc import Sequence

from maskline.protocols.sdp.error import NoCommonCodec
from maskline.protocols.sdp.model import Codec, Direction

_MODES = re.compile(r"[0-8](?:,[0-8]){0,8}", re.ASCII)
_BY_FLOW = {(d.sends, d.receives): d for d in Direction}


def choose_codecs(offered: Sequence[Codec], ours: Sequence[Codec]) -> tuple[Codec, ...]:
    """What both can do, in the offerer's order with the offer's payload types (RFC 3264 6.1).

    The format parameters are ours: nothing of the peer's text goes into an answer, but the modes
    of AMR, which must be repeated to it (RFC 4867 8.3.1). Raises NoCommonCodec.
    """
    chosen: list[Codec] = []
    for theirs in offered:
        for mine in ours:
            if mine == theirs:  # the usual case, at the cost of one comparison
                chosen.append(mine)
                break
            if mine.is_same(theirs):
                fmtp = _parameters(mine, theirs)
                chosen.append(mine._replace(payload_type=theirs.payload_type, fmtp=fmtp))
                break
    if not chosen:
        raise NoCommonCodec
    return tuple(chosen)


def _parameters(mine: Codec, theirs: Codec) -> str | None:
    modes = theirs.parameter("mode-set") if mine.has_shared_parameters else None
    if modes is None or not _MODES.fullmatch(modes):
        return mine.fmtp
    return ";".join(filter(None, (mine.fmtp, f"mode-set={modes}")))


def answer_direction(offered: Direction, wanted: Direction) -> Direction:
    """The direction of an answer: what we want, as far as the offer leaves it (RFC 3264 6.1)."""
    return _BY_FLOW[wanted.sends and offered.receives, wanted.receives and offered.sends]

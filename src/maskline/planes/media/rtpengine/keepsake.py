"""By what a later run finds a call on its daemon."""

import msgspec
from msgspec import Struct

from maskline.planes.media.engine import Protection


class Keepsake(Struct, frozen=True, array_like=True, gc=False):
    """A call's id on the daemon of this name, and how its sides were described.

    `protections` are the caller's and the callee's.
    """

    key: str
    instance: str
    protections: tuple[Protection, Protection]
    is_offered_by_caller: bool


def read_keepsake(packed: bytes) -> Keepsake | None:
    """A keepsake as it was packed with MessagePack; None for anything else."""
    try:
        return msgspec.msgpack.decode(packed, type=Keepsake)
    except (msgspec.MsgspecError, ValueError):
        return None

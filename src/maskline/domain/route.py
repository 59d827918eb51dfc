"""What one lookup by (virtual number, caller) finds."""

from dataclasses import dataclass

from maskline.domain.binding import Binding, Onward, Role
from maskline.domain.virtual_number import VirtualNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteFound:
    """The answer of the store: the virtual number (None: not ours) and the binding that counts.

    That is the caller's own binding on it, else the one that takes every caller (AX, AXYB).
    Binding and onward numbers may be expired: the plan decides, so that a sweep is never part of
    correctness. The onward numbers are those of the binding, looked for when A calls.
    `is_own_number` is what AXYB asks for besides: whether the caller is the B behind this Y.
    """

    number: VirtualNumber | None
    binding: Binding | None = None
    role: Role | None = None
    temporary_callee: Onward | None = None
    last_caller: Onward | None = None
    is_own_number: bool = False

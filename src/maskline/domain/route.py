"""What one lookup by (virtual number, caller) finds."""

from dataclasses import dataclass

from maskline.domain.binding import AxbBinding, Role
from maskline.domain.virtual_number import VirtualNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteFound:
    """The answer of the store: the virtual number (None: not ours) and the caller's binding on it.

    `binding` may be expired: the plan decides, so that a sweep is never part of correctness.
    """

    number: VirtualNumber | None
    binding: AxbBinding | None = None
    role: Role | None = None

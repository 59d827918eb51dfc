"""What needs a person to have shown the password again a short time ago."""

from maskline.domain.error import StepUpNeeded
from maskline.manage.endpoint import Asked


def require_step_up(asked: Asked) -> None:
    """Raises StepUpNeeded."""
    if not asked.caller.is_stepped_up:
        raise StepUpNeeded

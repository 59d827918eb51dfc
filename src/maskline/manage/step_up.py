"""What needs a person to have shown the password again a short time ago."""

from maskline.manage.endpoint import Asked
from maskline.manage.problem import Problem


def require_step_up(asked: Asked) -> None:
    """Raises Problem 403 `step_up_needed`."""
    if not asked.caller.is_stepped_up:
        raise Problem(
            status=403,
            code="step_up_needed",
            message="show your password again first",
            hint="POST /session/step-up, then repeat the request",
        )

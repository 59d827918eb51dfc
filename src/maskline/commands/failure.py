"""How a command fails: exit codes, and one sentence that says what to do next."""

import click

EXIT_REFUSED = 1
EXIT_USAGE = 2  # click's own
EXIT_UNREACHABLE = 3


class CommandFailed(click.ClickException):
    """The platform refused, or something local cannot be done."""

    exit_code = EXIT_REFUSED

    def __init__(
        self, message: str, *, hint: str = "", code: str = "refused", field: str = ""
    ) -> None:
        super().__init__(message)
        self.hint = hint
        self.code = code
        self.field = field

    def format_message(self) -> str:
        """The error and, on a line of its own, the next step."""
        return f"{self.message}\n  next: {self.hint}" if self.hint else self.message

    def describe(self) -> dict[str, object]:
        """The same for programs, in the shape of the management API."""
        error = {"code": self.code, "message": self.message}
        if self.field:
            error["field"] = self.field
        if self.hint:
            error["hint"] = self.hint
        return {"error": error}


class Unreachable(CommandFailed):
    """There is no platform to talk to."""

    exit_code = EXIT_UNREACHABLE

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message, hint=hint, code="unreachable")

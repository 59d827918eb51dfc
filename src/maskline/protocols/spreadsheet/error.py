"""Why a workbook is not read."""


class SheetRefused(Exception):
    """A file that is no workbook, or one beyond a bound.

    `code` is for programs (`M20..`), the message says what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

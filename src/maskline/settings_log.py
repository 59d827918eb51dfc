"""Settings of what is logged, and where to."""

from typing import Annotated, Literal

from msgspec import Meta, Struct


class LogSection(Struct, frozen=True, kw_only=True):
    """What is logged, on standard error or into files.

    level: least level that is shown.
    format: `console` for people, `json` for machines.
    mask_numbers: hide the middle of phone numbers.
    file: path that names the log files of all processes, each with a new one every day (UTC):
        `log/maskline.log` makes `log/maskline-2026-11-30.log`, and of the worker `call-2`
        `log/maskline-call-2-2026-11-30.log`. Empty logs to standard error.
    keep_days: log files of days that are longer ago are deleted, at the start and each day.
    """

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["console", "json"] = "console"
    mask_numbers: bool = True
    file: str = ""
    keep_days: Annotated[int, Meta(ge=1, le=3650)] = 30

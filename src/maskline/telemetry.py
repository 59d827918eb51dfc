"""Logs: one event name and its fields, on one stream, with phone numbers masked."""

import logging
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO, cast

import msgspec
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from maskline.domain.number import mask_numbers
from maskline.log_file import DailyLog
from maskline.settings_log import LogSection

MAX_MASK_DEPTH = 6  # containers nested deeper are shown by their type


def open_log(log: LogSection, name: str, stderr: TextIO) -> TextIO:
    """`stderr`, or the log file of a process with this name. Raises OSError."""
    if not log.file:
        return stderr
    daily = DailyLog(Path(log.file), name, log.keep_days, lambda: datetime.now(UTC).date(), stderr)
    return cast("TextIO", daily)


def configure_logging(log: LogSection, stream: TextIO, **fields: str) -> None:
    """Send everything logged in this process, ours and the libraries', to `stream`.

    Every line has the `fields`. Call it once, first thing in a command.
    """
    level = logging.getLevelNamesMapping()[log.level.upper()]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    if fields:
        shared.append(_adding(fields))
    if log.mask_numbers:
        shared.append(_mask_event)
    renderer = _renderer(log, is_terminal=stream.isatty())
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(level=max(level, logging.WARNING), handlers=[handler], force=True)


def _adding(fields: Mapping[str, str]) -> Processor:
    def add(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        return {**event, **fields}

    return add


def _renderer(log: LogSection, *, is_terminal: bool) -> Processor:
    if log.format == "json":
        return structlog.processors.JSONRenderer(serializer=_to_json)
    return structlog.dev.ConsoleRenderer(colors=is_terminal)


def _to_json(event: object, **_: object) -> str:
    return msgspec.json.encode(event, enc_hook=str).decode()


def _mask_event(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    return {key: _masked(value, MAX_MASK_DEPTH) for key, value in event.items()}


def _masked(value: object, depth: int) -> object:
    if isinstance(value, str):
        return mask_numbers(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if depth == 0:
        return type(value).__name__
    if isinstance(value, Mapping):
        fields = cast("MutableMapping[object, object]", value)
        return {key: _masked(entry, depth - 1) for key, entry in fields.items()}
    if isinstance(value, list | tuple | set | frozenset):
        entries = cast("list[object]", value)
        return [_masked(entry, depth - 1) for entry in entries]
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return mask_numbers(repr(value))

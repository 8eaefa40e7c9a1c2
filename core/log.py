"""Structured logs on stderr: ids and codes, never content, keys or names."""

import logging
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from numbers import Number
from typing import Any, TextIO

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from core.settings import LogLevel

LONGEST_SAID = 200

_is_told_elsewhere: ContextVar[bool] = ContextVar("is_told_elsewhere", default=False)


def set_up_logs(level: LogLevel, *, context: Sequence[Processor] = ()) -> None:
    """One line a message, other packages' included: for people on a terminal, as JSON elsewhere.

    `context` adds what else is known where a message is written.
    """
    structlog.configure(
        processors=[
            _without_what_is_told_elsewhere,
            structlog.contextvars.merge_contextvars,
            *context,
            _without_traceback,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _renderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_number(level)),
        # Asked for at each message, since stderr may be another one by then.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one, _Foreign)]:
        root.removeHandler(handler)
    # Below that they tell what they send and receive.
    root.addHandler(_Foreign(max(logging.WARNING, _number(level))))


def log_what_nobody_catches() -> None:
    """For a program of ours: Python's own last words hold an error's text."""
    sys.excepthook = lambda _type, error, _trace: _uncaught(error)
    threading.excepthook = lambda args: _uncaught(args.exc_value)
    sys.unraisablehook = lambda args: _uncaught(args.exc_value)
    warnings.showwarning = _show_warning


def places(error: BaseException) -> list[str]:
    """Where an error passed through, as file:line; its text stays out, since it may hold content."""
    found = []
    step = error.__traceback__
    while step is not None:
        found.append(f"{_file_name(step.tb_frame.f_code.co_filename)}:{step.tb_lineno}")
        step = step.tb_next
    return found


class _Foreign(logging.Handler):
    """What other packages log, less what they fill in: that may be an address, a token, or what somebody typed."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        told: dict[str, Any] = {} if error is None else {"error": type(error).__name__, "at": places(error)}
        structlog.get_logger().log(record.levelno, _said(record), logger=record.name, **told)


def _said(record: logging.LogRecord) -> str:
    """Its first line's fixed words, and numbers; in the lines below an error is quoted."""
    said, filled = str(record.msg), record.args
    if filled and not isinstance(filled, Mapping) and all(isinstance(one, Number) for one in filled):
        said %= filled
    return (said.strip().splitlines() or [""])[0][:LONGEST_SAID]


@contextmanager
def told_elsewhere() -> Iterator[None]:
    """What this thread logs meanwhile is left out, since somebody hears it in another way."""
    before = _is_told_elsewhere.set(True)
    try:
        yield
    finally:
        _is_told_elsewhere.reset(before)


def _without_what_is_told_elsewhere(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    if _is_told_elsewhere.get():
        raise structlog.DropEvent
    return event


def _without_traceback(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    if event.pop("exc_info", None) is None:
        return event
    error = sys.exc_info()[1]
    return event if error is None else {**event, "error": type(error).__name__, "at": places(error)}


def _uncaught(error: BaseException | None) -> None:
    if isinstance(error, KeyboardInterrupt) or error is None:
        return
    structlog.get_logger().error("uncaught", error=type(error).__name__, at=places(error))


def _show_warning(
    message: Warning | str,  # noqa: ARG001 - may hold content
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001 - Python names it
    line: str | None = None,  # noqa: ARG001 - as above
) -> None:
    structlog.get_logger().warning("python_warning", category=category.__name__, at=f"{_file_name(filename)}:{lineno}")


def _renderer() -> Processor:
    if sys.stderr.isatty():
        return structlog.dev.ConsoleRenderer()
    return structlog.processors.JSONRenderer()


def _file_name(path: str) -> str:
    return path.rpartition("/")[2]


def _number(level: LogLevel) -> int:
    return logging.getLevelNamesMapping()[level.upper()]

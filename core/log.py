"""Structured logs on stderr: ids and codes, never content, keys or names."""

import logging
import sys

import structlog

from core.settings import LogLevel


def set_up_logs(level: LogLevel) -> None:
    """One line a message: for people on a terminal, as JSON elsewhere."""
    processors: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*processors, _renderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        # Asked for at each message, since stderr may be another one by then.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _renderer() -> structlog.types.Processor:
    if sys.stderr.isatty():
        return structlog.dev.ConsoleRenderer()
    return structlog.processors.JSONRenderer()


def places(error: BaseException) -> list[str]:
    """Where an error passed through, as file:line; its text stays out, since it may hold content."""
    found = []
    step = error.__traceback__
    while step is not None:
        found.append(f"{step.tb_frame.f_code.co_filename.rpartition('/')[2]}:{step.tb_lineno}")
        step = step.tb_next
    return found

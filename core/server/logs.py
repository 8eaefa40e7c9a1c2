"""Brings the server's own packages' logs to ours, and says which page a line belongs to."""

import hashlib
import logging

import streamlit.logger
import uvicorn.config
from streamlit.runtime.scriptrunner import get_script_run_ctx
from structlog.types import EventDict, WrappedLogger

from core.log import set_up_logs
from core.settings import LogLevel

_UVICORN = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi")


def set_up_server_logs(level: LogLevel) -> None:
    set_up_logs(level, context=[add_visit])
    # Uvicorn gives its loggers handlers whenever a server is made, by this.
    uvicorn.config.LOGGING_CONFIG.update(handlers={}, loggers={})
    for name in _UVICORN:
        _leave_to_ours(logging.getLogger(name))
    # And Streamlit whenever one is asked for, or its options change.
    streamlit.logger.setup_formatter = _leave_to_ours
    streamlit.logger.update_formatter()
    # It writes an error's own words to its log before asking us; show_uncaught logs without them.
    logging.getLogger("streamlit.error_util").disabled = True


def add_visit(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Which tab a page's run, click or fragment belongs to; who knows that can't find the tab's own key."""
    run = get_script_run_ctx(suppress_warning=True)
    if run is not None:
        event["visit"] = hashlib.sha256(run.session_id.encode()).hexdigest()[:12]
    return event


def _leave_to_ours(logger: logging.Logger) -> None:
    logger.handlers.clear()
    logger.propagate = True

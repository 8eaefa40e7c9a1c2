"""The one place where an error turns into what a person sees."""

import secrets
from collections.abc import Callable

import streamlit as st
import structlog
from sqlalchemy.exc import OperationalError
from streamlit.errors import FragmentHandledException

from core.errors import AppError, DatabaseAway, SignedOut
from core.log import places
from core.ui.signed_out import draw_signed_out
from core.ui.text import escape_label

TRY_AGAIN_S = 5


def guarded(draw: Callable[[], None]) -> None:
    """Draw, or show one sentence instead of what failed.

    Streamlit's own stop and rerun are no Exception and pass through.
    """
    try:
        draw()
    except FragmentHandledException:
        # A fragment's error is on the page already.
        raise
    except Exception as error:  # noqa: BLE001 -- the page boundary
        show_uncaught(error)


def show_uncaught(error: Exception) -> bool:
    """Show the error's sentence; True tells Streamlit that nothing is left to show."""
    if isinstance(error, OperationalError):
        error = DatabaseAway()
    if isinstance(error, AppError):
        _show_known(error)
    else:
        _show_unknown(error)
    return True


def announce(error: AppError) -> None:
    """Show the error's sentence over the page for some seconds."""
    structlog.get_logger().info("refused", code=error.code)
    st.toast(escape_label(str(error)), icon=":material/error:", duration="long")


def _show_known(error: AppError) -> None:
    structlog.get_logger().info("refused", code=error.code)
    if isinstance(error, SignedOut):
        draw_signed_out(has_left=error.has_left)
        return
    show = st.warning if error.page_can_go_on else st.error
    # A file's or a class's name may stand in the sentence, and st.warning reads Markdown.
    show(escape_label(str(error)))
    if isinstance(error, DatabaseAway):
        _try_again_by_itself()


def _show_unknown(error: Exception) -> None:
    reference = secrets.token_hex(4)
    structlog.get_logger().error(
        "page_failed", reference=reference, error_type=type(error).__name__, places=places(error)
    )
    st.error(f"Something went wrong here. Reload the page; if it happens again, tell an admin the number {reference}.")


def _try_again_by_itself() -> None:
    shown = False

    @st.fragment(run_every=TRY_AGAIN_S)
    def tick() -> None:
        nonlocal shown
        if shown:
            st.rerun()
        shown = True

    tick()

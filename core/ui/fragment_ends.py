"""Lets the browser hear of every fragment's end, so that what a fragment draws no more leaves the page.

Where one fragment's run begins before another's last messages are on their way, Streamlit turns that end into an early
one, and after an early end the browser clears nothing away: of 36 cards that a filter left 3 of, all stayed.
"""

from streamlit.runtime.app_session import AppSession

_clear = AppSession._clear_queue  # noqa: SLF001 -- there is no public way; a test holds that it goes on working


def keep_fragment_ends() -> None:
    """For all sessions of this process."""
    AppSession._clear_queue = _clear_for_whole_pages  # type: ignore[method-assign]  # noqa: SLF001 -- as above


def _clear_for_whole_pages(self: AppSession, fragment_ids_this_run: list[str] | None = None) -> None:
    """What waits when a fragment's run begins is sent in its order, as if it had left a moment earlier."""
    if not fragment_ids_this_run:
        _clear(self, fragment_ids_this_run)
        return
    # Else the run's elements would take the places of those that wait, before the end that clears up behind them.
    self._browser_queue._delta_index_map = {}  # noqa: SLF001 -- as above

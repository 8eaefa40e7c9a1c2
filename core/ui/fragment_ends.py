"""Lets the browser hear of every fragment's end, so that what a fragment draws no more leaves the page.

Where one fragment's run begins before another's last messages are on their way, Streamlit turns that end into an early
one, and after an early end the browser clears nothing away: of 36 cards that a filter left 3 of, all stayed.
"""

from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

_clear = ForwardMsgQueue.clear


def keep_fragment_ends() -> None:
    """For all sessions of this process."""
    ForwardMsgQueue.clear = _clear_for_whole_pages  # type: ignore[method-assign]  # there is no public way


def _clear_for_whole_pages(
    self: ForwardMsgQueue, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None
) -> None:
    """What waits when a fragment's run begins is sent in its order, as if it had left a moment earlier."""
    if retain_lifecycle_msgs and fragment_ids_this_run:
        # Else the run's elements would take the places of those that wait, before the end that clears up behind them.
        self._delta_index_map = {}
        return
    _clear(self, retain_lifecycle_msgs, fragment_ids_this_run)

"""The one thing on a page that looks for news by itself."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

TICK_S = 0.6
AT_REST_S = 10.0
"""While only a person can bring news, in another tab or on another machine."""
SOON_S = 0.1

Sight = TypeVar("Sight")


def watch(
    seen: Sight, look: Callable[[], Sight], *, redraw: Callable[[], None] = st.rerun, is_at_rest: bool = False
) -> None:
    """Redraw as soon as a look finds something else than what is drawn; by default the whole page.

    Called only while there is work: drawn again without it, the ticking ends.
    """
    is_drawing = True

    @st.fragment(run_every=AT_REST_S if is_at_rest else TICK_S)
    def tick() -> None:
        if not is_drawing and look() != seen:
            redraw()

    tick()
    is_drawing = False


def redraw_soon(key: str) -> None:
    """Run the fragment with this key, which is being drawn, by itself next; after a whole page the browser asks for it.

    A run that followed at once on the one that loads a page could reach a busy browser before that page stands there.
    What the browser then takes for another page's it clears away, and the page stayed blank.
    """
    context = get_script_run_ctx()
    if context is None or context.fragment_ids_this_run:
        redraw_fragment(key)
        return
    is_drawing = True

    @st.fragment(run_every=SOON_S)
    def tick() -> None:
        if not is_drawing:
            redraw_fragment(key)

    tick()
    is_drawing = False


def redraw_fragment(*keys: str) -> None:
    """Run the fragments with these keys next, as st.rerun(key) does for callbacks alone.

    A dialog needs it: drawn anew by a run of the whole page, it may close for a moment and loses the focus.
    Unlike there, what is running ends first: another fragment, ended half-way, would lose the ticking within it.
    """
    context = get_script_run_ctx()
    if context is None or context.script_requests is None:
        return
    context.script_requests.request_rerun(
        RerunData(
            query_string=context.query_string,
            page_script_hash=context.page_script_hash,
            fragment_id_queue=context.fragment_storage.resolve_target(keys),
            # One that is gone by then is no mistake, as for a timer.
            is_auto_rerun=True,
            cached_message_hashes=context.cached_message_hashes,
            context_info=context.context_info,
        )
    )


def is_alone(key: str) -> bool:
    """Whether this run draws the fragment with this key and nothing else, so that nobody waits for its end."""
    context = get_script_run_ctx()
    if context is None:
        return False
    return list(context.fragment_ids_this_run or ()) == context.fragment_storage.resolve_target(key)


def others_wait(key: str) -> bool:
    """Whether fragments other than this one are to run next; Streamlit lets them wait for the run under way."""
    context = get_script_run_ctx()
    if context is None or context.script_requests is None:
        return False
    # There is no public way to see what waits; a test holds that this one goes on working.
    requests = context.script_requests
    if requests._state is not ScriptRequestType.RERUN:  # noqa: SLF001 -- as above
        return False
    waiting = set(requests._rerun_data.fragment_id_queue)  # noqa: SLF001 -- as above
    return bool(waiting - set(context.fragment_storage.resolve_target(key)))

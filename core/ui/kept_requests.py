"""Keeps what a person asked for where Streamlit would lose it, because something else was asked for at the same moment.

A run of the whole page stops the run before it, together with a click that still waited for that one. And a timer of
the page that one is just leaving, asked for behind the next page, would lead back to the former one or blank the next.
"""

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner_utils.script_requests import (
    ScriptRequests,
    ScriptRequestType,
    _coalesce_widget_states,
)

_request = AppSession.request_rerun
_LEFT = "_staffroom_left_page"


def keep_requests() -> None:
    """For all sessions of this process."""
    AppSession.request_rerun = _request_kept  # type: ignore[method-assign]  # for all sessions


def _request_kept(self: AppSession, client_state: ClientState | None) -> None:
    if client_state is None:
        _request(self, client_state)
    elif client_state.fragment_id:
        if client_state.page_script_hash != getattr(self, _LEFT, None):
            _request(self, client_state)
    else:
        _note_page(self, client_state.page_script_hash)
        _request(self, _with_waiting_click(self, client_state))


def _note_page(session: AppSession, wanted: str) -> None:
    here = session._pages_manager.current_page_script_hash  # noqa: SLF001 -- there is no public way; tests hold it
    setattr(session, _LEFT, here if here and wanted and here != wanted else None)


def _with_waiting_click(session: AppSession, client_state: ClientState) -> ClientState:
    runner = session._scriptrunner  # noqa: SLF001 -- as above
    if runner is None:
        return client_state
    with_click = ClientState()
    with_click.CopyFrom(client_state)
    kept = _coalesce_widget_states(_take_waiting(runner._requests), client_state.widget_states)  # noqa: SLF001 -- as above
    if kept is not None:
        with_click.widget_states.CopyFrom(kept)
    return with_click


def _take_waiting(requests: ScriptRequests) -> WidgetStates | None:
    """What the run under way has not begun yet; it ends now, so that nothing is asked for twice."""
    with requests._lock:  # noqa: SLF001 -- as above
        if requests._state is not ScriptRequestType.RERUN:  # noqa: SLF001 -- as above
            return None
        requests._state = ScriptRequestType.STOP  # noqa: SLF001 -- as above
        return requests._rerun_data.widget_states  # noqa: SLF001 -- as above

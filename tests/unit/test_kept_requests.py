"""What a person asked for, though something else was asked for at the same moment."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import cast

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests, ScriptRequestType

from core.ui.kept_requests import keep_requests

ROSTER, USAGE = "hash of the roster", "hash of usage"


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    before = AppSession.request_rerun
    keep_requests()
    yield
    AppSession.request_rerun = before  # type: ignore[method-assign]  # as the code under test does


@dataclass
class Runner:
    """A thread that is busy with a run of the page."""

    _requests: ScriptRequests = field(default_factory=ScriptRequests)

    def request_rerun(self, data: RerunData) -> bool:
        return self._requests.request_rerun(data)

    def request_stop(self) -> None:
        self._requests.request_stop()


@dataclass
class Session:
    """What of Streamlit's is looked at, on the roster."""

    _scriptrunner: Runner | None = field(default_factory=Runner)
    _pages_manager: object = field(default_factory=lambda: SimpleNamespace(current_page_script_hash=ROSTER))
    _client_state: ClientState = field(default_factory=ClientState)
    _state: object = None
    begun: list[RerunData] = field(default_factory=list)

    def has_fragment(self, _fragment_id: str) -> bool:
        return True

    def _create_scriptrunner(self, data: RerunData) -> None:
        self._scriptrunner = Runner()
        self._scriptrunner.request_rerun(data)
        self.begun.append(data)

    def ask(self, asked: ClientState) -> None:
        AppSession.request_rerun(cast("AppSession", self), asked)

    @property
    def next_run(self) -> RerunData:
        assert self._scriptrunner is not None
        return self._scriptrunner._requests.on_scriptrunner_ready().rerun_data


def asked(page: str, *, fragment: str = "", clicked: str = "") -> ClientState:
    state = ClientState(page_script_hash=page, fragment_id=fragment, is_auto_rerun=bool(fragment and not clicked))
    if clicked:
        state.widget_states.widgets.add(id=clicked, trigger_value=True)
    return state


def clicks(data: RerunData) -> list[str]:
    return [one.id for one in data.widget_states.widgets if one.trigger_value] if data.widget_states else []


@pytest.mark.parametrize("page", [ROSTER, USAGE])
def test_a_click_that_waited_for_the_run_that_another_one_stops_is_not_lost(page: str) -> None:
    session = Session()
    before = session._scriptrunner

    session.ask(asked(ROSTER, fragment="drawer", clicked="save"))
    session.ask(asked(page, clicked="close"))

    assert sorted(clicks(session.next_run)) == ["close", "save"]
    assert before is not None
    assert before._requests.on_scriptrunner_ready().type is ScriptRequestType.STOP


def test_a_click_whose_run_has_begun_is_not_asked_for_again() -> None:
    session = Session()
    session.ask(asked(ROSTER, fragment="drawer", clicked="save"))
    assert clicks(session.next_run) == ["save"]

    session.ask(asked(ROSTER, clicked="close"))

    assert clicks(session.next_run) == ["close"]


def test_a_timer_of_the_page_that_is_left_does_not_lead_back_to_it() -> None:
    session = Session()

    session.ask(asked(USAGE))
    session.ask(asked(ROSTER, fragment="tick"))

    run = session.next_run
    assert (run.page_script_hash, run.fragment_id_queue) == (USAGE, [])


def test_a_timer_of_the_page_that_is_left_runs_not_behind_the_next_one_either() -> None:
    session = Session()
    session.ask(asked(USAGE))
    assert session.next_run.page_script_hash == USAGE

    session.ask(asked(ROSTER, fragment="tick"))

    assert session._scriptrunner is not None
    assert session._scriptrunner._requests.on_scriptrunner_ready().type is ScriptRequestType.STOP


def test_whoever_comes_back_has_timers_again() -> None:
    session = Session()
    session.ask(asked(USAGE))
    session.ask(asked(ROSTER))
    assert session.next_run.page_script_hash == ROSTER

    session.ask(asked(ROSTER, fragment="tick"))

    assert session.next_run.fragment_id_queue == ["tick"]

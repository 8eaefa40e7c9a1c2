from collections.abc import Callable
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests, ScriptRequestType

from core.ui import poller


def test_a_redraw_waits_until_what_is_running_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    requests = ScriptRequests()
    context = SimpleNamespace(
        script_requests=requests,
        query_string="",
        page_script_hash="",
        fragment_storage=SimpleNamespace(resolve_target=lambda keys: [f"id of {key}" for key in keys]),
        cached_message_hashes=set(),
        context_info=None,
    )
    monkeypatch.setattr(poller, "get_script_run_ctx", lambda: context)

    poller.redraw_fragment("cards")

    assert requests.on_scriptrunner_yield() is None
    next_run = requests.on_scriptrunner_ready()
    assert next_run.type is ScriptRequestType.RERUN
    assert next_run.rerun_data.fragment_id_queue == ["id of cards"]


@pytest.mark.parametrize(("drawn", "follows_at_once"), [(None, False), (["id of thread"], True)])
def test_behind_a_whole_page_nothing_follows_before_the_browser_asks_for_it(
    monkeypatch: pytest.MonkeyPatch, drawn: list[str] | None, follows_at_once: bool
) -> None:
    asked: list[str] = []
    context = SimpleNamespace(fragment_ids_this_run=drawn)
    monkeypatch.setattr(poller, "get_script_run_ctx", lambda: context)
    monkeypatch.setattr(poller, "redraw_fragment", asked.append)
    ticks: list[Callable[[], None]] = []

    def fragment(*, run_every: float) -> Callable[[Callable[[], None]], Callable[[], None]]:  # noqa: ARG001 -- by name
        def made(tick: Callable[[], None]) -> Callable[[], None]:
            ticks.append(tick)
            return tick

        return made

    monkeypatch.setattr(st, "fragment", fragment)

    poller.redraw_soon("answer")

    assert asked == (["answer"] if follows_at_once else [])
    for tick in ticks:
        tick()
    assert asked == ["answer"]


@pytest.mark.parametrize(("is_at_rest", "every_s"), [(False, 0.6), (True, 10.0)])
def test_it_looks_seldom_while_only_a_person_can_bring_news(
    monkeypatch: pytest.MonkeyPatch, is_at_rest: bool, every_s: float
) -> None:
    paces: list[float] = []

    def fragment(*, run_every: float) -> Callable[[Callable[[], None]], Callable[[], None]]:
        paces.append(run_every)
        return lambda draw: draw

    monkeypatch.setattr(st, "fragment", fragment)

    poller.watch(1, lambda: 1, is_at_rest=is_at_rest)

    assert paces == [every_s]


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A run of the fragments "answer" and "drawer"."""
    storage = MemoryFragmentStorage()
    for key in ("answer", "drawer"):
        storage.register(f"id of {key}", lambda: None, target_key=key)
    context = SimpleNamespace(
        script_requests=ScriptRequests(), fragment_storage=storage, fragment_ids_this_run=["id of answer"]
    )
    monkeypatch.setattr(poller, "get_script_run_ctx", lambda: context)
    return context


@pytest.mark.parametrize(
    ("drawn", "is_alone"),
    [(["id of answer"], True), (["id of answer", "id of drawer"], False), (["id of drawer"], False), (None, False)],
)
def test_a_fragment_is_alone_where_nothing_else_is_drawn(
    runner: SimpleNamespace, drawn: list[str] | None, is_alone: bool
) -> None:
    runner.fragment_ids_this_run = drawn

    assert poller.is_alone("answer") is is_alone


@pytest.mark.parametrize(
    ("wanted", "others_wait"),
    [([], False), (["id of answer"], False), (["id of drawer"], True), (["id of answer", "id of drawer"], True)],
)
def test_it_is_seen_which_other_fragments_wait(runner: SimpleNamespace, wanted: list[str], others_wait: bool) -> None:
    for fragment_id in wanted:
        runner.script_requests.request_rerun(RerunData(fragment_id=fragment_id, is_auto_rerun=True))

    assert poller.others_wait("answer") is others_wait

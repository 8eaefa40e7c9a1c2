from collections.abc import Callable
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests, ScriptRequestType

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

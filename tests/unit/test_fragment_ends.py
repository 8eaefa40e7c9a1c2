"""What a browser hears of a fragment that ended just before another one began."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from core.ui.fragment_ends import keep_fragment_ends

CARDS, LIVE = "cards", "live"


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    before = AppSession._clear_queue
    keep_fragment_ends()
    yield
    AppSession._clear_queue = before  # type: ignore[method-assign]  # as the code under test does


def drawn(fragment: str, words: str, place: int = 0) -> ForwardMsg:
    message = ForwardMsg()
    message.metadata.delta_path.extend([0, place])
    message.delta.fragment_id = fragment
    message.delta.new_element.markdown.body = words
    return message


def ended(fragment: str) -> ForwardMsg:
    message = ForwardMsg(script_finished=ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
    message.metadata.run.fragment_ids.append(fragment)
    return message


@dataclass
class Session:
    """What of Streamlit's is looked at."""

    _browser_queue: ForwardMsgQueue = field(default_factory=ForwardMsgQueue)

    @property
    def queue(self) -> ForwardMsgQueue:
        return self._browser_queue

    def begin(self, fragments: list[str] | None) -> None:
        AppSession._clear_queue(cast("AppSession", self), fragments)


def with_cards() -> Session:
    session = Session()
    session.queue.enqueue(drawn(CARDS, "three cards"))
    session.queue.enqueue(ended(CARDS))
    return session


def told(queue: ForwardMsgQueue) -> list[str]:
    return [
        message.delta.new_element.markdown.body
        or ForwardMsg.ScriptFinishedStatus.Name(message.script_finished).removeprefix("FINISHED_")
        for message in queue.flush()
    ]


@pytest.mark.parametrize("next_one", [LIVE, CARDS])
def test_its_end_clears_up_behind_it_whichever_fragment_runs_next(next_one: str) -> None:
    session = with_cards()

    session.begin([next_one])
    session.queue.enqueue(drawn(next_one, "more"))

    assert told(session.queue) == ["three cards", "FRAGMENT_RUN_SUCCESSFULLY", "more"]


def test_a_run_of_the_whole_page_replaces_what_waits() -> None:
    session = with_cards()

    session.begin(None)

    assert told(session.queue) == ["EARLY_FOR_RERUN"]
